/**
 * A job with a table and outputs of every shape, its inputs, and what a database that follows it has to hold: read by the
 * library itself from the log, and compared as text.
 * @module
 */

import type { FileStore } from '../../../src/connect/file-store.ts'
import { memoryStore } from '../../../src/connect/memory.ts'
import type { Database } from '../../../src/connect/postgres/database.ts'
import { eachRow } from '../../../src/pipeline/derive/each-row.ts'
import { defineJob } from '../../../src/pipeline/job/define-job.ts'
import { contractOf, type Job, tableNames } from '../../../src/pipeline/job/job.ts'
import { extractsAndDeltas } from '../../../src/pipeline/sources/extracts-and-deltas.ts'
import { readState } from '../../../src/pipeline/state/committed-state.ts'
import { readWhole } from '../../../src/pipeline/state/data-files.ts'
import {
  boolean,
  date,
  defineTable,
  float64,
  int64,
  key,
  nullable,
  recorded,
  string,
  type TableContract,
  timestamp,
} from '../../../src/table/contract.ts'
import { frameOf } from '../../../src/table/frame.ts'
import { takeRows } from '../../../src/table/take.ts'

const halls = defineTable('halls', {
  id: key(string()),
  name: nullable(string()),
  seats: nullable(int64()),
  rent: nullable(float64()),
  is_open: nullable(boolean()),
  opened_on: nullable(date()),
  seen_at: nullable(timestamp()),
})
/** Its columns have the names that the delivery uses itself. */
const doors = defineTable('doors', { number: key(string()), action: nullable(string()) })
const labels = defineTable('labels', {
  id: key(string()),
  label: nullable(string()),
  made_at: recorded('created'),
  changed_at: recorded('updated'),
})
const names = defineTable('names', { name: nullable(string()) })

const source = extractsAndDeltas()

/** The output `names` has no key, and equal rows. */
export const hallJob: Job = defineJob({
  name: 'halls',
  tables: { halls: { contract: halls, source }, doors: { contract: doors, source, delta: { actionColumn: 'change' } } },
  derived: {
    labels: {
      from: 'halls',
      contract: labels,
      rows: eachRow(halls, labels, ({ id, name }) => ({ id, label: name === null ? null : `Hall ${name}` })),
    },
  },
  outputs: {
    names: {
      contract: names,
      reads: ['halls'],
      build(state) {
        const { columns, rows } = state.table('halls')
        const name = columns.get('name')
        if (name === undefined) throw new Error('halls have no names')
        const twice = [...Array(rows).keys(), ...Array(rows).keys()].filter((row, at) => at < rows || row % 2 === 0)
        return takeRows(frameOf([['name', name]]), Int32Array.from(twice))
      },
    },
  },
})

const HEAD = 'id,name,seats,rent,is_open,opened_on,seen_at'

/** The extracts. */
export const EXTRACTS = {
  'initial/halls.csv': `${HEAD}\nH1,North,9007199254740993,1.5,true,2020-02-29,2025-01-01T10:00:00.123Z\nH2,"a\tb\\c\nd",,,,,\nH3,North,0,0.1,false,0044-03-15,1969-12-31T23:59:59.999Z\nH4,,1,2,,,\n`,
  'initial/doors.csv': 'number,action\n1,open\n2,shut\n3,\n',
} as const

/** Deltas by month. */
export const DELTAS: readonly Readonly<Record<string, string>>[] = [
  {
    'delta/halls_delta_202502.csv': `${HEAD},action\nH5,West,5,5.5,true,2025-02-01,2025-02-01T00:00:00Z,add\nH1,Old hall,3,1.5,true,2020-02-29,2025-01-01T10:00:00.123Z,update\nH4,,,,,,,delete\n`,
  },
  { 'delta/doors_delta_202503.csv': 'number,action,change\n2,open,update\n4,shut,add\n' },
  {
    'delta/halls_delta_202504.csv': `${HEAD},action\nH2,,,,,,,delete\nH6,North,1,1,true,2025-02-01,,add\n`,
    'delta/doors_delta_202504.csv': 'number,action,change\n1,,delete\n3,shut,update\n',
  },
]

/** A source with the extracts and so many months of deltas. */
export function sourceOf(months: number): FileStore {
  return memoryStore(Object.assign({}, EXTRACTS, ...DELTAS.slice(0, months)) as Record<string, string>)
}

/** Another place with the same files. */
export async function copyOf(store: FileStore): Promise<FileStore> {
  const files: Record<string, Uint8Array> = {}
  for (const { name } of await store.list('')) files[name] = await readWhole(store, name)
  return memoryStore(files)
}

type Rows = Readonly<Record<string, readonly string[]>>

function textOf(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value ?? null)
}

/** What a database has of a job: tables, derived tables and outputs. */
function contractsOf(job: Job): readonly (readonly [name: string, contract: TableContract])[] {
  const outputs = Object.entries(job.outputs).map(([name, { contract }]) => [name, contract] as const)
  return [...tableNames(job).map((name) => [name, contractOf(job, name) as TableContract] as const), ...outputs]
}

/** The rows of the last commit as sorted text, by table. */
export async function committedRows(out: FileStore, job: Job = hallJob): Promise<Rows> {
  const state = await readState(job, { out })
  const rows: Record<string, string[]> = {}
  for (const [name, contract] of contractsOf(job)) {
    const frame = await (name in job.outputs ? state.loadOutput(name) : state.loadTable(name))
    const columns = Object.keys(contract.columns).map((column) => frame.columns.get(column))
    rows[name] = Array.from({ length: frame.rows }, (_, row) =>
      columns.map((column) => textOf(column?.at(row))).join('|'),
    ).sort()
  }
  return rows
}

/** The same of a database, and the number of the commit that it says it has. */
export async function databaseRows(
  database: Pick<Database, 'query'>,
  job: Job = hallJob,
  schema = 'public',
): Promise<{ readonly number: number; readonly rows: Rows }> {
  const rows: Record<string, string[]> = {}
  const contracts = contractsOf(job)
  const parts = contracts.map(([table, contract]) => {
    const cells = Object.entries(contract.columns).map(([name, { kind }]) => {
      const cell = `"${name}"`
      if (kind !== 'timestamp') return `coalesce(${cell}::text, 'null')`
      return `coalesce(to_char(${cell} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'null')`
    })
    return `SELECT '${table}' AS name, concat_ws('|', ${cells.join(', ')}) AS row FROM "${schema}"."${table}"`
  })
  // one statement: one snapshot
  const answer = await database.query(
    `SELECT '' AS name, number::text AS row FROM "${schema}".support_etl_place UNION ALL ${parts.join(' UNION ALL ')}`,
  )
  for (const [name] of contracts) rows[name] = []
  let number = 0
  for (const { name, row } of answer.rows) {
    if (name === '') number = Number(row)
    else rows[String(name)]?.push(String(row))
  }
  for (const list of Object.values(rows)) list.sort()
  return { number, rows }
}

/** The rows of a delivery with any rows or none, where tables may not exist yet: null then. */
export async function rowsOrNull(
  database: Pick<Database, 'query'>,
): Promise<Awaited<ReturnType<typeof databaseRows>> | null> {
  const { rows } = await database.query("SELECT to_regclass('public.names')::text AS name")
  return rows[0]?.name === null ? null : databaseRows(database)
}
