/**
 * The three questions about the support report, and the evidence for the third.
 * @module
 */
import { type OptionNames, refuseUnknown } from '../../../arguments.ts'
import { buildTable, type TableLike, viewTable } from '../../../table/table-like.ts'
import { type CallTimeOptions, centerCallTails, centerHandleTime } from './call-times.ts'
import {
  type BusiestMonth,
  centerCalls,
  centerInteractions,
  centerOfLongestCalls,
  type LongestAverageCall,
  type MonthFilter,
  monthOfMost,
} from './center-totals.ts'

const FILTER = { months: true } satisfies OptionNames<MonthFilter>
const CALL_TIMES = { timeZone: true, monthFrom: true, ...FILTER } satisfies OptionNames<CallTimeOptions>

/**
 * Returns one row per contact center of a support report: `contact_center_name` and
 * `total_interactions`, largest first, ties by name; `Unknown` is listed. `months` restricts it to
 * those months.
 *
 * @throws ContractError column_not_found, type_mismatch - the table is not a support report
 * @example
 * import { table } from 'arquero'
 * const report = table({
 *   month: ['2025-01', '2025-02', '2025-02'],
 *   contact_center_name: ['Oslo', 'Bergen', 'Oslo'],
 *   department: ['Accounts', 'Accounts', 'Repairs'],
 *   total_interactions: [2, 4, 1],
 *   total_calls: [1, 4, 1],
 *   total_call_duration: [7, 30, 12.5],
 * })
 * interactionsByContactCenter(report, { months: ['2025-02'] })
 * // [{ contact_center_name: 'Bergen', total_interactions: 4 }, { contact_center_name: 'Oslo', total_interactions: 1 }]
 */
export function interactionsByContactCenter<T extends TableLike>(report: T, filter: MonthFilter = {}): T {
  refuseUnknown(filter, FILTER)
  return buildTable(centerInteractions(viewTable(report, 'report'), filter), report)
}

/**
 * Returns one row per contact center of a support report: `contact_center_name`, `total_calls`,
 * `total_call_duration` and `average_call_minutes`; longest average first, ties by name. The
 * average is Σ duration / Σ calls (never a mean of means), and null without calls. `months`
 * restricts it to those months.
 *
 * @throws ContractError column_not_found, type_mismatch - the table is not a support report
 * @example
 * import { table } from 'arquero'
 * const report = table({
 *   month: ['2025-01', '2025-02'],
 *   contact_center_name: ['Oslo', 'Oslo'],
 *   department: ['Accounts', 'Accounts'],
 *   total_interactions: [2, 4],
 *   total_calls: [1, 3],
 *   total_call_duration: [9, 30],
 * })
 * callsByContactCenter(report)
 * // [{ contact_center_name: 'Oslo', total_calls: 4, total_call_duration: 39, average_call_minutes: 9.75 }]
 */
export function callsByContactCenter<T extends TableLike>(report: T, filter: MonthFilter = {}): T {
  refuseUnknown(filter, FILTER)
  return buildTable(centerCalls(viewTable(report, 'report'), filter), report)
}

/**
 * Returns the month of a support report with the most interactions, the earliest in a tie; null
 * when the report has no rows.
 *
 * @throws ContractError column_not_found, type_mismatch - the table is not a support report
 * @example
 * import { table } from 'arquero'
 * const report = table({
 *   month: ['2025-01', '2025-02', '2025-02'],
 *   contact_center_name: ['Oslo', 'Bergen', 'Oslo'],
 *   department: ['Accounts', 'Accounts', 'Repairs'],
 *   total_interactions: [4, 4, 1],
 *   total_calls: [1, 4, 1],
 *   total_call_duration: [7, 30, 12.5],
 * })
 * busiestMonth(report) // { month: '2025-02', total_interactions: 5 }
 */
export function busiestMonth(report: TableLike): BusiestMonth | null {
  return monthOfMost(viewTable(report, 'report'))
}

/**
 * Returns the contact center of a support report whose calls take longest on average, the first by
 * name in a tie. `Unknown` never wins; null when no center has calls.
 *
 * @throws ContractError column_not_found, type_mismatch - the table is not a support report
 * @example
 * import { table } from 'arquero'
 * const report = table({
 *   month: ['2025-01', '2025-02'],
 *   contact_center_name: ['Bergen', 'Oslo'],
 *   department: ['Accounts', 'Accounts'],
 *   total_interactions: [2, 4],
 *   total_calls: [2, 4],
 *   total_call_duration: [15, 39],
 * })
 * longestAverageCall(report)
 * // { contact_center_name: 'Oslo', total_calls: 4, total_call_duration: 39, average_call_minutes: 9.75 }
 */
export function longestAverageCall(report: TableLike): LongestAverageCall | null {
  return centerOfLongestCalls(viewTable(report, 'report'))
}

/**
 * Returns one row per contact center with calls: `contact_center_name`, `total_calls`,
 * `handled_calls` (calls with both timestamps) and `average_handle_minutes` from
 * `interaction_start` to `agent_resolution_timestamp`, null without handled calls; sorted by name.
 * It measures the agents' work; a call's duration also includes what follows.
 *
 * @throws ContractError column_not_found, type_mismatch - a column is missing or of another kind;
 *   timestamp_invalid - a text is not a timestamp; dimension_duplicate_key - two contact centers
 *   have the same id
 * @example
 * import { table } from 'arquero'
 * const interactions = table({
 *   channel: ['phone', 'phone', 'email'],
 *   contact_center_id: ['ctr1', 'ctr1', 'ctr1'],
 *   interaction_start: ['2025-02-03T15:00Z', '2025-02-03T16:00Z', '2025-02-03T17:00Z'],
 *   agent_resolution_timestamp: ['2025-02-03T15:09Z', '2025-02-03T16:12Z', '2025-02-04T09:00Z'],
 * })
 * const contactCenters = table({ contact_center_id: ['ctr1'], contact_center_name: ['Oslo'] })
 * handleTime(interactions, contactCenters)
 * // [{ contact_center_name: 'Oslo', total_calls: 2, handled_calls: 2, average_handle_minutes: 10.5 }]
 */
export function handleTime<T extends TableLike>(
  interactions: T,
  contactCenters: TableLike,
  options: CallTimeOptions = {},
): T {
  refuseUnknown(options, CALL_TIMES)
  const fact = viewTable(interactions, 'interactions')
  return buildTable(centerHandleTime(fact, viewTable(contactCenters, 'contactCenters'), options), interactions)
}

/**
 * Returns one row per contact center with calls: how many calls went on after the agent resolved
 * them, for how long, and how many calls were rated: `contact_center_name`, `total_calls`,
 * `calls_after_resolution`, `average_minutes_after_resolution`, `rated_calls`,
 * `rated_calls_after_resolution`; sorted by name. A center whose rated calls all go on asks its
 * customers for a rating after the call, and its durations include the survey.
 *
 * @throws ContractError column_not_found, type_mismatch - a column is missing or of another kind;
 *   timestamp_invalid - a text is not a timestamp; dimension_duplicate_key - two contact centers
 *   have the same id
 * @example
 * import { table } from 'arquero'
 * const interactions = table({
 *   channel: ['phone', 'phone'],
 *   contact_center_id: ['ctr1', 'ctr1'],
 *   agent_resolution_timestamp: ['2025-02-03T15:09Z', '2025-02-03T16:12Z'],
 *   interaction_end: ['2025-02-03T15:09Z', '2025-02-03T16:15Z'],
 *   satisfaction_rating: [null, 4],
 * })
 * const contactCenters = table({ contact_center_id: ['ctr1'], contact_center_name: ['Oslo'] })
 * callsAfterResolution(interactions, contactCenters)
 * // [{ contact_center_name: 'Oslo', total_calls: 2, calls_after_resolution: 1, average_minutes_after_resolution: 3,
 * //    rated_calls: 1, rated_calls_after_resolution: 1 }]
 */
export function callsAfterResolution<T extends TableLike>(
  interactions: T,
  contactCenters: TableLike,
  options: CallTimeOptions = {},
): T {
  refuseUnknown(options, CALL_TIMES)
  const fact = viewTable(interactions, 'interactions')
  return buildTable(centerCallTails(fact, viewTable(contactCenters, 'contactCenters'), options), interactions)
}
