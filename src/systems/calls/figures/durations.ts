/**
 * How long calls take, as a histogram.
 * @module
 */
import { type CallSelection, lookingAt, refuseNoSelection } from './selection.ts'

/** One bin: durations from `from` (inclusive) to `to` (exclusive). */
export interface DurationBin {
  readonly from: number
  /** Null for the last bin, which has no upper end. */
  readonly to: number | null
  readonly calls: number
}

/**
 * Returns the histogram of call minutes. It ignores the filter on minutes. The bins belong to the
 * set, whatever the filter, so that two views can be compared; the last bin holds all longer
 * calls.
 * @example
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
 * callDurations(selection).filter(({ calls }) => calls > 0)
 * // [{ from: 2, to: 2.25, calls: 1 }, { from: 4, to: null, calls: 1 }]
 */
export function callDurations(selection: CallSelection): DurationBin[] {
  refuseNoSelection(selection)
  const { set, failed } = selection
  const { width, count } = set.bins
  const bits = lookingAt('current', ['minutes'])
  const calls = new Int32Array(count + 1)
  for (let row = 0; row < failed.length; row++) {
    if (((failed[row] as number) & bits) !== 0) continue
    const bin = Math.min(count, binOf(set.minutes[row] as number, width))
    calls[bin] = (calls[bin] as number) + 1
  }
  return Array.from(calls, (total, bin) => ({
    from: edge(bin, width),
    to: bin === count ? null : edge(bin + 1, width),
    calls: total,
  }))
}

/**
 * Edges without errors of binary fractions, so that a filter made from a bin holds exactly its
 * calls.
 */
function edge(bin: number, width: number): number {
  return Math.round(bin * width * 1000) / 1000
}

function binOf(minutes: number, width: number): number {
  const bin = Math.floor(minutes / width)
  if (minutes >= edge(bin + 1, width)) return bin + 1
  return minutes < edge(bin, width) ? bin - 1 : bin
}
