/**
 * Which calls are counted: one plain value that a page, a link and a command line share.
 * @module
 */
import { refuseUnless } from '../../../arguments.ts'
import { ContractError } from '../../../errors.ts'
import { civilFromDays, daysFromCivil, formatDay, parseDay } from '../../../time/instant.ts'
import type { CallDimension, CallSet, Member } from './call-set.ts'

/**
 * Presets of whole days that end before the newest day of the data, because that day may not be
 * over.
 */
export const PRESET_DAYS = { '7d': 7, '28d': 28, '91d': 91, '30d': 30, '90d': 90 } as const satisfies Record<
  Exclude<PeriodPreset, '24h'>,
  number
>
/**
 * A period that counts back from the newest call. `7d`, `28d` and `91d` are whole weeks; `24h`,
 * `30d` and `90d` occur in older links. `24h` counts hours, the others whole days.
 */
export type PeriodPreset = '24h' | '7d' | '28d' | '91d' | '30d' | '90d'
/** Every preset, whole weeks first. */
export const PERIOD_PRESETS: readonly PeriodPreset[] = ['7d', '28d', '91d', '24h', '30d', '90d']

/**
 * What a period is compared with: the period of equal length before it (default), the same period
 * last year, or nothing. Last year is 52 weeks back, so that weekdays match; a period of whole
 * calendar months is compared with the same months.
 */
export type CallComparison = 'previous' | 'year' | 'none'
/** Every comparison, the default first. */
export const CALL_COMPARISONS: readonly CallComparison[] = ['previous', 'year', 'none']

/** A preset, or calendar days from … to …, both inclusive and each optional. */
export type CallPeriod = PeriodPreset | { readonly from?: string; readonly to?: string }

/**
 * Which calls are counted. A field that is absent, or an empty list, selects everything. `minutes`
 * holds durations from `from` (inclusive) to `to` (exclusive).
 */
export type CallFilter = {
  readonly [Dimension in CallDimension]?: readonly Member[]
} & {
  readonly period?: CallPeriod
  readonly compare?: CallComparison
  readonly minutes?: { readonly from?: number; readonly to?: number }
}

/**
 * A stretch of time, as instants (`after` exclusive, `upTo` inclusive) or as calendar days (both
 * inclusive).
 */
export type CallWindow =
  | { readonly ruler: 'instant'; readonly after: number; readonly upTo: number }
  | { readonly ruler: 'day'; readonly from: number; readonly to: number }

/**
 * Why nothing is compared: no period is chosen, no comparison is wanted, the period lies in the
 * unfinished end of the data, or the data begins after the start of the other period.
 */
export type ComparisonGap = 'no_period' | 'not_wanted' | 'not_over' | 'data_begins_later'

/** A period of a call set, and the period it is compared with. */
export interface PeriodWindows {
  /** Null when every call counts. */
  readonly current: CallWindow | null
  /**
   * The part of the current period that is compared: its days before the newest day of the data.
   * Null when `previous` is.
   */
  readonly compared: CallWindow | null
  /** The window of the comparison; null when nothing is compared, and `gap` says why. */
  readonly previous: CallWindow | null
  readonly gap: ComparisonGap | null
  /** The two periods are whole weeks apart, so that each day is compared with the same weekday. */
  readonly isWholeWeeks: boolean
  /** The newest day of the data, which may not be over; null without calls. */
  readonly unfinished: number | null
}

const DAY = 86_400_000
/** 52 weeks, so that weekdays match. */
const YEAR_OF_WEEKS = 364

type DayWindow = Extract<CallWindow, { ruler: 'day' }>
type InstantWindow = Extract<CallWindow, { ruler: 'instant' }>

function dayOf(text: string): number {
  const day = parseDay(text)
  if (Number.isNaN(day)) {
    throw new ContractError('invalid_option', `period: "${text}" is not a calendar day; write it as 2025-03-31`)
  }
  return day
}

/** The days that a period covers; `newest` is the last day of the data. */
function daysOf(period: Exclude<CallPeriod, '24h'>, [oldest, newest]: readonly [number, number]): DayWindow {
  if (typeof period === 'string') return { ruler: 'day', from: newest - PRESET_DAYS[period], to: newest - 1 }
  // an open end reaches to the end of the data, or to the other end if that lies beyond
  const to = period.to === undefined ? Math.max(newest, dayOf(period.from ?? formatDay(newest))) : dayOf(period.to)
  const from = period.from === undefined ? Math.min(oldest, to) : dayOf(period.from)
  if (to < from) {
    throw new ContractError(
      'invalid_option',
      `period: ${period.from} is after ${period.to}; give the earlier day first`,
    )
  }
  return { ruler: 'day', from, to }
}

/** The same date a year before, for the first day of a month. */
function yearBefore(day: number): number {
  const { year, month } = civilFromDays(day)
  return daysFromCivil(year - 1, month, 1)
}

/** The days that `compared`, the beginning of `current`, is compared with. */
function daysBefore(current: DayWindow, compared: DayWindow, compare: CallComparison): DayWindow {
  const isOfMonths = civilFromDays(current.from).day === 1 && civilFromDays(current.to + 1).day === 1
  if (compare === 'year' && isOfMonths) {
    const from = yearBefore(current.from)
    const to = compared.to === current.to ? yearBefore(current.to + 1) - 1 : from + compared.to - compared.from
    return { ruler: 'day', from, to }
  }
  const shift = compare === 'year' ? YEAR_OF_WEEKS : current.to - current.from + 1
  return { ruler: 'day', from: compared.from - shift, to: compared.to - shift }
}

function lastHours(newest: number): InstantWindow {
  return { ruler: 'instant', after: newest - DAY, upTo: newest }
}

/**
 * Returns the windows of a period. Presets end with the last whole day: the day before the newest
 * call's. A range keeps its days, but the comparison leaves out the newest day of the data and
 * later ones.
 * @throws ContractError invalid_option - not a calendar day, an end before its start, or an
 *   unknown comparison
 */
export function periodWindows(
  set: CallSet,
  period: CallPeriod | undefined,
  compare: CallComparison = 'previous',
): PeriodWindows {
  refuseUnless(CALL_COMPARISONS.includes(compare), 'compare', compare, 'previous, year or none')
  const days = dayRange(set)
  const [oldest, newest] = days
  const unfinished = set.rows === 0 ? null : newest
  const uncompared = (current: CallWindow | null, gap: ComparisonGap) => ({
    current,
    compared: null,
    previous: null,
    gap,
    isWholeWeeks: false,
    unfinished,
  })
  if (period === undefined || (set.rows === 0 && typeof period === 'string')) return uncompared(null, 'no_period')
  if (period === '24h') {
    const current = lastHours(set.newest)
    if (compare === 'none') return uncompared(current, 'not_wanted')
    const previous = lastHours(set.newest - (compare === 'year' ? YEAR_OF_WEEKS : 1) * DAY)
    if (set.oldest > previous.after) return uncompared(current, 'data_begins_later')
    return { current, compared: current, previous, gap: null, isWholeWeeks: compare === 'year', unfinished }
  }
  const current = daysOf(period, days)
  if (compare === 'none') return uncompared(current, 'not_wanted')
  if (set.rows === 0) return uncompared(current, 'data_begins_later')
  const compared = current.to < newest ? current : { ...current, to: newest - 1 }
  if (compared.to < compared.from) return uncompared(current, 'not_over')
  const previous = daysBefore(current, compared, compare)
  if (oldest > previous.from) return uncompared(current, 'data_begins_later')
  const isWholeWeeks = (compared.from - previous.from) % 7 === 0
  return { current, compared, previous, gap: null, isWholeWeeks, unfinished }
}

/** The first and the last local day of the calls; [0, −1] without calls. */
export function dayRange(set: CallSet): readonly [number, number] {
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (let row = 0; row < set.rows; row++) {
    const day = set.day[row] as number
    if (day < first) first = day
    if (day > last) last = day
  }
  return set.rows === 0 ? [0, -1] : [first, last]
}

/** The window as its first and last calendar day, in UTC where its ends are instants. */
export function windowDays(window: CallWindow): readonly [string, string] {
  if (window.ruler === 'day') return [formatDay(window.from), formatDay(window.to)]
  return [formatDay(Math.floor(window.after / DAY)), formatDay(Math.floor(window.upTo / DAY))]
}
