/**
 * The text of a key figure's card: the figure, its change, the comparison, and the one call that
 * moves it.
 * @module
 */

import type { TipText } from '../../../page/charts/tip.ts'
import {
  countText,
  dayText,
  minutesText,
  momentText,
  NONE,
  percentText,
  twoDecimals,
} from '../../../page/figure-text.ts'
import { type ChangeVerdict, changeText, intervalText, type KpiChange } from '../figures/change.ts'
import type { CallWindow } from '../figures/filter.ts'
import type { CallKpi, CallKpiReport, MeanKpi } from '../figures/kpis.ts'
import type { CallsFigures } from './calls-figures.ts'
import { periodText, spanText } from './words.ts'

const DAY = 86_400_000

/** How the page names and formats a key figure. */
export interface KpiFigure {
  readonly kpi: CallKpi
  readonly title: string
  readonly explained: string
  readonly text: (value: number | null) => string
  /** The unit of the interval's ends, and their decimals. */
  readonly unit: string
  readonly decimals: number
}

/** The key figures in the order of the page. */
export const KPI_FIGURES: readonly KpiFigure[] = [
  {
    kpi: 'calls',
    title: 'Calls',
    explained: 'Calls that began in the period',
    text: countText,
    unit: ' calls',
    decimals: 0,
  },
  {
    kpi: 'average_handle_minutes',
    title: 'Average handle time',
    explained: 'Mean duration of a call',
    text: minutesText,
    unit: ' min',
    decimals: 1,
  },
  {
    kpi: 'resolution_rate',
    title: 'Resolution rate',
    explained: 'Resolved calls as a share of all calls',
    text: percentText,
    unit: '',
    decimals: 1,
  },
  {
    kpi: 'escalations',
    title: 'Escalations',
    explained: 'Calls that were escalated',
    text: countText,
    unit: ' calls',
    decimals: 0,
  },
  {
    kpi: 'median_minutes',
    title: 'Median duration',
    explained: 'Half of the calls are shorter',
    text: minutesText,
    unit: ' min',
    decimals: 1,
  },
  {
    kpi: 'p90_minutes',
    title: '90th percentile',
    explained: 'Nine of ten calls are shorter',
    text: minutesText,
    unit: ' min',
    decimals: 1,
  },
  {
    kpi: 'average_rating',
    title: 'Average rating',
    explained: 'What customers gave, of those who rated',
    text: twoDecimals,
    unit: '',
    decimals: 2,
  },
]

/** The colour of a change: green for better, red for worse, grey for everything else. */
export function moodOf(verdict: ChangeVerdict | null): 'good' | 'bad' | 'even' {
  return verdict === 'better' ? 'good' : verdict === 'worse' ? 'bad' : 'even'
}

const VERDICTS: Readonly<Record<ChangeVerdict, string>> = {
  better: 'for the better',
  worse: 'for the worse',
  changed: 'more than chance',
  same: 'no change after rounding',
  noise: 'within the noise of the sample',
}

/** What a change means, in words, for readers who cannot see the colour. */
export function verdictText(verdict: ChangeVerdict): string {
  return VERDICTS[verdict]
}

/** The dates of a window. */
export function windowText(window: CallWindow): string {
  if (window.ruler === 'day') return spanText(window.from * DAY, window.to * DAY)
  return `${momentText(window.after)} to ${momentText(window.upTo)} UTC`
}

/** Which calls the page shows. */
export type CallsScope = Pick<CallsFigures, 'filter' | 'windows'> & {
  readonly overview: Pick<CallsFigures['overview'], 'rows' | 'days'>
}

/** The dates of the shown period, or of all data. */
export function scopeText({ overview: { rows, days }, windows: { current } }: CallsScope): string {
  if (current !== null) return windowText(current)
  const [oldest, newest] = days
  return rows === 0 ? '' : spanText(oldest * DAY, newest * DAY)
}

const GAPS = {
  no_period: 'Choose a period to see what changed',
  not_wanted: 'Nothing is compared',
  not_over: 'Nothing is compared, because no day of the period is known to be over',
  data_begins_later: 'Nothing is compared, because the data begins later than the other period',
} as const

/** The scope of the page and what it is compared with, in sentences. */
export function comparisonText(scope: CallsScope): string {
  const { filter, windows } = scope
  const { current, compared, previous, gap, unfinished, isWholeWeeks } = windows
  const name = typeof filter.period === 'string' ? periodText(filter.period) : ''
  const begin = current === null ? 'All calls, ' : name === '' ? '' : `${name[0]?.toUpperCase()}${name.slice(1)}, `
  const isPreset = typeof filter.period === 'string'
  const isCut = compared !== null && compared !== current
  const sentences = [
    previous === null || compared === null
      ? `${begin}${scopeText(scope)}. ${GAPS[gap ?? 'no_period']}.`
      : `${begin}${scopeText(scope)}, ${isCut ? `of which ${windowText(compared)} is ` : ''}compared with ${windowText(previous)}.`,
  ]
  if (previous !== null && !isWholeWeeks) sentences.push('Their weekdays differ.')
  // a preset ends with the day before the newest one
  const isNear = current?.ruler === 'day' && unfinished !== null && current.to >= unfinished - (isPreset ? 1 : 0)
  if (isNear) {
    sentences.push(`${dayText(unfinished * DAY)} may not be over and is ${isPreset ? 'left out' : 'not compared'}.`)
  }
  return sentences.join(' ')
}

/** A change as its card shows it; the words are for readers who cannot see the colour. */
export interface ToldChange {
  readonly text: string
  readonly mood: 'good' | 'bad' | 'even'
  readonly words: string
}

/** Formats the change as the command line does, with the page's narrow percent sign. */
const shortChange = (change: KpiChange) => changeText(change).replace(' %', '%')

/** Returns the change as its card shows it. */
export function toldChange(
  change: KpiChange | undefined,
  { windows: { previous } }: Pick<CallsScope, 'windows'>,
): ToldChange {
  if (change === undefined || previous === null || change.verdict === null)
    return { text: NONE, mood: 'even', words: '' }
  return {
    text: shortChange(change),
    mood: moodOf(change.verdict),
    words: `${verdictText(change.verdict)}, against ${windowText(previous)}`,
  }
}

/** How one call moves a mean, in a few words; null when no call moves it too far. */
export function oddText({ odd }: CallKpiReport, { kpi, text }: KpiFigure): string | null {
  const found = kpi in odd ? odd[kpi as MeanKpi] : null
  if (found === null) return null
  const value =
    kpi === 'average_rating' ? `rating of ${twoDecimals(found.value)}` : `call of ${minutesText(found.value)}`
  return `${text(found.mean_without)} without one ${value}`
}

/** The note of a card: the definition, both periods with their dates, the change and its interval. */
export function kpiTip(figure: KpiFigure, report: CallKpiReport, { windows }: Pick<CallsScope, 'windows'>): TipText {
  const { kpi, text, unit, decimals, explained, title } = figure
  const lines: [string, string][] = []
  const change = report.change?.[kpi]
  if (report.compared !== null && report.previous !== null && windows.compared !== null && windows.previous !== null) {
    lines.push([windowText(windows.compared), text(report.compared[kpi])])
    lines.push([windowText(windows.previous), text(report.previous[kpi])])
  }
  if (change !== undefined && change.verdict !== null) {
    const { interval, verdict } = change
    lines.push(['Change', `${shortChange(change)}, ${verdictText(verdict)}`])
    lines.push([
      '95 % interval of the difference',
      interval === null ? 'too few calls to tell' : `${intervalText(change, decimals)}${unit}`,
    ])
  }
  const odd = kpi in report.odd ? report.odd[kpi as MeanKpi] : null
  if (odd !== null) {
    const { low, high } = odd.interval_without
    lines.push(['One call moves it', oddText(report, figure) ?? ''])
    lines.push(['95 % interval without that call', `${low.toFixed(decimals)} to ${high.toFixed(decimals)}${unit}`])
  }
  return { title: `${title}: ${explained.charAt(0).toLowerCase()}${explained.slice(1)}`, lines }
}
