/**
 * Deltas are not limited to support. Here a workshop keeps its machines: a contract says what a
 * table holds and names its key, and rows that do not fit become issues.
 */
import { table } from 'arquero'
import {
  applyDelta,
  checkTable,
  date,
  defineTable,
  float64,
  joinDimension,
  key,
  measure,
  nullable,
  type RowOf,
  reference,
  string,
} from 'support-etl'
import { memoryStore } from 'support-etl/connect'
import { checkCsv } from 'support-etl/format'
import { csv, defineJob, json, objects, runPipeline, snapshots } from 'support-etl/pipeline'

/** Fact, one row per machine. */
const machines = defineTable('machines', {
  machine_id: key(string()),
  model: string(),
  hall_id: nullable(reference('halls', string())),
  serviced_on: nullable(date()),
  running_hours: measure(float64()),
})

// the type of a row follows from the contract: hall_id: string | null, running_hours: number
const spare: RowOf<typeof machines> = {
  machine_id: '007',
  model: 'Press',
  hall_id: null,
  serviced_on: '2025-01-20',
  running_hours: 0,
}
console.log(machines.key, spare.model)

// bytes in, typed rows out, and an issue for what does not fit
const file = `machine_id,model,hall_id,serviced_on,running_hours
007,Press,H1,2025-01-20,1204.5
011,Lathe,H2,soon,310
012,Mill,H2,,88.0
`
const { table: stock, issues } = checkCsv(new TextEncoder().encode(file), machines, { file: 'machines.csv' })
stock.print()
for (const { file, row, column, found, expected } of issues) {
  console.log(`${file} row ${row}, ${column}: found "${found}", expected ${expected}`)
}

// a table that is already in memory is checked in the same way
const week = table({
  machine_id: ['007', '013'],
  model: ['Press', 'Saw'],
  hall_id: ['H1', 'H9'],
  serviced_on: ['2025-02-11', null],
  running_hours: ['1290', '0.0'],
})
console.log('rows that fit:', checkTable(week, machines).table.numRows())

// ... and applied by contract; the hall of the saw is unknown so far
const changes = week.derive({ action: () => 'add' })
const halls = table({ hall_id: ['H1', 'H2'], hall_name: ['North', 'South'] })
joinDimension(applyDelta(stock, changes, machines), halls, { on: 'hall_id', select: 'hall_name' }).print()

// the same contract makes a job, which remembers what it applied: a machine is one file, the halls are a table that is replaced
const job = defineJob({
  name: 'workshop',
  tables: {
    machines: {
      contract: machines,
      source: objects({ prefix: 'machines/', name: '{machine_id}.json', format: json() }),
    },
    halls: {
      contract: defineTable('halls', { hall_id: key(string()), hall_name: string() }),
      source: snapshots({ file: 'halls.csv', format: csv({ delimiter: ';' }) }),
    },
  },
})
const data = memoryStore({
  'machines/007.json': '{ "machine_id": "007", "model": "Press", "hall_id": "H1", "running_hours": 1204.5 }',
  'machines/011.json': '{ "machine_id": "012", "model": "Mill", "hall_id": "H2", "running_hours": 88 }',
  'halls.csv': 'hall_id;hall_name\nH1;North\nH2;South\n',
})
const out = memoryStore() // a folder's path, or s3://bucket/folder, does as well
const first = await runPipeline(job, { data, out })
console.log(first.status, first.tables, 'in quarantine:', first.quarantined)
for (const { message } of first.notes) console.log(message)

// a name that holds another key than its content waits until one of them is mended
await data.write('machines/011.json', [
  new TextEncoder().encode('{ "machine_id": "011", "model": "Mill", "hall_id": "H2", "running_hours": 88 }'),
])
const second = await runPipeline(job, { data, out })
console.log(second.status, second.tables, 'in quarantine:', second.quarantined)
console.log((await runPipeline(job, { data, out })).status)
