/**
 * Which calls are looked at: one plain value that a page, a link and a command line share.
 * @module
 */
import { ContractError } from '../../../errors.ts'
import { formatDay, parseDay } from '../../../time/instant.ts'
import type { CallDimension, CallSet, Member } from './call-set.ts'

/** Periods that count back from the newest call, in hours. */
export const PRESET_HOURS: Readonly<Record<PeriodPreset, number>> = { '24h': 24, '7d': 168, '30d': 720, '90d': 2160 }
/** A period that counts back from the newest call. */
export type PeriodPreset = '24h' | '7d' | '30d' | '90d'

/** A preset, or calendar days from … to …, both inclusive and each optional. */
export type CallPeriod = PeriodPreset | { readonly from?: string; readonly to?: string }

/**
 * Which calls are looked at. What is left out does not narrow; an empty list neither.
 * `minutes` holds durations from `from` up to, and without, `to`.
 */
export type CallFilter = {
  readonly [Dimension in CallDimension]?: readonly Member[]
} & {
  readonly period?: CallPeriod
  readonly minutes?: { readonly from?: number; readonly to?: number }
}

/** A stretch of time on one of two rulers: instants (`after` is outside, `upTo` inside) or calendar days (both inside). */
export type CallWindow =
  | { readonly ruler: 'instant'; readonly after: number; readonly upTo: number }
  | { readonly ruler: 'day'; readonly from: number; readonly to: number }

/** A period of a call set, and the one of the same length right before it. */
export interface PeriodWindows {
  /** Null when every call counts. */
  readonly current: CallWindow | null
  /** Null when every call counts, or when the data begins after the previous period does: half a period compares with nothing. */
  readonly previous: CallWindow | null
}

const HOUR = 3_600_000
const DAY = 86_400_000

function dayOf(text: string): number {
  const day = parseDay(text)
  if (Number.isNaN(day)) {
    throw new ContractError('invalid_option', `period: "${text}" is no calendar day; write it as 2025-03-31`)
  }
  return day
}

/**
 * Returns the windows of a period, counted back from the newest call of the set.
 * @throws ContractError invalid_option - a day that is none, or an end before its start
 */
export function periodWindows(set: CallSet, period: CallPeriod | undefined): PeriodWindows {
  if (period === undefined) return { current: null, previous: null }
  if (typeof period === 'string') {
    const span = PRESET_HOURS[period] * HOUR
    const current = { ruler: 'instant', after: set.newest - span, upTo: set.newest } as const
    const previous = { ruler: 'instant', after: set.newest - 2 * span, upTo: set.newest - span } as const
    return { current, previous: set.oldest <= previous.after ? previous : null }
  }
  const [oldest, newest] = dayRange(set)
  // an open end reaches to the data's, or to the other end where that lies beyond
  const to = period.to === undefined ? Math.max(newest, dayOf(period.from ?? formatDay(newest))) : dayOf(period.to)
  const from = period.from === undefined ? Math.min(oldest, to) : dayOf(period.from)
  if (to < from) {
    throw new ContractError(
      'invalid_option',
      `period: ${period.from} is after ${period.to}; give the earlier day first`,
    )
  }
  const days = to - from + 1
  const previous = { ruler: 'day', from: from - days, to: from - 1 } as const
  return { current: { ruler: 'day', from, to }, previous: set.rows > 0 && oldest <= previous.from ? previous : null }
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

/** The window as two calendar days for people, in UTC where it is cut by instants. */
export function windowDays(window: CallWindow): readonly [string, string] {
  if (window.ruler === 'day') return [formatDay(window.from), formatDay(window.to)]
  return [formatDay(Math.floor(window.after / DAY)), formatDay(Math.floor(window.upTo / DAY))]
}
