/**
 * Headroom behind the rows of a table that was just read, so that the table after its deltas can be
 * written over it. Pages that are never written cost nothing.
 * @module
 */

/** An array's capacity, as a multiple of its rows. */
export const HEADROOM = 1.25
/** A multiple of this many bytes fits an array of any kind. */
const WORD = 8

/** Returns doubles for that many rows, with headroom. */
export function doublesWithHeadroom(rows: number): Float64Array<ArrayBuffer> {
  return new Float64Array(Math.ceil(rows * HEADROOM)).subarray(0, rows)
}

/** Returns a buffer's first bytes, with headroom. */
export function bytesWithHeadroom(bytes: number): Uint8Array<ArrayBuffer> {
  const capacity = Math.ceil((bytes * HEADROOM) / WORD) * WORD
  return new Uint8Array(capacity).subarray(0, bytes)
}

type Growable = Uint8Array | Int32Array | Float64Array | BigInt64Array

/** Returns the array, or a longer one that begins with its first `used` elements. */
export function grown<Array extends Growable>(array: Array, capacity: number, used = array.length): Array {
  if (array.length >= capacity) return array
  // a typed array's constructor always takes a length; TypeScript does not connect it to the instance
  const longer = new (array.constructor as new (length: number) => Array)(capacity)
  longer.set(array.subarray(0, used) as never)
  return longer
}
