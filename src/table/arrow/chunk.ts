/**
 * The chunks of an Arrow column, with the names of apache-arrow and of flechette, joined into one
 * array.
 * @module
 */

import type { BigIntColumn, NumberArray, Validity } from '../column.ts'
import { readLongs, wordsOf } from '../longs.ts'
import { type Bits, type Blankable, blankNulls, expandBits, isUnset } from './bits.ts'
import type { ArrowVector } from './shape.ts'

/** Types without a column kind of ours are read by bytes, so any typed array is allowed. */
type Buffer = NumberArray | BigIntColumn['values']

/** One chunk's buffers. */
export interface Chunk {
  readonly length: number
  /**
   * The first bit of this chunk in its bitmaps. All other buffers are cut already. Flechette has no
   * slices.
   */
  readonly offset?: number
  readonly nullCount: number
  readonly nullBitmap?: Uint8Array | null
  readonly validity?: Uint8Array | null
  readonly values?: Buffer
  readonly valueOffsets?: Int32Array | BigInt64Array
  /** 64-bit offsets become doubles once they are checked. */
  readonly offsets?: Int32Array | BigInt64Array | Float64Array
  readonly dictionary?: ArrowVector
  /** The buffers that views point to; each library has its own name for them. */
  readonly variadicBuffers?: readonly Uint8Array[]
  readonly data?: readonly Uint8Array[]
  readonly children?: readonly Chunk[]
}

/** Returns a chunk's validity bits, null when it has no nulls. */
export function bitsOf({ nullCount, nullBitmap, validity, offset = 0 }: Chunk): Bits | null {
  const bitmap = nullBitmap ?? validity
  // a bitmap may be absent when nothing is null
  return nullCount > 0 && bitmap ? { bitmap, from: offset } : null
}

/** Returns the validity of all chunks' rows. */
export function readValidity(chunks: readonly Chunk[], length: number): Validity {
  if (chunks.every((chunk) => chunk.nullCount === 0)) return null
  const mask = new Uint8Array(length).fill(1)
  let at = 0
  for (const chunk of chunks) {
    const bits = bitsOf(chunk)
    if (bits !== null) expandBits(bits.bitmap, bits.from, chunk.length, mask, at)
    at += chunk.length
  }
  return mask
}

/**
 * Writes the chunk's 64-bit integers as doubles, with NaN for null rows. Returns false at an
 * integer that no double holds. The target may be the chunk's own memory.
 */
export function int64ToDoubles(chunk: Chunk, target: Float64Array, at: number): boolean {
  const { length, values = new BigInt64Array(length) } = chunk
  const words = wordsOf(values, length)
  const bits = bitsOf(chunk)
  for (let i = readLongs(words, 0, target, at); i < length; i = readLongs(words, i + 1, target, at)) {
    // a null row may hold any value
    if (bits === null || !isUnset(bits, i)) return false
  }
  if (bits !== null) blankNulls(bits, length, target, at, Number.NaN)
  return true
}

/** Returns the values of all chunks in one array. A single chunk's buffer is shared. */
export function joinValues<Values extends Buffer>(
  chunks: readonly Chunk[],
  length: number,
  make: new (length: number) => Values,
): Values {
  const only = chunks[0]
  // the type id implies the array class, which TypeScript cannot know
  if (chunks.length === 1 && only?.values) return only.values.subarray(0, length) as Values
  const joined = new make(length)
  let at = 0
  for (const chunk of chunks) {
    if (chunk.values) joined.set(chunk.values.subarray(0, chunk.length) as never, at)
    at += chunk.length
  }
  return joined
}

/**
 * Returns the values of all chunks in one array, with `missing` in null rows. A single chunk
 * without nulls is shared.
 */
export function joinBlanked<Values extends Blankable>(
  chunks: readonly Chunk[],
  length: number,
  make: new (length: number) => Values,
  missing: Values[number],
): Values {
  const joined = joinValues(chunks, length, make)
  if (chunks.every((chunk) => bitsOf(chunk) === null)) return joined
  // joined chunks are a copy already
  const blanked = chunks.length === 1 ? (joined.slice() as Values) : joined
  let at = 0
  for (const chunk of chunks) {
    const bits = bitsOf(chunk)
    if (bits !== null) blankNulls(bits, chunk.length, blanked, at, missing)
    at += chunk.length
  }
  return blanked
}
