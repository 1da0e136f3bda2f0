/**
 * Our arrays as Arrow buffers: offsets, instants, days, codes, text views.
 * @module
 */

import { type BigIntColumn, NULL_DAY, type NumberColumn, type Utf8Column } from '../column.ts'
import { wordsOf, writeLongs } from '../longs.ts'
import { nanosecondPresence, newBitmap, type Presence, presenceOf } from './bits.ts'

const DAY = 86_400_000
/** Texts up to this many bytes are stored in the view itself. */
export const INLINE_BYTES = 12

/** Returns offsets as 64-bit integers. */
export function widenOffsets(offsets: Int32Array): BigInt64Array {
  const target = new BigInt64Array(offsets.length)
  const words = wordsOf(target, offsets.length)
  for (let i = 0; i < offsets.length; i++) words[2 * i] = offsets[i] as number
  return target
}

/** 64-bit integers, and which rows are not null. */
export interface Longs {
  readonly values: BigInt64Array
  readonly presence: Presence
}

/** Returns whole doubles as 64-bit integers. NaN becomes null, stored as 0. */
function doublesToInt64(doubles: Float64Array): Longs {
  const { length } = doubles
  const values = new BigInt64Array(length)
  const bitmap = newBitmap(length)
  const count = writeLongs(doubles, wordsOf(values, length), bitmap)
  return { values, presence: presenceOf(length, count, bitmap) }
}

/** Returns instants as 64-bit integers. Nanoseconds are shared and keep their null value. */
export function instantsToInt64(instants: Float64Array | BigInt64Array): Longs {
  if (instants instanceof Float64Array) return doublesToInt64(instants)
  return { values: instants, presence: nanosecondPresence(instants) }
}

/** Returns days as epoch milliseconds in 64-bit integers. */
export function daysToInt64(days: Int32Array): Longs {
  const milliseconds = new Float64Array(days.length)
  for (let row = 0; row < days.length; row++) {
    milliseconds[row] = days[row] === NULL_DAY ? Number.NaN : (days[row] as number) * DAY
  }
  return doublesToInt64(milliseconds)
}

/** Returns epoch milliseconds as days, or null when a value is not a whole day. */
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

/** Writes a dictionary's codes into the array, with 0 for nulls, and returns it. */
export function fillIndices(codes: Int32Array, indices: Integers): Integers {
  if (indices instanceof BigInt64Array || indices instanceof BigUint64Array) {
    const words = wordsOf(indices, codes.length)
    for (let row = 0; row < codes.length; row++) words[2 * row] = Math.max(0, codes[row] as number)
  } else {
    for (let row = 0; row < codes.length; row++) indices[row] = Math.max(0, codes[row] as number)
  }
  return indices
}

/**
 * Returns texts as 16-byte views. Short texts are inside their view, long ones are a position in
 * `bytes`.
 */
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
