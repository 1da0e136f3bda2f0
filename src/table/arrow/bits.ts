/**
 * Arrow's bitmaps (one bit per row) to validity masks and nulls, and back.
 * @module
 */
import { NULL_NANOSECONDS, type Validity } from '../column.ts'
import { wordsOf } from '../longs.ts'

/** A bitmap, read from bit `from` on. */
export interface Bits {
  readonly bitmap: Uint8Array
  readonly from: number
}

/** An array that represents null by a reserved value. */
export type Blankable = Float64Array | Int32Array | BigInt64Array

/** How many rows are null, and a bit for each row that is not. No bitmap where no row is null. */
export interface Presence {
  readonly nulls: number
  readonly bitmap?: Uint8Array
}

/** No row is null. */
export const ALL_PRESENT: Presence = { nulls: 0 }
/** The high word of {@link NULL_NANOSECONDS}. Its low word is 0. */
const NULL_HIGH = Number(NULL_NANOSECONDS >> 32n)

/** Returns whether the row's bit is 0. */
export function isUnset({ bitmap, from }: Bits, row: number): boolean {
  const bit = from + row
  return (((bitmap[bit >> 3] as number) >> (bit & 7)) & 1) === 0
}

/** Writes `length` bits, from bit `from` on, as bytes 0 and 1. */
export function expandBits(bitmap: Uint8Array, from: number, length: number, target: Uint8Array, at: number): void {
  let i = 0
  // a whole byte at a time while the bits are byte-aligned
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

/** Writes `missing` at each row whose bit is 0. The first of the `length` rows is at `at`. */
export function blankNulls<Array extends Blankable>(
  { bitmap, from }: Bits,
  length: number,
  target: Array,
  at: number,
  missing: Array[number],
): void {
  const skew = from & 7
  // words of the copy are aligned even if the bitmap is not
  const words = new Int32Array((skew + length + 31) >> 5)
  new Uint8Array(words.buffer).set(bitmap.subarray(from >> 3, (from + length + 7) >> 3))
  for (let word = 0; word < words.length; word++) {
    // visit the 0 bits only, lowest first: most words have none
    for (let unset = ~(words[word] as number); unset !== 0; unset &= unset - 1) {
      const row = word * 32 + 31 - Math.clz32(unset & -unset) - skew
      if (row >= 0 && row < length) target[at + row] = missing
    }
  }
}

/** Returns a bitmap of that many rows, all null. */
export function newBitmap(rows: number): Uint8Array<ArrayBuffer> {
  // Arrow requires buffers padded to 8 bytes
  return new Uint8Array(((rows + 63) >> 6) << 3)
}

/** Returns the presence of `rows` rows, `ones` of them not null. */
export function presenceOf(rows: number, ones: number, bitmap: Uint8Array): Presence {
  return ones === rows ? ALL_PRESENT : { nulls: rows - ones, bitmap }
}

/** Packs bytes 0 and 1 into bits. Returns how many are 1. */
function packBytes(bytes: Uint8Array, bitmap: Uint8Array): number {
  const { length } = bytes
  let ones = 0
  for (let first = 0; first < length; first += 8) {
    const end = Math.min(first + 8, length)
    let bits = 0
    for (let i = first; i < end; i++) {
      const one = bytes[i] as number
      bits |= one << (i & 7)
      ones += one
    }
    bitmap[first >> 3] = bits
  }
  return ones
}

/** Returns bytes 0 and 1 as a bitmap. */
export function packBits(bytes: Uint8Array): Uint8Array {
  const bitmap = newBitmap(bytes.length)
  packBytes(bytes, bitmap)
  return bitmap
}

/** Returns a validity mask as presence. */
export function maskPresence(valid: Validity): Presence {
  if (valid === null) return ALL_PRESENT
  const bitmap = newBitmap(valid.length)
  return presenceOf(valid.length, packBytes(valid, bitmap), bitmap)
}

// `includes` is a fast native search for any null. One loop per array class, so that each loop
// compiles for one kind of number.

/** Returns the presence of 32-bit integers, with `missing` as null. */
export function integerPresence(values: Int32Array, missing: number): Presence {
  if (!values.includes(missing)) return ALL_PRESENT
  const bitmap = newBitmap(values.length)
  let nulls = 0
  for (let row = 0; row < values.length; row++) {
    if (values[row] === missing) nulls++
    else bitmap[row >> 3] = (bitmap[row >> 3] as number) | (1 << (row & 7))
  }
  return { nulls, bitmap }
}

/** Returns the presence of nanoseconds, with {@link NULL_NANOSECONDS} as null. */
export function nanosecondPresence(values: BigInt64Array): Presence {
  if (!values.includes(NULL_NANOSECONDS)) return ALL_PRESENT
  const words = wordsOf(values, values.length)
  const bitmap = newBitmap(values.length)
  let nulls = 0
  for (let row = 0; row < values.length; row++) {
    if (words[2 * row + 1] === NULL_HIGH && words[2 * row] === 0) nulls++
    else bitmap[row >> 3] = (bitmap[row >> 3] as number) | (1 << (row & 7))
  }
  return { nulls, bitmap }
}
