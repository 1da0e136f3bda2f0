/**
 * What a stamp and a day are: the grammar of ISO 8601 text that is read here, over its bytes.
 * @module
 */
import { dayNumber, NO_DAY } from './calendar.ts'

const DAY = 86_400_000

/** The bits of {@link digitsOf} that are zero where all four bytes of a word are digits. */
export const STRANGE = 0x80808080 | 0

/** A word whose {@link STRANGE} bits are zero if, and only if, its four bytes are digits; several may be or-ed. */
export function digitsOf(word: number): number {
  return (word - 0x30303030) | (word + 0x46464646)
}

/** Days since 1970-01-01 of the words `YYYY`, `-MM-` and `DD` as they stand in a file, low byte first, or {@link NO_DAY}. */
function dayOfWords(year: number, monthWord: number, dayWord: number): number {
  // dashes become zeros, so that one look finds what is neither
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

/** Bytes of `YYYY-MM-DD`. */
export const DAY_SIZE = 10

/** Days since 1970-01-01 of the ten bytes `YYYY-MM-DD` at `at`, or {@link NO_DAY}. */
export function readDayAt(view: DataView, at: number): number {
  return dayOfWords(view.getInt32(at, true), view.getInt32(at + 4, true), view.getUint16(at + 8, true))
}

/** The epoch milliseconds at which the day of the words `YYYY`, `-MM-` and `DD` begins, NaN for no day. */
export function startOfDay(year: number, monthWord: number, dayWord: number): number {
  const days = dayOfWords(year, monthWord, dayWord)
  return days === NO_DAY ? Number.NaN : days * DAY
}

/** The number that two digits as they stand in a file, low byte first, are; −1 for other bytes and numbers from `end` on. */
function pairTable(end: number): Int8Array {
  const table = new Int8Array(0x10000).fill(-1)
  for (let value = 0; value < end; value++) {
    table[0x3030 + Math.floor(value / 10) + ((value % 10) << 8)] = value
  }
  return table
}

export const HOURS = pairTable(24)
export const SIXTIES = pairTable(60)

const SPACE = 0x20
const COLON = 0x3a
const MINUS = 0x2d

/** Whether the bytes are ` UTC`, which BigQuery writes for `Z`; `start` is after the space. */
function isUtcWord(view: DataView, start: number, end: number): boolean {
  if (end - start !== 3 || view.getUint8(start - 1) !== SPACE) return false
  return view.getUint8(start) === 0x55 && view.getUint8(start + 1) === 0x54 && view.getUint8(start + 2) === 0x43
}

/** Minutes east of UTC of the bytes `Z`, ` UTC`, `±HH`, `±HHmm` or `±HH:mm`, NaN for any other. */
function readOffset(view: DataView, start: number, end: number): number {
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

/** Bytes of `YYYY-MM-DDTHH:mm`, and of the longest stamp: with nine digits of a second, a space and `+HH:mm`. */
const SHORTEST_STAMP = 16
export const LONGEST_STAMP = 36

/** The stamp that {@link readStamp} read last. */
export class StampReading {
  /** Milliseconds since 1970, UTC. */
  milliseconds = 0
  /** Nanoseconds below the millisecond, 0–999,999. */
  nanoseconds = 0
  /** Minutes east of UTC; null where the text names no zone, which reads as UTC. */
  offsetMinutes: number | null = null
}

/**
 * Reads the bytes `[start, end)` as `YYYY-MM-DD[T ]HH:mm[:ss[.fraction]][Z| UTC|±HH[:mm]]`: a comma may stand for the point,
 * a space before any zone. Returns false for anything else, and where no such moment exists.
 */
export function readStamp(view: DataView, start: number, end: number, reading: StampReading): boolean {
  if (end - start < SHORTEST_STAMP) return false
  const days = readDayAt(view, start)
  const separator = view.getUint8(start + 10)
  const hour = HOURS[view.getUint16(start + 11, true)] as number
  const minute = SIXTIES[view.getUint16(start + 14, true)] as number
  if (days === NO_DAY || (separator !== 0x54 && separator !== SPACE)) return false
  if ((hour | minute) < 0 || view.getUint8(start + 13) !== COLON) return false
  let at = start + SHORTEST_STAMP
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
    offset = readOffset(view, view.getUint8(at) === SPACE ? at + 1 : at, end)
    if (Number.isNaN(offset)) return false
  }
  const milliseconds = Math.floor(fraction / 1e6)
  reading.milliseconds =
    days * DAY + hour * 3_600_000 + (minute - (offset ?? 0)) * 60_000 + second * 1000 + milliseconds
  reading.nanoseconds = fraction - milliseconds * 1e6
  reading.offsetMinutes = offset
  return true
}
