/** A job with derived tables, for tests: days that machines were used, and whether they are busy. */
import { type FileStore, memoryStore } from '../../../src/connect/index.ts'
import {
  collectGarbage,
  csv,
  type DerivedRows,
  defineJob,
  numberOption,
  type RunOptions,
  runPipeline,
  type Source,
  snapshots,
} from '../../../src/pipeline/index.ts'
import { NumberColumn } from '../../../src/table/column.ts'
import { defineTable, float64, int32, key, nullable, recorded, string } from '../../../src/table/contract.ts'
import { columnOf, type Frame, frameOf, selectColumns, withColumns } from '../../../src/table/frame.ts'
import { countUp, markedRows, takeRows } from '../../../src/table/take.ts'
import { textOf } from '../phone-job.ts'

export const machines = defineTable('machines', {
  id: key(string()),
  hall: nullable(string()),
  hours: nullable(int32()),
})
export const used = defineTable('used', {
  id: key(string()),
  hall: nullable(string()),
  days: float64(),
  created_at: recorded('created'),
  updated_at: recorded('updated'),
})
export const busy = defineTable('busy', { id: key(string()), is_busy: int32() })

/** How many rows each function was handed since the last run began. */
export const handed: Record<string, number> = {}

function days(rows: Frame, { perDay }: { readonly perDay: number }): DerivedRows {
  handed.used = (handed.used ?? 0) + rows.rows
  const hours = columnOf(rows, 'hours')
  const fits = Uint8Array.from({ length: rows.rows }, (_, row) => (Number(hours.at(row) ?? -1) >= 0 ? 1 : 0))
  const parents = markedRows(fits)
  const frame = takeRows(rows, parents)
  const values = Float64Array.from(columnOf(frame, 'hours'), (hour) => Number(hour) / perDay)
  const bad = markedRows(fits.map((fit) => 1 - fit))
  return {
    frame: withColumns(selectColumns(frame, ['id', 'hall']), [['days', new NumberColumn('float64', values)]]),
    parents,
    issues: Array.from(bad, (row) => {
      return { row, code: 'type_mismatch', column: 'hours', found: null, expected: 'hours of 0 or more' }
    }),
  }
}

function isBusy(rows: Frame): DerivedRows {
  handed.busy = (handed.busy ?? 0) + rows.rows
  const flags = Int32Array.from(columnOf(rows, 'days'), (value) => (Number(value) >= 1 ? 1 : 0))
  const frame = withColumns(selectColumns(rows, ['id']), [['is_busy', new NumberColumn('int32', flags)]])
  return { frame, parents: countUp(rows.rows), issues: [] }
}

const countOf = (count: number) => frameOf([['is_busy', new NumberColumn('int32', Int32Array.of(count))]])
const sumOf = (rows: Frame): number =>
  Array.from(columnOf(rows, 'is_busy'), Number).reduce((sum, flag) => sum + flag, 0)

/** The derived tables and a rollup of one, over any source of machines. */
export const machinesJobOf = (source: Source) =>
  defineJob({
    name: 'machines',
    options: { perDay: numberOption(8, { least: 1, most: 24, help: 'hours of a day' }) },
    tables: { machines: { contract: machines, source } },
    derived: {
      used: { from: 'machines', contract: used, uses: ['perDay'], rows: days },
      busy: { from: 'used', contract: busy, rows: isBusy },
    },
    rollups: {
      busy_count: {
        table: 'busy',
        build: (rows: Frame) => ({ cells: countOf(sumOf(rows)), metadata: {} }),
        update: ({ cells }, { before, after }) => {
          return { cells: countOf(sumOf(cells) - sumOf(before) + sumOf(after)), metadata: {} }
        },
      },
    },
    outputs: {
      busy_machines: {
        contract: defineTable('busy_machines', { is_busy: key(int32()) }),
        reads: ['busy_count'],
        build: (state) => state.rollup('busy_count').cells,
        explain: {
          table: 'busy',
          reads: ['busy'],
          rowsBehind: (state) => markedRows(Uint8Array.from(columnOf(state.table('busy'), 'is_busy'), Number)),
        },
      },
    },
  })

export const job = machinesJobOf(snapshots({ file: 'machines.csv', format: csv() }))

/** `machines.csv` with these lines. */
export const fileOf = (lines: readonly string[]) => ({
  'machines.csv': `id,hall,hours\n${lines.map((line) => `${line}\n`).join('')}`,
})

/** A place whose clock goes on by a minute a run. */
export class Place {
  readonly out: FileStore = memoryStore()
  now = Date.parse('2025-01-01T00:00:00Z')

  async run(lines: readonly string[], options: RunOptions<typeof job.options> = {}, of = job) {
    for (const name of Object.keys(handed)) delete handed[name]
    const data = memoryStore(fileOf(lines))
    const result = await runPipeline(of, { data, out: this.out, ...options }, { now: () => this.now })
    this.now += 60_000
    return result
  }

  table(name: string) {
    return textOf(this.out, `${name}.csv`)
  }

  /** The rows that wait in the last version. */
  async quarantine() {
    const { files } = await collectGarbage({ out: this.out, graceDays: 0, keepVersions: 1 })
    const left = new Set(files.map(({ name }) => name))
    const found = (await this.out.list('.support-etl/data/quarantine')).find(({ name }) => !left.has(name))
    if (found === undefined) return []
    return (await textOf(this.out, found.name))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  }
}
