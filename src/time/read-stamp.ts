/**
 * The grammar of ISO 8601 timestamps and days, parsed from bytes.
 * @module
 */
import { dayNumber, NO_DAY } from './calendar.ts'

const DAY = 86_400_000

/** The bits of {@link digitsOf} that are zero when all four bytes of a word are digits. */
export const STRANGE = 0x80808080 | 0

/**
 * Returns a word whose {@link STRANGE} bits are zero if and only if its four bytes are digits.
 * Results of several words may be combined with `|`.
 */
export function digitsOf(word: number): number {
  return (word - 0x30303030) | (word + 0x46464646)
}

/**
 * Returns the days since 1970-01-01 of the words `YYYY`, `-MM-` and `DD` in file order, low byte
 * first, or {@link NO_DAY}.
 */
function dayOfWords(year: number, monthWord: number, dayWord: number): number {
  // turn dashes into zeros, so that one test covers digits and dashes
  const month = monthWord ^ 0x1d00001d
  const day = dayWord | 0x30300000
  const strange = ((digitsOf(year) | digitsOf(month) | digitsOf(day)) & STRANGE) | (month & 0x0f00000f)
  if (strange !== 0) return NO_DAY
  const pairs = Math.imul(year & 0x0f0f0f0f, 10) + ((year & 0x0f0f0f0f) >>> 8)
  return dayNumber(
    (pairs & 0xff) * 100 + ((pairs >>> 16) & 0xff),
    ((month >> 8) & 15) * 10 + ((month >> 16) & 15),
    (day & 15) * 10 + ((day >> 8) & 15),
  )
}

/** The bytes of `YYYY-MM-DD`. */
export const DAY_SIZE = 10

/** Parses the ten bytes `YYYY-MM-DD` at `at` to days since 1970-01-01, or {@link NO_DAY}. */
export function parseDayAt(view: DataView, at: number): number {
  return dayOfWords(view.getInt32(at, true), view.getInt32(at + 4, true), view.getUint16(at + 8, true))
}

/**
 * Returns the epoch milliseconds at which the day of the words `YYYY`, `-MM-` and `DD` begins; NaN
 * where there is no such day.
 */
export function startOfDay(year: number, monthWord: number, dayWord: number): number {
  const days = dayOfWords(year, monthWord, dayWord)
  return days === NO_DAY ? Number.NaN : days * DAY
}

/**
 * Returns a table from two digits in file order, low byte first, to their number; −1 for other
 * bytes and for numbers from `end` on.
 */
function pairTable(end: number): Int8Array {
  const table = new Int8Array(0x10000).fill(-1)
  for (let value = 0; value < end; value++) {
    table[0x3030 + Math.floor(value / 10) + ((value % 10) << 8)] = value
  }
  return table
}

export const HOURS = pairTable(24)
export const SIXTIES = pairTable(60)
export const HUNDREDS = pairTable(100)

const SPACE = 0x20
const COLON = 0x3a
const MINUS = 0x2d

/**
 * Whether the bytes are ` UTC`, which BigQuery writes instead of `Z`. `start` is after the space.
 */
function isUtcWord(view: DataView, start: number, end: number): boolean {
  if (end - start !== 3 || view.getUint8(start - 1) !== SPACE) return false
  return view.getUint8(start) === 0x55 && view.getUint8(start + 1) === 0x54 && view.getUint8(start + 2) === 0x43
}

/** Parses `Z`, ` UTC`, `±HH`, `±HHmm` or `±HH:mm` to minutes east of UTC; NaN for anything else. */
export function parseOffset(view: DataView, start: number, end: number): number {
  const size = end - start
  if (size < 1) return Number.NaN
  const sign = view.getUint8(start)
  if (size === 1) return sign === 0x5a || sign === 0x7a ? 0 : Number.NaN
  if (sign !== 0x2b && sign !== MINUS) return isUtcWord(view, start, end) ? 0 : Number.NaN
  if (size !== 3 && size !== 5 && (size !== 6 || view.getUint8(start + 3) !== COLON)) return Number.NaN
  const hours = HOURS[view.getUint16(start + 1, true)] as number
  const minutes = size === 3 ? 0 : (SIXTIES[view.getUint16(end - 2, true)] as number)
  if ((hours | minutes) < 0) return Number.NaN
  return (sign === MINUS ? -1 : 1) * (hours * 60 + minutes)
}

/**
 * The bytes of `YYYY-MM-DDTHH:mm`, and of the longest timestamp: nine digits of a second, a space
 * and `+HH:mm`.
 */
const SHORTEST_TIMESTAMP = 16
export const LONGEST_TIMESTAMP = 36

/**
 * The timestamp that {@link parseTimestampAt} parsed last. Reused, so that a parser allocates nothing per
 * row.
 */
export class TimestampReading {
  /** Milliseconds since 1970, UTC. */
  milliseconds = 0
  /** Nanoseconds within the millisecond, 0–999,999. */
  nanoseconds = 0
  /** Minutes east of UTC; null where the text names no zone (then it is read as UTC). */
  offsetMinutes: number | null = null
}

/**
 * Parses the bytes `[start, end)` as `YYYY-MM-DD[T ]HH:mm[:ss[.fraction]][Z| UTC|±HH[:mm]]` into
 * `reading`. The fraction may follow a comma, and a space may precede the zone. Returns false for
 * anything else, and for a date or time that does not exist.
 */
export function parseTimestampAt(view: DataView, start: number, end: number, reading: TimestampReading): boolean {
  if (end - start < SHORTEST_TIMESTAMP) return false
  const days = parseDayAt(view, start)
  const separator = view.getUint8(start + 10)
  const hour = HOURS[view.getUint16(start + 11, true)] as number
  const minute = SIXTIES[view.getUint16(start + 14, true)] as number
  if (days === NO_DAY || (separator !== 0x54 && separator !== SPACE)) return false
  if ((hour | minute) < 0 || view.getUint8(start + 13) !== COLON) return false
  let at = start + SHORTEST_TIMESTAMP
  let second = 0
  let fraction = 0
  if (at + 2 < end && view.getUint8(at) === COLON) {
    second = SIXTIES[view.getUint16(at + 1, true)] as number
    if (second < 0) return false
    at += 3
    if (at < end && (view.getUint8(at) === 0x2e || view.getUint8(at) === 0x2c)) {
      const digitsFrom = ++at
      while (at < end && (view.getUint8(at) - 48) >>> 0 <= 9 && at - digitsFrom < 9) {
        fraction = fraction * 10 + view.getUint8(at++) - 48
      }
      if (at === digitsFrom) return false
      for (let digits = at - digitsFrom; digits < 9; digits++) fraction *= 10
    }
  }
  let offset: number | null = null
  if (at < end) {
    offset = parseOffset(view, view.getUint8(at) === SPACE ? at + 1 : at, end)
    if (Number.isNaN(offset)) return false
  }
  const milliseconds = Math.floor(fraction / 1e6)
  reading.milliseconds =
    days * DAY + hour * 3_600_000 + (minute - (offset ?? 0)) * 60_000 + second * 1000 + milliseconds
  reading.nanoseconds = fraction - milliseconds * 1e6
  reading.offsetMinutes = offset
  return true
}
