/**
 * Everything that the dashboard shows of a selection, as one plain value.
 * @module
 */
import { formatInstant, formatWallTime } from '../../../time/instant.ts'
import { callsBy, type MemberFigures } from './breakdown.ts'
import type { CallSet } from './call-set.ts'
import { type ContactFigures, contactFigures } from './customers.ts'
import { callDurations, type DurationBin } from './durations.ts'
import { type CallFilter, type CallWindow, windowDays } from './filter.ts'
import { callHeatMap, type HeatCell } from './heat-map.ts'
import { type CallKpi, type CallKpis, callKpis, type KpiChange } from './kpis.ts'
import { type AgentFigures, agentLeaderboard } from './leaderboard.ts'
import { type CallSelection, selectCalls } from './selection.ts'
import { callTimeline } from './timeline.ts'

/** A period in words: instants for presets, days for a range. */
export interface SummaryPeriod {
  readonly from: string
  readonly to: string
}

/** One stretch of the timeline, its beginning as wall time. */
export interface SummaryStretch {
  readonly from: string
  readonly calls: number
  readonly previous: number | null
}

/** The figures of a selection. Names are those of the page. */
export interface CallsSummary {
  readonly filter: CallFilter
  /** Calls of the set, whatever is filtered. */
  readonly total_calls: number
  readonly period: SummaryPeriod | null
  readonly previous_period: SummaryPeriod | null
  readonly kpis: CallKpis
  readonly previous_kpis: CallKpis | null
  readonly change: Readonly<Record<CallKpi, KpiChange>> | null
  readonly contacts: ContactFigures
  readonly timeline: { readonly unit: string; readonly stretches: readonly SummaryStretch[] }
  readonly durations: readonly DurationBin[]
  readonly by_region: readonly MemberFigures[]
  readonly by_issue: readonly MemberFigures[]
  readonly by_resolution: readonly MemberFigures[]
  readonly by_rating: readonly MemberFigures[]
  readonly heat_map: readonly HeatCell[]
  readonly agents: readonly AgentFigures[]
}

function periodOf(window: CallWindow | null): SummaryPeriod | null {
  if (window === null || (window.ruler === 'instant' && Number.isNaN(window.upTo))) return null
  if (window.ruler === 'instant') return { from: instant(window.after), to: instant(window.upTo) }
  const [from, to] = windowDays(window)
  return { from, to }
}

const instant = (milliseconds: number) => formatInstant(Math.floor(milliseconds))

/**
 * Returns the figures of the calls that a filter selects; the dashboard shows the same ones, made by the same functions.
 * @throws ContractError invalid_option - the filter's period names a day that is none, or ends before it begins
 */
export function summarizeSelection(
  selection: CallSelection,
  options: { readonly minimumCalls?: number } = {},
): CallsSummary {
  const { set, filter, windows } = selection
  const { current, previous, change } = callKpis(selection)
  const { unit, buckets } = callTimeline(selection)
  return {
    filter,
    total_calls: set.rows,
    period: periodOf(windows.current),
    previous_period: periodOf(windows.previous),
    kpis: current,
    previous_kpis: previous,
    change,
    contacts: contactFigures(selection),
    timeline: {
      unit,
      stretches: buckets.map(({ from, calls, previous: before }) => ({
        from: formatWallTime(from),
        calls,
        previous: before,
      })),
    },
    durations: callDurations(selection),
    by_region: callsBy(selection, 'region'),
    by_issue: callsBy(selection, 'issue'),
    by_resolution: callsBy(selection, 'resolution'),
    by_rating: callsBy(selection, 'rating'),
    heat_map: callHeatMap(selection),
    agents: agentLeaderboard(selection, options),
  }
}

/** {@link summarizeSelection} of a set and a filter. */
export function summarizeCallSet(
  set: CallSet,
  filter: CallFilter = {},
  options: { readonly minimumCalls?: number } = {},
): CallsSummary {
  return summarizeSelection(selectCalls(set, filter), options)
}
