import { type ColumnTable, table } from 'arquero'
import { cleanCalls } from '../../../src/systems/calls/clean/clean-calls.ts'
import { callSet } from '../../../src/systems/calls/figures/report.ts'

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

/** A set of calls that begin at the stamps and last two minutes unless a row says otherwise. */
export function setOf(...rows: (LogRow & { at: string; minutes?: number })[]) {
  const table = log(
    ...rows.map(({ at, minutes = 2, ...row }, index) => {
      const end = new Date(Date.parse(at) + minutes * 60_000).toISOString()
      return call({ call_id: `c${index}`, start_time: at, end_time: end, ...row })
    }),
  )
  return callSet(cleanCalls(table, agents).calls)
}
