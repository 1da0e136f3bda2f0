/**
 * The canonical form of a column: equal rows give equal bytes, whatever their dictionaries, masks
 * and history.
 * @module
 */
import {
  type BigIntColumn,
  type BooleanColumn,
  type DateColumn,
  NULL_DAY,
  NULL_NANOSECONDS,
  NumberColumn,
  type TimestampColumn,
  type Validity,
} from '../../../table/column.ts'

/**
 * Bytes of a known size, made on demand, so that writing a table needs no second copy of it in
 * memory.
 */
export interface Part {
  readonly size: number
  readonly make: () => Uint8Array
}

/** Bytes of a known size that are too many to be made at once. */
export interface LongPart {
  readonly size: number
  readonly pieces: () => Iterable<Uint8Array>
}

/** A column's rows in Arrow's memory layout; `validity` is empty when nothing is null. */
export interface CanonicalRows {
  readonly nulls: number
  readonly validity: Uint8Array
  readonly values: Part
}

const NO_BYTES = new Uint8Array(0)
const WORD = 4_294_967_296
/** Rows per little-endian word of a bitmap. */
const BITS = 8

/** Returns the array's memory as bytes. */
export function asBytes(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

/** Returns the array's memory as a part that is already made. */
export function asPart(values: ArrayBufferView): Part {
  return { size: values.byteLength, make: () => asBytes(values) }
}

function packOnes(ones: Uint8Array, valid: Validity): Uint8Array {
  const bits = new Uint8Array(Math.ceil(ones.length / BITS))
  for (let row = 0; row < ones.length; row++) {
    const isSet = ones[row] === 1 && (valid === null || valid[row] !== 0)
    if (isSet) bits[row >> 3] = (bits[row >> 3] as number) | (1 << (row & 7))
  }
  return bits
}

/** Which rows hold a value, as bits; empty when all do. */
export interface Bitmap {
  readonly nulls: number
  readonly validity: Uint8Array
}

/** No row is null. */
export const ALL_VALID: Bitmap = { nulls: 0, validity: NO_BYTES }

/** Returns the mask as bits. */
export function maskBitmap(valid: Validity): Bitmap {
  if (valid === null || !valid.includes(0)) return ALL_VALID
  let nulls = valid.length
  const validity = new Uint8Array(Math.ceil(valid.length / BITS))
  for (let row = 0; row < valid.length; row++) {
    if (valid[row] === 0) continue
    validity[row >> 3] = (validity[row >> 3] as number) | (1 << (row & 7))
    nulls--
  }
  return { nulls, validity }
}

// native searches spare most columns a loop; each kind of array has its own loop, so that each
// loop stays monomorphic

function instantsBitmap(stamps: Float64Array): Bitmap {
  if (!stamps.includes(Number.NaN)) return ALL_VALID
  let nulls = stamps.length
  const validity = new Uint8Array(Math.ceil(stamps.length / BITS))
  for (let row = 0; row < stamps.length; row++) {
    if (Number.isNaN(stamps[row])) continue
    validity[row >> 3] = (validity[row >> 3] as number) | (1 << (row & 7))
    nulls--
  }
  return { nulls, validity }
}

function daysBitmap(days: Int32Array): Bitmap {
  if (!days.includes(NULL_DAY)) return ALL_VALID
  let nulls = days.length
  const validity = new Uint8Array(Math.ceil(days.length / BITS))
  for (let row = 0; row < days.length; row++) {
    if (days[row] === NULL_DAY) continue
    validity[row >> 3] = (validity[row >> 3] as number) | (1 << (row & 7))
    nulls--
  }
  return { nulls, validity }
}

/** Instants as 64-bit integers, two words each; NaN becomes 0. */
function instantBytes(stamps: Float64Array): Uint8Array {
  const words = new Int32Array(stamps.length * 2)
  for (let row = 0; row < stamps.length; row++) {
    const stamp = stamps[row] as number
    const high = Math.floor(stamp / WORD)
    words[2 * row] = stamp - high * WORD
    words[2 * row + 1] = high
  }
  return asBytes(words)
}

/** Returns the instants as 64-bit integers of the column's unit. */
export function canonicalTimestamps({ values }: TimestampColumn): CanonicalRows {
  if (values instanceof Float64Array) {
    return { ...instantsBitmap(values), values: { size: values.byteLength, make: () => instantBytes(values) } }
  }
  const bitmap = maskBitmap(Uint8Array.from(values, (value) => (value === NULL_NANOSECONDS ? 0 : 1)))
  if (bitmap.nulls === 0) return { ...bitmap, values: asPart(values) }
  const make = () => asBytes(values.map((value) => (value === NULL_NANOSECONDS ? 0n : value)))
  return { ...bitmap, values: { size: values.byteLength, make } }
}

function zeroNullDays(days: Int32Array): Uint8Array {
  const zeroed = new Int32Array(days.length)
  for (let row = 0; row < days.length; row++) {
    const day = days[row] as number
    zeroed[row] = day === NULL_DAY ? 0 : day
  }
  return asBytes(zeroed)
}

/** Returns the days as 32-bit integers. */
export function canonicalDates({ values }: DateColumn): CanonicalRows {
  const bitmap = daysBitmap(values)
  if (bitmap.nulls === 0) return { ...bitmap, values: asPart(values) }
  return { ...bitmap, values: { size: values.byteLength, make: () => zeroNullDays(values) } }
}

/** Returns the booleans as bits. */
export function canonicalBooleans({ values, valid }: BooleanColumn): CanonicalRows {
  const bitmap = maskBitmap(valid)
  return { ...bitmap, values: { size: Math.ceil(values.length / BITS), make: () => packOnes(values, valid) } }
}

/** Gives every NaN the same bits; they otherwise depend on the computation. */
function unifyNaN(floats: Float64Array | Float32Array): void {
  const isWide = floats instanceof Float64Array
  const words = new Uint32Array(floats.buffer, floats.byteOffset, floats.byteLength / 4)
  for (let row = 0; row < floats.length; row++) {
    if (!Number.isNaN(floats[row])) continue
    if (isWide) {
      words[2 * row] = 0
      words[2 * row + 1] = 0x7ff8_0000
    } else words[row] = 0x7fc0_0000
  }
}

function cleanBigInts({ values, valid }: BigIntColumn): Uint8Array {
  const clean = values.slice()
  if (valid !== null) for (let row = 0; row < clean.length; row++) if (valid[row] === 0) clean[row] = 0n
  return asBytes(clean)
}

/** Doubles have a loop of their own, because most measures are doubles with nulls. */
function cleanDoubles(values: Float64Array, valid: Uint8Array): Float64Array {
  const clean = new Float64Array(values.length)
  for (let row = 0; row < clean.length; row++) if (valid[row] !== 0) clean[row] = values[row] as number
  return clean
}

function cleanNumbers({ values, valid }: NumberColumn, isNaNFree: boolean): Uint8Array {
  let clean = values
  if (valid !== null && values instanceof Float64Array) clean = cleanDoubles(values, valid)
  else {
    clean = values.slice()
    if (valid !== null) for (let row = 0; row < clean.length; row++) if (valid[row] === 0) clean[row] = 0
  }
  if (!isNaNFree && (clean instanceof Float64Array || clean instanceof Float32Array)) unifyNaN(clean)
  return asBytes(clean)
}

/**
 * Whether all null rows already hold +0, as readers leave them: then the column's own memory is
 * written.
 */
function isZeroUnderNull(values: NumberColumn['values'] | BigIntColumn['values'], valid: Validity): boolean {
  if (valid === null) return true
  if (!(values instanceof Float64Array)) return false
  for (let row = 0; row < valid.length; row++) if (valid[row] === 0 && !Object.is(values[row], 0)) return false
  return true
}

function hasNaN(values: NumberColumn['values'] | BigIntColumn['values']): boolean {
  return (values instanceof Float64Array || values instanceof Float32Array) && values.includes(Number.NaN)
}

/** Returns the numbers in their own width; −0 stays, and every NaN has the same bits. */
export function canonicalNumbers(column: NumberColumn | BigIntColumn): CanonicalRows {
  const { values, valid } = column
  const bitmap = maskBitmap(valid)
  const isNaNFree = !hasNaN(values)
  if (isNaNFree && (bitmap.nulls === 0 || isZeroUnderNull(values, valid))) return { ...bitmap, values: asPart(values) }
  const make = () => (column instanceof NumberColumn ? cleanNumbers(column, isNaNFree) : cleanBigInts(column))
  return { ...bitmap, values: { size: values.byteLength, make } }
}
