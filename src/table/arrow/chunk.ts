/**
 * The chunks of an Arrow column, by the names of apache-arrow and of flechette, and how they become one array.
 * @module
 */

import type { BigIntColumn, NumberArray, Validity } from '../column.ts'
import { readLongs, wordsOf } from '../longs.ts'
import { type Bits, type Blankable, blankNulls, expandBits, isUnset } from './bits.ts'
import type { ArrowVector } from './shape.ts'

/** Values of types that are no column of ours are read by their bytes, whatever array they are in. */
type Buffer = NumberArray | BigIntColumn['values']

/** One chunk's buffers. */
export interface Chunk {
  readonly length: number
  /** Where the bits of this chunk begin; all other buffers are cut already. Flechette has no slices. */
  readonly offset?: number
  readonly nullCount: number
  readonly nullBitmap?: Uint8Array | null
  readonly validity?: Uint8Array | null
  readonly values?: Buffer
  readonly valueOffsets?: Int32Array | BigInt64Array
  /** 64-bit offsets that were checked are doubles. */
  readonly offsets?: Int32Array | BigInt64Array | Float64Array
  readonly dictionary?: ArrowVector
  /** Where views point to, by the name of each library. */
  readonly variadicBuffers?: readonly Uint8Array[]
  readonly data?: readonly Uint8Array[]
  readonly children?: readonly Chunk[]
}

/** Returns the bits of a chunk that has nulls, null for any other. */
export function bitsOf({ nullCount, nullBitmap, validity, offset = 0 }: Chunk): Bits | null {
  const bitmap = nullBitmap ?? validity
  // a bitmap may be left out where nothing is null
  return nullCount > 0 && bitmap ? { bitmap, from: offset } : null
}

/** Returns which rows of all chunks hold a value. */
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
 * Writes the chunk's 64-bit integers as doubles, null rows as NaN; returns false at one that no double holds. The target may
 * be the chunk's own memory.
 */
export function int64ToDoubles(chunk: Chunk, target: Float64Array, at: number): boolean {
  const { length, values = new BigInt64Array(length) } = chunk
  const words = wordsOf(values, length)
  const bits = bitsOf(chunk)
  for (let i = readLongs(words, 0, target, at); i < length; i = readLongs(words, i + 1, target, at)) {
    // what stands under a null is nobody's business
    if (bits === null || !isUnset(bits, i)) return false
  }
  if (bits !== null) blankNulls(bits, length, target, at, Number.NaN)
  return true
}

/** Returns the values of all chunks in one array: the buffer itself when there is one chunk. */
export function joinValues<Values extends Buffer>(
  chunks: readonly Chunk[],
  length: number,
  make: new (length: number) => Values,
): Values {
  const only = chunks[0]
  // a type's values are an array of its own kind; TypeScript cannot tell from the type id
  if (chunks.length === 1 && only?.values) return only.values.subarray(0, length) as Values
  const joined = new make(length)
  let at = 0
  for (const chunk of chunks) {
    if (chunk.values) joined.set(chunk.values.subarray(0, chunk.length) as never, at)
    at += chunk.length
  }
  return joined
}

/** Returns the values of all chunks in one array, `missing` where they are null: the buffer itself when there is one chunk without nulls. */
export function joinBlanked<Values extends Blankable>(
  chunks: readonly Chunk[],
  length: number,
  make: new (length: number) => Values,
  missing: Values[number],
): Values {
  const joined = joinValues(chunks, length, make)
  if (chunks.every((chunk) => bitsOf(chunk) === null)) return joined
  // what was joined is ours already
  const blanked = chunks.length === 1 ? (joined.slice() as Values) : joined
  let at = 0
  for (const chunk of chunks) {
    const bits = bitsOf(chunk)
    if (bits !== null) blankNulls(bits, chunk.length, blanked, at, missing)
    at += chunk.length
  }
  return blanked
}
