/**
 * The key figures of calls, their changes, and calls that move a mean.
 * @module
 */

import {
  countDifferenceInterval,
  type Interval,
  meanDifferenceInterval,
  oddValue,
  percentileDifferenceInterval,
  shareDifferenceInterval,
} from '../../../aggregate/mean-intervals.ts'
import { percentiles } from '../../../aggregate/percentiles.ts'
import type { CallSet } from './call-set.ts'
import { type ChangeRule, changeOf, type KpiChange } from './change.ts'
import { outcomeOf } from './outcome.ts'
import { type CallSelection, lookingAt, refuseNoSelection, selectedRows } from './selection.ts'

/** Key figures; null where the denominator is 0. */
export interface CallKpis {
  readonly calls: number
  readonly resolved: number
  readonly escalations: number
  /** Calls that a customer rated. */
  readonly rated: number
  /** Σ resolved / Σ calls. */
  readonly resolution_rate: number | null
  readonly average_handle_minutes: number | null
  readonly median_minutes: number | null
  readonly p90_minutes: number | null
  /** The mean of customers' ratings; it does not measure an agent's work. */
  readonly average_rating: number | null
}

/** The name of a key figure. */
export type CallKpi = keyof CallKpis

/** One call that moves a mean by more than the interval of the mean of all others. */
export interface OddCall {
  /** Its row in the set. */
  readonly row: number
  /** Its minutes, or its rating. */
  readonly value: number
  /** The figure without this call, and its 95 % interval. */
  readonly mean_without: number
  readonly interval_without: Interval
}

/** The figures that are means: one odd call can move them. */
export type MeanKpi = 'average_handle_minutes' | 'average_rating'

/** The figures of a selection, those of the compared period, and the changes. */
export interface CallKpiReport {
  readonly current: CallKpis
  /**
   * The figures that are compared: those of `current`, without a day that may not be over. Null
   * when `previous` is.
   */
  readonly compared: CallKpis | null
  /** Null when nothing is compared; `gap` in the selection's windows says why. */
  readonly previous: CallKpis | null
  readonly change: Readonly<Record<CallKpi, KpiChange>> | null
  /** For each mean of `current`, the call that moves it too far; null when no call does. */
  readonly odd: Readonly<Record<MeanKpi, OddCall | null>>
}

/** How each figure's change is shown, and which direction is better. */
export const CHANGE_RULES: Readonly<Record<CallKpi, ChangeRule>> = {
  calls: { unit: 'percent', better: 'neither' },
  resolved: { unit: 'percent', better: 'neither' },
  escalations: { unit: 'percent', better: 'lower' },
  rated: { unit: 'percent', better: 'neither' },
  resolution_rate: { unit: 'points', better: 'higher' },
  average_handle_minutes: { unit: 'percent', better: 'lower' },
  median_minutes: { unit: 'percent', better: 'lower' },
  p90_minutes: { unit: 'percent', better: 'lower' },
  average_rating: { unit: 'stars', better: 'higher' },
}

/** Sums are whole numbers of millionths, so that they do not depend on the order of the calls. */
export const MILLIONTHS = 1e6

/** 1 for each resolution member with the outcome. */
export function outcomeFlags(set: CallSet, outcome: 'resolved' | 'escalated'): Uint8Array {
  return Uint8Array.from(set.dimensions.resolution.members, (member) => (outcomeOf(member) === outcome ? 1 : 0))
}

/** Returns the sum divided by the count, or null for a count of 0. `sum` is in millionths. */
export function average(sum: number, count: number): number | null {
  return count === 0 ? null : sum / MILLIONTHS / count
}

/** The key figures of some calls, and the values behind their means. */
interface Sample {
  readonly kpis: CallKpis
  readonly minutes: Float64Array
  readonly ratings: Float64Array
}

function sampleOf(set: CallSet, rows: Int32Array): Sample {
  const isResolved = outcomeFlags(set, 'resolved')
  const isEscalated = outcomeFlags(set, 'escalated')
  const { codes } = set.dimensions.resolution
  const minutes = new Float64Array(rows.length)
  const ratings = new Float64Array(rows.length)
  let [resolved, escalations, rated, totalMinutes, totalRating] = [0, 0, 0, 0, 0]
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number
    const code = codes[row] as number
    const rating = set.rating[row] as number
    const duration = set.minutes[row] as number
    resolved += isResolved[code] as number
    escalations += isEscalated[code] as number
    minutes[i] = duration
    totalMinutes += Math.round(duration * MILLIONTHS)
    if (!Number.isNaN(rating)) {
      ratings[rated++] = rating
      totalRating += Math.round(rating * MILLIONTHS)
    }
  }
  const [median = null, p90 = null] = percentiles(minutes, [0.5, 0.9])
  const kpis = {
    calls: rows.length,
    resolved,
    escalations,
    rated,
    resolution_rate: rows.length === 0 ? null : resolved / rows.length,
    average_handle_minutes: average(totalMinutes, rows.length),
    median_minutes: median,
    p90_minutes: p90,
    average_rating: average(totalRating, rated),
  }
  return { kpis, minutes, ratings: ratings.subarray(0, rated) }
}

function intervalsOf(now: Sample, before: Sample): Readonly<Record<CallKpi, Interval | null>> {
  const [{ kpis: one }, { kpis: other }] = [now, before]
  return {
    calls: countDifferenceInterval(one.calls, other.calls),
    resolved: countDifferenceInterval(one.resolved, other.resolved),
    escalations: countDifferenceInterval(one.escalations, other.escalations),
    rated: countDifferenceInterval(one.rated, other.rated),
    resolution_rate: shareDifferenceInterval(one.resolved, one.calls, other.resolved, other.calls),
    average_handle_minutes: meanDifferenceInterval(now.minutes, before.minutes),
    median_minutes: percentileDifferenceInterval(now.minutes, before.minutes, 0.5),
    p90_minutes: percentileDifferenceInterval(now.minutes, before.minutes, 0.9),
    average_rating: meanDifferenceInterval(now.ratings, before.ratings),
  }
}

/**
 * The odd call among the values; `rowOf` gives their rows. The mean is of whole millionths, like
 * the figure's.
 */
function oddCall(values: Float64Array, rowOf: (index: number) => number): OddCall | null {
  const odd = oddValue(values)
  if (odd === null) return null
  let sum = 0
  for (let i = 0; i < values.length; i++) if (i !== odd.index) sum += Math.round((values[i] as number) * MILLIONTHS)
  const mean = average(sum, values.length - 1) ?? odd.mean_without
  return { row: rowOf(odd.index), value: odd.value, mean_without: mean, interval_without: odd.interval_without }
}

/** The row of a rated call, by its position among the rated calls. */
function ratedRow(set: CallSet, rows: Int32Array, index: number): number {
  return rows.filter((row) => !Number.isNaN(set.rating[row] as number))[index] as number
}

/**
 * Returns the key figures of a selection, those of the compared period, and the change of each
 * with its 95 % interval. Percentiles interpolate linearly between two calls, as SQL's
 * percentile_cont. A day that may not be over counts in the figures, but not in the comparison.
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
 * const { resolution_rate, average_handle_minutes, average_rating } = callKpis(selection).current
 * resolution_rate // 0.5
 * average_handle_minutes // 3
 * average_rating // null
 */
export function callKpis(selection: CallSelection): CallKpiReport {
  refuseNoSelection(selection)
  const { set, windows } = selection
  const rows = selectedRows(selection)
  const now = sampleOf(set, rows)
  const odd = {
    average_handle_minutes: oddCall(now.minutes, (index) => rows[index] as number),
    average_rating: oddCall(now.ratings, (index) => ratedRow(set, rows, index)),
  }
  if (windows.previous === null) return { current: now.kpis, compared: null, previous: null, change: null, odd }
  const isWhole = windows.compared === windows.current
  const whole = isWhole ? now : sampleOf(set, selectedRows(selection, lookingAt('compared')))
  const before = sampleOf(set, selectedRows(selection, lookingAt('previous')))
  const [compared, previous, intervals] = [whole.kpis, before.kpis, intervalsOf(whole, before)]
  const changes = Object.entries(CHANGE_RULES).map(([name, rule]) => {
    const kpi = name as CallKpi
    return [kpi, changeOf(compared[kpi], previous[kpi], intervals[kpi], rule)]
  })
  // CHANGE_RULES has every figure, so every figure gets its change
  return { current: now.kpis, compared, previous, change: Object.fromEntries(changes), odd }
}
