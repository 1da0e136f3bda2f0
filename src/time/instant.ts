/**
 * ISO 8601 text and back: instants in epoch milliseconds, calendar days in days since 1970-01-01.
 * @module
 */
import { firstOfMonth, NO_DAY } from './calendar.ts'
import { DAY_SIZE, LONGEST_STAMP, readDayAt, readStamp, StampReading } from './read-stamp.ts'

const DAY = 86_400_000

/** Days since 1970-01-01 of a proleptic Gregorian date; `month` 1–12. */
export function daysFromCivil(year: number, month: number, day: number): number {
  return firstOfMonth(year, month) + day - 1
}

/** The year, month (1–12) and day of days since 1970-01-01. */
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

const scratch = new DataView(new ArrayBuffer(LONGEST_STAMP))
const reading = new StampReading()

/** Writes the text into the scratch and returns its length, 0 for one that is too long for a stamp or not ASCII. */
function writeScratch(text: string): number {
  const { length } = text
  if (length > LONGEST_STAMP) return 0
  for (let at = 0; at < length; at++) {
    const unit = text.charCodeAt(at)
    if (unit > 0x7f) return 0
    scratch.setUint8(at, unit)
  }
  return length
}

/** An ISO stamp taken apart: whole milliseconds on its own wall clock, what was finer, and its offset. */
export interface ParsedStamp {
  /** The wall clock of the text, read as if it were UTC, in epoch milliseconds. */
  readonly wallMilliseconds: number
  /** Nanoseconds below the millisecond, 0–999,999. */
  readonly subMillisecondNanoseconds: number
  /** Minutes east of UTC; null where the text names no zone. */
  readonly offsetMinutes: number | null
}

/** Reads text as {@link readStamp} reads bytes; null when it is no stamp. */
export function parseStamp(text: string): ParsedStamp | null {
  if (!readStamp(scratch, 0, writeScratch(text), reading)) return null
  const { milliseconds, nanoseconds, offsetMinutes } = reading
  return {
    wallMilliseconds: milliseconds + (offsetMinutes ?? 0) * 60_000,
    subMillisecondNanoseconds: nanoseconds,
    offsetMinutes,
  }
}

/**
 * Returns the epoch milliseconds of ISO text, or NaN when it is not a stamp or is finer than a millisecond.
 * Text without a zone is UTC.
 *
 * @example
 * parseInstant('2025-02-28T20:30:00-05:00') // 1740792600000
 */
export function parseInstant(text: string): number {
  const stamp = parseStamp(text)
  if (stamp === null || stamp.subMillisecondNanoseconds !== 0) return Number.NaN
  return stamp.wallMilliseconds - (stamp.offsetMinutes ?? 0) * 60_000
}

/** Days since 1970-01-01 of `YYYY-MM-DD`, or NaN when the text is no calendar day. */
export function parseDay(text: string): number {
  const days = writeScratch(text) === DAY_SIZE ? readDayAt(scratch, 0) : NO_DAY
  return days === NO_DAY ? Number.NaN : days
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0')
}

function formatYear(year: number): string {
  if (year >= 0 && year <= 9999) return pad(year, 4)
  return `${year < 0 ? '-' : '+'}${pad(Math.abs(year), 6)}`
}

/** `YYYY-MM-DD` of days since 1970-01-01. */
export function formatDay(days: number): string {
  const { year, month, day } = civilFromDays(days)
  return `${formatYear(year)}-${pad(month, 2)}-${pad(day, 2)}`
}

/** `YYYY-MM-DDTHH:mm:ss[.SSS]` of epoch milliseconds read as a wall clock; a zero fraction is left out. */
export function formatWallTime(milliseconds: number): string {
  // a remainder is exact where a quotient beyond 2^53 is rounded
  const rest = ((milliseconds % DAY) + DAY) % DAY
  const days = Math.round((milliseconds - rest) / DAY)
  const fraction = rest % 1000
  const seconds = (rest - fraction) / 1000
  const clock = `${pad(Math.floor(seconds / 3600), 2)}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}`
  return `${formatDay(days)}T${clock}${fraction === 0 ? '' : `.${pad(fraction, 3)}`}`
}

/** `YYYY-MM-DDTHH:mm:ss[.SSS]Z` of epoch milliseconds. */
export function formatInstant(milliseconds: number): string {
  return `${formatWallTime(milliseconds)}Z`
}

/** A moment in whole milliseconds and the nanoseconds below. */
export interface Moment {
  readonly milliseconds: number
  readonly nanoseconds: number
}

/** Returns the moment as ISO text, with a Z unless it is a wall time, and no more digits than it needs. */
export function formatMoment({ milliseconds, nanoseconds }: Moment, zone: string | null): string {
  let text = formatWallTime(milliseconds)
  if (nanoseconds !== 0) {
    const finer = String(nanoseconds).padStart(6, '0').replace(/000$/, '')
    text = `${text.includes('.') ? text : `${text}.000`}${finer}`
  }
  return zone === null ? text : `${text}Z`
}
