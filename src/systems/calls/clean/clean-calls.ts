/**
 * Cleans a call log with an agents list, into the curated table of calls.
 * @module
 */
import { type OptionNames, refuseUnknown } from '../../../arguments.ts'
import { buildTable, type TableLike, viewTable } from '../../../table/table-like.ts'
import { type CleanCallsOptions, type CleanedCalls, cleanCallFrames } from './clean-call-frames.ts'

/**
 * Returns one typed row per call, ordered by start and call id, the refused rows with their
 * reasons, and the counts.
 *
 * Columns of the log: call_id (or id), agent_id, customer_id, start_time (or started_at), end_time
 * (or duration_seconds), issue_type, resolution (or resolution_status), rating; customer_id and
 * rating are optional. Columns of the agents list: agent_id, agent_name (or name), region. Text is
 * trimmed; blank text is null. Timestamps are ISO text (UTC where it names no zone) or timestamp
 * columns. A row needs a call id, and an end after its start; the comparison is exact, before any
 * rounding. Minutes have two decimals, half away from zero. An instant is unreadable if it lies
 * beyond a date's range or if a double cannot hold its microsecond. When several rows have one
 * call_id, the last row that is not refused is kept. A call whose agent is not in the list is
 * kept, with the agent `Unknown`. The log's column `_line`, where it has one, gives the line
 * numbers of the rejects.
 *
 * @throws ContractError column_missing - a column is missing under all of its names
 * @throws ContractError dimension_duplicate_key - the agents list has an agent_id twice
 * @throws ContractError time_zone_unknown - timeZone is not an IANA zone
 * @example
 * const log = table({
 *   id: ['c1', 'c2'],
 *   agent_id: ['A1', 'A9'],
 *   started_at: ['2025-01-01T10:00:00Z', '2025-01-01T11:00:00Z'],
 *   duration_seconds: [427, 0],
 *   issue_type: ['billing', 'billing'],
 *   resolution_status: ['resolved', 'escalated'],
 * })
 * const list = table({ agent_id: ['A1'], name: ['Ada'], region: ['North'] })
 * const { calls, rejects, summary } = cleanCalls(log, list)
 * calls.object().call_duration_minutes // 7.12
 * rejects.select('line', 'call_id', 'reason').objects() // [{ line: 2, call_id: 'c2', reason: 'end_equals_start' }]
 * summary.kept // 1
 */
export function cleanCalls<T extends TableLike>(
  log: T,
  agents: TableLike,
  options: CleanCallsOptions = {},
): CleanedCalls<T> {
  refuseUnknown(options, { timeZone: true, files: true, refused: true } satisfies OptionNames<CleanCallsOptions>)
  const cleaned = cleanCallFrames(viewTable(log, 'calls'), viewTable(agents, 'agents'), options)
  return { calls: buildTable(cleaned.calls, log), rejects: buildTable(cleaned.rejects, log), summary: cleaned.summary }
}
