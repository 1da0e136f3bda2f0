/**
 * The key figures of calls, and how they changed against the period before.
 * @module
 */

import { percentiles } from '../../../aggregate/percentiles.ts'
import type { CallSet } from './call-set.ts'
import { outcomeOf } from './outcome.ts'
import { type CallSelection, lookingAt, refuseNoSelection, selectedRows } from './selection.ts'

/** Key figures; null where there is nothing to divide by. */
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
  /** What customers gave, not how well an agent works. */
  readonly average_rating: number | null
}

/** The name of a key figure. */
export type CallKpi = keyof CallKpis

/** The change of a figure: the difference, and as a share of what it was; null where either period has none. */
export interface KpiChange {
  readonly difference: number | null
  readonly relative: number | null
}

/** The figures of a selection, of the period before it, and what changed. */
export interface CallKpiReport {
  readonly current: CallKpis
  /** Null when there is no whole previous period. */
  readonly previous: CallKpis | null
  readonly change: Readonly<Record<CallKpi, KpiChange>> | null
}

/** Sums are kept in millionths, whole numbers, so that they do not depend on the order of the calls. */
export const MILLIONTHS = 1e6

/** 1 for each resolution member that is of the outcome. */
export function outcomeFlags(set: CallSet, outcome: 'resolved' | 'escalated'): Uint8Array {
  return Uint8Array.from(set.dimensions.resolution.members, (member) => (outcomeOf(member) === outcome ? 1 : 0))
}

/** Returns the sum divided by the count, or null for a count of 0. `sum` is in millionths. */
export function average(sum: number, count: number): number | null {
  return count === 0 ? null : sum / MILLIONTHS / count
}

function kpisOf(set: CallSet, rows: Int32Array): CallKpis {
  const isResolved = outcomeFlags(set, 'resolved')
  const isEscalated = outcomeFlags(set, 'escalated')
  const { codes } = set.dimensions.resolution
  const minutes = new Float64Array(rows.length)
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
      rated++
      totalRating += Math.round(rating * MILLIONTHS)
    }
  }
  const [median = null, p90 = null] = percentiles(minutes, [0.5, 0.9])
  return {
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
}

function changeOf(current: number | null, previous: number | null): KpiChange {
  if (current === null || previous === null) return { difference: null, relative: null }
  return { difference: current - previous, relative: previous === 0 ? null : (current - previous) / previous }
}

/**
 * Returns the key figures of a selection, of the period of equal length before it, and the change.
 * Percentiles lie on the straight line between two calls, as SQL's percentile_cont.
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
  const current = kpisOf(set, selectedRows(selection))
  if (windows.previous === null) return { current, previous: null, change: null }
  const previous = kpisOf(set, selectedRows(selection, lookingAt('previous')))
  const names = Object.keys(current) as CallKpi[]
  const change = Object.fromEntries(names.map((name) => [name, changeOf(current[name], previous[name])]))
  // every figure of `current` has its change
  return { current, previous, change: change as Record<CallKpi, KpiChange> }
}
