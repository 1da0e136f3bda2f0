/**
 * Arrow's buffers to ours and back: bitmaps to byte masks, 64-bit integers to doubles, chunks to one array.
 * @module
 */
import {
  type BigIntColumn,
  NULL_DAY,
  NULL_NANOSECONDS,
  type NumberColumn,
  type Utf8Column,
  type Validity,
} from './column.ts'
import { wordsOf, writeLongs } from './longs.ts'

const DAY = 86_400_000
/** Bytes of a text view that stand in the view itself. */
export const INLINE_BYTES = 12
/** Writes `length` bits of a bitmap from bit `from` on as bytes 0 and 1. */
export function expandBits(bitmap: Uint8Array, from: number, length: number, target: Uint8Array, at: number): void {
  let i = 0
  // a byte at a time where the bits begin with one
  for (; (from & 7) === 0 && i + 8 <= length; i += 8) {
    const byte = bitmap[(from + i) >> 3] as number
    const to = at + i
    target[to] = byte & 1
    target[to + 1] = (byte >> 1) & 1
    target[to + 2] = (byte >> 2) & 1
    target[to + 3] = (byte >> 3) & 1
    target[to + 4] = (byte >> 4) & 1
    target[to + 5] = (byte >> 5) & 1
    target[to + 6] = (byte >> 6) & 1
    target[to + 7] = byte >> 7
  }
  for (; i < length; i++) {
    const bit = from + i
    target[at + i] = ((bitmap[bit >> 3] as number) >> (bit & 7)) & 1
  }
}

/** Returns the bytes 0 and 1 as a bitmap. */
export function packBits(bytes: Uint8Array): Uint8Array {
  // Arrow asks for buffers padded to 8 bytes
  const bitmap = new Uint8Array(((bytes.length + 63) >> 6) << 3)
  for (let i = 0; i < bytes.length; i++)
    if (bytes[i] === 1) bitmap[i >> 3] = (bitmap[i >> 3] as number) | (1 << (i & 7))
  return bitmap
}

/** Returns how many rows of the mask are null. */
export function countNulls(valid: Validity): number {
  let count = 0
  if (valid !== null) for (let row = 0; row < valid.length; row++) count += valid[row] === 0 ? 1 : 0
  return count
}

/** Returns offsets as 64-bit integers. */
export function widenOffsets(offsets: Int32Array): BigInt64Array {
  const target = new BigInt64Array(offsets.length)
  const words = wordsOf(target, offsets.length)
  for (let i = 0; i < offsets.length; i++) words[2 * i] = offsets[i] as number
  return target
}

/** Returns days as epoch milliseconds in 64 bits; null days become 0. */
export function daysToInt64(days: Int32Array): BigInt64Array {
  const milliseconds = new Float64Array(days.length)
  for (let row = 0; row < days.length; row++) {
    milliseconds[row] = days[row] === NULL_DAY ? 0 : (days[row] as number) * DAY
  }
  return writeLongs(milliseconds)
}

/** Returns epoch milliseconds as days, or null when one of them is not a whole day. */
export function wholeDays(milliseconds: Float64Array): Int32Array | null {
  const days = new Int32Array(milliseconds.length)
  for (let row = 0; row < days.length; row++) {
    const value = milliseconds[row] as number
    if (Number.isNaN(value)) days[row] = NULL_DAY
    else if (value % DAY === 0) days[row] = value / DAY
    else return null
  }
  return days
}

type Integers = Exclude<NumberColumn['values'], Float64Array | Float32Array> | BigIntColumn['values']

/** Fills the array with a dictionary's codes, 0 under nulls, and returns it. */
export function fillIndices(codes: Int32Array, indices: Integers): Integers {
  if (indices instanceof BigInt64Array || indices instanceof BigUint64Array) {
    const words = wordsOf(indices, codes.length)
    for (let row = 0; row < codes.length; row++) words[2 * row] = Math.max(0, codes[row] as number)
  } else {
    for (let row = 0; row < codes.length; row++) indices[row] = Math.max(0, codes[row] as number)
  }
  return indices
}

/** Returns a mask of the rows that `isValue` says have one, null when all do. */
function maskWhere(length: number, isValue: (row: number) => boolean): Validity {
  let row = 0
  while (row < length && isValue(row)) row++
  if (row === length) return null
  const valid = new Uint8Array(length).fill(1, 0, row)
  for (; row < length; row++) if (isValue(row)) valid[row] = 1
  return valid
}

/** Returns a mask of the rows that hold a value, by each array's own null: NaN, the null day, the null nanosecond. */
export function maskOf(values: Float64Array | Int32Array | BigInt64Array): Validity {
  const { length } = values
  if (values instanceof Float64Array) return maskWhere(length, (row) => !Number.isNaN(values[row]))
  if (values instanceof Int32Array) return maskWhere(length, (row) => values[row] !== NULL_DAY)
  return maskWhere(length, (row) => values[row] !== NULL_NANOSECONDS)
}

/** Returns the texts as 16-byte views: short ones inside them, long ones as a place in `bytes`. */
export function textViews({ bytes, offsets, valid, length }: Utf8Column): { views: Uint8Array; bytes: Uint8Array } {
  const views = new Uint8Array(length * 16)
  const view = new DataView(views.buffer)
  for (let row = 0; row < length; row++) {
    if (valid !== null && valid[row] === 0) continue
    const begin = offsets[row] as number
    const text = bytes.subarray(begin, offsets[row + 1])
    view.setInt32(row * 16, text.length, true)
    views.set(text.length <= INLINE_BYTES ? text : text.subarray(0, 4), row * 16 + 4)
    if (text.length > INLINE_BYTES) view.setInt32(row * 16 + 12, begin, true)
  }
  return { views, bytes }
}
