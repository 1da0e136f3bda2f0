/**
 * How much of a time lies within business hours, by the clock on the wall.
 * @module
 */
import { isRecord, type OptionNames, refuseUnknown, refuseUnless } from '../arguments.ts'
import { ContractError } from '../errors.ts'
import { LAST_INSTANT, pageOf, type Zone, zoneOf } from '../time/zone.ts'

/** The days of a week, as a calendar names them. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
/** One of them. */
export type Weekday = (typeof WEEKDAYS)[number]

/** When a business is open. */
export interface BusinessHours {
  /** The zone of the clock on the wall, such as `Europe/Oslo`. */
  readonly timeZone: string
  /** For each day that is open: ranges such as `09:00-12:30`, the end exclusive; `24:00` ends a day. A day that is left out is closed. */
  readonly week: { readonly [Day in Weekday]?: readonly string[] }
  /** Days that differ, such as `{ '2025-12-24': ['09:00-13:00'], '2025-12-25': [] }`. */
  readonly exceptions?: Readonly<Record<string, readonly string[]>>
}

/** A range of a day in milliseconds of the wall. */
type Range = readonly [from: number, to: number]

/** A day of the wall that differs from its weekday. */
interface Exception {
  /** Its first millisecond of the wall. */
  readonly start: number
  readonly ranges: readonly Range[]
  /** What it and all exceptions before it add to what their weekdays have. */
  readonly surplus: number
}

/** Business hours that can be asked. */
export interface BusinessCalendar {
  /** Whether the business is open at an instant, given as a Date or epoch milliseconds. */
  isOpen(at: Date | number): boolean
  /**
   * Returns the milliseconds of business hours from one instant to another; 0 where the second is not later. The hour that a
   * clock shows twice counts twice if it is open, and the hour that it skips does not exist.
   */
  millisecondsBetween(from: Date | number, to: Date | number): number
}

const MINUTE = 60_000
const DAY = 86_400_000
const WEEK = 7 * DAY
/** 1970-01-01 was a Thursday: the Monday before it. */
const FIRST_MONDAY = -3 * DAY
const HOURS = { timeZone: true, week: true, exceptions: true } satisfies OptionNames<BusinessHours>
const RANGE = /^(\d{2}):(\d{2})-(\d{2}):(\d{2})$/

function refusal(place: string, found: unknown, expected: string): ContractError {
  return new ContractError('invalid_option', `${place} is ${JSON.stringify(found)}; expected ${expected}`)
}

function rangeOf(text: unknown, place: string): Range {
  const match = typeof text === 'string' ? RANGE.exec(text) : null
  const [fromHour = Number.NaN, fromMinute = 0, toHour = Number.NaN, toMinute = 0] = (match ?? []).slice(1).map(Number)
  const [from, to] = [fromHour * 60 + fromMinute, toHour * 60 + toMinute]
  if (fromMinute < 60 && toMinute < 60 && to > from && to <= 24 * 60) return [from * MINUTE, to * MINUTE]
  throw refusal(place, text, 'a range such as 09:00-17:30, from 00:00 up to 24:00')
}

/** The ranges of a day, ascending. @throws ContractError invalid_option - one cannot be, or two overlap */
function rangesOf(texts: unknown, place: string): readonly Range[] {
  if (!Array.isArray(texts)) throw refusal(place, texts, 'a list of ranges such as 09:00-17:30; an empty one is closed')
  const ranges = texts.map((text, at) => rangeOf(text, `${place}[${at}]`)).sort(([one], [other]) => one - other)
  const isApart = ranges.every(([from], at) => at === 0 || from >= (ranges[at - 1]?.[1] ?? 0))
  if (!isApart) throw refusal(place, texts, 'ranges that do not overlap')
  return ranges
}

/** Open milliseconds of a day before a time of it. */
function openBefore(ranges: readonly Range[], time: number): number {
  return ranges.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(to, time) - from), 0)
}

function dayOf(text: string): number {
  const start = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  // some readers take 2025-02-30 for a day in March
  if (Number.isFinite(start) && new Date(start).toISOString().startsWith(text)) return start
  throw refusal('exceptions', text, 'days such as 2025-12-25')
}

const weekdayOf = (start: number): number => Math.floor(((((start - FIRST_MONDAY) % WEEK) + WEEK) % WEEK) / DAY)

/** Open time on the wall: sums up to any millisecond of it, without going through days. */
class OpenWall {
  readonly #week: readonly (readonly Range[])[]
  /** Open milliseconds of a week before each of its days, and of the whole week. */
  readonly #before: readonly number[]
  readonly #exceptions: readonly Exception[]

  constructor(week: readonly (readonly Range[])[], exceptions: ReadonlyMap<number, readonly Range[]>) {
    this.#week = week
    const before = [0]
    for (const ranges of week) before.push((before.at(-1) ?? 0) + openBefore(ranges, DAY))
    this.#before = before
    let surplus = 0
    this.#exceptions = [...exceptions]
      .sort(([one], [other]) => one - other)
      .map(([start, ranges]) => {
        surplus += openBefore(ranges, DAY) - openBefore(week[weekdayOf(start)] ?? [], DAY)
        return { start, ranges, surplus }
      })
  }

  /** The last exception that begins at a time of the wall or before; -1 where there is none. */
  #exceptionAt(wall: number): number {
    let [low, high] = [0, this.#exceptions.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#exceptions[middle]?.start ?? 0) <= wall) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  /** The ranges of the day of a time of the wall, and the milliseconds of the day before it. */
  at(wall: number): { readonly ranges: readonly Range[]; readonly time: number } {
    const start = Math.floor(wall / DAY) * DAY
    const exception = this.#exceptions[this.#exceptionAt(wall)]
    const ranges = exception?.start === start ? exception.ranges : (this.#week[weekdayOf(start)] ?? [])
    return { ranges, time: wall - start }
  }

  /** Open milliseconds of the wall before a time, counted from a Monday; only differences mean something. */
  before(wall: number): number {
    const weeks = Math.floor((wall - FIRST_MONDAY) / WEEK)
    const start = Math.floor(wall / DAY) * DAY
    const day = weekdayOf(start)
    const at = this.#exceptionAt(wall)
    const exception = this.#exceptions[at]
    const isOfDay = exception?.start === start
    const ranges = isOfDay ? exception.ranges : (this.#week[day] ?? [])
    const surplus = isOfDay ? (this.#exceptions[at - 1]?.surplus ?? 0) : (exception?.surplus ?? 0)
    const whole = weeks * (this.#before[7] ?? 0) + (this.#before[day] ?? 0)
    return whole + surplus + openBefore(ranges, wall - start)
  }
}

function instantOf(value: Date | number, name: string): number {
  const at = value instanceof Date ? value.getTime() : value
  const isInstant = typeof at === 'number' && Math.abs(at) <= LAST_INSTANT
  refuseUnless(isInstant, name, value, 'a Date, or epoch milliseconds')
  return at
}

/** Open milliseconds between instants: within a stretch of one offset the wall runs as time does. */
function openBetween(wall: OpenWall, zone: Zone, from: number, to: number): number {
  const pages = Array.from({ length: pageOf(to) - pageOf(from) + 1 }, (_, at) => pageOf(from) + at)
  const { starts, seconds } = zone.stretches(pages)
  let sum = 0
  for (const [at, offset] of seconds.entries()) {
    const first = Math.max(from, starts[at] as number)
    const end = Math.min(to, starts[at + 1] ?? Number.POSITIVE_INFINITY)
    if (end > first) sum += wall.before(end + offset * 1000) - wall.before(first + offset * 1000)
  }
  return sum
}

/**
 * Returns a calendar of business hours. An instant is open when the clock on the wall shows a time within the ranges of its day.
 * A time span costs the same however long it is, but for the clock changes within it.
 *
 * @throws ContractError invalid_option - a range or a day cannot be, or ranges overlap; time_zone_unknown
 * @example
 * import { businessCalendar } from 'support-etl/metrics'
 *
 * const weekday = ['09:00-17:00']
 * const calendar = businessCalendar({
 *   timeZone: 'America/New_York',
 *   week: { mon: weekday, tue: weekday, wed: weekday, thu: weekday, fri: weekday },
 *   exceptions: { '2025-12-25': [] },
 * })
 * const [from, to] = [new Date('2025-12-24T21:00:00Z'), new Date('2025-12-26T15:00:00Z')]
 * calendar.millisecondsBetween(from, to) / 3_600_000 // 2
 */
export function businessCalendar(hours: BusinessHours): BusinessCalendar {
  refuseUnknown(hours, HOURS)
  const { timeZone, week, exceptions = {} } = hours
  refuseUnless(typeof timeZone === 'string', 'timeZone', timeZone, 'the name of a zone')
  const zone = zoneOf(timeZone)
  refuseUnless(isRecord(week), 'week', week, 'an object such as { mon: ["09:00-17:00"] }')
  refuseUnknown(week, Object.fromEntries(WEEKDAYS.map((day) => [day, true as const])))
  refuseUnless(isRecord(exceptions), 'exceptions', exceptions, 'an object such as { "2025-12-25": [] }')
  const days = WEEKDAYS.map((day) => rangesOf(week[day] ?? [], `week.${day}`))
  const others = Object.entries(exceptions).map(
    ([day, texts]) => [dayOf(day), rangesOf(texts, `exceptions.${day}`)] as const,
  )
  const wall = new OpenWall(days, new Map(others))
  return {
    isOpen(at) {
      const { ranges, time } = wall.at(zone.wallTime(instantOf(at, 'at')))
      return ranges.some(([from, to]) => time >= from && time < to)
    },
    millisecondsBetween(from, to) {
      const [first, end] = [instantOf(from, 'from'), instantOf(to, 'to')]
      return end > first ? openBetween(wall, zone, first, end) : 0
    },
  }
}
