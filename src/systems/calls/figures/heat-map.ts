/**
 * When calls come: hour of day by weekday.
 * @module
 */

import { HOURS, WEEKDAYS } from './call-set.ts'
import { type CallSelection, lookingAt, refuseNoSelection } from './selection.ts'

/** One hour of one weekday. */
export interface HeatCell {
  readonly weekday: string
  readonly hour: string
  readonly calls: number
}

/** Returns the 168 hours of a week with their calls, Monday 00 first, looking past filters on weekday and hour. * @example
 * const log = table({
 *   call_id: ['c1', 'c2'],
 *   agent_id: ['A1', 'A1'],
 *   start_time: ['2025-01-01T10:00:00Z', '2025-01-02T10:00:00Z'],
 *   end_time: ['2025-01-01T10:04:00Z', '2025-01-02T10:02:00Z'],
 *   issue_type: ['billing', 'outage'],
 *   resolution: ['resolved', 'escalated'],
 * })
 * const { calls } = cleanCalls(log, table({ agent_id: ['A1'], name: ['Ada'], region: ['North'] }))
 * const selection = selectCalls(callSet(calls))
 * callHeatMap(selection).filter(({ calls }) => calls > 0)
 * // [{ weekday: 'Wed', hour: '10', calls: 1 }, { weekday: 'Thu', hour: '10', calls: 1 }]
 */
export function callHeatMap(selection: CallSelection): HeatCell[] {
  refuseNoSelection(selection)
  const { set, failed } = selection
  const bits = lookingAt('current', ['weekday', 'hour'])
  const weekdays = set.dimensions.weekday.codes
  const hours = set.dimensions.hour.codes
  const calls = new Int32Array(WEEKDAYS.length * HOURS.length)
  for (let row = 0; row < failed.length; row++) {
    if (((failed[row] as number) & bits) !== 0) continue
    const cell = (weekdays[row] as number) * HOURS.length + (hours[row] as number)
    calls[cell] = (calls[cell] as number) + 1
  }
  return WEEKDAYS.flatMap((weekday, day) =>
    HOURS.map((hour, index) => ({ weekday, hour, calls: calls[day * HOURS.length + index] as number })),
  )
}
