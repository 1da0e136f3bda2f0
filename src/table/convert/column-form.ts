/**
 * The form that a column is converted to: that of another column, or of a contract's column.
 * @module
 */
import { ARROW } from '../arrow/shape.ts'
import { isArrowType, plainType, typeName } from '../arrow/type.ts'
import {
  BigIntColumn,
  BooleanColumn,
  type Column,
  type ColumnKind,
  DateColumn,
  DictionaryColumn,
  NULL_DAY,
  NULL_NANOSECONDS,
  NullColumn,
  type NumberArray,
  NumberColumn,
  type NumberKind,
  OpaqueColumn,
  TimestampColumn,
  type TimestampForm,
  type TimeUnit,
  Utf8Column,
} from '../column.ts'
import type { ColumnContract } from '../contract.ts'

/** A kind of column with the rest of its form. Any column serves as a target. */
export interface Target extends TimestampForm {
  readonly kind: ColumnKind
  readonly encoding?: 'dictionary' | 'plain'
  readonly origin?: unknown
}

/**
 * Returns a column's form, or the form of a contract's column: its timestamps are UTC and show as
 * Dates.
 */
export function targetOf(like: Column | ColumnContract): Target {
  if (!('role' in like)) return like
  return { kind: like.kind, encoding: like.encoding, unit: like.unit, zone: 'UTC', face: 'date' }
}

const ARRAYS: Record<NumberKind, new (length: number) => NumberArray> = {
  float64: Float64Array,
  float32: Float32Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
}

/** Returns an array for numbers of that kind. */
export function numberArray(kind: NumberKind, length: number): NumberArray {
  return new ARRAYS[kind](length)
}

/** Returns whether the kind is a number that fits a double. */
export function isNumberKind(kind: ColumnKind): kind is NumberKind {
  return Object.hasOwn(ARRAYS, kind)
}

/** Returns a column of that form with every row null. */
export function nullsOf({ kind, encoding, unit, zone, face, origin }: Target, length: number): Column {
  const none = new Uint8Array(length)
  switch (kind) {
    case 'text':
      if (encoding === 'plain') return new Utf8Column(new Uint8Array(0), new Int32Array(length + 1), none)
      return new DictionaryColumn(new Int32Array(length).fill(-1), [])
    case 'boolean':
      return new BooleanColumn(new Uint8Array(length), none)
    case 'int64':
      return new BigIntColumn(kind, new BigInt64Array(length), none)
    case 'uint64':
      return new BigIntColumn(kind, new BigUint64Array(length), none)
    case 'date':
      return new DateColumn(new Int32Array(length).fill(NULL_DAY))
    case 'timestamp': {
      const form = { ...(unit && { unit }), ...(zone !== undefined && { zone }), ...(face && { face }) }
      return unit === 'ns'
        ? new TimestampColumn(new BigInt64Array(length).fill(NULL_NANOSECONDS), form)
        : new TimestampColumn(new Float64Array(length).fill(Number.NaN), form)
    }
    case 'null':
      return new NullColumn(length)
    case 'opaque':
      return new OpaqueColumn(new Array(length).fill(null), origin)
    default:
      return new NumberColumn(kind, numberArray(kind, length), none)
  }
}

const FRACTIONS: Record<TimeUnit, string> = {
  s: 'whole seconds',
  ms: 'at most milliseconds',
  us: 'at most microseconds',
  ns: 'at most nanoseconds',
}

/** Returns advice about an Arrow type that no other kind of column has. */
function adviceOf({ origin }: OpaqueColumn): string {
  if (!isArrowType(origin)) return ''
  const told = `; the column is ${typeName(origin)}`
  // these types are carried as text, so a contract can declare them as text
  return TEXTS.has(plainType(origin).typeId) ? `${told}: declare it string() to keep every digit` : told
}

/** Types whose values are carried as text. */
const TEXTS = new Set<number>([ARROW.decimal, ARROW.date, ARROW.time, ARROW.timestamp, ARROW.duration, ARROW.interval])

/**
 * Returns a description of the expected cell, for messages. If the found column is opaque, the text
 * names its Arrow type.
 */
export function expectationOf(target: Target, found?: Column): string {
  return `${kindExpectation(target)}${found?.kind === 'opaque' ? adviceOf(found) : ''}`
}

function kindExpectation({ kind, unit = 'ms' }: Target): string {
  switch (kind) {
    case 'text':
      return 'text'
    case 'boolean':
      return 'true or false'
    case 'date':
      return 'a calendar day, YYYY-MM-DD'
    case 'timestamp':
      return `an ISO 8601 timestamp, ${FRACTIONS[unit]}`
    case 'float64':
    case 'float32':
      return `a number that ${kind} holds`
    case 'null':
    case 'opaque':
      return `a value of the column's own type`
    default:
      return `a whole number that ${kind} holds`
  }
}
