import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/connect/memory.ts'
import { checkSource, type Finding } from '../../src/pipeline/check.ts'
import { defineJob } from '../../src/pipeline/job/define-job.ts'
import { extractsAndDeltas } from '../../src/pipeline/sources/extracts-and-deltas.ts'
import { date, defineTable, float64, key, nullable, reference, string } from '../../src/table/contract.ts'

const halls = defineTable('halls', { hall_id: key(string()), hall_name: string() })
const machines = defineTable('machines', {
  machine_id: key(string()),
  hall_id: nullable(reference('halls', string())),
  serviced_on: nullable(date()),
  hours: float64(),
})
const source = extractsAndDeltas()
const job = defineJob({
  name: 'workshop',
  tables: { machines: { contract: machines, source }, halls: { contract: halls, source } },
  oddities: (state) => [
    {
      code: 'idle',
      table: 'machines',
      column: 'hours',
      count: 1,
      message: `1 of ${state.table('machines').rows} machines never ran`,
      rows: [0],
    },
  ],
})
const sound = {
  'initial/machines.csv': 'machine_id,hall_id,serviced_on,hours\nM1,H1,2025-01-02,0\nM2,H1,,7\n',
  'initial/halls.csv': 'hall_id,hall_name\nH1,North\n',
}

async function findings(files: Record<string, string | Uint8Array>): Promise<readonly Finding[]> {
  const found = await checkSource(job, { data: memoryStore({ ...sound, ...files }) })
  return found.findings.filter(({ severity }) => severity !== 'odd')
}

describe('checkSource', () => {
  it('tells files, rows and tables, and the first row of what is odd', async () => {
    const found = await checkSource(job, { data: memoryStore(sound) })
    expect(found.files).toEqual([
      { name: 'initial/machines.csv', rows: 2, quarantined: 0 },
      { name: 'initial/halls.csv', rows: 1, quarantined: 0 },
    ])
    expect(found.tables).toEqual({ machines: 2, halls: 1 })
    expect(found.findings).toEqual([
      {
        severity: 'odd',
        code: 'idle',
        file: 'initial/machines.csv',
        row: 1,
        line: null,
        column: 'hours',
        found: '0',
        expected: null,
        message: '1 of 2 machines never ran',
        statement: '1 of 2 machines never ran',
        advice: [],
      },
    ])
  })

  it('tells each row that would be set aside, with line, column, what was found and what was expected', async () => {
    const delta =
      '\r\nmachine_id,hall_id,serviced_on,hours,action\r\n"M\n3",H1,soon,1,add\r\nM4,H1,,many,add\r\nM5,H1,,2,add\r\n'
    const found = await findings({ 'delta/machines_delta_202502.csv': delta })
    expect(found).toMatchObject([
      { severity: 'quarantined', code: 'type_mismatch', row: 1, line: 3, column: 'serviced_on', found: 'soon' },
      { severity: 'quarantined', code: 'type_mismatch', row: 2, line: 5, column: 'hours', found: 'many' },
    ])
    expect(found[1]?.message).toBe('delta/machines_delta_202502.csv row 2, column hours: expected a decimal number')
  })

  it('tells of a line that names the delimiter, of a column without a name, and of a repeated header line', async () => {
    const found = await findings({
      'delta/halls_delta_202502.csv': 'sep=;\nhall_id;hall_name;action;\nhall_id;hall_name;action;\nH2;South;add;\n',
    })
    const file = 'delta/halls_delta_202502.csv'
    expect(found.map(({ severity, code, row, line, message }) => [severity, code, row, line, message])).toEqual([
      ['quarantined', 'header_repeated', 1, 3, `${file} row 1: expected a record, not the header line again`],
      [
        'info',
        'separator_line',
        null,
        null,
        `${file} line 1: the line names the delimiter ";", which the file is read with; it is not a record`,
      ],
      [
        'info',
        'column_unnamed',
        null,
        null,
        `${file}: column 4 has no name, and no value in any row that fits; it is left out`,
      ],
    ])
  })

  it('tells what every run would refuse, and looks at the files behind it', async () => {
    const found = await findings({
      'delta/machines_delta_202502.csv': 'machine_id,hall_id,serviced_on,hours,action\nM1,H1,,1,change it\n',
      'delta/machines_delta_202503.csv': 'machine_id,hall_id,serviced_on,hours,action\n,H1,,1,add\n',
      'delta/halls_delta_202502.csv': '',
    })
    expect(found).toMatchObject([
      { severity: 'refused', code: 'unknown_action', file: 'delta/machines_delta_202502.csv' },
      { severity: 'refused', code: 'null_key', file: 'delta/machines_delta_202503.csv', row: 1 },
      { severity: 'refused', code: 'empty_file', file: 'delta/halls_delta_202502.csv' },
    ])
  })

  it('tells every row at which a run would stop, and those that it would set aside, and applies the others', async () => {
    const rows = ['M1,H1,,1,change it', ',H1,,1,add', 'M7,H1,soon,1,add', ',H1,,1,delete', 'M8,H1,,1,', 'M9,H1,,3,add']
    const data = memoryStore({
      ...sound,
      'delta/machines_delta_202502.csv': `machine_id,hall_id,serviced_on,hours,action\n${rows.join('\n')}\n`,
    })
    const { findings, tables } = await checkSource(job, { data })
    expect(
      findings
        .filter(({ severity }) => severity !== 'odd')
        .map(({ severity, code, row, message }) => [severity, code, row, message.split(': ')[0]]),
    ).toEqual([
      ['refused', 'null_key', 2, 'delta/machines_delta_202502.csv row 2'],
      ['quarantined', 'type_mismatch', 3, 'delta/machines_delta_202502.csv row 3, column serviced_on'],
      ['refused', 'null_key', 4, 'delta/machines_delta_202502.csv row 4'],
      ['refused', 'unknown_action', 1, 'delta/machines_delta_202502.csv row 1'],
      ['refused', 'unknown_action', 5, 'delta/machines_delta_202502.csv row 5'],
    ])
    expect(tables.machines).toBe(3)
  })

  it('says that no row fits where a delta is not empty, but set aside', async () => {
    const header = 'machine_id,hall_id,serviced_on,hours,action\n'
    const found = await findings({
      'delta/machines_delta_202502.csv': `${header}M4,H1,,many,add\nM5,H1,,more,add\n`,
      'delta/machines_delta_202503.csv': header,
    })
    expect(found.map(({ code, message }) => [code, message]).slice(2)).toEqual([
      ['nothing_applied', 'delta/machines_delta_202502.csv: none of its 2 rows fits, so that none is applied'],
      ['empty_delta', 'delta/machines_delta_202503.csv: the delta has no rows'],
    ])
  })

  it('tells what strict mode would refuse', async () => {
    const found = await findings({
      'delta/machines_delta_202502.csv':
        'machine_id,hall_id,serviced_on,hours,action\nM1,H1,,1,add\nM9,H1,,1,update\nM9,H1,,2,update\n',
    })
    expect(found.map(({ severity, code }) => [severity, code])).toEqual([
      ['warning', 'delta_duplicate_key'],
      ['warning', 'add_existing'],
      ['warning', 'update_missing'],
    ])
  })

  it('tells when more of a file does not fit than a run would bear', async () => {
    const rows = Array.from({ length: 20 }, (_, i) => `M${i + 10},H1,,${i < 6 ? 'x' : 1},add\n`).join('')
    const found = await findings({
      'delta/machines_delta_202502.csv': `machine_id,hall_id,serviced_on,hours,action\n${rows}`,
    })
    expect(found.map(({ code }) => code)).toEqual([...Array(6).fill('type_mismatch'), 'too_many_quarantined'])
  })

  it('tells that an extract is missing, and looks at the other tables', async () => {
    const data = memoryStore({ 'initial/halls.csv': sound['initial/halls.csv'] })
    const { findings, tables } = await checkSource(job, { data })
    expect(findings.map(({ severity, code }) => [severity, code])).toEqual([['refused', 'initial_missing']])
    expect(tables).toEqual({ halls: 1 })
  })

  it('tells of files that mean nothing, of gaps and of one content under two months', async () => {
    const delta = 'hall_id,hall_name,action\nH2,South,add\n'
    const found = await findings({
      'delta/halls_delta_202502.csv': delta,
      'delta/halls_delta_202504.csv': delta,
      'delta/hall_delta_202503.csv': delta,
    })
    expect(found.map(({ code }) => code)).toEqual([
      'file_unrecognized',
      'month_gap',
      'duplicate_content',
      'add_existing',
    ])
  })

  it('writes nothing', async () => {
    const data = memoryStore(sound)
    const before = await data.list('')
    await checkSource(job, { data })
    expect(await data.list('')).toEqual(before)
  })
})
