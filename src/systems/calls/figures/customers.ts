/**
 * Counts customers who call again, and issues that one call settled.
 * @module
 */
import { type CallSelection, lookingAt, refuseNoSelection } from './selection.ts'

/** Figures about customers; null where the denominator is 0. */
export interface ContactFigures {
  readonly customers: number
  readonly repeat_calls: number
  /** Repeat calls / calls that name a customer. */
  readonly repeat_rate: number | null
  /** Calls that settled their issue at first contact / first contacts. */
  readonly first_contact_resolution: number | null
}

/**
 * Returns the figures about the customers of the selected calls. All calls of the set decide
 * whether a call is a repeat or settled its issue, not only the selected ones. Data that arrives
 * later can still turn a settled call of the last week into an unsettled one.
 * @example
 * const log = table({
 *   call_id: ['c1', 'c2', 'c3'],
 *   agent_id: ['A1', 'A1', 'A1'],
 *   customer_id: ['K1', 'K1', 'K2'],
 *   start_time: ['2025-01-01T10:00:00Z', '2025-01-02T10:00:00Z', '2025-01-03T10:00:00Z'],
 *   end_time: ['2025-01-01T10:04:00Z', '2025-01-02T10:02:00Z', '2025-01-03T10:02:00Z'],
 *   issue_type: ['billing', 'billing', 'outage'],
 *   resolution: ['resolved', 'resolved', 'resolved'],
 * })
 * const { calls } = cleanCalls(log, table({ agent_id: ['A1'], name: ['Ada'], region: ['North'] }))
 * contactFigures(selectCalls(callSet(calls)))
 * // { customers: 2, repeat_calls: 1, repeat_rate: 1 / 3, first_contact_resolution: 0.5 }
 */
export function contactFigures(selection: CallSelection): ContactFigures {
  refuseNoSelection(selection)
  const { set, failed } = selection
  const { contacts } = set
  const bits = lookingAt('current')
  const seen = new Uint8Array(contacts.customer.length)
  let [customers, calls, repeats, settled] = [0, 0, 0, 0]
  for (let row = 0; row < failed.length; row++) {
    const customer = contacts.customer[row] as number
    if (customer < 0 || ((failed[row] as number) & bits) !== 0) continue
    calls++
    repeats += contacts.isRepeat[row] as number
    settled += contacts.isSettled[row] as number
    if (seen[customer] === 0) customers++
    seen[customer] = 1
  }
  return {
    customers,
    repeat_calls: repeats,
    repeat_rate: calls === 0 ? null : repeats / calls,
    first_contact_resolution: calls === repeats ? null : settled / (calls - repeats),
  }
}
