/** What the commands that read a state say where it is not as usual: for people whole, for machines by its values. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nodeEffects } from '../../src/pipeline/effects.ts'
import { places } from './said.ts'

const change = (file: string, from: string | RegExp, to: string) =>
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to))

/** The JSON that a command prints before its status. */
const jsonOf = (text: string) => JSON.parse(text.slice(0, text.search(/^---/m)))

/** A place with the sample applied, up to a month. */
async function applied(...flags: string[]) {
  const found = places()
  expect(await found.said('run', '--data', found.data, '--out', found.out, ...flags)).toMatch(/--- status 0\n$/)
  return found
}

describe('status', () => {
  it('names the files that wait, and what a run would refuse, with the flags of run', async () => {
    const { data, out, said } = await applied('--months', '202502')
    const status = async () => {
      const text = await said('status', '--out', out, '--data', data)
      return text.slice(text.indexOf('\npending'))
    }
    expect(await status()).toMatchInlineSnapshot(`
      "
      pending in FOLDER/data:
        delta/interactions_delta_202503.csv
        delta/agents_delta_202503.csv
        delta/contact_centers_delta_202503.csv
        delta/service_categories_delta_202503.csv
      --- status 0
      "
    `)
    change(join(data, 'initial', 'agents.csv'), 'Ingrid', 'Astrid')
    expect(await status()).toMatchInlineSnapshot(`
      "
      pending in FOLDER/data:
        delta/interactions_delta_202503.csv
        delta/agents_delta_202503.csv
        delta/contact_centers_delta_202503.csv
        delta/service_categories_delta_202503.csv
      --- stderr
      warning: a run would refuse: initial/agents.csv: applied before with other content; put the applied file back, or give --rebuild to take the new one
      --- status 0
      "
    `)
    expect(jsonOf(await said('status', '--out', out, '--data', data, '--json'))).toMatchObject({
      ...{ commit: 1, lock: null, leftovers: [], quarantined: 0 },
      pending: expect.arrayContaining(['delta/agents_delta_202503.csv']),
      refusals: [{ code: 'file_changed', message: expect.stringMatching(/give --rebuild/) }],
    })
  })

  it('says that there is no file, and which folder may be meant', async () => {
    const { data, out, said } = await applied()
    const text = await said('status', '--out', out, '--data', `${data}s`)
    expect(text.slice(text.indexOf('\npending'))).toMatchInlineSnapshot(`
      "
      pending in FOLDER/datas: unknown
      --- stderr
      warning: no source files in FOLDER/datas (did you mean FOLDER/data?): --data names the folder that holds initial/<table>.csv or delta/<table>_delta_<YYYYMM>.csv
      --- status 0
      "
    `)
  })

  it('says who holds the lock, and whether they are at work', async () => {
    const { data, out, said } = await applied()
    const self = nodeEffects().identify()
    const held = async (lock: unknown) => {
      writeFileSync(join(out, '.support-etl', 'lock'), typeof lock === 'string' ? lock : JSON.stringify(lock))
      const lines = (await said('status', '--out', out, '--data', data)).split('\n')
      return lines.filter((line) => line.startsWith('lock'))
    }
    const name = `process ${self.process} on ${self.host}`
    expect(await held(self)).toEqual([`lock: ${name}, at work`])
    expect(await held({ ...self, boot: 'another boot' })).toEqual([
      `lock: ${name}, which no longer exists; the next run takes it over`,
    ])
    expect(await held({ ...self, host: 'elsewhere', boot: null })).toEqual([
      `lock: process ${self.process} on elsewhere`,
    ])
    expect(await held('{"host":')).toEqual(['lock: an unknown process'])
    expect(await held({})).toEqual(['lock: an unknown process'])
  })

  it('says which copies are no longer published, and how many rows wait', async () => {
    const { data, out, said } = places()
    change(join(data, 'delta', 'agents_delta_202503.csv'), /A12,.*\r?\n/, 'A12,R,010,2025-02-30,EVCH,add\nA13,R\n')
    await said('run', '--data', data, '--out', out, '--max-quarantined', '50%')
    const copy = join(out, 'contact_centers.csv')
    const published = readFileSync(copy)
    await said('run', '--data', data, '--out', out, '--publish', 'report')
    // as a run leaves it that is killed before it removes the copies of the version before
    writeFileSync(copy, published)
    writeFileSync(join(out, 'support_report.csv'), 'changed')
    const text = await said('status', '--out', out, '--data', data)
    expect(text.slice(text.indexOf('\n\n'))).toMatchInlineSnapshot(`
      "

      table               rows  files  latest
      ------------------  ----  -----  -------
      interactions          68      3  2025-03
      agents                10      3  2025-03
      contact_centers        4      2  2025-03
      service_categories     8      3  2025-03

      copy                 rows  state
      -------------------  ----  --------------------------------------------
      support_report.csv     25  differs
      contact_centers.csv        no longer published; the next run removes it

      pending in FOLDER/data: nothing
      --- stderr
      warning: 2 rows wait in quarantine; support-etl quarantine --out FOLDER/out shows what does not fit
      --- status 0
      "
    `)
    expect(await said('quarantine', '--out', out)).toMatchInlineSnapshot(`
      "file                           row  line  code           column     found       expected
      -----------------------------  ---  ----  -------------  ---------  ----------  ------------------------
      delta/agents_delta_202503.csv    2     3  type_mismatch  hire_date  2025-02-30  a day such as 2025-01-31
      delta/agents_delta_202503.csv    3     4  record_length             2 cells     6 cells

      2 rows of 1 file
      --- status 0
      "
    `)
    expect(await said('quarantine', '--out', out, '--table', 'interactions')).toMatchInlineSnapshot(`
      "no row of interactions waits in FOLDER/out
      --- status 0
      "
    `)
    expect(await said('quarantine', '--out', out, '--table', 'agents')).toBe(await said('quarantine', '--out', out))
    expect(await said('quarantine', '--out', out, '--table', 'agnets')).toMatchInlineSnapshot(`
      "--- stderr
      error: --table: there is no table "agnets": did you mean "agents"?
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
    const json = async (table: string) => jsonOf(await said('quarantine', '--out', out, '--table', table, '--json'))
    expect((await json('interactions')).rows).toEqual([])
    expect((await json('agents')).rows).toMatchObject([
      { table: 'agents', file: 'delta/agents_delta_202503.csv', row: 2, line: 3, column: 'hire_date' },
      { row: 3, line: 4, code: 'record_length' },
    ])
  })
})

describe('run', () => {
  it('refuses a folder that is not there, whatever was applied before, and takes an empty one', async () => {
    const { data, out, said } = await applied()
    expect(await said('run', '--data', `${data}s`, '--out', out)).toMatchInlineSnapshot(`
      "--- stderr
      error: --data: there is no folder FOLDER/datas (did you mean FOLDER/data?); give the folder that holds the source files
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
    expect(await said('check', '--data', `${data}s`, '--json')).toMatchInlineSnapshot(`
      "{
        "error": {
          "code": "invalid_option",
          "message": "--data: there is no folder FOLDER/datas (did you mean FOLDER/data?); give the folder that holds the source files",
          "details": {}
        }
      }
      --- stderr
      error: --data: there is no folder FOLDER/datas (did you mean FOLDER/data?); give the folder that holds the source files
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
    mkdirSync(`${data}-empty`)
    expect(await said('run', '--data', `${data}-empty`, '--out', out)).toMatchInlineSnapshot(`
      "nothing to do: FOLDER/out is at version 1, FOLDER/data-empty has nothing new
      --- stderr
      warning: FOLDER/data-empty has no file of the job's tables; is it the right folder?
      --- status 0
      "
    `)
  })
})

describe('diff', () => {
  it('shows each row that came, went or changed, by cell', async () => {
    const { data, out, said } = await applied('--months', '202502')
    await said('run', '--data', data, '--out', out)
    expect(await said('diff', '--out', out)).toMatchInlineSnapshot(`
      "FOLDER/out: version 1 to version 2

      table               added  removed  changed
      ------------------  -----  -------  -------
      interactions           26        1        2
      agents                  3        1        1
      contact_centers         1        0        1
      service_categories      2        1        0
      support_report         17        7        4
      --- status 0
      "
    `)
    expect(await said('diff', '--out', out, '--table', 'agents')).toMatchInlineSnapshot(`
      "FOLDER/out: version 1 to version 2, agents: 3 rows added, 1 removed, 1 changed

      change   agent_id  cells
      -------  --------  -------------------------------------------------------------------------------------------
      removed  A07       full_name: Hamish Doyle; contact_center_id: 010; hire_date: 2018-04-16; category_id: FAXR
      changed  A02       category_id: PAYM → TARF
      added    A11       full_name: Abena Mensah; contact_center_id: 040; hire_date: 2025-03-03; category_id: HEAT
      added    A12       full_name: Rafael Quispe; contact_center_id: 010; hire_date: 2025-03-03; category_id: EVCH
      added    A06       full_name: Lucia Ferrante; contact_center_id: 040; hire_date: 2025-03-10; category_id: MOVE
      --- status 0
      "
    `)
    expect(await said('diff', '--out', out, '1', '1', '--table', 'agents')).toMatchInlineSnapshot(`
      "FOLDER/out: version 1 to version 1, agents: 0 rows added, 0 removed, 0 changed
      --- status 0
      "
    `)
    expect(await said('diff', '--out', out, '1', '2', '--table', 'agnets')).toMatchInlineSnapshot(`
      "--- stderr
      error: these commits have no table "agnets"; they have interactions, agents, contact_centers, service_categories, support_report
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
    expect(await said('diff', '--out', out, 'one')).toMatchInlineSnapshot(`
      "--- stderr
      error: the first commit "one": expected a whole number
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
    expect(await said('diff', '--out', out, '1', 'two')).toMatchInlineSnapshot(`
      "--- stderr
      error: the second commit "two": expected a whole number
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
  })

  it('shows cells that a row did not have, and numbers as people read them', async () => {
    const { data, out, said } = await applied('--months', '202502')
    await said('run', '--data', data, '--out', out)
    const lines = (await said('diff', '--out', out, '--table', 'interactions')).split('\n')
    expect(lines.filter((line) => /^(removed|changed)/.test(line))).toMatchInlineSnapshot(`
      [
        "removed  0204            timestamp: INSTANT; channel: web; category_id: SOLR; agent_id: A10; contact_center_id: 030; interaction_start: INSTANT; agent_resolution_timestamp: INSTANT; interaction_end: INSTANT; call_duration_minutes: 0; satisfaction_rating: –",
        "changed  0101            timestamp: INSTANT → INSTANT; agent_resolution_timestamp: INSTANT → INSTANT; interaction_end: INSTANT → INSTANT; call_duration_minutes: 14 → 16; satisfaction_rating: 4 → 5",
        "changed  0216            timestamp: INSTANT → INSTANT; satisfaction_rating: – → 5",
      ]
    `)
    expect(lines.find((line) => line.startsWith('added'))).toMatchInlineSnapshot(
      `"added    0301            timestamp: INSTANT; channel: phone; category_id: OUTG; agent_id: A01; contact_center_id: 010; interaction_start: INSTANT; agent_resolution_timestamp: INSTANT; interaction_end: INSTANT; call_duration_minutes: 14; satisfaction_rating: 4"`,
    )
    const report = (await said('diff', '--out', out, '--table', 'support_report')).split('\n')
    expect(report.filter((line) => /^(removed|changed)/.test(line)).slice(0, 9)).toMatchInlineSnapshot(`
      [
        "removed  2025-01  Columbus Interim     Accounts     total_interactions: 3; total_calls: 2; total_call_duration: 25",
        "removed  2025-01  Columbus Interim     Field Work   total_interactions: 3; total_calls: 3; total_call_duration: 28",
        "removed  2025-01  Columbus Interim     Network      total_interactions: 1; total_calls: 1; total_call_duration: 30",
        "removed  2025-01  Portland ME          Back Office  total_interactions: 2; total_calls: 1; total_call_duration: 12",
        "removed  2025-02  Columbus Interim     Accounts     total_interactions: 4; total_calls: 3; total_call_duration: 36",
        "removed  2025-02  Columbus Interim     Field Work   total_interactions: 2; total_calls: 2; total_call_duration: 17",
        "removed  2025-02  Unknown              Unknown      total_interactions: 6; total_calls: 4; total_call_duration: 40",
        "changed  2025-01  Portland ME          Network      total_call_duration: 22 → 24",
        "changed  2025-01  Savannah GA          Accounts     total_interactions: 2 → 3",
      ]
    `)
  })

  it('says which commit gc has collected, with advice that works', async () => {
    const { data, out, said } = await applied('--months', '202502')
    await said('run', '--data', data, '--out', out)
    await said('gc', '--out', out, '--keep-versions', '1', '--grace-days', '0', '--remove')
    expect((await said('diff', '--out', out)).replace(/-[0-9a-f]{16}/, '-HASH')).toMatchInlineSnapshot(`
      "--- stderr
      error: commit 1 of FOLDER/out: gc removed .support-etl/data/interactions-HASH.arrow; compare later commits, or give --table NAME to compare one table whose files are still there
        code      commit_collected (support-etl errors commit_collected)
      --- status 1
      "
    `)
    expect(await said('diff', '--out', out, '--table', 'contact_centers')).toMatchInlineSnapshot(`
      "FOLDER/out: version 1 to version 2, contact_centers: 1 row added, 0 removed, 1 changed

      change   contact_center_id  cells
      -------  -----------------  ---------------------------------------------------
      changed  020                contact_center_name: Columbus Interim → Columbus OH
      added    040                contact_center_name: Tampa FL; location: Tampa FL
      --- status 0
      "
    `)
  })

  it('gives a machine both rows of a change, and null where there is none', async () => {
    const { data, out, said } = await applied('--months', '202502')
    await said('run', '--data', data, '--out', out)
    const found = jsonOf(await said('diff', '--out', out, '--table', 'agents', '--json'))
    expect(found).toMatchInlineSnapshot(`
      {
        "from": 1,
        "job": "support",
        "rows": [
          {
            "after": null,
            "before": {
              "agent_id": "A07",
              "category_id": "FAXR",
              "contact_center_id": "010",
              "full_name": "Hamish Doyle",
              "hire_date": "2018-04-16",
            },
            "change": "removed",
          },
          {
            "after": {
              "agent_id": "A02",
              "category_id": "TARF",
              "contact_center_id": "010",
              "full_name": "Tobias Okafor",
              "hire_date": "2023-09-04",
            },
            "before": {
              "agent_id": "A02",
              "category_id": "PAYM",
              "contact_center_id": "010",
              "full_name": "Tobias Okafor",
              "hire_date": "2023-09-04",
            },
            "change": "changed",
          },
          {
            "after": {
              "agent_id": "A11",
              "category_id": "HEAT",
              "contact_center_id": "040",
              "full_name": "Abena Mensah",
              "hire_date": "2025-03-03",
            },
            "before": null,
            "change": "added",
          },
          {
            "after": {
              "agent_id": "A12",
              "category_id": "EVCH",
              "contact_center_id": "010",
              "full_name": "Rafael Quispe",
              "hire_date": "2025-03-03",
            },
            "before": null,
            "change": "added",
          },
          {
            "after": {
              "agent_id": "A06",
              "category_id": "MOVE",
              "contact_center_id": "040",
              "full_name": "Lucia Ferrante",
              "hire_date": "2025-03-10",
            },
            "before": null,
            "change": "added",
          },
        ],
        "tables": [
          {
            "added": 3,
            "changed": 1,
            "key": [
              "agent_id",
            ],
            "kind": "table",
            "name": "agents",
            "otherColumns": [],
            "removed": 1,
          },
        ],
        "to": 2,
        "uncompared": [],
      }
    `)
    const { rows: _, ...counts } = found
    const all = jsonOf(await said('diff', '--out', out, '--json'))
    expect([all.rows, all.tables.length, all.tables]).toEqual([undefined, 5, expect.arrayContaining(counts.tables)])
  })
})

describe('history', () => {
  it('refuses a table that the state does not have, and gives a machine one row', async () => {
    const { out, said } = await applied()
    expect(await said('history', '--out', out, '--table', 'agnets')).toMatchInlineSnapshot(`
      "--- stderr
      error: --table: there is no table "agnets": did you mean "agents"?
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
    expect(await said('history', '--out', out, '--table', 'q')).toMatchInlineSnapshot(`
      "--- stderr
      error: --table: there is no table "q": there are "interactions", "agents", "contact_centers", "service_categories"
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
    const one = ['history', '--out', out, '--table', 'agents', '--key', 'A06']
    expect(await said(...one)).toMatchInlineSnapshot(`
      "agent_id  version  valid_from  valid_to  is_deleted  full_name       contact_center_id  hire_date   category_id  file                           row
      --------  -------  ----------  --------  ----------  --------------  -----------------  ----------  -----------  -----------------------------  ---
      A06             1              2025-02   true        Lucia Ferrante  030                2024-01-29  MOVE         initial/agents.csv               6
      A06             2  2025-03               false       Lucia Ferrante  040                2025-03-10  MOVE         delta/agents_delta_202503.csv    3
      --- status 0
      "
    `)
    expect(jsonOf(await said(...one, '--json'))).toMatchObject([
      {
        agent_id: 'A06',
        version: 1,
        valid_from: null,
        valid_to: '2025-02',
        is_deleted: true,
        contact_center_id: '030',
      },
      {
        agent_id: 'A06',
        version: 2,
        valid_from: '2025-03',
        valid_to: null,
        is_deleted: false,
        contact_center_id: '040',
      },
    ])
  })
})

describe('explain', () => {
  const line = (month: string, center: string, department: string) => [
    ...['--month', month, '--contact-center', center, '--department', department],
  ]

  it('says which lines cannot be shown, and shows the rows as they were applied', async () => {
    const { data, out, said } = await applied()
    const delta = join(data, 'delta', 'interactions_delta_202502.csv')
    const network = ['explain', '--out', out, '--data', data, ...line('2025-02', 'Portland ME', 'Network')]
    change(delta, 'phone', 'Phone')
    const changed = await said(...network)
    expect(changed).toMatchInlineSnapshot(`
      "2025-02, Portland ME, Network: total_interactions 3, total_calls 3, total_call_duration 36

      interaction_id  interaction_start     channel  call_duration_minutes  file                                 row  line  line in the file
      --------------  --------------------  -------  ---------------------  -----------------------------------  ---  ----  --------------------------------------------------------------------------------------------------------------------
      0206            INSTANT  phone                       13  delta/interactions_delta_202502.csv    8
      0218            INSTANT  phone                        9  delta/interactions_delta_202502.csv   21
      0301            INSTANT  phone                       14  delta/interactions_delta_202503.csv    1     2  0301,INSTANT,phone,OUTG,A01,010,INSTANT,INSTANT,INSTANT,14,4,add

      as applied to interactions, where the line cannot be shown

      file                                 row  interaction_id  timestamp             channel  category_id  agent_id  contact_center_id  interaction_start     agent_resolution_timestamp  interaction_end       call_duration_minutes  satisfaction_rating
      -----------------------------------  ---  --------------  --------------------  -------  -----------  --------  -----------------  --------------------  --------------------------  --------------------  ---------------------  -------------------
      delta/interactions_delta_202502.csv    8  0206            INSTANT  phone    OUTG         A01       010                INSTANT  INSTANT        INSTANT                     13                    4
      delta/interactions_delta_202502.csv   21  0218            INSTANT  phone    OUTG         A01       010                INSTANT  INSTANT        INSTANT                      9
      --- stderr
      warning: FOLDER/data/delta/interactions_delta_202502.csv has changed since it was applied: its lines cannot be shown, and its rows are shown as they were applied
      --- status 0
      "
    `)
    const { unread, rows, ...figures } = jsonOf(await said(...network, '--json'))
    expect(unread).toEqual([{ file: 'delta/interactions_delta_202502.csv', reason: 'changed' }])
    expect(figures).toMatchInlineSnapshot(`
      {
        "contact_center_name": "Portland ME",
        "department": "Network",
        "month": "2025-02",
        "table": "interactions",
        "total_call_duration": 36,
        "total_calls": 3,
        "total_interactions": 3,
      }
    `)
    expect(rows[0]).toMatchInlineSnapshot(`
      {
        "_file": "delta/interactions_delta_202502.csv",
        "_row": 8,
        "agent_id": "A01",
        "agent_resolution_timestamp": "INSTANT",
        "call_duration_minutes": 13,
        "category_id": "OUTG",
        "channel": "phone",
        "contact_center_id": "010",
        "interaction_end": "INSTANT",
        "interaction_id": "0206",
        "interaction_start": "INSTANT",
        "satisfaction_rating": 4,
        "source": null,
        "stored": {
          "agent_id": "A01",
          "agent_resolution_timestamp": "INSTANT",
          "call_duration_minutes": 13,
          "category_id": "OUTG",
          "channel": "phone",
          "contact_center_id": "010",
          "interaction_end": "INSTANT",
          "interaction_id": "0206",
          "interaction_start": "INSTANT",
          "satisfaction_rating": 4,
          "timestamp": "INSTANT",
        },
        "timestamp": "INSTANT",
      }
    `)
    rmSync(delta)
    expect(await said(...network)).toBe(changed.replace('has changed since it was applied', 'is not there'))
  })

  it('says which word no line of the output has', async () => {
    const { data, out, said } = await applied()
    const told = (...words: [string, string, string]) =>
      said('explain', '--out', out, '--data', data, ...line(...words))
    expect(await told('202502', 'Portland', 'Network')).toMatchInlineSnapshot(`
      "--- stderr
      error: support_report has no line for "2025-02", "Portland", "Network"; no contact center is "Portland": did you mean "Portland ME"?
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
    expect(await told('2031-02', 'Portland ME', 'Network')).toMatchInlineSnapshot(`
      "--- stderr
      error: support_report has no line for "2031-02", "Portland ME", "Network"; no month is "2031-02": did you mean "2025-02"?
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
    expect(await told('2025-02', 'Portland ME', 'Field Work')).toMatchInlineSnapshot(`
      "--- stderr
      error: support_report has no line for "2025-02", "Portland ME", "Field Work"; each of its cells is in another line
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
    const late = ['--as-of', '2025-09']
    expect(
      await said('explain', '--out', out, '--data', data, ...line('2025-02', 'Portland ME', 'Network'), ...late),
    ).toMatchInlineSnapshot(`
      "--- stderr
      error: --as-of "2025-09": expected a month up to 2025-03, the last one with applied deltas
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
  })
})

describe('gc', () => {
  it('lists what no version names, and removes it when told', async () => {
    const { data, out, said } = await applied('--months', '202502')
    await said('run', '--data', data, '--out', out)
    const gc = async (...flags: string[]) =>
      (await said('gc', '--out', out, '--grace-days', '0', ...flags)).replace(/-[0-9a-f]{16}\./g, '-HASH.')
    writeFileSync(join(out, '.support-etl', 'data', 'stray'), 'x'.repeat(1200))
    expect(await gc()).toMatchInlineSnapshot(`
      "file                     bytes  reason
      -----------------------  -----  ------------
      .support-etl/data/stray  1,200  unreferenced

      1 file, 1,200 bytes would be removed by --remove
      --- status 0
      "
    `)
    expect(await gc('--remove')).toMatchInlineSnapshot(`
      "file                     bytes  reason
      -----------------------  -----  ------------
      .support-etl/data/stray  1,200  unreferenced

      1 file, 1,200 bytes removed
      --- status 0
      "
    `)
    expect(await gc('--remove')).toBe('nothing to remove in FOLDER/out\n--- status 0\n')
    expect(await gc('--keep-versions', '1')).toMatchInlineSnapshot(`
      "file                                                   bytes  reason
      -----------------------------------------------------  -----  ----------
      .support-etl/data/agents-HASH.arrow        3,594  superseded
      .support-etl/data/interactions-HASH.arrow  8,482  superseded
      .support-etl/data/support_cube-HASH.arrow  3,666  superseded

      3 files, 15,742 bytes would be removed by --remove
      --- status 0
      "
    `)
    expect(await gc('--keep-versions', 'few')).toMatchInlineSnapshot(`
      "--- stderr
      error: --keep-versions "few": expected a whole number
        code      invalid_option (support-etl errors invalid_option)
      --- status 2
      "
    `)
    expect(jsonOf(await gc('--json'))).toEqual({ files: [], bytes: 0, isRemoved: false })
  })
})
