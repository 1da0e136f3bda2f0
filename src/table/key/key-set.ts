/**
 * Keys that were seen, kept as hashes: what a table of any size costs to check for repeated keys.
 * @module
 */
import { type KeyBytes, keyFormsDiffer } from './key.ts'

/** Words of a hash. */
const WORDS = 4
/** The share of slots in use at which the table grows. */
const LOAD = 0.75

/**
 * One multiplier and one rotation a word of the hash. The multipliers are odd, so that keys that differ in one word have
 * hashes that differ in every word.
 */
const MULTIPLIERS = Int32Array.of(0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f, 0x165667b1)
const ROTATIONS = Int32Array.of(13, 15, 17, 19)

function avalanche(word: number): number {
  let hash = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

/** The bytes of a key as little-endian words; the last one may have fewer than four bytes. */
function wordAt(view: DataView, at: number, end: number): number {
  if (at + 4 <= end) return view.getInt32(at, true)
  let word = 0
  for (let byte = at; byte < end; byte++) word |= view.getUint8(byte) << (8 * (byte - at))
  return word
}

/** Writes the 128-bit hash of some bytes. */
function hashInto(hash: Int32Array, view: DataView, begin: number, end: number): void {
  for (let lane = 0; lane < WORDS; lane++) {
    const multiplier = MULTIPLIERS[lane] as number
    const turn = ROTATIONS[lane] as number
    let value = Math.imul(end - begin + lane, 0x9e3779b1)
    for (let at = begin; at < end; at += 4) {
      value = Math.imul(value ^ Math.imul(wordAt(view, at, end), multiplier), 0x9e3779b1)
      value = (value << turn) | (value >>> (32 - turn))
    }
    hash[lane] = avalanche(value)
  }
}

/**
 * Keys that were added, as 128-bit hashes in one typed array: some 27 bytes a key, however long it is. Two keys are taken for
 * one only if all bits of their hashes are equal. For a billion keys the chance of that is below 10⁻²⁰.
 *
 * @example
 * const seen = new KeySet()
 * seen.add(keyBytes(first, ['agent_id'])) // of AGT001, AGT002: Int32Array []
 * seen.add(keyBytes(second, ['agent_id'])) // of AGT003, AGT001, AGT003: Int32Array [1, 2]
 */
export class KeySet {
  /** Hashes, one a slot; a slot is empty where all words are 0. */
  #slots = new Int32Array(1024 * WORDS)
  #form: KeyBytes['form'] | null = null
  #size = 0

  /** How many different keys there are. */
  get size(): number {
    return this.#size
  }

  /**
   * Adds the keys of some rows, and returns the rows whose key was there before, ascending.
   * @throws ContractError key_type - the keys have another form than those before
   */
  add(keys: KeyBytes): Int32Array {
    this.#form ??= keys.form
    if (this.#form !== keys.form) throw keyFormsDiffer()
    const { bytes, offsets } = keys
    const rows = offsets.length - 1
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const hash = new Int32Array(WORDS)
    const again: number[] = []
    for (let row = 0; row < rows; row++) {
      hashInto(hash, view, offsets[row] as number, offsets[row + 1] as number)
      // the words of an empty slot
      if ((hash[0] as number) === 0 && hash[1] === 0 && hash[2] === 0 && hash[3] === 0) hash[0] = 1
      if (!this.#put(hash)) again.push(row)
    }
    return Int32Array.from(again)
  }

  /** Whether the hash is new. */
  #put(hash: Int32Array): boolean {
    if (this.#size + 1 > (this.#slots.length / WORDS) * LOAD) this.#grow()
    if (!insert(this.#slots, hash, 0)) return false
    this.#size++
    return true
  }

  #grow(): void {
    const before = this.#slots
    const slots = new Int32Array(before.length * 2)
    for (let at = 0; at < before.length; at += WORDS) if (!isEmpty(before, at)) insert(slots, before, at)
    this.#slots = slots
  }
}

function isEmpty(slots: Int32Array, at: number): boolean {
  return slots[at] === 0 && slots[at + 1] === 0 && slots[at + 2] === 0 && slots[at + 3] === 0
}

/** Puts the hash at `from` of `source` into its slot; false where it is there. */
function insert(slots: Int32Array, source: Int32Array, from: number): boolean {
  const last = slots.length - 1
  let at = ((source[from] as number) * WORDS) & last
  while (!isEmpty(slots, at)) {
    const isSame =
      slots[at] === source[from] &&
      slots[at + 1] === source[from + 1] &&
      slots[at + 2] === source[from + 2] &&
      slots[at + 3] === source[from + 3]
    if (isSame) return false
    at = (at + WORDS) & last
  }
  for (let word = 0; word < WORDS; word++) slots[at + word] = source[from + word] as number
  return true
}
