/**
 * Takes, cuts and joins columns by position, whatever they hold.
 * @module
 */
import { ContractError } from '../errors.ts'
import {
  BigIntColumn,
  BooleanColumn,
  type Column,
  DateColumn,
  DictionaryColumn,
  NULL_DAY,
  NULL_NANOSECONDS,
  NullColumn,
  NumberColumn,
  OpaqueColumn,
  TimestampColumn,
  Utf8Column,
  type Validity,
} from './column.ts'
import { type Frame, frameOf } from './frame.ts'

type Values = NumberColumn['values'] | BigIntColumn['values']

/** A new typed array of the same kind. */
export function sameArray<Array extends Values>(like: Array, length: number): Array {
  // a typed array's constructor always takes a length; TypeScript does not connect it to the
  // instance
  return new (like.constructor as new (length: number) => Array)(length)
}

function takeValues<Array extends Values>(values: Array, rows: Int32Array, missing: number | bigint): Array {
  const taken = sameArray(values, rows.length)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number
    // both arrays are of one class, so the value fits
    taken[i] = (row < 0 ? missing : values[row]) as never
  }
  return taken
}

function takeValidity(valid: Validity, rows: Int32Array): Validity {
  if (valid === null && !rows.some((row) => row < 0)) return null
  const taken = new Uint8Array(rows.length)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number
    taken[i] = row < 0 ? 0 : valid === null ? 1 : (valid[row] as number)
  }
  return taken
}

/** More bytes than this are copied faster by a call than one by one. */
const FEW = 48

function copyBytes(source: Uint8Array, from: number, to: number, target: Uint8Array, at: number): void {
  if (to - from > FEW) target.set(source.subarray(from, to), at)
  else for (let byte = from, place = at; byte < to; byte++) target[place++] = source[byte] as number
}

function takeBytes(column: Utf8Column, rows: Int32Array): Utf8Column {
  const { bytes, offsets } = column
  const taken = new Int32Array(rows.length + 1)
  let size = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number
    if (row >= 0) size += (offsets[row + 1] as number) - (offsets[row] as number)
    taken[i + 1] = size
  }
  const target = new Uint8Array(size)
  for (let i = 0; i < rows.length; ) {
    const row = rows[i] as number
    // rows that follow each other are one piece
    let count = 1
    while (row >= 0 && rows[i + count] === row + count) count++
    if (row >= 0) copyBytes(bytes, offsets[row] as number, offsets[row + count] as number, target, taken[i] as number)
    i += count
  }
  return new Utf8Column(target, taken, takeValidity(column.valid, rows))
}

/**
 * Returns the column's rows at those positions, in that order; position −1 gives null. Dictionaries
 * are shared, not copied.
 */
export function takeColumn(column: Column, rows: Int32Array): Column {
  if (column instanceof DictionaryColumn) return new DictionaryColumn(takeValues(column.codes, rows, -1), column.values)
  if (column instanceof Utf8Column) return takeBytes(column, rows)
  if (column instanceof NumberColumn) {
    return new NumberColumn(column.kind, takeValues(column.values, rows, 0), takeValidity(column.valid, rows))
  }
  if (column instanceof TimestampColumn) {
    const { values } = column
    const taken =
      values instanceof Float64Array ? takeValues(values, rows, Number.NaN) : takeValues(values, rows, NULL_NANOSECONDS)
    return new TimestampColumn(taken, column)
  }
  if (column instanceof DateColumn) return new DateColumn(takeValues(column.values, rows, NULL_DAY))
  if (column instanceof BooleanColumn) {
    return new BooleanColumn(takeValues(column.values, rows, 0), takeValidity(column.valid, rows))
  }
  if (column instanceof BigIntColumn) {
    return new BigIntColumn(column.kind, takeValues(column.values, rows, 0n), takeValidity(column.valid, rows))
  }
  if (column instanceof NullColumn) return new NullColumn(rows.length)
  return new OpaqueColumn(
    Array.from(rows, (row) => (row < 0 ? null : column.values[row])),
    column.origin,
  )
}

/** Returns the frame's rows at those positions, in that order. */
export function takeRows(frame: Frame, rows: Int32Array): Frame {
  return frameOf(
    Array.from(frame.columns, ([name, column]) => [name, takeColumn(column, rows)] as const),
    rows.length,
  )
}

/** Returns a column's rows `from` to `to`, without a copy of what they hold. */
function sliceColumn(column: Column, from: number, to: number): Column {
  if (column instanceof DictionaryColumn) return new DictionaryColumn(column.codes.subarray(from, to), column.values)
  if (column instanceof TimestampColumn) return new TimestampColumn(column.values.subarray(from, to), column)
  if (column instanceof DateColumn) return new DateColumn(column.values.subarray(from, to))
  if (column instanceof NullColumn) return new NullColumn(to - from)
  if (column instanceof OpaqueColumn) return new OpaqueColumn(column.values.slice(from, to), column.origin)
  const valid = column.valid?.subarray(from, to) ?? null
  if (column instanceof NumberColumn) return new NumberColumn(column.kind, column.values.subarray(from, to), valid)
  if (column instanceof BooleanColumn) return new BooleanColumn(column.values.subarray(from, to), valid)
  if (column instanceof BigIntColumn) return new BigIntColumn(column.kind, column.values.subarray(from, to), valid)
  const { bytes, offsets } = column
  const begin = offsets[from] as number
  const ends = offsets.slice(from, to + 1)
  for (let row = 0; row < ends.length; row++) ends[row] = (ends[row] as number) - begin
  return new Utf8Column(bytes.subarray(begin, offsets[to]), ends, valid)
}

/** Returns the frame's rows `from` to `to`, which share memory with the frame. */
export function sliceRows(frame: Frame, from: number, to: number): Frame {
  return frameOf(
    Array.from(frame.columns, ([name, column]) => [name, sliceColumn(column, from, to)] as const),
    to - from,
  )
}

/** Returns `count` consecutive numbers, starting at `from`. */
export function countUp(count: number, from = 0): Int32Array<ArrayBuffer> {
  const numbers = new Int32Array(count)
  for (let i = 0; i < count; i++) numbers[i] = from + i
  return numbers
}

/** Returns the values at those positions. */
export function pickAt(values: Int32Array, places: Int32Array): Int32Array {
  const taken = new Int32Array(places.length)
  for (let i = 0; i < taken.length; i++) taken[i] = values[places[i] as number] as number
  return taken
}

/**
 * Copies the ends of `rows` texts, from row `from` on, to `target` after position `at`, each
 * increased by `shift`.
 */
export function shiftEnds(
  offsets: Int32Array,
  from: number,
  rows: number,
  shift: number,
  target: Int32Array,
  at: number,
): void {
  for (let row = 1; row <= rows; row++) target[at + row] = (offsets[from + row] as number) + shift
}

/** Returns the rows whose mark is 1, ascending. */
export function markedRows(marks: Uint8Array): Int32Array {
  let count = 0
  for (let row = 0; row < marks.length; row++) count += marks[row] as number
  const rows = new Int32Array(count)
  for (let row = 0, at = 0; at < count; row++) if (marks[row] === 1) rows[at++] = row
  return rows
}

/** Returns one dictionary of both, `values` first, and the new code of each of `others`. */
export function mergeDictionaries(
  values: readonly string[],
  others: readonly string[],
): { values: readonly string[]; codes: Int32Array } {
  const known = new Map(values.map((value, code) => [value, code]))
  const merged = [...values]
  const codes = new Int32Array(others.length)
  for (let code = 0; code < others.length; code++) {
    const value = others[code] as string
    let found = known.get(value)
    if (found === undefined) {
      found = merged.length
      known.set(value, found)
      merged.push(value)
    }
    codes[code] = found
  }
  return { values: merged, codes }
}

/** Returns the error for two columns that cannot be joined. */
export function kindsDiffer(first: Column, second: Column): ContractError {
  return new ContractError('type_mismatch', `a ${second.kind} column cannot follow a ${first.kind} column`)
}
