import { table } from 'arquero'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/connect/index.ts'
import {
  csv,
  type DerivedRows,
  defineJob,
  eachRow,
  findRowDependence,
  numberOption,
  refuseRow,
  runPipeline,
  snapshots,
} from '../../../src/pipeline/index.ts'
import {
  boolean,
  date,
  defineTable,
  float64,
  int32,
  int64,
  key,
  nullable,
  recorded,
  string,
  timestamp,
} from '../../../src/table/contract.ts'
import { columnOf, type Frame, withColumns } from '../../../src/table/frame.ts'
import { countUp, takeColumn, takeRows } from '../../../src/table/take.ts'
import { textOf } from '../phone-job.ts'
import { job as machinesJob } from './machines-job.ts'

const kinds = {
  name: nullable(string()),
  note: nullable(string({ encoding: 'plain' })),
  share: nullable(float64()),
  count: nullable(int32()),
  serial: nullable(int64()),
  is_new: nullable(boolean()),
  seen_at: nullable(timestamp()),
  bought_on: nullable(date()),
}
const given = defineTable('given', { id: key(string()), ...kinds })
const made = defineTable('made', { id: key(string()), ...kinds, updated_at: recorded('updated') })
const source = snapshots({ file: 'given.csv', format: csv() })

const jobOf = (rows: (given: Frame, options: { readonly least: number }) => DerivedRows) =>
  defineJob({
    name: 'rows',
    options: { least: numberOption(0, { least: 0, most: 9, help: 'count' }) },
    tables: { given: { contract: given, source } },
    derived: { made: { from: 'given', contract: made, uses: ['least'], rows } },
  })
const run = async (job: ReturnType<typeof jobOf>, lines: readonly string[]) => {
  const out = memoryStore()
  const file = `id,${Object.keys(kinds).join(',')}\n${lines.map((line) => `${line}\n`).join('')}`
  const { quarantined } = await runPipeline(job, { data: memoryStore({ 'given.csv': file }), out })
  return { quarantined, copy: await textOf(out, 'made.csv') }
}

describe('eachRow', () => {
  it('hands every kind of cell over as a row has it, and takes it back', async () => {
    const copy = jobOf(eachRow(given, made, (row) => row))
    const lines = [
      'R1,Ada,a note,0.5,-3,9007199254740993,true,2025-01-02T03:04:05.678Z,2024-02-29',
      'R2,,,,,,,,',
      'R3,Ada,,-0,0,0,false,1969-12-31T23:59:59.999Z,0001-01-01',
    ]
    const { copy: text, quarantined } = await run(copy, lines)
    expect(quarantined).toBe(0)
    expect(text.trim().split('\n').slice(1)).toEqual(lines.map((line) => `${line},${text.trim().split(',').at(-1)}`))
  })

  it('takes what refuseRow gives, and cells that do not fit, as issues', async () => {
    const job = jobOf(
      eachRow(given, made, (row, { least }: { readonly least: number }) => {
        if (row.count === null) return refuseRow({ code: 'null_value', column: 'count', expected: 'a count' })
        return { ...row, count: row.count / 2, name: row.count > least ? row.name : null }
      }),
    )
    const { quarantined, copy } = await run(job, [
      'R1,Ada,,,4,,,,',
      'R2,Ada,,,3,,,,',
      'R3,Ada,,,,,,,',
      'R4,Ada,,,0,,,,',
    ])
    expect(quarantined).toBe(2)
    expect(copy.split('\n').map((line) => line.slice(0, 12))).toEqual([
      'id,name,note',
      'R1,Ada,,,2,,',
      'R4,,,,0,,,,,',
      '',
    ])
  })

  it('is a function of one row by itself: no part of the rows gives anything else', () => {
    const job = jobOf(eachRow(given, made, (row) => ({ ...row, name: row.note })))
    const text = fc.option(fc.string({ unit: 'grapheme', maxLength: 3 }))
    const rows = fc.uniqueArray(
      fc.record({
        id: fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 }),
        name: text,
        note: text,
        share: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
        count: fc.option(fc.integer({ min: -9, max: 9 })),
        serial: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
        is_new: fc.option(fc.boolean()),
        seen_at: fc.option(fc.date({ noInvalidDate: true })),
        bought_on: fc.option(fc.constantFrom('2024-02-29', '1969-12-31')),
      }),
      { selector: ({ id }) => id, maxLength: 12 },
    )
    fc.assert(
      fc.property(rows, (list) => {
        const names = Object.keys(given.columns) as (keyof (typeof list)[number])[]
        const columns = Object.fromEntries(names.map((name) => [name, list.map((row) => row[name])]))
        return findRowDependence(job, 'made', table(columns)) === null
      }),
      { numRuns: 200 },
    )
  })

  it('refuses what is no function, no contract and no issue', () => {
    expect(() => eachRow(given, made, null as never)).toThrow(/make is null/)
    expect(() => eachRow(null as never, made, () => null as never)).toThrow(/contract/)
    expect(() => refuseRow({} as never)).toThrow(/issue/)
  })
})

describe('findRowDependence', () => {
  const rows = table({
    id: Array.from({ length: 130 }, (_, at) => `M${at}`),
    hall: Array.from({ length: 130 }, (_, at) => (at % 3 === 0 ? null : 'North')),
    hours: Array.from({ length: 130 }, (_, at) => (at % 7 === 0 ? null : at)),
  })
  it('finds nothing in functions of one row', () => {
    expect(findRowDependence(machinesJob, 'used', rows)).toBeNull()
    expect(findRowDependence(machinesJob, 'used', rows, { perDay: 4 })).toBeNull()
  })

  const { used } = machinesJob.derived
  const withRows = (change: (rows: Frame, made: DerivedRows) => DerivedRows) => ({
    ...machinesJob,
    derived: {
      used: {
        ...used,
        rows: (given: Frame, options: never) => change(given, used?.rows(given, options) as DerivedRows),
      } as never,
    },
    rollups: {},
    outputs: {},
  })
  it.each<[string, (rows: Frame, made: DerivedRows) => DerivedRows]>([
    [
      'a cell from the row above',
      (_, made) => {
        const hall = columnOf(made.frame, 'hall')
        const above = takeColumn(hall, countUp(made.frame.rows, -1))
        return { ...made, frame: withColumns(made.frame, [['hall', above]]) }
      },
    ],
    [
      'issues only where other rows have some',
      ({ rows: count }, made) => ({
        ...made,
        issues: made.issues.map((issue) => ({ ...issue, expected: `one of ${count}` })),
      }),
    ],
    [
      'fewer rows of many',
      (_, made) => {
        const keep = Math.min(made.frame.rows, 60)
        const frame = takeRows(made.frame, countUp(keep))
        const left = Array.from(made.parents.subarray(keep), (row) => {
          return { row, code: 'null_value' as const, column: null, found: null, expected: 'fewer' }
        })
        return { frame, parents: made.parents.subarray(0, keep), issues: [...made.issues, ...left] }
      },
    ],
  ])('finds %s', (_, change) => {
    expect(findRowDependence(withRows(change) as never, 'used', rows)).not.toBeNull()
  })

  it('refuses rows that do not fit the parent, and a table that is not derived', () => {
    expect(() => findRowDependence(machinesJob, 'machines', rows)).toThrow(
      /no derived table "machines"; it has used, busy/,
    )
    const other = table({ id: ['M1'], hall: ['North'], hours: ['many'] })
    expect(() => findRowDependence(machinesJob, 'used', other)).toThrow(
      /row 1 of the rows does not fit table machines, column hours/,
    )
  })
})
