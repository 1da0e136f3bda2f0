/**
 * Timestamps of a call log as exact instants: whole microseconds, and nanoseconds where a
 * timestamp is finer.
 * @module
 */
import { type Column, DictionaryColumn, TimestampColumn, type Utf8Column } from '../../../table/column.ts'
import { timestampBytes } from '../../../table/convert/text-instants.ts'
import { formatInstant } from '../../../time/instant.ts'
import { parseTimestampAt, TimestampReading } from '../../../time/read-stamp.ts'
import { LAST_INSTANT } from '../../../time/zone.ts'
import { trimmedText } from './call-columns.ts'

/** The cell of the timestamp is empty. */
export const TIMESTAMP_MISSING = 1
/** The text is not a timestamp, or a double cannot hold its instant to the microsecond. */
export const TIMESTAMP_UNREADABLE = 2

/** Instants of a column, row by row. */
export interface CallInstants {
  /** Epoch microseconds, floored; NaN in a row without an instant. */
  readonly microseconds: Float64Array
  /** Nanoseconds beyond the microsecond, 0–999; null when no timestamp is that fine. */
  readonly nanoseconds: Uint16Array | null
  /** Why a row has no instant: {@link TIMESTAMP_MISSING}, {@link TIMESTAMP_UNREADABLE}; 0 if it has one. */
  readonly problems: Uint8Array
  /** The text of the cell, for the reject. */
  readonly found: (row: number) => string | null
}

const UNIT_MICROSECONDS = { s: 1e6, ms: 1000, us: 1, ns: 1 } as const
const LAST_MICROSECOND = BigInt(LAST_INSTANT) * 1000n

/**
 * Returns these microseconds as a double. NaN where a double or a date cannot hold them exactly.
 */
export function exactMicroseconds(exact: bigint): number {
  const microseconds = Number(exact)
  const isHeld = exact <= LAST_MICROSECOND && exact >= -LAST_MICROSECOND && BigInt(microseconds) === exact
  return isHeld ? microseconds : Number.NaN
}

/**
 * Returns `times * factor + plus`, exactly: after the year 2255, a double cannot hold every
 * microsecond. NaN as in {@link exactMicroseconds}.
 */
function toMicroseconds(times: number, factor: number, plus: number): number {
  const sum = times * factor + plus
  if (Number.isSafeInteger(sum)) return sum
  return Number.isInteger(times) ? exactMicroseconds(BigInt(times) * BigInt(factor) + BigInt(plus)) : Number.NaN
}

/**
 * Returns the column's instants. Text is ISO 8601, in UTC if it names no zone; timestamp columns
 * are used unchanged. Numbers are unreadable, because their unit is unknown. An instant that a
 * double cannot hold to the microsecond is unreadable too.
 */
export function readCallInstants(column: Column): CallInstants {
  if (column instanceof TimestampColumn) return timestampInstants(column)
  const text = trimmedText(column, 'stamp')
  const stamps = new InstantSink(text.length)
  if (text instanceof DictionaryColumn) {
    const distinct = new InstantSink(text.values.length)
    parseBytes(timestampBytes(text.values), distinct)
    for (let row = 0; row < text.length; row++) stamps.copy(row, distinct, text.codes[row] as number)
  } else {
    parseBytes(text, stamps)
  }
  return { ...stamps.end(), found: (row) => text.at(row) }
}

/** Collects the instants of rows; each row is visited once, in any order. */
class InstantSink {
  readonly microseconds: Float64Array
  readonly problems: Uint8Array
  nanoseconds: Uint16Array | null = null

  constructor(rows: number) {
    this.microseconds = new Float64Array(rows).fill(Number.NaN)
    this.problems = new Uint8Array(rows).fill(TIMESTAMP_MISSING)
  }

  /** NaN means that the instant cannot be held. */
  set(row: number, microseconds: number, nanoseconds: number): void {
    this.microseconds[row] = microseconds
    this.problems[row] = Number.isNaN(microseconds) ? TIMESTAMP_UNREADABLE : 0
    if (nanoseconds === 0) return
    this.nanoseconds ??= new Uint16Array(this.microseconds.length)
    this.nanoseconds[row] = nanoseconds
  }

  copy(row: number, from: InstantSink, code: number): void {
    if (code < 0) return
    this.problems[row] = from.problems[code] as number
    if (this.problems[row] === 0) this.set(row, from.microseconds[code] as number, from.nanoseconds?.[code] ?? 0)
  }

  end(): Omit<CallInstants, 'found'> {
    const { microseconds, nanoseconds, problems } = this
    return { microseconds, nanoseconds, problems }
  }
}

function timestampInstants(column: TimestampColumn): CallInstants {
  const stamps = new InstantSink(column.length)
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

/** The instant as ISO text, or as its number where a date cannot hold it. */
function instantText(column: TimestampColumn, row: number): string {
  const milliseconds = column.milliseconds(row)
  return Math.abs(milliseconds) <= LAST_INSTANT ? formatInstant(milliseconds) : String(column.values[row])
}

/** Parses text into instants; the text has one row per row of `stamps`. */
function parseBytes(text: Utf8Column, stamps: InstantSink): void {
  const { bytes, offsets } = text
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const reading = new TimestampReading()
  for (let row = 0; row < text.length; row++) {
    if (text.isNull(row)) continue
    if (parseTimestampAt(view, offsets[row] as number, offsets[row + 1] as number, reading)) {
      const { milliseconds, nanoseconds } = reading
      stamps.set(row, toMicroseconds(milliseconds, 1000, Math.floor(nanoseconds / 1000)), nanoseconds % 1000)
    } else {
      stamps.problems[row] = TIMESTAMP_UNREADABLE
    }
  }
}
