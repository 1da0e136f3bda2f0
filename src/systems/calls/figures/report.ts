/**
 * Figures of the curated calls, from any table.
 * @module
 */
import { type TableLike, viewTable } from '../../../table/table-like.ts'
import { type CallSet, frameCallSet } from './call-set.ts'
import type { CallFilter } from './filter.ts'
import { type CallsSummary, summarizeCallSet } from './summary.ts'

/**
 * Returns a curated table, as `cleanCalls` makes it, in the form that {@link selectCalls} filters
 * and counts. Build it once: building is linear in the calls, filtering afterwards is cheap.
 *
 * @throws ContractError column_not_found - a column is missing
 * @throws ContractError type_mismatch - a column is of another kind
 * @example
 * const log = table({
 *   call_id: ['c1', 'c2'],
 *   agent_id: ['A1', 'A1'],
 *   start_time: ['2025-01-01T10:00:00Z', '2025-01-02T10:00:00Z'],
 *   end_time: ['2025-01-01T10:07:07Z', '2025-01-02T10:02:00Z'],
 *   issue_type: ['billing', 'outage'],
 *   resolution: ['resolved', 'escalated'],
 * })
 * const { calls } = cleanCalls(log, table({ agent_id: ['A1'], name: ['Ada'], region: ['North'] }))
 * const selection = selectCalls(callSet(calls), { issue: ['billing'] })
 * callKpis(selection).current.average_handle_minutes // 7.12
 */
export function callSet(calls: TableLike): CallSet {
  return frameCallSet(viewTable(calls, 'calls'))
}

/**
 * Returns the figures of the calls that a filter selects: key figures with their change against
 * the period before, calls over time, durations, breakdowns, heat map and agents. The dashboard
 * shows the same figures.
 *
 * `minimumCalls` is the number of calls an agent needs to be ranked; default 10.
 * @throws ContractError column_not_found, type_mismatch - the table is not one that `cleanCalls`
 *   made
 * @throws ContractError invalid_option - a day of the period is not a calendar day, or the period
 *   ends before it begins
 * @example
 * const log = table({
 *   call_id: ['c1', 'c2'],
 *   agent_id: ['A1', 'A1'],
 *   start_time: ['2025-01-01T10:00:00Z', '2025-01-02T10:00:00Z'],
 *   end_time: ['2025-01-01T10:07:07Z', '2025-01-02T10:02:00Z'],
 *   issue_type: ['billing', 'outage'],
 *   resolution: ['resolved', 'escalated'],
 * })
 * const { calls } = cleanCalls(log, table({ agent_id: ['A1'], name: ['Ada'], region: ['North'] }))
 * const { kpis } = summarizeCalls(calls, { period: { from: '2025-01-01' } })
 * kpis.resolution_rate // 0.5
 * kpis.average_rating // null
 */
export function summarizeCalls(
  calls: TableLike,
  filter: CallFilter = {},
  options: { readonly minimumCalls?: number } = {},
): CallsSummary {
  return summarizeCallSet(callSet(calls), filter, options)
}
