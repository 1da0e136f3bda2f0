/**
 * Room behind the rows of a table that was just read: the table after its deltas is then written over it. Pages that nobody
 * writes cost nothing.
 * @module
 */

/** How many times its rows a table's arrays hold. */
export const SPARE_ROOM = 1.25
/** Arrays of every kind fit a buffer of that many bytes, or of a multiple. */
const WORD = 8

/** Returns doubles of that many rows with spare room behind them. */
export function roomyDoubles(rows: number): Float64Array<ArrayBuffer> {
  return new Float64Array(Math.ceil(rows * SPARE_ROOM)).subarray(0, rows)
}

/** Returns a buffer's first bytes, with spare room behind them. */
export function roomyBytes(bytes: number): Uint8Array<ArrayBuffer> {
  const roomy = Math.ceil((bytes * SPARE_ROOM) / WORD) * WORD
  return new Uint8Array(roomy).subarray(0, bytes)
}

type Growable = Uint8Array | Int32Array | Float64Array | BigInt64Array

/** The array, or a longer one that begins with its first `used` elements. */
export function grown<Array extends Growable>(array: Array, capacity: number, used = array.length): Array {
  if (array.length >= capacity) return array
  // the constructor of a typed array always takes a length; TypeScript does not connect it to the instance
  const longer = new (array.constructor as new (length: number) => Array)(capacity)
  longer.set(array.subarray(0, used) as never)
  return longer
}
