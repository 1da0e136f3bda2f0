/**
 * The chunks of an Arrow column, by the names of apache-arrow and of flechette, and how they become one array.
 * @module
 */
import { expandBits } from './arrow-buffers.ts'
import type { ArrowVector } from './arrow-shape.ts'
import type { BigIntColumn, NumberArray, Validity } from './column.ts'

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
  readonly offsets?: Int32Array | BigInt64Array
  readonly dictionary?: ArrowVector
  readonly variadicBuffers?: readonly Uint8Array[]
}

/** Returns which rows of all chunks hold a value. */
export function readValidity(chunks: readonly Chunk[], length: number): Validity {
  if (chunks.every((chunk) => chunk.nullCount === 0)) return null
  const mask = new Uint8Array(length).fill(1)
  let at = 0
  for (const chunk of chunks) {
    const bitmap = chunk.nullBitmap ?? chunk.validity
    // a bitmap may be left out where nothing is null
    if (chunk.nullCount > 0 && bitmap) expandBits(bitmap, chunk.offset ?? 0, chunk.length, mask, at)
    at += chunk.length
  }
  return mask
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
