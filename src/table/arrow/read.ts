/**
 * Arrow columns to our columns by their buffers: no copy for a single chunk of the right layout,
 * one copy otherwise.
 * @module
 */
import { ContractError } from '../../errors.ts'
import {
  BigIntColumn,
  BooleanColumn,
  type Column,
  DateColumn,
  NULL_DAY,
  NULL_NANOSECONDS,
  NullColumn,
  type NumberArray,
  NumberColumn,
  type NumberKind,
  OpaqueColumn,
  TimestampColumn,
  UNITS,
} from '../column.ts'
import { type Frame, frameOf } from '../frame.ts'
import { doublesWithHeadroom } from '../headroom.ts'
import { takeColumn } from '../take.ts'
import { distinctCodes } from '../utf8.ts'
import { blankNulls, expandBits, isUnset } from './bits.ts'
import { wholeDays } from './buffers.ts'
import { bitsOf, type Chunk, int64ToDoubles, joinBlanked, joinValues, readValidity } from './chunk.ts'
import { ARROW, type ArrowTable, type ArrowType, type ArrowVector } from './shape.ts'
import { readTexts, readTextViews } from './text.ts'
import { hasSign, type TypeDetails } from './type.ts'
import { plainValues } from './values.ts'

/** Array classes and kinds by bit width, signed and unsigned. */
export const INTEGERS = {
  8: [Int8Array, 'int8', Uint8Array, 'uint8'],
  16: [Int16Array, 'int16', Uint16Array, 'uint16'],
  32: [Int32Array, 'int32', Uint32Array, 'uint32'],
} as const

function readIntegers(type: TypeDetails, chunks: readonly Chunk[], length: number): Column {
  const isSigned = hasSign(type)
  const valid = readValidity(chunks, length)
  if (type.bitWidth === 64) {
    return isSigned
      ? new BigIntColumn('int64', joinValues(chunks, length, BigInt64Array), valid)
      : new BigIntColumn('uint64', joinValues(chunks, length, BigUint64Array), valid)
  }
  // Arrow integers are 8, 16, 32 or 64 bits wide
  const [signed, signedKind, unsigned, unsignedKind] = INTEGERS[type.bitWidth as keyof typeof INTEGERS]
  const make: new (length: number) => NumberArray = isSigned ? signed : unsigned
  const kind: NumberKind = isSigned ? signedKind : unsignedKind
  return new NumberColumn(kind, joinValues(chunks, length, make), valid)
}

function readBooleans(chunks: readonly Chunk[], length: number): Column {
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    // booleans are bits, so a slice begins at the chunk's bit offset
    if (chunk.values instanceof Uint8Array) expandBits(chunk.values, chunk.offset ?? 0, chunk.length, bytes, at)
    at += chunk.length
  }
  return new BooleanColumn(bytes, readValidity(chunks, length))
}

/**
 * Returns the 64-bit integers of all chunks as doubles, nulls as NaN; null when a value does not
 * fit a double.
 */
function joinLongs(chunks: readonly Chunk[], length: number): Float64Array | null {
  const target = doublesWithHeadroom(length)
  let at = 0
  for (const chunk of chunks) {
    if (!int64ToDoubles(chunk, target, at)) return null
    at += chunk.length
  }
  return target
}

/** Whether a row that is not null holds the value that our column reserves for null. */
function holdsSentinel(chunks: readonly Chunk[], missing: number | bigint): boolean {
  return chunks.some((chunk) => {
    const { values, length } = chunk
    // a fast native search; in most files it finds nothing
    if (values === undefined || !values.subarray(0, length).includes(missing as never)) return false
    const bits = bitsOf(chunk)
    for (let row = 0; row < length; row++) {
      if (values[row] === missing && (bits === null || !isUnset(bits, row))) return true
    }
    return false
  })
}

function readTimestamps(type: TypeDetails, chunks: readonly Chunk[], length: number): Column | null {
  const form = { unit: UNITS[type.unit ?? 1] ?? 'ms', zone: type.timezone ?? null }
  if (form.unit !== 'ns') {
    const instants = joinLongs(chunks, length)
    return instants === null ? null : new TimestampColumn(instants, form)
  }
  if (holdsSentinel(chunks, NULL_NANOSECONDS)) return null
  return new TimestampColumn(joinBlanked(chunks, length, BigInt64Array, NULL_NANOSECONDS), form)
}

function readDates(type: TypeDetails, chunks: readonly Chunk[], length: number): Column | null {
  if (type.unit === 0 && holdsSentinel(chunks, NULL_DAY)) return null
  if (type.unit === 0) return new DateColumn(joinBlanked(chunks, length, Int32Array, NULL_DAY))
  const milliseconds = joinLongs(chunks, length)
  if (milliseconds === null) return null
  // Arrow requires a millisecond date to be a whole day, yet apache-arrow gives every Date this
  // type
  const days = wholeDays(milliseconds)
  return days === null ? new TimestampColumn(milliseconds) : new DateColumn(days)
}

/**
 * Joins the dictionaries of all chunks, and returns where each begins. Often one dictionary serves
 * all chunks.
 */
function joinDictionaries(
  type: ArrowType,
  chunks: readonly Chunk[],
): { column: Column; starts: Map<ArrowVector, number> } {
  const starts = new Map<ArrowVector, number>()
  const data: object[] = []
  let length = 0
  for (const { dictionary } of chunks) {
    if (dictionary === undefined || starts.has(dictionary)) continue
    starts.set(dictionary, length)
    length += dictionary.length
    data.push(...dictionary.data)
  }
  return { column: readColumn(type, data as readonly Chunk[], length), starts }
}

function readCodes(chunks: readonly Chunk[], length: number, starts: Map<ArrowVector, number>): Int32Array {
  const [only] = chunks
  const isAsIs = chunks.length === 1 && only?.values instanceof Int32Array && bitsOf(only) === null
  if (isAsIs) return only.values.subarray(0, length)
  const codes = new Int32Array(length)
  let at = 0
  for (const chunk of chunks) {
    const start = chunk.dictionary === undefined ? 0 : (starts.get(chunk.dictionary) ?? 0)
    const { values = new Int32Array(chunk.length) } = chunk
    const isLong = values instanceof BigInt64Array || values instanceof BigUint64Array
    if (start === 0 && !isLong) codes.set(values.subarray(0, chunk.length), at)
    // 64-bit codes are rare and small
    else for (let i = 0; i < chunk.length; i++) codes[at + i] = Number(values[i]) + start
    const bits = bitsOf(chunk)
    if (bits !== null) blankNulls(bits, chunk.length, codes, at, -1)
    at += chunk.length
  }
  return codes
}

function readDictionary(type: TypeDetails, chunks: readonly Chunk[], length: number): Column {
  const { column, starts } = joinDictionaries(type.dictionary ?? type, chunks)
  const codes = readCodes(chunks, length, starts)
  if (column.kind === 'text') return distinctCodes(codes, Array.from(column))
  const gathered = takeColumn(column, codes)
  // the Arrow type is kept, so that a table built back is dictionary-coded again
  return gathered.kind === 'opaque' ? new OpaqueColumn(gathered.values, type) : gathered
}

/** Returns the chunks as a column; null for a type, or values, that the transforms do not know. */
function readChunks(type: TypeDetails, chunks: readonly Chunk[], length: number): Column | null {
  switch (type.typeId) {
    case ARROW.dictionary:
      return readDictionary(type, chunks, length)
    case ARROW.null:
      return new NullColumn(length)
    case ARROW.int:
      return readIntegers(type, chunks, length)
    case ARROW.float:
      if (type.precision === 1) {
        return new NumberColumn('float32', joinValues(chunks, length, Float32Array), readValidity(chunks, length))
      }
      if (type.precision !== 2) return null
      return new NumberColumn('float64', joinValues(chunks, length, Float64Array), readValidity(chunks, length))
    case ARROW.bool:
      return readBooleans(chunks, length)
    case ARROW.utf8:
    case ARROW.largeUtf8:
      return readTexts(chunks, length)
    case ARROW.utf8View:
      return readTextViews(chunks, length)
    case ARROW.date:
      return readDates(type, chunks, length)
    case ARROW.timestamp:
      return readTimestamps(type, chunks, length)
    default:
      return null
  }
}

/**
 * Returns chunks of a type as a column. A type that the transforms do not know becomes opaque, with
 * the Arrow type as its origin.
 */
export function readColumn(type: TypeDetails, chunks: readonly Chunk[], length: number): Column {
  return readChunks(type, chunks, length) ?? new OpaqueColumn(plainValues(type, chunks), type)
}

/**
 * Returns an Arrow column as one of ours.
 * @throws ContractError unsupported_type, column_duplicate - the type cannot be read; the message
 * names the column
 */
export function readArrowVector({ type, data, length }: ArrowVector, name: string): Column {
  try {
    // the shape was checked when the table came in, so the chunks are of one of the two libraries
    return readColumn(type, data as readonly Chunk[], length)
  } catch (cause) {
    if (!(cause instanceof ContractError)) throw cause
    const { code, message, details } = cause
    throw new ContractError(code, `column "${name}": ${message}`, { details: { ...details, column: name }, cause })
  }
}

/**
 * Returns the Arrow table as a frame: chunks joined, slices cut, differing dictionaries unified.
 * @throws ContractError column_duplicate - two columns have one name
 */
export function viewArrow(table: ArrowTable): Frame {
  const { fields } = table.schema
  const columns = new Map<string, Column>()
  fields.forEach(({ name }, index) => {
    if (columns.has(name)) {
      throw new ContractError('column_duplicate', `the Arrow table has two columns "${name}"; rename or drop one`, {
        details: { column: name },
      })
    }
    const vector = table.getChildAt(index)
    columns.set(name, vector ? readArrowVector(vector, name) : new NullColumn(table.numRows))
  })
  return frameOf(columns, table.numRows)
}
