/** What `inspect` says of files, whole. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { emptyFolder } from './command-line.ts'
import { saidIn } from './said.ts'

function inspecting(files: Readonly<Record<string, string | Uint8Array>>) {
  const folder = emptyFolder()
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  const said = saidIn(folder)
  return { folder, inspect: (name: string, ...more: string[]) => said('inspect', join(folder, name), ...more) }
}

const AGENTS = 'agent_id,full_name,contact_center_id,hire_date,category_id\nA1,Ada Byron,010,2024-01-29,MOVE\n'

describe('inspect', () => {
  it('says how a spreadsheet was saved, what to declare, and what is not certain', async () => {
    const lines = [
      ...[
        'id;name;paid;started',
        '1;Ada;1,5;03/04/2024 10:00',
        '2;n/a;2,25;13/04/2024 11:30',
        '3;Bo;3,75;05/04/2024 09:15',
      ],
      ...['4;n/a;4,5;06/04/2024 12:00', '5;Cy;5,5;'],
    ]
    const { inspect } = inspecting({
      'list.csv': `\u{feff}${lines.join('\r\n')}\r\n`,
      'tabs.csv': 'id\tname\n1\tAda\n',
      'two.csv': 'Report\nof May\nid|seen\n1|2024-05-01T10:00:00Z\n2|2024-05-13T10:00:00Z\n3|\n',
    })
    expect(await inspect('list.csv')).toMatchInlineSnapshot(`
      "FOLDER/list.csv: CSV in utf-8 with a byte order mark, line ends CRLF, cells between ";", 5 rows

      column   looks like  values  blank  written
      -------  ----------  ------  -----  ------------------------------------------------------------------------
      id       integer          5      0
      name     text             3      0
      paid     number           5      0
      started  timestamp        4      1  dd/MM/yyyy HH:mm (4 fit, 1 only it); MM/dd/yyyy HH:mm (3 fit, 0 only it)

      to declare, in support-etl.json beside the data:

      {
        "tables": {
          "TABLE": {
            "delimiter": ";",
            "timestamps": {
              "form": "dd/MM/yyyy HH:mm"
            },
            "decimal": ","
          }
        }
      }

      not certain:

        timestamps name no zone: without "zone" they are UTC
      --- status 0
      "
    `)
    expect(await inspect('tabs.csv')).toMatchInlineSnapshot(`
      "FOLDER/tabs.csv: CSV in utf-8, line ends LF, cells between tabs, 1 row

      column  looks like  values  blank  written
      ------  ----------  ------  -----  -------
      id      integer          1      0
      name    text             1      0

      to declare, in support-etl.json beside the data:

      {
        "tables": {
          "TABLE": {
            "delimiter": "\\t"
          }
        }
      }
      --- status 0
      "
    `)
    expect(await inspect('two.csv')).toMatchInlineSnapshot(`
      "FOLDER/two.csv: text in utf-8, line ends LF, cells between "|", 2 lines before the header, 3 rows

      column  looks like  values  blank  written
      ------  ----------  ------  -----  -------
      id      integer          3      0
      seen    timestamp        2      1

      to declare, in support-etl.json beside the data:

      {
        "tables": {
          "TABLE": {
            "delimiter": "|",
            "skip_lines": 2
          }
        }
      }
      --- status 0
      "
    `)
  })

  it('says where nothing needs to be declared, and where nothing can be', async () => {
    const { inspect } = inspecting({
      'agents.csv': AGENTS,
      'picture.png': Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 1),
      'one.csv': 'id\n1\n',
    })
    expect(await inspect('agents.csv')).toMatchInlineSnapshot(`
      "FOLDER/agents.csv: CSV in utf-8, line ends LF, cells between ",", 1 row

      column             looks like  values  blank  written
      -----------------  ----------  ------  -----  -------
      agent_id           text             1      0
      full_name          text             1      0
      contact_center_id  text             1      0
      hire_date          day              1      0
      category_id        text             1      0

      nothing needs to be declared
      --- status 0
      "
    `)
    expect(await inspect('one.csv')).toMatchInlineSnapshot(`
      "FOLDER/one.csv: text in utf-8, line ends LF, cells between ",", 1 row

      column  looks like  values  blank  written
      ------  ----------  ------  -----  -------
      id      integer          1      0

      nothing needs to be declared
      --- status 0
      "
    `)
    expect(await inspect('picture.png')).toMatchInlineSnapshot(`
      "FOLDER/picture.png: a PNG image

      no declaration can describe it: export the table as CSV from its source
      --- status 0
      "
    `)
  })

  it('says what to do with a file that no declaration describes', async () => {
    const { inspect } = inspecting({
      'commas.json': '{"id":"1"},\n{"id":"2"},\n',
      'list.csv.gz': Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0),
      'list.parquet': new TextEncoder().encode('PAR1\x15...PAR1'),
      'sep.csv': 'sep=,\nid,name\n1,Ada\n',
    })
    expect(await inspect('commas.json')).toContain(
      'no declaration can describe it\n\nnot certain:\n\n  JSON is read as',
    )
    expect(await inspect('list.csv.gz')).toContain(
      'no declaration can describe it: unpack it first (support-etl run reads it when its name ends in .csv.gz)',
    )
    expect(await inspect('list.parquet')).toContain('nothing needs to be declared: the file says itself')
    expect(await inspect('sep.csv')).toContain('sep.csv: CSV in utf-8')
  })

  it('compares the columns with those of a table', async () => {
    const { inspect } = inspecting({
      'agents.csv': AGENTS,
      'other.csv': AGENTS.replace('full_name', 'Full Name').replace('hire_date', 'boots').replaceAll(',', ';'),
    })
    expect(await inspect('agents.csv', '--table', 'agents')).toContain('\nthe columns are those of agents\n')
    expect(await inspect('other.csv', '--table', 'agents')).toMatchInlineSnapshot(`
      "FOLDER/other.csv: CSV in utf-8, line ends LF, cells between ";", 1 row

      column             looks like  values  blank  written
      -----------------  ----------  ------  -----  -------
      agent_id           text             1      0
      Full Name          text             1      0
      contact_center_id  text             1      0
      boots              day              1      0
      category_id        text             1      0

      to declare, in support-etl.json beside the data:

      {
        "tables": {
          "agents": {
            "delimiter": ";"
          }
        }
      }

      columns that differ from agents:

        full_name: not there; is it "Full Name"? then declare "columns"
        hire_date: not there
        Full Name: no column of agents; "extra_columns": "drop" leaves it out
        boots: no column of agents; "extra_columns": "drop" leaves it out
      --- status 0
      "
    `)
    const json = JSON.parse((await inspect('other.csv', '--table', 'agents', '--json')).split('--- status')[0] ?? '')
    expect(json).toMatchObject({ delimiter: ';', rows: 1, encoding: 'utf-8' })
    expect(json.comparison).toEqual({
      table: 'agents',
      missing: ['full_name', 'hire_date'],
      extra: ['Full Name', 'boots'],
    })
    expect(JSON.parse((await inspect('agents.csv', '--json')).split('--- status')[0] ?? '').comparison).toBeNull()
    expect(await inspect('agents.csv', '--table', 'agnts')).toMatchInlineSnapshot(`
      "--- stderr
      error: --table "agnts" is no table of job support: did you mean "agents"?
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
    expect(await inspect('agents.csv', '--table', '__proto__')).toMatchInlineSnapshot(`
      "--- stderr
      error: --table "__proto__" is no table of job support: there are "interactions", "agents", "contact_centers", "service_categories"
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
  })

  it('says which file is not there, and what is no file', async () => {
    const { folder, inspect } = inspecting({ 'agents.csv': AGENTS })
    expect(await inspect('agnts.csv')).toMatchInlineSnapshot(`
      "--- stderr
      error: cannot read FOLDER/agnts.csv: there is no such file (did you mean FOLDER/agents.csv?)
        code      not_found (support-etl errors not_found)
      --- status 1
      "
    `)
    mkdirSync(join(folder, 'deep'))
    expect(await inspect('deep')).toMatchInlineSnapshot(`
      "--- stderr
      error: cannot read FOLDER/deep: Error: EISDIR: illegal operation on a directory, read
        try       remove the cause and run again; support-etl verify shows whether the state is intact
        code      io_failed (support-etl errors io_failed)
      --- status 1
      "
    `)
    expect(await saidIn(folder)('inspect')).toMatchInlineSnapshot(`
      "--- stderr
      error: cannot read undefined: TypeError [ERR_INVALID_ARG_TYPE]: The "path" argument must be of type string or an instance of Buffer or URL. Received undefined
        try       remove the cause and run again; support-etl verify shows whether the state is intact
        code      io_failed (support-etl errors io_failed)
      --- status 1
      "
    `)
  })
})
