/** The tables of transcripts in a database, and those of the last commit: the same rows. */
import type { FileStore } from '../../../src/connect/file-store.ts'
import type { Database } from '../../../src/connect/postgres/database.ts'
import { readState } from '../../../src/pipeline/index.ts'
import { transcriptsJob } from '../../../src/systems/transcripts/job/transcripts-job.ts'

export const TABLES = transcriptsJob.published ?? []

function plain(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString()
  // as row_to_json writes an instant
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+\+00:00$/.test(value)
    ? new Date(value).toISOString()
    : value
}

const sorted = (rows: readonly (readonly unknown[])[]): string[] => rows.map((row) => JSON.stringify(row)).sort()

/** The rows that the last commit publishes, by table. */
export async function committed(out: FileStore): Promise<Record<string, string[]>> {
  const state = await readState(transcriptsJob, { out })
  const tables = TABLES.map(async (name) => {
    const frame = await (name in transcriptsJob.outputs ? state.loadOutput(name) : state.loadTable(name))
    const columns = [...frame.columns.values()]
    const rows = Array.from({ length: frame.rows }, (_, row) => columns.map((column) => plain(column.at(row))))
    return [name, sorted(rows)] as const
  })
  return Object.fromEntries(await Promise.all(tables))
}

/** The rows that a database holds, by table. */
export async function delivered(database: Database): Promise<Record<string, string[]>> {
  const tables: [string, string[]][] = []
  for (const name of TABLES) {
    const { rows } = await database.query(`SELECT row_to_json(t)::text AS row FROM call_data."${name}" AS t`)
    const cells = rows.map(({ row }) => Object.values(JSON.parse(String(row)) as object).map(plain))
    tables.push([name, sorted(cells)])
  }
  return Object.fromEntries(tables)
}
