import { type ColumnTable, table } from 'arquero'

/** A row of a call log as a test writes it. */
export type LogRow = Record<string, string | number | null | undefined>

const LOG = ['call_id', 'agent_id', 'customer_id', 'start_time', 'end_time', 'issue_type', 'resolution', 'rating']

/** A call log of the contract's own columns; what a row leaves out is null. */
export function log(...rows: LogRow[]): ColumnTable {
  const names = [...new Set([...LOG, ...rows.flatMap((row) => Object.keys(row))])]
  return table(Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name] ?? null)])))
}

/** A log row that is fine unless the test says otherwise. */
export function call(row: LogRow): LogRow {
  return { agent_id: 'A1', issue_type: 'billing', resolution: 'resolved', ...row }
}

export const agents = table({
  agent_id: ['A1', 'A2'],
  agent_name: ['Ada Brook', 'Ben Cole'],
  region: ['North', 'South'],
})

/** The rows of an Arquero table as plain objects. */
export function rowsOf(tables: ColumnTable): Record<string, unknown>[] {
  return tables.objects() as Record<string, unknown>[]
}
