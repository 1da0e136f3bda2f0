/**
 * ISO 8601 text and back: instants in epoch milliseconds, calendar days in days since 1970-01-01.
 * @module
 */

const DAY = 86_400_000

/** Days since 1970-01-01 of a proleptic Gregorian date; `month` 1–12. Exact for years 0–9999. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
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

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function isCivilDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0
  return day <= (MONTH_DAYS[month - 1] ?? 0) + leap
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/
const STAMP =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?: ?(Z|z|[+-]\d{2}(?::?\d{2})?))?$/

/** An ISO stamp taken apart: whole milliseconds on its own wall clock, what was finer, and its offset. */
export interface ParsedStamp {
  /** The wall clock of the text, read as if it were UTC, in epoch milliseconds. */
  readonly wallMilliseconds: number
  /** Nanoseconds below the millisecond, 0–999,999. */
  readonly subMillisecondNanoseconds: number
  /** Minutes east of UTC; null where the text names no zone. */
  readonly offsetMinutes: number | null
}

/** Reads `YYYY-MM-DD[T ]HH:mm[:ss[.fraction]][Z|±HH[:mm]]`; null when the text is anything else or no such moment exists. */
export function parseStamp(text: string): ParsedStamp | null {
  const match = STAMP.exec(text)
  if (match === null) return null
  const [, year, month, day, hour, minute, second = '0', fraction = '', zone] = match
  const hours = Number(hour)
  const minutes = Number(minute)
  const seconds = Number(second)
  if (!isCivilDate(Number(year), Number(month), Number(day)) || hours > 23 || minutes > 59 || seconds > 59) return null
  const nanoseconds = Number(fraction.padEnd(9, '0'))
  let offsetMinutes: number | null = null
  if (zone !== undefined) {
    offsetMinutes = 0
    if (zone !== 'Z' && zone !== 'z') {
      const zoneMinutes = zone.length > 3 ? Number(zone.slice(-2)) : 0
      const zoneHours = Number(zone.slice(1, 3))
      if (zoneHours > 23 || zoneMinutes > 59) return null
      offsetMinutes = (zone.startsWith('-') ? -1 : 1) * (zoneHours * 60 + zoneMinutes)
    }
  }
  const days = daysFromCivil(Number(year), Number(month), Number(day))
  return {
    wallMilliseconds:
      days * DAY + hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + Math.floor(nanoseconds / 1e6),
    subMillisecondNanoseconds: nanoseconds % 1e6,
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
  const match = DATE.exec(text)
  if (match === null) return Number.NaN
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  return isCivilDate(year, month, day) ? daysFromCivil(year, month, day) : Number.NaN
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
  const days = Math.floor(milliseconds / DAY)
  const rest = milliseconds - days * DAY
  const fraction = rest % 1000
  const seconds = (rest - fraction) / 1000
  const clock = `${pad(Math.floor(seconds / 3600), 2)}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}`
  return `${formatDay(days)}T${clock}${fraction === 0 ? '' : `.${pad(fraction, 3)}`}`
}

/** `YYYY-MM-DDTHH:mm:ss[.SSS]Z` of epoch milliseconds. */
export function formatInstant(milliseconds: number): string {
  return `${formatWallTime(milliseconds)}Z`
}
