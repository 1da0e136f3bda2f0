/**
 * All figures that the dashboard shows of a selection, as one plain value.
 * @module
 */
import { Utf8Column } from '../../../table/column.ts'
import { formatDay, formatInstant, formatWallTime } from '../../../time/instant.ts'
import { callsBy, type MemberFigures } from './breakdown.ts'
import type { CallSet } from './call-set.ts'
import type { KpiChange } from './change.ts'
import { type ContactFigures, contactFigures } from './customers.ts'
import { callDurations, type DurationBin } from './durations.ts'
import { type CallFilter, type CallWindow, type ComparisonGap, windowDays } from './filter.ts'
import { callHeatMap, type HeatCell } from './heat-map.ts'
import { type CallKpi, type CallKpis, callKpis, type MeanKpi, type OddCall } from './kpis.ts'
import { type AgentFigures, agentLeaderboard } from './leaderboard.ts'
import { type CallSelection, selectCalls } from './selection.ts'
import { callTimeline } from './timeline.ts'

/** A period in words: instants for `24h`, days for all others. */
export interface SummaryPeriod {
  readonly from: string
  readonly to: string
}

/** One stretch of the timeline, its beginning as wall time. */
export interface SummaryStretch {
  readonly from: string
  readonly calls: number
  readonly previous: number | null
  readonly is_partial: boolean
}

/** The call that moves a mean too far, with its call id. */
export interface SummaryOddCall extends Omit<OddCall, 'row'> {
  readonly call_id: string | null
}

/** The figures of a selection, under the page's names. */
export interface CallsSummary {
  readonly filter: CallFilter
  /** Calls of the set, before filtering. */
  readonly total_calls: number
  readonly period: SummaryPeriod | null
  /** The part of the period that is compared; null when nothing is. */
  readonly compared_period: SummaryPeriod | null
  readonly previous_period: SummaryPeriod | null
  /** Why there is no comparison. */
  readonly comparison_gap: ComparisonGap | null
  /** The two periods are whole weeks apart, so that each day is compared with the same weekday. */
  readonly compares_whole_weeks: boolean
  /** The newest day of the data: it may not be over, and no comparison counts it. */
  readonly unfinished_day: string | null
  readonly kpis: CallKpis
  readonly compared_kpis: CallKpis | null
  readonly previous_kpis: CallKpis | null
  /**
   * For each mean, the call that moves it by more than its interval, and the figure without that
   * call.
   */
  readonly odd_calls: Readonly<Record<MeanKpi, SummaryOddCall | null>>
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

function named({ callId }: CallSet, odd: OddCall | null): SummaryOddCall | null {
  if (odd === null) return null
  const { row, ...rest } = odd
  return { call_id: new Utf8Column(callId.bytes, callId.offsets, callId.valid).at(row), ...rest }
}

const instant = (milliseconds: number) => formatInstant(Math.floor(milliseconds))

/**
 * Returns the figures of the calls that a filter selects, from the same functions as the
 * dashboard's.
 * @throws ContractError invalid_option - a day of the period is not a calendar day, or the period
 *   ends before it begins
 */
export function summarizeSelection(
  selection: CallSelection,
  options: { readonly minimumCalls?: number } = {},
): CallsSummary {
  const { set, filter, windows } = selection
  const { current, compared, previous, change, odd } = callKpis(selection)
  const { unit, buckets } = callTimeline(selection)
  return {
    filter,
    total_calls: set.rows,
    period: periodOf(windows.current),
    compared_period: periodOf(windows.compared),
    previous_period: periodOf(windows.previous),
    comparison_gap: windows.gap,
    compares_whole_weeks: windows.isWholeWeeks,
    unfinished_day: windows.unfinished === null ? null : formatDay(windows.unfinished),
    kpis: current,
    compared_kpis: compared,
    previous_kpis: previous,
    change,
    odd_calls: {
      average_handle_minutes: named(set, odd.average_handle_minutes),
      average_rating: named(set, odd.average_rating),
    },
    contacts: contactFigures(selection),
    timeline: {
      unit,
      stretches: buckets.map(({ from, calls, previous: before, isPartial }) => ({
        from: formatWallTime(from),
        calls,
        previous: before,
        is_partial: isPartial,
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
