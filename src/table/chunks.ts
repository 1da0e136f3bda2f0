/**
 * Joins chunks into one array: bytes from writers, row numbers from several deltas, or values that are still to come.
 * @module
 */

function joinArrays<Whole extends Uint8Array<ArrayBuffer> | Int32Array>(
  make: new (length: number) => Whole,
  pieces: readonly ArrayLike<number>[],
): Whole {
  const whole = new make(pieces.reduce((size, { length }) => size + length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

/** Returns the chunks as one array, always a copy. */
export function joinChunks(chunks: Iterable<Uint8Array>): Uint8Array<ArrayBuffer> {
  return joinArrays(Uint8Array, [...chunks])
}

/** Returns the row numbers of all lists, list after list. */
export function joinRows(lists: readonly Int32Array[]): Int32Array {
  return joinArrays(Int32Array, lists)
}

/** Returns all values of an iterable whose values are still to come, in order. */
export async function collected<Value>(values: AsyncIterable<Value> | Iterable<Value>): Promise<Value[]> {
  const all: Value[] = []
  for await (const value of values) all.push(value)
  return all
}
