import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/connect/index.ts'
import {
  collectGarbage,
  type DerivedRows,
  defineJob,
  readState,
  readStatus,
  runPipeline,
  verifyState,
} from '../../../src/pipeline/index.ts'
import { NumberColumn } from '../../../src/table/column.ts'
import { columnOf, type Frame, selectColumns, withColumns } from '../../../src/table/frame.ts'
import { takeRows } from '../../../src/table/take.ts'
import { contentOf, textOf } from '../phone-job.ts'
import { busy, handed, job, Place } from './machines-job.ts'

describe('a derived table', () => {
  it('has a row for each row of its parent that fits, in its order, and is published, stored and verified', async () => {
    const place = new Place()
    const { tables, published, quarantined } = await place.run(['M2,North,16', 'M1,,4', 'M3,South,'])
    expect(tables).toEqual({ machines: 3, used: 2, busy: 2 })
    expect(published.map(({ output }) => output)).toEqual(['busy_machines', 'machines', 'used', 'busy'])
    expect(quarantined).toBe(1)
    expect(await place.table('used')).toBe(
      'id,hall,days,created_at,updated_at\nM2,North,2,2025-01-01T00:00:00Z,2025-01-01T00:00:00Z\nM1,,0.5,2025-01-01T00:00:00Z,2025-01-01T00:00:00Z\n',
    )
    expect(await place.table('busy')).toBe('id,is_busy\nM2,1\nM1,0\n')
    expect((await verifyState(job, { out: place.out })).damages).toEqual([])
    expect((await collectGarbage({ out: place.out, graceDays: 0 })).files).toEqual([])
    expect((await readStatus({ out: place.out })).tables).toEqual({ machines: 3, used: 2, busy: 2 })
    expect((await (await readState(job, { out: place.out })).loadTable('busy')).rows).toBe(2)
    expect((await place.run(['M2,North,16', 'M1,,4', 'M3,South,'])).status).toBe('nothing_to_do')
    expect(handed).toEqual({})
  })

  it('makes only those rows again whose parents changed', async () => {
    const place = new Place()
    await place.run(['M1,North,8', 'M2,North,16', 'M3,South,24'])
    expect(handed).toEqual({ used: 3, busy: 3 })
    await place.run(['M3,South,24', 'M1,North,8', 'M2,West,16', 'M4,South,3'])
    // M2 has another hall, which `busy` does not look at and sees all the same
    expect(handed).toEqual({ used: 2, busy: 2 })
    expect(await place.table('busy')).toBe('id,is_busy\nM3,1\nM1,1\nM2,1\nM4,0\n')
  })

  it('records when a row first appeared and when its own cells last changed', async () => {
    const place = new Place()
    await place.run(['M1,North,8', 'M2,North,16', 'M3,South,24'])
    await place.run(['M1,North,8', 'M2,West,16'])
    await place.run(['M3,South,24', 'M1,North,8', 'M2,West,16'])
    const expected = [
      'id,hall,days,created_at,updated_at',
      'M3,South,3,2025-01-01T00:02:00Z,2025-01-01T00:02:00Z',
      'M1,North,1,2025-01-01T00:00:00Z,2025-01-01T00:00:00Z',
      'M2,West,2,2025-01-01T00:00:00Z,2025-01-01T00:01:00Z',
    ]
    expect((await place.table('used')).trim().split('\n')).toEqual(expected)
    const { committedAt } = await readStatus({ out: place.out })
    expect(committedAt).toBe('2025-01-01T00:02:00.000Z')
    // a rebuild carries the times over
    await place.run(['M3,South,24', 'M1,North,8', 'M2,West,16'], { apply: 'rebuild' })
    expect((await place.table('used')).trim().split('\n')).toEqual(expected)
  })

  it('is made anew when an option that it uses changes, without a flag', async () => {
    const place = new Place()
    await place.run(['M1,North,8', 'M2,North,16'])
    const { status } = await place.run(['M1,North,8', 'M2,North,16'], { perDay: 16 })
    expect([status, handed]).toEqual(['committed', { used: 2, busy: 2 }])
    expect(await place.table('busy')).toBe('id,is_busy\nM1,0\nM2,1\n')
    const rows = await (await readState(job, { out: place.out })).loadTable('used')
    expect(Array.from(columnOf(rows, 'created_at'), String)).toEqual(
      Array.from({ length: 2 }, () => String(new Date('2025-01-01T00:00:00Z'))),
    )
    expect(Array.from(columnOf(rows, 'updated_at'), (at) => (at as Date).toISOString())).toEqual([
      '2025-01-01T00:01:00.000Z',
      '2025-01-01T00:01:00.000Z',
    ])
  })
})

describe('issues of a derived table', () => {
  it('wait under the key of the row, with the file and record that supply it now, until the row changes', async () => {
    const place = new Place()
    await place.run(['M1,North,', 'M2,North,16'])
    const issue = {
      table: 'used',
      month: null,
      file: 'machines.csv',
      line: null,
      code: 'type_mismatch',
      column: 'hours',
    }
    const rest = { found: null, expected: 'hours of 0 or more', raw: '' }
    expect(await place.quarantine()).toEqual([{ ...issue, ...rest, row: 1, key: ['M1'] }])
    await place.run(['M2,North,17', 'M1,North,'])
    expect(handed.used).toBe(1)
    expect(await place.quarantine()).toEqual([{ ...issue, ...rest, row: 2, key: ['M1'] }])
    const { quarantined } = await place.run(['M2,North,17', 'M1,North,1'])
    expect([quarantined, await place.quarantine()]).toEqual([0, []])
    await place.run(['M1,North,'])
    expect(await place.quarantine()).toHaveLength(1)
    await place.run(['M2,North,1'])
    expect(await place.quarantine()).toEqual([])
  })

  const many = (bad: number) => Array.from({ length: 100 }, (_, at) => `M${at},North,${at < bad ? '' : at}`)
  it('are judged by their share of the whole table', async () => {
    const place = new Place()
    await expect(place.run(many(6))).rejects.toMatchObject({
      code: 'too_many_quarantined',
      message: expect.stringContaining(
        'derived table used: 6 of 100 rows do not fit, more than 5 %; the first is machines.csv row 1, column hours: expected hours of 0 or more',
      ),
    })
    expect((await place.run(many(5))).quarantined).toBe(5)
    // only rows that newly wait count
    expect((await place.run(many(10))).quarantined).toBe(10)
    expect((await place.run(many(16), { maxQuarantined: 0.06 })).quarantined).toBe(16)
    await expect(place.run(many(23))).rejects.toMatchObject({ code: 'too_many_quarantined' })
    expect((await place.run(many(5))).quarantined).toBe(5)
  })

  it('stop a strict run', async () => {
    const place = new Place()
    await expect(place.run(['M1,North,'], { mode: 'strict' })).rejects.toMatchObject({
      code: 'type_mismatch',
      message: expect.stringContaining('machines.csv row 1: derived table used, column hours'),
    })
  })
})

describe('a function of a derived table', () => {
  const broken = (rows: (given: Frame) => DerivedRows) =>
    runPipeline(
      defineJob({ ...job, derived: { busy: { from: 'machines', contract: busy, rows } }, rollups: {}, outputs: {} }),
      {
        data: memoryStore({ 'machines.csv': 'id,hall,hours\nM1,,1\nM2,,2\n' }),
        out: memoryStore(),
      },
    )
  const made = (ids: Frame, flags: readonly number[]) =>
    withColumns(selectColumns(ids, ['id']), [['is_busy', new NumberColumn('float64', Float64Array.from(flags))]])
  const cases: [string, (given: Frame) => DerivedRows, RegExp][] = [
    [
      'drops a row',
      (given) => ({ frame: takeRows(made(given, [1, 1]), Int32Array.of(0)), parents: Int32Array.of(0), issues: [] }),
      /neither a row nor an issue of row 1/,
    ],
    [
      'makes a row twice',
      (given) => ({ frame: made(given, [1, 1]), parents: Int32Array.of(0, 0), issues: [] }),
      /parent 0 after 0/,
    ],
    [
      'changes the order',
      (given) => ({ frame: made(given, [1, 1]), parents: Int32Array.of(1, 0), issues: [] }),
      /parent 0 after 1/,
    ],
    [
      'changes a key',
      (given) => ({
        frame: takeRows(made(given, [1, 1]), Int32Array.of(1, 0)),
        parents: Int32Array.of(0, 1),
        issues: [],
      }),
      /another key \(id\)/,
    ],
    [
      'names too few parents',
      (given) => ({ frame: made(given, [1, 1]), parents: Int32Array.of(0), issues: [] }),
      /names 1 parents for 2 rows/,
    ],
    ['returns no frame', () => null as never, /returns/],
    [
      'has an issue of a row that is not there',
      (given) => ({
        frame: made(given, [1, 1]),
        parents: Int32Array.of(0, 1),
        issues: [{ row: 2, code: 'null_value', column: null, found: null, expected: '' }],
      }),
      /issue of row 2/,
    ],
    [
      'has an issue of a row that it makes',
      (given) => ({
        frame: made(given, [1, 1]),
        parents: Int32Array.of(0, 1),
        issues: [{ row: 1, code: 'null_value', column: null, found: null, expected: '' }],
      }),
      /does one of both/,
    ],
  ]
  it.each(cases)('is refused when it %s', async (_, rows, message) => {
    await expect(broken(rows)).rejects.toMatchObject({
      code: 'derived_invalid',
      message: expect.stringMatching(message),
    })
  })

  it('may make cells that do not fit the contract: the row waits', async () => {
    const { quarantined, tables } = await broken((given) => {
      return { frame: made(given, [1, 1.5]), parents: Int32Array.of(0, 1), issues: [] }
    })
    expect([quarantined, tables.busy]).toEqual([1, 1])
  })

  it('is refused when it makes other columns', async () => {
    await expect(broken((given) => ({ frame: given, parents: Int32Array.of(0, 1), issues: [] }))).rejects.toMatchObject(
      { code: 'column_missing' },
    )
  })
})

describe('a job without derived tables', () => {
  it('says nothing of them in its record', async () => {
    const out = memoryStore()
    const plain = defineJob({ name: 'machines', tables: job.tables })
    await runPipeline(plain, { data: memoryStore({ 'machines.csv': 'id,hall,hours\nM1,,1\n' }), out })
    const record = await textOf(out, '.support-etl/log/00000001.json')
    expect(record).not.toContain('derived')
    expect(Object.keys(await contentOf(out)).filter((name) => name.includes('/data/'))).toHaveLength(1)
  })
})
