/** A small system of its own: machines are objects, halls a snapshot, repairs come as an extract and deltas. */
import { csv, defineJob, extractsAndDeltas, json, objects, snapshots } from '../../../src/pipeline/index.ts'
import type { RollupCells } from '../../../src/pipeline/job/job.ts'
import { DictionaryColumn, NumberColumn } from '../../../src/table/column.ts'
import {
  date,
  defineTable,
  float64,
  int32,
  int64,
  key,
  measure,
  nullable,
  reference,
  string,
} from '../../../src/table/contract.ts'
import { columnOf, type Frame, frameOf } from '../../../src/table/frame.ts'

/** Dimension, one row a machine. */
export const machines = defineTable('machines', {
  machine_id: key(string()),
  hall_id: nullable(reference('halls', string())),
  bought_on: nullable(date()),
  serial: nullable(int64()),
})
/** Dimension, one row a hall. */
export const halls = defineTable('halls', { hall_id: key(string()), hall_name: string() })
/** Fact, one row a repair. */
export const repairs = defineTable('repairs', {
  repair_id: key(string()),
  machine_id: reference('machines', string()),
  hours: measure(float64()),
})
const report = defineTable('machines_by_hall', {
  hall_name: key(string()),
  machines: measure(int32()),
  repairs: measure(int32()),
})

function cellsOf(counts: ReadonlyMap<string, number>, name: string): RollupCells {
  const held = [...counts].filter(([, count]) => count !== 0).sort(([a], [b]) => (a < b ? -1 : 1))
  const labels = held.map(([label]) => label)
  const numbers = Int32Array.from(held, ([, count]) => count)
  const cells = frameOf([
    [name, new DictionaryColumn(Int32Array.from(labels.keys()), labels)],
    ['count', new NumberColumn('int32', numbers)],
  ])
  return { cells, metadata: {} }
}

function countsOf({ cells }: RollupCells, name: string): Map<string, number> {
  const labels = [...columnOf(cells, name)].map(String)
  return new Map(Array.from(columnOf(cells, 'count'), (count, row) => [labels[row] ?? '', Number(count)]))
}

function add(counts: Map<string, number>, rows: Frame, name: string, sign: 1 | -1): Map<string, number> {
  for (const label of columnOf(rows, name))
    counts.set(String(label ?? ''), (counts.get(String(label ?? '')) ?? 0) + sign)
  return counts
}

/** How many rows of a table have each value of a column. */
function counting(table: string, name: string) {
  return {
    table,
    columns: [name],
    build: (rows: Frame) => cellsOf(add(new Map(), rows, name, 1), name),
    update: (before: RollupCells, { before: was, after }: { readonly before: Frame; readonly after: Frame }) =>
      cellsOf(add(add(countsOf(before, name), was, name, -1), after, name, 1), name),
  }
}

export const workshopJob = defineJob({
  name: 'workshop',
  tables: {
    machines: {
      contract: machines,
      source: objects({ prefix: 'machines/', name: '{machine_id}.json', format: json() }),
    },
    halls: { contract: halls, source: snapshots({ file: 'halls.csv', format: csv({ delimiter: ';' }) }) },
    repairs: { contract: repairs, source: extractsAndDeltas() },
  },
  rollups: { hall_machines: counting('machines', 'hall_id'), machine_repairs: counting('repairs', 'machine_id') },
  outputs: {
    machines_by_hall: {
      contract: report,
      reads: ['hall_machines', 'machine_repairs', 'halls', 'machines'],
      build(state) {
        const inHall = countsOf(state.rollup('hall_machines'), 'hall_id')
        const repaired = countsOf(state.rollup('machine_repairs'), 'machine_id')
        const hallOf = [...columnOf(state.table('machines'), 'hall_id')].map(String)
        const ids = [...columnOf(state.table('machines'), 'machine_id')].map(String)
        const known = [...columnOf(state.table('halls'), 'hall_id')].map(String)
        const names = [...columnOf(state.table('halls'), 'hall_name')].map(String)
        const repairsIn = (hall: string): number =>
          ids.reduce((sum, id, row) => sum + (hallOf[row] === hall ? (repaired.get(id) ?? 0) : 0), 0)
        return frameOf([
          ['hall_name', new DictionaryColumn(Int32Array.from(known.keys()), names)],
          [
            'machines',
            new NumberColumn(
              'int32',
              Int32Array.from(known, (hall) => inHall.get(hall) ?? 0),
            ),
          ],
          ['repairs', new NumberColumn('int32', Int32Array.from(known, repairsIn))],
        ])
      },
    },
  },
})

/** A file of each kind, so that a place has all inputs. */
export const FILES: Readonly<Record<string, string>> = {
  'machines/M1.json': '{"machine_id":"M1","hall_id":"H1","serial":9007199254740993}',
  'machines/M2.json': '{\n  "machine_id": "M2",\n  "hall_id": "H2", "bought_on": "2024-05-01"\n}\n',
  'halls.csv': 'hall_id;hall_name\nH1;North\nH2;South\n',
  'initial/repairs.csv': 'repair_id,machine_id,hours\nR1,M1,1.5\nR2,M2,2\n',
  'delta/repairs_delta_202502.csv': 'repair_id,machine_id,hours,action\nR3,M1,4,add\n',
}
