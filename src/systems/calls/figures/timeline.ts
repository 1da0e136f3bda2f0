/**
 * Calls over time, by hour, day, week or month of the cleaning's wall time.
 * @module
 */
import { refuseUnknown } from '../../../arguments.ts'
import { firstDayOf, monthOfDay } from '../../../time/instant.ts'
import type { CallSet } from './call-set.ts'
import { dayRange } from './filter.ts'
import { type CallSelection, lookingAt, refuseNoSelection } from './selection.ts'

/** How long a stretch of a timeline is. */
export type TimelineUnit = 'hour' | 'day' | 'week' | 'month'

/** One stretch of time and the calls that began in it. */
export interface TimelineBucket {
  /** Wall time of its begin and end, as epoch milliseconds that read as if they were UTC. */
  readonly from: number
  readonly to: number
  readonly calls: number
  /**
   * Calls of the corresponding stretch in the compared period; null when there is none, or this
   * stretch is not compared.
   */
  readonly previous: number | null
  /** The stretch is incomplete: the period or the data cuts it, or it may not be over. */
  readonly isPartial: boolean
}

/** Calls over time, stretch by stretch without a gap. */
export interface Timeline {
  readonly unit: TimelineUnit
  readonly buckets: readonly TimelineBucket[]
}

const DAY = 86_400_000
const HOUR = 3_600_000

/** Numbers the stretches of a unit without a gap; `numberOf` takes a local day and hour. */
interface Ruler {
  readonly numberOf: (day: number, hour: number) => number
  /** Wall time at which the stretch begins, in milliseconds. */
  readonly startOf: (number: number) => number
}

const RULERS: Readonly<Record<TimelineUnit, Ruler>> = {
  hour: { numberOf: (day, hour) => day * 24 + hour, startOf: (number) => number * HOUR },
  day: { numberOf: (day) => day, startOf: (number) => number * DAY },
  // 1970-01-01 was a Thursday; weeks begin on Monday
  week: { numberOf: (day) => Math.floor((day + 3) / 7), startOf: (number) => (number * 7 - 3) * DAY },
  month: { numberOf: monthOfDay, startOf: (number) => firstDayOf(number) * DAY },
}

/** Hours for up to two days, days up to four months, weeks up to two years, then months. */
export function timelineUnit(days: number): TimelineUnit {
  if (days <= 2) return 'hour'
  if (days <= 124) return 'day'
  return days <= 731 ? 'week' : 'month'
}

/** The stretch number of every call. A table over the days avoids calendar arithmetic per row. */
function stretchNumbers(set: CallSet, unit: TimelineUnit, [first, last]: readonly [number, number]): Int32Array {
  const { day } = set
  const hours = set.dimensions.hour.codes
  const numbers = new Int32Array(set.rows)
  if (unit === 'hour') {
    for (let row = 0; row < numbers.length; row++) numbers[row] = (day[row] as number) * 24 + (hours[row] as number)
    return numbers
  }
  const { numberOf } = RULERS[unit]
  const byDay = Int32Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => numberOf(first + index, 0))
  for (let row = 0; row < numbers.length; row++) numbers[row] = byDay[(day[row] as number) - first] as number
  return numbers
}

/** The local day and hour of the newest call. */
function newestHour({ start, newest, day, dimensions }: CallSet): { readonly day: number; readonly hour: number } {
  const row = Math.max(0, start.indexOf(newest))
  return { day: day[row] ?? 0, hour: dimensions.hour.codes[row] ?? 0 }
}

/**
 * The local days and hours at which the current period begins and ends, as far as the calls show.
 */
function localRange(selection: CallSelection, span: 'current' | 'always', days: readonly [number, number]) {
  const { set, windows } = selection
  const { current } = windows
  const whole = { from: days[0], fromHour: 0, to: days[1], toHour: 23 }
  if (span === 'always' || current === null) return whole
  if (current.ruler === 'day') return { ...whole, from: current.from, to: current.to }
  // the cleaning's zone is unknown here: take the offset of the newest call
  const { day: to, hour: toHour } = newestHour(set)
  const hours = Math.round((current.upTo - current.after) / HOUR)
  const from = to * 24 + toHour - hours
  return { from: Math.floor(from / 24), fromHour: from - Math.floor(from / 24) * 24, to, toHour }
}

/** How the compared period is laid over the current one. */
interface Overlay {
  /** Stretches to move its calls by. */
  readonly shift: number
  /** The last stretch that is compared. */
  readonly last: number
}

/**
 * Null when nothing is compared, or when the two periods are not a whole number of stretches
 * apart.
 */
function overlayOf({ windows: { compared, previous } }: CallSelection, unit: TimelineUnit): Overlay | null {
  if (compared === null || previous === null || unit === 'month') return null
  if (compared.ruler === 'instant' || previous.ruler === 'instant') {
    // both count hours, because one is a shifted copy of the other
    const [one, other] = [compared, previous].map((window) => (window.ruler === 'instant' ? window.after : Number.NaN))
    const hours = ((one as number) - (other as number)) / HOUR
    const shift = unit === 'hour' ? hours : hours / (unit === 'day' ? 24 : 168)
    return Number.isInteger(shift) ? { shift, last: Number.POSITIVE_INFINITY } : null
  }
  const days = compared.from - previous.from
  const shift = unit === 'hour' ? days * 24 : unit === 'day' ? days : days / 7
  if (!Number.isInteger(shift)) return null
  const { numberOf } = RULERS[unit]
  return { shift, last: Math.min(numberOf(compared.to, 23), numberOf(previous.to, 23) + shift) }
}

/**
 * Returns the calls of a selection over time; stretches without calls are included. `always`
 * ignores the period, to show where it lies. The length of the period decides the `unit`, unless
 * it is given.
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
 * callTimeline(selection, { unit: 'day' }).buckets.map(({ calls }) => calls) // [1, 1]
 */
export function callTimeline(
  selection: CallSelection,
  options: { readonly span?: 'current' | 'always'; readonly unit?: TimelineUnit } = {},
): Timeline {
  refuseNoSelection(selection)
  refuseUnknown(options, { span: true, unit: true })
  const { set, failed, windows } = selection
  const { span = 'current' } = options
  const days = dayRange(set)
  const range = localRange(selection, span, days)
  const unit = options.unit ?? timelineUnit(range.to - range.from + (range.fromHour === 0 ? 1 : 0))
  if (set.rows === 0) return { unit, buckets: [] }

  const { numberOf, startOf } = RULERS[unit]
  const first = numberOf(range.from, range.fromHour)
  const size = numberOf(range.to, range.toHour) - first + 1
  const numbers = stretchNumbers(set, unit, days)
  const count = (bits: number, shift: number) => {
    const calls = new Int32Array(size)
    for (let row = 0; row < failed.length; row++) {
      if (((failed[row] as number) & bits) !== 0) continue
      // when the clocks change within a period between instants, its ends shift by an hour: clamp
      // them
      const index = Math.min(size - 1, Math.max(0, (numbers[row] as number) + shift - first))
      calls[index] = (calls[index] as number) + 1
    }
    return calls
  }
  const calls = count(lookingAt(span), 0)
  const overlay = span === 'current' ? overlayOf(selection, unit) : null
  const previous = overlay === null ? null : count(lookingAt('previous'), overlay.shift)
  const isCut = span === 'current' && windows.current?.ruler === 'instant'
  // the newest call shows how far the data reaches
  const { day, hour } = newestHour(set)
  const unfinished = numberOf(day, hour)
  const [begin, end] = [range.from * DAY + range.fromHour * HOUR, range.to * DAY + (range.toHour + 1) * HOUR]
  return {
    unit,
    buckets: Array.from(calls, (total, index) => {
      const number = first + index
      const [from, to] = [startOf(number), startOf(number + 1)]
      return {
        from,
        to,
        calls: total,
        previous: overlay === null || number > overlay.last ? null : (previous?.[index] ?? null),
        isPartial: (isCut && index === 0) || number >= unfinished || from < begin || to > end,
      }
    }),
  }
}
