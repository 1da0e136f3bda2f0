/**
 * Plain JavaScript arrays to columns. The values' types decide the kind; text is never parsed.
 * @module
 */
import { ContractError } from '../errors.ts'
import {
  BigIntColumn,
  BooleanColumn,
  type Column,
  DictionaryColumn,
  NullColumn,
  NumberColumn,
  OpaqueColumn,
  TimestampColumn,
} from './column.ts'
import { readTemporals, type TemporalShape, temporalShape } from './convert/temporal-cells.ts'
import { encodeTexts } from './utf8.ts'

type Shape = 'null' | 'text' | 'number' | 'bigint' | 'boolean' | 'date' | 'object' | TemporalShape

function shapeOf(value: unknown): Shape {
  switch (typeof value) {
    case 'string':
      return 'text'
    case 'number':
      return 'number'
    case 'bigint':
      return 'bigint'
    case 'boolean':
      return 'boolean'
    case 'undefined':
      return 'null'
    case 'object':
      if (value === null) return 'null'
      // by tag, so that a Date of another realm counts too
      if (Object.prototype.toString.call(value) === '[object Date]') return 'date'
      return temporalShape(value) ?? 'object'
    default:
      return 'object'
  }
}

/** What to do with a column of mixed kinds. */
export interface InferOptions {
  /**
   * `error` (default), or `opaque`: carry the values unchanged, so that a check can report each of
   * them.
   */
  readonly mixed?: 'error' | 'opaque'
}

const ROWS_SHOWN = 10

function mixedKinds(values: ArrayLike<unknown>, name: string, shape: Shape): ContractError {
  const rows: number[] = []
  let first = 0
  let other: Shape = shape
  for (let row = 0; row < values.length && rows.length < ROWS_SHOWN; row++) {
    const found = shapeOf(values[row])
    if (found === shape && first === 0) first = row + 1
    if (found === 'null' || found === shape) continue
    if (rows.length === 0) other = found
    rows.push(row + 1)
  }
  const where = rows.length === 1 ? `row ${rows[0]}` : `rows ${rows.join(', ')}`
  return new ContractError(
    'type_mismatch',
    `column "${name}" holds ${shape} (row ${first}) and ${other} (${where}); give it values of one kind`,
    { details: { column: name, expected: shape, rows, found: rows.map((row) => values[row - 1]) } },
  )
}

/** Marks a row as null. The mask is created for the first null. */
function markNull(valid: Uint8Array | null, row: number, length: number): Uint8Array {
  const mask = valid ?? new Uint8Array(length).fill(1)
  mask[row] = 0
  return mask
}

// each reader below returns null at the first value of another kind

function readNumbers(values: ArrayLike<unknown>): Column | null {
  const { length } = values
  const numbers = new Float64Array(length)
  let valid: Uint8Array | null = null
  for (let row = 0; row < length; row++) {
    const value = values[row]
    if (typeof value === 'number') numbers[row] = value
    else if (value === null || value === undefined) valid = markNull(valid, row, length)
    else return null
  }
  return new NumberColumn('float64', numbers, valid)
}

function readBooleans(values: ArrayLike<unknown>): Column | null {
  const { length } = values
  const bytes = new Uint8Array(length)
  let valid: Uint8Array | null = null
  for (let row = 0; row < length; row++) {
    const value = values[row]
    if (typeof value === 'boolean') bytes[row] = value ? 1 : 0
    else if (value === null || value === undefined) valid = markNull(valid, row, length)
    else return null
  }
  return new BooleanColumn(bytes, valid)
}

function readDates(values: ArrayLike<unknown>): Column | null {
  const { length } = values
  const instants = new Float64Array(length).fill(Number.NaN)
  for (let row = 0; row < length; row++) {
    const value = values[row]
    if (value === null || value === undefined) continue
    if (shapeOf(value) !== 'date') return null
    // the tag proves that it is a Date
    const time = (value as Date).getTime()
    // An invalid Date is neither an instant nor null. The column is carried unchanged, and refused
    // where an instant is needed.
    if (Number.isNaN(time)) return new OpaqueColumn(Array.from(values))
    instants[row] = time
  }
  return new TimestampColumn(instants)
}

const INT64_MIN = -(2n ** 63n)
const UINT64_END = 2n ** 64n

function readBigInts(values: ArrayLike<unknown>): Column | null {
  const { length } = values
  let [least, most] = [0n, 0n]
  let valid: Uint8Array | null = null
  for (let row = 0; row < length; row++) {
    const value = values[row]
    if (typeof value === 'bigint') {
      if (value < least) least = value
      if (value > most) most = value
    } else if (value === null || value === undefined) valid = markNull(valid, row, length)
    else return null
  }
  const isSigned = most < 2n ** 63n
  if (least < INT64_MIN || most >= UINT64_END || (!isSigned && least < 0n)) return new OpaqueColumn(Array.from(values))
  const exact = isSigned ? new BigInt64Array(length) : new BigUint64Array(length)
  // the loop above proved that every value is a bigint or missing
  for (let row = 0; row < length; row++) exact[row] = (values[row] as bigint | null | undefined) ?? 0n
  return new BigIntColumn(isSigned ? 'int64' : 'uint64', exact, valid)
}

/**
 * Text becomes bytes if, at this row or at any doubling of it, more than half of the values are
 * distinct.
 */
const FIRST_LOOK = 1024

function readTexts(values: ArrayLike<unknown>, name: string): Column | null {
  const { length } = values
  const codes = new Int32Array(length)
  const known = new Map<string, number>()
  let look = FIRST_LOOK
  for (let row = 0; row < length; row++) {
    if (row === look) {
      if (known.size * 2 > row) return readDistinctTexts(values, name)
      look *= 2
    }
    const value = values[row]
    if (typeof value === 'string') {
      let code = known.get(value)
      if (code === undefined) {
        code = known.size
        known.set(value, code)
      }
      codes[row] = code
    } else if (value === null || value === undefined) codes[row] = -1
    else return null
  }
  return new DictionaryColumn(codes, [...known.keys()])
}

function readDistinctTexts(values: ArrayLike<unknown>, name: string): Column | null {
  for (let row = 0; row < values.length; row++) {
    const value = values[row]
    if (typeof value !== 'string' && value !== null && value !== undefined) return null
  }
  // the loop proved it
  return encodeTexts(values as ArrayLike<string | null | undefined>, name)
}

function readAs(shape: Shape, values: ArrayLike<unknown>, name: string): Column | null {
  switch (shape) {
    case 'null':
      return new NullColumn(values.length)
    case 'text':
      return readTexts(values, name)
    case 'number':
      return readNumbers(values)
    case 'bigint':
      return readBigInts(values)
    case 'boolean':
      return readBooleans(values)
    case 'date':
      return readDates(values)
    case 'object':
      return new OpaqueColumn(Array.from(values))
    default:
      return readTemporals(values, shape, name)
  }
}

/**
 * Returns a column of the values. The first value that is not null decides the kind: numbers become
 * float64, text is dictionary-coded (or bytes when, of 1,024 rows or more, more than half differ),
 * Dates and Temporal values become timestamps or days, other objects are opaque.
 * @throws ContractError type_mismatch - a later value is of another kind; the message names column
 * and rows
 */
export function inferColumn(values: ArrayLike<unknown>, name: string, options: InferOptions = {}): Column {
  let shape: Shape = 'null'
  for (let row = 0; row < values.length && shape === 'null'; row++) shape = shapeOf(values[row])
  const column = readAs(shape, values, name)
  if (column !== null) return column
  if (options.mixed === 'opaque') return new OpaqueColumn(Array.from(values))
  throw mixedKinds(values, name, shape)
}
