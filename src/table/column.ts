/**
 * Columns as typed arrays, with the smallest interface that Arquero needs of a column (`length`,
 * `at`, iterator).
 * @module
 */
import { formatDay, formatTimestamp } from '../time/instant.ts'
import { formatTicks } from './convert/exact-text.ts'

export type NumberKind = 'float64' | 'float32' | 'int8' | 'int16' | 'int32' | 'uint8' | 'uint16' | 'uint32'
export type NumberArray =
  | Float64Array
  | Float32Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array

/**
 * 1 where a row has a value, 0 where it is null; null when every row has one. One byte per row, so
 * that runs are copied as they are.
 */
export type Validity = Uint8Array | null

/** The null of a day column: the smallest int32, which no calendar reaches. */
export const NULL_DAY = -2_147_483_648
/** The null of a nanosecond timestamp column: the smallest int64, like pandas' NaT. */
export const NULL_NANOSECONDS = -9_223_372_036_854_775_808n

const MILLION = 1_000_000n
/** The last instant that a Date holds, in epoch milliseconds. */
const LAST_DATE = 8.64e15

/** The units of timestamps, from coarse to fine. */
export const UNITS = ['s', 'ms', 'us', 'ns'] as const
export type TimeUnit = (typeof UNITS)[number]
/**
 * How a timestamp shows in an Arquero table: as a Date (as ISO text beyond a Date's range), as its
 * epoch number, or as ISO text.
 */
export type TimestampFace = 'date' | 'number' | 'text'

abstract class Vector<Value> {
  abstract readonly length: number
  abstract isNull(row: number): boolean
  /** Returns the value of a row that is not null. */
  protected abstract value(row: number): Value

  at(row: number): Value | null {
    return row < 0 || row >= this.length || this.isNull(row) ? null : this.value(row)
  }

  *[Symbol.iterator](): Generator<Value | null, void, undefined> {
    const { length } = this
    for (let row = 0; row < length; row++) yield this.at(row)
  }
}

/** Numbers that fit a double, in their own width. */
export class NumberColumn extends Vector<number> {
  readonly kind: NumberKind
  readonly values: NumberArray
  readonly valid: Validity
  readonly length: number

  constructor(kind: NumberKind, values: NumberArray, valid: Validity = null) {
    super()
    this.kind = kind
    this.values = values
    this.valid = valid
    this.length = values.length
  }

  isNull(row: number): boolean {
    return this.valid !== null && this.valid[row] === 0
  }

  protected value(row: number): number {
    return this.values[row] as number
  }
}

/** 64-bit integers, exact. */
export class BigIntColumn extends Vector<bigint> {
  readonly kind: 'int64' | 'uint64'
  readonly values: BigInt64Array | BigUint64Array
  readonly valid: Validity
  readonly length: number

  constructor(kind: 'int64' | 'uint64', values: BigInt64Array | BigUint64Array, valid: Validity = null) {
    super()
    this.kind = kind
    this.values = values
    this.valid = valid
    this.length = values.length
  }

  isNull(row: number): boolean {
    return this.valid !== null && this.valid[row] === 0
  }

  protected value(row: number): bigint {
    return this.values[row] as bigint
  }
}

/** true and false as bytes 1 and 0. */
export class BooleanColumn extends Vector<boolean> {
  readonly kind = 'boolean'
  readonly values: Uint8Array
  readonly valid: Validity
  readonly length: number

  constructor(values: Uint8Array, valid: Validity = null) {
    super()
    this.values = values
    this.valid = valid
    this.length = values.length
  }

  isNull(row: number): boolean {
    return this.valid !== null && this.valid[row] === 0
  }

  protected value(row: number): boolean {
    return this.values[row] === 1
  }
}

/** Text as codes into distinct values. Code −1 is null; no other code is negative. */
export class DictionaryColumn extends Vector<string> {
  readonly kind = 'text'
  readonly encoding = 'dictionary'
  readonly codes: Int32Array
  /**
   * The dictionary, without duplicates. It may have unused entries; a canonical writer removes
   * them.
   */
  readonly values: readonly string[]
  readonly length: number

  constructor(codes: Int32Array, values: readonly string[]) {
    super()
    this.codes = codes
    this.values = values
    this.length = codes.length
  }

  isNull(row: number): boolean {
    return (this.codes[row] as number) < 0
  }

  protected value(row: number): string {
    return this.values[this.codes[row] as number] as string
  }
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Text as UTF-8 bytes and offsets, for columns of many distinct values. Row r is bytes offsets[r]
 * to offsets[r + 1].
 */
export class Utf8Column extends Vector<string> {
  readonly kind = 'text'
  readonly encoding = 'plain'
  readonly bytes: Uint8Array
  readonly offsets: Int32Array
  readonly valid: Validity
  readonly length: number

  constructor(bytes: Uint8Array, offsets: Int32Array, valid: Validity = null) {
    super()
    this.bytes = bytes
    this.offsets = offsets
    this.valid = valid
    this.length = offsets.length - 1
  }

  isNull(row: number): boolean {
    return this.valid !== null && this.valid[row] === 0
  }

  protected value(row: number): string {
    return utf8.decode(this.bytes.subarray(this.offsets[row], this.offsets[row + 1]))
  }
}

/**
 * Timestamps. With a `zone` ('UTC' or another name) they are instants, stored in UTC; with null
 * they are wall times. Units s, ms and us are stored in a Float64Array with NaN as null, ns in a
 * BigInt64Array with {@link NULL_NANOSECONDS}.
 */
export class TimestampColumn extends Vector<Date | number | bigint | string> {
  readonly kind = 'timestamp'
  readonly values: Float64Array | BigInt64Array
  readonly unit: TimeUnit
  readonly zone: string | null
  readonly face: TimestampFace
  readonly length: number

  constructor(
    values: Float64Array | BigInt64Array,
    { unit = 'ms', zone = 'UTC', face = zone === null ? 'text' : 'date' }: TimestampForm = {},
  ) {
    super()
    this.values = values
    this.unit = unit
    this.zone = zone
    this.face = face
    this.length = values.length
  }

  isNull(row: number): boolean {
    const value = this.values[row]
    return typeof value === 'bigint' ? value === NULL_NANOSECONDS : Number.isNaN(value)
  }

  /** Epoch milliseconds of a row, rounded down where the unit is finer; NaN for null. */
  milliseconds(row: number): number {
    const value = this.values[row] as number | bigint
    if (typeof value === 'bigint') {
      if (value === NULL_NANOSECONDS) return Number.NaN
      const milliseconds = value / 1_000_000n
      return Number(value < 0n && value % 1_000_000n !== 0n ? milliseconds - 1n : milliseconds)
    }
    if (this.unit === 'ms') return value
    if (this.unit === 's') return value * 1000
    // beyond 2^53 a quotient of doubles would be rounded; NaN (null) stays NaN
    return Math.abs(value) > Number.MAX_SAFE_INTEGER
      ? Number((BigInt(value) - (((BigInt(value) % 1000n) + 1000n) % 1000n)) / 1000n)
      : Math.floor(value / 1000)
  }

  /** A row's nanoseconds within its millisecond, 0–999,999; 0 for null. */
  nanoseconds(row: number): number {
    const value = this.values[row] as number | bigint
    if (typeof value === 'bigint')
      return value === NULL_NANOSECONDS ? 0 : Number(((value % MILLION) + MILLION) % MILLION)
    return this.unit === 'us' && !Number.isNaN(value) ? (((value % 1000) + 1000) % 1000) * 1000 : 0
  }

  protected value(row: number): Date | number | bigint | string {
    const milliseconds = this.milliseconds(row)
    if (this.face === 'number') return milliseconds
    // beyond a Date's range: text with every digit
    if (Math.abs(milliseconds) > LAST_DATE) {
      const ticks = BigInt(this.values[row] as number | bigint)
      return formatTicks(ticks, UNITS.indexOf(this.unit), this.zone === null ? 'wall' : 'instant')
    }
    if (this.face === 'date') return new Date(milliseconds)
    return formatTimestamp({ milliseconds, nanoseconds: this.nanoseconds(row) }, this.zone)
  }
}

/** A timestamp column's unit, its zone, and how it shows. */
export interface TimestampForm {
  readonly unit?: TimeUnit
  readonly zone?: string | null
  readonly face?: TimestampFace
}

/** Calendar days, as days since 1970-01-01; null is {@link NULL_DAY}. They show as `YYYY-MM-DD`. */
export class DateColumn extends Vector<string> {
  readonly kind = 'date'
  readonly values: Int32Array
  readonly length: number

  constructor(values: Int32Array) {
    super()
    this.values = values
    this.length = values.length
  }

  isNull(row: number): boolean {
    return this.values[row] === NULL_DAY
  }

  protected value(row: number): string {
    return formatDay(this.values[row] as number)
  }
}

/** A column in which every row is null, of unknown kind. */
export class NullColumn extends Vector<never> {
  readonly kind = 'null'
  readonly length: number

  constructor(length: number) {
    super()
    this.length = length
  }

  isNull(): boolean {
    return true
  }

  protected value(): never {
    throw new RangeError('a null column has no value')
  }
}

/**
 * Values that the transforms do not know (lists, decimals …). They are carried along unread, and
 * refused as keys and measures.
 */
export class OpaqueColumn extends Vector<unknown> {
  readonly kind = 'opaque'
  readonly values: readonly unknown[]
  /**
   * What the column was in its source table, for example an Arrow type, so that it can be built
   * back.
   */
  readonly origin: unknown
  readonly length: number

  constructor(values: readonly unknown[], origin: unknown = null) {
    super()
    this.values = values
    this.origin = origin
    this.length = values.length
  }

  isNull(row: number): boolean {
    return this.values[row] === null || this.values[row] === undefined
  }

  protected value(row: number): unknown {
    return this.values[row]
  }
}

export type TextColumn = DictionaryColumn | Utf8Column
export type Column =
  | NumberColumn
  | BigIntColumn
  | BooleanColumn
  | TextColumn
  | TimestampColumn
  | DateColumn
  | NullColumn
  | OpaqueColumn
export type ColumnKind = Column['kind']
