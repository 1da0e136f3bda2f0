/**
 * The canonical form of a column: the same rows give the same bytes, whatever dictionaries, masks and copies they went through.
 * @module
 */
import {
  type BigIntColumn,
  type BooleanColumn,
  type DateColumn,
  DictionaryColumn,
  NULL_DAY,
  NULL_NANOSECONDS,
  type NumberColumn,
  type TimestampColumn,
  type Utf8Column,
  type Validity,
} from '../table/column.ts'
import { encodeTexts } from '../table/utf8.ts'

/** Bytes of a known size, made when they are asked for: a table is written without a second copy of itself in memory. */
export interface Part {
  readonly size: number
  readonly make: () => Uint8Array
}

/** What a column's rows are in Arrow's memory layout; `validity` is empty when nothing is null. */
export interface CanonicalRows {
  readonly nulls: number
  readonly validity: Uint8Array
  readonly values: Part
}

/** Text of a canonical column: offsets from 0, no byte under a null, none outside the rows. */
export interface CanonicalText {
  readonly nulls: number
  readonly validity: Uint8Array
  readonly offsets: Int32Array
  readonly bytes: Uint8Array
}

const NO_BYTES = new Uint8Array(0)
const WORD = 4_294_967_296
/** Rows per little-endian word of a bitmap. */
const BITS = 8

function asBytes(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

function as(values: ArrayBufferView): Part {
  return { size: values.byteLength, make: () => asBytes(values) }
}

/** Returns a bitmap of the bytes that equal 1. */
export function packOnes(ones: Uint8Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(ones.length / BITS))
  for (let row = 0; row < ones.length; row++) {
    if (ones[row] === 1) bits[row >> 3] = (bits[row >> 3] as number) | (1 << (row & 7))
  }
  return bits
}

interface Bitmap {
  readonly nulls: number
  readonly validity: Uint8Array
}

const ALL_VALID: Bitmap = { nulls: 0, validity: NO_BYTES }

function maskBitmap(valid: Validity): Bitmap {
  if (valid === null) return ALL_VALID
  let nulls = 0
  for (let row = 0; row < valid.length; row++) if (valid[row] === 0) nulls++
  if (nulls === 0) return ALL_VALID
  const validity = new Uint8Array(Math.ceil(valid.length / BITS))
  for (let row = 0; row < valid.length; row++) {
    if (valid[row] !== 0) validity[row >> 3] = (validity[row >> 3] as number) | (1 << (row & 7))
  }
  return { nulls, validity }
}

// one loop per kind of array, so that each sees one kind of number

function codesBitmap(codes: Int32Array): Bitmap {
  let nulls = 0
  for (let row = 0; row < codes.length; row++) if ((codes[row] as number) < 0) nulls++
  if (nulls === 0) return ALL_VALID
  const validity = new Uint8Array(Math.ceil(codes.length / BITS))
  for (let row = 0; row < codes.length; row++) {
    if ((codes[row] as number) >= 0) validity[row >> 3] = (validity[row >> 3] as number) | (1 << (row & 7))
  }
  return { nulls, validity }
}

function stampsBitmap(stamps: Float64Array): Bitmap {
  let nulls = 0
  for (let row = 0; row < stamps.length; row++) if (Number.isNaN(stamps[row])) nulls++
  if (nulls === 0) return ALL_VALID
  const validity = new Uint8Array(Math.ceil(stamps.length / BITS))
  for (let row = 0; row < stamps.length; row++) {
    if (!Number.isNaN(stamps[row])) validity[row >> 3] = (validity[row >> 3] as number) | (1 << (row & 7))
  }
  return { nulls, validity }
}

function nullsBitmap<Value>(values: ArrayLike<Value>, missing: Value): Bitmap {
  const valid = new Uint8Array(values.length)
  for (let row = 0; row < valid.length; row++) valid[row] = values[row] === missing ? 0 : 1
  return maskBitmap(valid)
}

/** Stamps as 64-bit integers by two words each; NaN becomes 0. */
function stampBytes(stamps: Float64Array): Uint8Array {
  const words = new Int32Array(stamps.length * 2)
  for (let row = 0; row < stamps.length; row++) {
    const stamp = stamps[row] as number
    const high = Math.floor(stamp / WORD)
    words[2 * row] = stamp - high * WORD
    words[2 * row + 1] = high
  }
  return asBytes(words)
}

/** Returns the moments as 64-bit integers of the column's unit. */
export function canonicalTimestamps({ values }: TimestampColumn): CanonicalRows {
  if (values instanceof Float64Array) {
    return { ...stampsBitmap(values), values: { size: values.byteLength, make: () => stampBytes(values) } }
  }
  const bitmap = nullsBitmap(values, NULL_NANOSECONDS)
  if (bitmap.nulls === 0) return { ...bitmap, values: as(values) }
  const make = () => asBytes(values.map((value) => (value === NULL_NANOSECONDS ? 0n : value)))
  return { ...bitmap, values: { size: values.byteLength, make } }
}

/** Returns the days as 32-bit integers. */
export function canonicalDates({ values }: DateColumn): CanonicalRows {
  const bitmap = nullsBitmap(values, NULL_DAY)
  if (bitmap.nulls === 0) return { ...bitmap, values: as(values) }
  const make = () => asBytes(values.map((day) => (day === NULL_DAY ? 0 : day)))
  return { ...bitmap, values: { size: values.byteLength, make } }
}

/** Returns the booleans as bits. */
export function canonicalBooleans({ values, valid }: BooleanColumn): CanonicalRows {
  const bitmap = maskBitmap(valid)
  const make = () => packOnes(valid === null ? values : values.map((value, row) => (valid[row] === 0 ? 0 : value)))
  return { ...bitmap, values: { size: Math.ceil(values.length / BITS), make } }
}

/** The one pattern of NaN, by width; others differ by who computed them. */
function writeNaN(target: Float64Array | Float32Array, row: number): void {
  const words = new Uint32Array(target.buffer, target.byteOffset, target.byteLength / 4)
  if (target instanceof Float32Array) words[row] = 0x7fc0_0000
  else {
    words[2 * row] = 0
    words[2 * row + 1] = 0x7ff8_0000
  }
}

function cleanNumbers<Values extends NumberColumn['values'] | BigIntColumn['values']>(
  values: Values,
  valid: Validity,
): Uint8Array {
  const clean = values.slice() as Values
  if (valid !== null) {
    const zero = (clean instanceof BigInt64Array || clean instanceof BigUint64Array ? 0n : 0) as never
    for (let row = 0; row < clean.length; row++) if (valid[row] === 0) clean[row] = zero
  }
  if (clean instanceof Float64Array || clean instanceof Float32Array) {
    for (let row = 0; row < clean.length; row++) if (Number.isNaN(clean[row])) writeNaN(clean, row)
  }
  return asBytes(clean)
}

function hasNaN(values: Float64Array | Float32Array): boolean {
  for (let row = 0; row < values.length; row++) if (Number.isNaN(values[row])) return true
  return false
}

/** Returns the numbers in their own width; −0 stays, every NaN is the same NaN. */
export function canonicalNumbers({ values, valid }: NumberColumn | BigIntColumn): CanonicalRows {
  const bitmap = maskBitmap(valid)
  const isFloat = values instanceof Float64Array || values instanceof Float32Array
  if (bitmap.nulls === 0 && !(isFloat && hasNaN(values))) return { ...bitmap, values: as(values) }
  return { ...bitmap, values: { size: values.byteLength, make: () => cleanNumbers(values, valid) } }
}

/** Returns how many values are used if codes meet their values in order of first use, else −1. */
function countInOrder(codes: Int32Array): number {
  let next = 0
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] as number
    if (code === next) next++
    else if (code > next) return -1
  }
  return next
}

/** Returns the column with its dictionary in order of first use and no entry unused; the column itself if it is so. */
export function compactDictionary(column: DictionaryColumn): DictionaryColumn {
  const { codes, values } = column
  if (countInOrder(codes) === values.length) return column
  const places = new Int32Array(values.length).fill(-1)
  const compact = new Int32Array(codes.length)
  const used: string[] = []
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] as number
    if (code < 0) {
      compact[row] = -1
      continue
    }
    let place = places[code] as number
    if (place < 0) {
      place = used.length
      places[code] = place
      used.push(values[code] as string)
    }
    compact[row] = place
  }
  return new DictionaryColumn(compact, used)
}

/** Returns the text's codes, 0 under nulls, and its dictionary: in order of first use, no entry unused. */
export function canonicalDictionary(
  column: DictionaryColumn,
  name: string,
): CanonicalRows & { readonly dictionary: CanonicalText } {
  const { codes, values } = compactDictionary(column)
  const bitmap = codesBitmap(codes)
  const { bytes, offsets } = encodeTexts(values, name)
  const dictionary: CanonicalText = { ...ALL_VALID, offsets, bytes }
  if (bitmap.nulls === 0) return { ...bitmap, values: as(codes), dictionary }
  const make = () => asBytes(codes.map((code) => (code < 0 ? 0 : code)))
  return { ...bitmap, values: { size: codes.byteLength, make }, dictionary }
}

/** Returns the text's bytes and offsets. */
export function canonicalTexts(column: Utf8Column): CanonicalText {
  const { offsets, bytes, valid, length } = column
  const bitmap = maskBitmap(valid)
  const begin = offsets[0] as number
  if (begin === 0 && !hasBytesUnderNull(column)) {
    return { ...bitmap, offsets, bytes: bytes.subarray(0, offsets[length]) }
  }
  return { ...bitmap, ...cleanTexts(column) }
}

function hasBytesUnderNull({ offsets, valid, length }: Utf8Column): boolean {
  if (valid === null) return false
  for (let row = 0; row < length; row++) if (valid[row] === 0 && offsets[row] !== offsets[row + 1]) return true
  return false
}

function cleanTexts({ offsets, bytes, valid, length }: Utf8Column): { offsets: Int32Array; bytes: Uint8Array } {
  const moved = new Int32Array(length + 1)
  const target = new Uint8Array((offsets[length] as number) - (offsets[0] as number))
  let end = 0
  for (let row = 0; row < length; row++) {
    if (valid === null || valid[row] !== 0) {
      const text = bytes.subarray(offsets[row], offsets[row + 1])
      target.set(text, end)
      end += text.length
    }
    moved[row + 1] = end
  }
  return { offsets: moved, bytes: target.subarray(0, end) }
}
