/** A small job over days, for tests of the pipeline: readings of machines, with their hours by machine. */
import type { FileStore } from '../../src/connect/index.ts'
import { memoryStore } from '../../src/connect/index.ts'
import { csv, defineJob, partitions } from '../../src/pipeline/index.ts'
import type { RollupCells } from '../../src/pipeline/job/job.ts'
import { DictionaryColumn, NumberColumn } from '../../src/table/column.ts'
import { defineTable, int32, key, nullable, string } from '../../src/table/contract.ts'
import { columnOf, type Frame, frameOf } from '../../src/table/frame.ts'

/** Fact, one row a reading and delivery. */
export const readings = defineTable('readings', {
  reading_id: key(string()),
  machine: string(),
  hours: nullable(int32()),
})

function cellsOf(hours: ReadonlyMap<string, number>): RollupCells {
  const names = [...hours.keys()].sort()
  const cells = frameOf([
    ['machine', new DictionaryColumn(Int32Array.from(names.keys()), names)],
    [
      'hours',
      new NumberColumn(
        'int32',
        Int32Array.from(names, (name) => hours.get(name) ?? 0),
      ),
    ],
  ])
  return { cells, metadata: {} }
}

/** The hours by machine, by codes of the dictionary: no text is made for a row. */
function sum(parts: readonly Frame[]): RollupCells {
  const hours = new Map<string, number>()
  for (const rows of parts) {
    const machines = columnOf(rows, 'machine')
    const counted = columnOf(rows, 'hours')
    if (!(machines instanceof DictionaryColumn && counted instanceof NumberColumn)) throw new Error('other columns')
    const sums = new Float64Array(machines.values.length)
    const { codes } = machines
    for (let row = 0; row < codes.length; row++) {
      const code = codes[row] as number
      if (!counted.isNull(row)) sums[code] = (sums[code] as number) + Number(counted.values[row])
    }
    for (const [code, name] of machines.values.entries())
      hours.set(name, (hours.get(name) ?? 0) + (sums[code] as number))
  }
  return cellsOf(hours)
}

export const dayJob = defineJob({
  name: 'readings',
  tables: {
    readings: { contract: readings, source: partitions({ prefix: 'days/', name: '{day}.csv', format: csv() }) },
  },
  rollups: {
    machine_hours: {
      table: 'readings',
      build: (rows) => sum([rows]),
      merge: (days) => sum(days.map(({ cells }) => cells)),
    },
  },
  outputs: {
    hours: {
      contract: defineTable('hours', { machine: key(string()), hours: int32() }),
      reads: ['machine_hours'],
      build: (state) => state.rollup('machine_hours').cells,
    },
    /** One row a day, read day by day. */
    days: {
      contract: defineTable('days', { day: key(string()), readings: int32() }),
      reads: ['readings'],
      async build(state) {
        const days = state.partitions('readings')
        const counts: number[] = []
        for (const day of days) counts.push((await day.load()).rows)
        const names = days.map(({ day }) => day)
        return frameOf([
          ['day', new DictionaryColumn(Int32Array.from(names.keys()), names)],
          ['readings', new NumberColumn('int32', Int32Array.from(counts))],
        ])
      },
    },
  },
})

/** `{ '2025-03-01': ['r1,m1,5'] }` as a source. */
export function daysOf(rows: Readonly<Record<string, readonly string[]>>): FileStore {
  return memoryStore(
    Object.fromEntries(
      Object.entries(rows).map(([day, lines]) => [
        `days/${day}.csv`,
        `reading_id,machine,hours\n${lines.map((line) => `${line}\n`).join('')}`,
      ]),
    ),
  )
}

/** What the list of files tells of the runs that loaded them: what differs between two runs with one result. */
export const OF_THE_RUN = /^ +"(?:commit|loaded_at|batch|seq)".*\n/gm
