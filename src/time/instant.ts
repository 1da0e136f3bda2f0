/**
 * ISO 8601 text to numbers and back: instants in epoch milliseconds, calendar days in days since
 * 1970-01-01.
 * @module
 */
import { firstOfMonth, NO_DAY } from './calendar.ts'
import { DAY_SIZE, LONGEST_TIMESTAMP, parseDayAt, parseTimestampAt, TimestampReading } from './read-stamp.ts'

const DAY = 86_400_000

/** Returns a proleptic Gregorian date in days since 1970-01-01. `month` is 1–12. */
export function daysFromCivil(year: number, month: number, day: number): number {
  return firstOfMonth(year, month) + day - 1
}

/** Returns the year, month (1–12) and day of a number of days since 1970-01-01. */
export function civilFromDays(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const monthIndex = Math.floor((5 * dayOfYear + 2) / 153)
  const month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthIndex + 2) / 5) + 1,
  }
}

/** Returns the month of days since 1970-01-01, counted from January of the year 0. */
export function monthOfDay(days: number): number {
  const { year, month } = civilFromDays(days)
  return year * 12 + month - 1
}

/** Returns the first day of a month of {@link monthOfDay}, in days since 1970-01-01. */
export function firstDayOf(month: number): number {
  const year = Math.floor(month / 12)
  return firstOfMonth(year, month - year * 12 + 1)
}

const scratch = new DataView(new ArrayBuffer(LONGEST_TIMESTAMP))
const reading = new TimestampReading()

/**
 * Writes the text into the scratch buffer and returns its length; 0 where it is too long for a
 * timestamp, or not ASCII.
 */
function writeScratch(text: string): number {
  const { length } = text
  if (length > LONGEST_TIMESTAMP) return 0
  for (let at = 0; at < length; at++) {
    const unit = text.charCodeAt(at)
    if (unit > 0x7f) return 0
    scratch.setUint8(at, unit)
  }
  return length
}

/**
 * The parts of an ISO timestamp: wall time in whole milliseconds, the nanoseconds within, and the
 * offset.
 */
export interface ParsedTimestamp {
  /** The text's wall time, read as if it were UTC, in epoch milliseconds. */
  readonly wallMilliseconds: number
  /** Nanoseconds within the millisecond, 0–999,999. */
  readonly subMillisecondNanoseconds: number
  /** Minutes east of UTC; null where the text names no zone. */
  readonly offsetMinutes: number | null
}

/** Parses text as {@link parseTimestampAt} parses bytes; null when it is not a timestamp. */
export function parseTimestamp(text: string): ParsedTimestamp | null {
  if (!parseTimestampAt(scratch, 0, writeScratch(text), reading)) return null
  const { milliseconds, nanoseconds, offsetMinutes } = reading
  return {
    wallMilliseconds: milliseconds + (offsetMinutes ?? 0) * 60_000,
    subMillisecondNanoseconds: nanoseconds,
    offsetMinutes,
  }
}

/**
 * Parses ISO text to epoch milliseconds. Returns NaN when it is not a timestamp, or is finer than a
 * millisecond. Text without a zone is UTC.
 *
 * @example
 * parseInstant('2025-02-28T20:30:00-05:00') // 1740792600000
 */
export function parseInstant(text: string): number {
  const timestamp = parseTimestamp(text)
  if (timestamp === null || timestamp.subMillisecondNanoseconds !== 0) return Number.NaN
  return timestamp.wallMilliseconds - (timestamp.offsetMinutes ?? 0) * 60_000
}

/** Parses `YYYY-MM-DD` to days since 1970-01-01, or NaN when the text is not a calendar day. */
export function parseDay(text: string): number {
  const days = writeScratch(text) === DAY_SIZE ? parseDayAt(scratch, 0) : NO_DAY
  return days === NO_DAY ? Number.NaN : days
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0')
}

function formatYear(year: number): string {
  if (year >= 0 && year <= 9999) return pad(year, 4)
  return `${year < 0 ? '-' : '+'}${pad(Math.abs(year), 6)}`
}

/** Returns days since 1970-01-01 as `YYYY-MM-DD`. */
export function formatDay(days: number): string {
  const { year, month, day } = civilFromDays(days)
  return `${formatYear(year)}-${pad(month, 2)}-${pad(day, 2)}`
}

/**
 * Returns a wall time in epoch milliseconds as `YYYY-MM-DDTHH:mm:ss[.SSS]`, without a zero
 * fraction.
 */
export function formatWallTime(milliseconds: number): string {
  // the remainder is exact, while a quotient beyond 2^53 would be rounded
  const rest = ((milliseconds % DAY) + DAY) % DAY
  const days = Math.round((milliseconds - rest) / DAY)
  const fraction = rest % 1000
  const seconds = (rest - fraction) / 1000
  const clock = `${pad(Math.floor(seconds / 3600), 2)}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}`
  return `${formatDay(days)}T${clock}${fraction === 0 ? '' : `.${pad(fraction, 3)}`}`
}

/** Returns epoch milliseconds as `YYYY-MM-DDTHH:mm:ss[.SSS]Z`. */
export function formatInstant(milliseconds: number): string {
  return `${formatWallTime(milliseconds)}Z`
}

/**
 * A point in time: whole milliseconds and the nanoseconds within. As a wall time, read as if it
 * were UTC.
 */
export interface Instant {
  readonly milliseconds: number
  readonly nanoseconds: number
}

/**
 * Returns ISO text with as few digits as needed, and with a Z unless `zone` is null (a wall time).
 */
export function formatTimestamp({ milliseconds, nanoseconds }: Instant, zone: string | null): string {
  let text = formatWallTime(milliseconds)
  if (nanoseconds !== 0) {
    const finer = String(nanoseconds).padStart(6, '0').replace(/000$/, '')
    text = `${text.includes('.') ? text : `${text}.000`}${finer}`
  }
  return zone === null ? text : `${text}Z`
}
