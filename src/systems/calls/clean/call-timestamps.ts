/**
 * Stamps of a call log as exact instants: whole microseconds, and nanoseconds where a stamp is finer.
 * @module
 */
import { type Column, DictionaryColumn, TimestampColumn, type Utf8Column } from '../../../table/column.ts'
import { daysFromCivil, formatInstant, parseDay, parseStamp } from '../../../time/instant.ts'
import { LAST_INSTANT } from '../../../time/zone.ts'
import { trimmedText } from './call-columns.ts'

/** Nothing was written where a stamp is expected. */
export const STAMP_MISSING = 1
/** What was written is no stamp, or an instant that no double holds to the microsecond. */
export const STAMP_UNREADABLE = 2

/** Instants of a column, row by row. */
export interface Stamps {
  /** Epoch microseconds, floored; NaN where there is none. */
  readonly microseconds: Float64Array
  /** Nanoseconds beyond the microsecond, 0–999; null when no stamp is that fine. */
  readonly nanoseconds: Uint16Array | null
  /** Why there is none: {@link STAMP_MISSING}, {@link STAMP_UNREADABLE}, or 0. */
  readonly problems: Uint8Array
  /** What was written, for the reject. */
  readonly found: (row: number) => string | null
}

const UNIT_MICROSECONDS = { s: 1e6, ms: 1000, us: 1, ns: 1 } as const
const LAST_MICROSECOND = BigInt(LAST_INSTANT) * 1000n

/** Returns the double that is exactly this many microseconds, NaN where there is none, or where no date holds the instant. */
export function exactMicroseconds(exact: bigint): number {
  const microseconds = Number(exact)
  const isHeld = exact <= LAST_MICROSECOND && exact >= -LAST_MICROSECOND && BigInt(microseconds) === exact
  return isHeld ? microseconds : Number.NaN
}

/** Returns `times * factor + plus`, exact: beyond the year 2255 not every microsecond is a double. NaN as {@link exactMicroseconds}. */
function toMicroseconds(times: number, factor: number, plus: number): number {
  const sum = times * factor + plus
  if (Number.isSafeInteger(sum)) return sum
  return Number.isInteger(times) ? exactMicroseconds(BigInt(times) * BigInt(factor) + BigInt(plus)) : Number.NaN
}

/**
 * Returns the column's instants. Text is ISO 8601 and UTC where it names no zone; timestamp columns are taken as they are.
 * Numbers are not guessed at: they are unreadable. So are instants that no double holds to the microsecond.
 */
export function readStamps(column: Column): Stamps {
  if (column instanceof TimestampColumn) return timestampStamps(column)
  const text = trimmedText(column, 'stamp')
  const stamps = new StampSink(text.length)
  if (text instanceof DictionaryColumn) {
    const distinct = new StampSink(text.values.length)
    for (let code = 0; code < text.values.length; code++) distinct.parse(code, text.values[code] as string)
    for (let row = 0; row < text.length; row++) stamps.copy(row, distinct, text.codes[row] as number)
  } else {
    parseBytes(text, stamps)
  }
  return { ...stamps.end(), found: (row) => text.at(row) }
}

/** Collects the stamps of rows that are visited once each, in any order. */
class StampSink {
  readonly microseconds: Float64Array
  readonly problems: Uint8Array
  nanoseconds: Uint16Array | null = null

  constructor(rows: number) {
    this.microseconds = new Float64Array(rows).fill(Number.NaN)
    this.problems = new Uint8Array(rows).fill(STAMP_MISSING)
  }

  /** NaN is an instant that cannot be held. */
  set(row: number, microseconds: number, nanoseconds: number): void {
    this.microseconds[row] = microseconds
    this.problems[row] = Number.isNaN(microseconds) ? STAMP_UNREADABLE : 0
    if (nanoseconds === 0) return
    this.nanoseconds ??= new Uint16Array(this.microseconds.length)
    this.nanoseconds[row] = nanoseconds
  }

  parse(row: number, text: string): void {
    const stamp = parseStamp(text)
    if (stamp === null) {
      this.problems[row] = STAMP_UNREADABLE
      return
    }
    const fine = stamp.subMillisecondNanoseconds
    const milliseconds = stamp.wallMilliseconds - (stamp.offsetMinutes ?? 0) * 60_000
    this.set(row, toMicroseconds(milliseconds, 1000, Math.floor(fine / 1000)), fine % 1000)
  }

  copy(row: number, from: StampSink, code: number): void {
    if (code < 0) return
    this.problems[row] = from.problems[code] as number
    if (this.problems[row] === 0) this.set(row, from.microseconds[code] as number, from.nanoseconds?.[code] ?? 0)
  }

  end(): Omit<Stamps, 'found'> {
    const { microseconds, nanoseconds, problems } = this
    return { microseconds, nanoseconds, problems }
  }
}

function timestampStamps(column: TimestampColumn): Stamps {
  const stamps = new StampSink(column.length)
  const factor = UNIT_MICROSECONDS[column.unit]
  for (let row = 0; row < column.length; row++) {
    if (column.isNull(row)) continue
    const value = column.values[row] as number | bigint
    if (typeof value === 'number') stamps.set(row, toMicroseconds(value, factor, 0), 0)
    else {
      const nanoseconds = Number(((value % 1000n) + 1000n) % 1000n)
      stamps.set(row, exactMicroseconds((value - BigInt(nanoseconds)) / 1000n), nanoseconds)
    }
  }
  return { ...stamps.end(), found: (row) => (column.isNull(row) ? null : instantText(column, row)) }
}

/** As ISO text; as the number that stands there where no date holds it. */
function instantText(column: TimestampColumn, row: number): string {
  const milliseconds = column.milliseconds(row)
  return Math.abs(milliseconds) <= LAST_INSTANT ? formatInstant(milliseconds) : String(column.values[row])
}

const ZERO = 48

/** The number of `size` digits, or −1 when one is no digit. */
function digits(bytes: Uint8Array, from: number, size: number): number {
  let value = 0
  for (let at = from; at < from + size; at++) {
    const digit = (bytes[at] as number) - ZERO
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}

/** Days of the date at `from`, remembered from row to row: a log's neighbours share their day. */
class DayReader {
  #date = -1
  #days = Number.NaN

  read(bytes: Uint8Array, from: number): number {
    if (bytes[from + 4] !== 45 || bytes[from + 7] !== 45) return Number.NaN
    const year = digits(bytes, from, 4)
    const month = digits(bytes, from + 5, 2)
    const day = digits(bytes, from + 8, 2)
    if (year < 0 || month < 1 || day < 1) return Number.NaN
    const date = (year * 100 + month) * 100 + day
    if (date !== this.#date) {
      this.#date = date
      const isPlain = month <= 12 && day <= 28
      this.#days = isPlain ? daysFromCivil(year, month, day) : parseDay(dayText(year, month, day))
    }
    return this.#days
  }
}

function dayText(year: number, month: number, day: number): string {
  return [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-')
}

/** Whole seconds in UTC are read from their bytes; every other form by `parseStamp`, which decides what a stamp is. */
function parseBytes(text: Utf8Column, stamps: StampSink): void {
  const { bytes, offsets } = text
  const days = new DayReader()
  for (let row = 0; row < text.length; row++) {
    if (text.isNull(row)) continue
    const from = offsets[row] as number
    const size = (offsets[row + 1] as number) - from
    const isPlain = size === 20 && bytes[from + 19] === 90 && bytes[from + 10] === 84 && bytes[from + 13] === 58
    if (isPlain && bytes[from + 16] === 58) {
      const hour = digits(bytes, from + 11, 2)
      const minute = digits(bytes, from + 14, 2)
      const second = digits(bytes, from + 17, 2)
      const day = days.read(bytes, from)
      if (hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60 && !Number.isNaN(day)) {
        stamps.set(row, (day * 86_400 + hour * 3600 + minute * 60 + second) * 1e6, 0)
        continue
      }
    }
    stamps.parse(row, text.at(row) as string)
  }
}
