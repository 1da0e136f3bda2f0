/**
 * Finds calls worth a second look: far too long or short, two at once by one agent, impossible
 * ratings.
 * @module
 */

import { percentiles } from '../../../aggregate/percentiles.ts'
import { countUp } from '../../../table/take.ts'
import type { CallSet } from './call-set.ts'
import { refuseNoSet } from './selection.ts'

/** Why a call is worth a second look. */
export const CALL_ANOMALIES: readonly CallAnomaly[] = ['duration_outlier', 'agent_overlap', 'rating_out_of_range']
/** What can be strange about a call. */
export type CallAnomaly = 'duration_outlier' | 'agent_overlap' | 'rating_out_of_range'

/** One finding: a row of the set, and what to compare it with. */
export interface AnomalyFinding {
  readonly anomaly: CallAnomaly
  readonly row: number
  /** The call that was still running; null for the other anomalies. */
  readonly other: number | null
}

/** An issue needs this many calls before its usual duration is known. */
const ENOUGH = 30
/** The fences lie this many interquartile ranges beyond the quartiles. */
const REACH = 3
/** Replaces 0.00 minutes, which has no logarithm. */
const SHORTEST = 0.005

/**
 * The fences are on the logarithm, because durations are skewed: half and double are equally far
 * from the usual.
 */
function durationOutliers(set: CallSet): AnomalyFinding[] {
  const { codes, members } = set.dimensions.issue
  const counts = new Int32Array(members.length)
  for (const code of codes) counts[code] = (counts[code] as number) + 1
  const logs = members.map((_, code) => new Float64Array(counts[code] as number))
  const filled = new Int32Array(members.length)
  const logOf = (row: number) => Math.log(Math.max(SHORTEST, set.minutes[row] as number))
  for (let row = 0; row < set.rows; row++) {
    const code = codes[row] as number
    const place = filled[code] as number
    ;(logs[code] as Float64Array)[place] = logOf(row)
    filled[code] = place + 1
  }
  const fences = logs.map((values) => {
    const [low, high] = percentiles(values, [0.25, 0.75])
    if (values.length < ENOUGH || low == null || high == null) return { low: -Infinity, high: Infinity }
    const reach = (high - low) * REACH
    return { low: low - reach, high: high + reach }
  })
  const findings: AnomalyFinding[] = []
  for (let row = 0; row < set.rows; row++) {
    const fence = fences[codes[row] as number]
    const log = logOf(row)
    if (fence !== undefined && (log < fence.low || log > fence.high)) {
      findings.push({ anomaly: 'duration_outlier', row, other: null })
    }
  }
  return findings
}

/** Rows in order of start; most sets already are. */
function byStart({ start, rows }: CallSet): Int32Array {
  const order = countUp(rows)
  for (let row = 1; row < rows; row++) {
    if ((start[row] as number) < (start[row - 1] as number)) {
      return order.sort((a, b) => (start[a] as number) - (start[b] as number) || a - b)
    }
  }
  return order
}

function agentOverlaps(set: CallSet): AnomalyFinding[] {
  const { codes, members } = set.dimensions.agent
  const busyWith = new Int32Array(members.length).fill(-1)
  const findings: AnomalyFinding[] = []
  for (const row of byStart(set)) {
    const agent = codes[row] as number
    if (members[agent] === null) continue
    const other = busyWith[agent] as number
    const isBusy = other >= 0 && (set.start[row] as number) < (set.end[other] as number)
    if (isBusy) findings.push({ anomaly: 'agent_overlap', row, other })
    if (other < 0 || (set.end[row] as number) > (set.end[other] as number)) busyWith[agent] = row
  }
  return findings
}

function strangeRatings({ rating }: CallSet): AnomalyFinding[] {
  const findings: AnomalyFinding[] = []
  for (let row = 0; row < rating.length; row++) {
    const stars = rating[row] as number
    if (stars < 1 || stars > 5) findings.push({ anomaly: 'rating_out_of_range', row, other: null })
  }
  return findings
}

/**
 * Returns the calls worth a second look, by row, then by anomaly.
 *
 * `duration_outlier`: the logarithm of the minutes lies more than three interquartile ranges
 * beyond the quartiles of its issue, which has at least 30 calls. `agent_overlap`: the call began
 * while another call of the same agent was running; `other` is that call. `rating_out_of_range`:
 * below 1 or above 5.
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
 * callAnomalies(selection.set) // []
 */
export function callAnomalies(set: CallSet): AnomalyFinding[] {
  refuseNoSet(set)
  const findings = [...durationOutliers(set), ...agentOverlaps(set), ...strangeRatings(set)]
  return findings.sort((a, b) => a.row - b.row || CALL_ANOMALIES.indexOf(a.anomaly) - CALL_ANOMALIES.indexOf(b.anomaly))
}
