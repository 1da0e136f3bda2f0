import { grown } from '../../table/headroom.ts'
import { findBadUtf8, isAscii } from './utf8-check.ts'

/** Masks for the low word of a text, by the text's length. */
export const LOW_MASK = Int32Array.of(0, 0xff, 0xffff, 0xffffff, -1, -1, -1, -1, -1)
export const HIGH_MASK = Int32Array.of(0, 0, 0, 0, 0, 0xff, 0xffff, 0xffffff, -1)
/**
 * The high word of long entries. No UTF-8 text ends with byte 0xFF, so a long entry never equals a
 * short one.
 */
const LONG = 0xff000000

/** {@link TextDictionary} returns it instead of a code for bytes that are not UTF-8. */
export const BAD_UTF8 = -2

/**
 * Distinct texts by their UTF-8 bytes, numbered in order of first use. Texts of up to eight bytes
 * without NUL are compared as two words, longer ones by hash and bytes. A hash table with open
 * addressing, at most half full.
 */
export class TextDictionary {
  size = 0
  /**
   * The code in each slot, −1 for none; and the words of each code. All three are replaced when
   * they grow.
   */
  slots = new Int32Array(32).fill(-1)
  lows = new Int32Array(16)
  highs = new Int32Array(16)
  #bytes = new Uint8Array(64)
  #view = new DataView(this.#bytes.buffer)
  #ends = new Int32Array(17)

  /** The code of `[start, end)`, at most eight bytes without NUL; new text gets a new code. */
  codeOfShort(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    const length = end - start
    let low = 0
    let high = 0
    if (start + 8 <= bytes.length) {
      low = view.getInt32(start, true) & (LOW_MASK[length] as number)
      high = view.getInt32(start + 4, true) & (HIGH_MASK[length] as number)
    } else {
      for (let at = 0; at < length; at++) {
        const byte = bytes[start + at] as number
        if (at < 4) low |= byte << (at * 8)
        else high |= byte << (at * 8 - 32)
      }
    }
    const lows = this.lows
    const highs = this.highs
    const slots = this.slots
    const mask = slots.length - 1
    let slot = hashWords(low, high) & mask
    for (;;) {
      const code = slots[slot] as number
      if (code < 0) return this.#add(bytes, start, end, low, high, slot)
      if (lows[code] === low && highs[code] === high) return code
      slot = (slot + 1) & mask
    }
  }

  /** The code of `[start, end)` if it is longer, or holds a NUL. */
  codeOfLong(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    const low = hashBytes(bytes, view, start, end)
    const high = LONG | (end - start)
    const lows = this.lows
    const highs = this.highs
    const slots = this.slots
    const mask = slots.length - 1
    let slot = hashWords(low, high) & mask
    for (;;) {
      const code = slots[slot] as number
      if (code < 0) return this.#add(bytes, start, end, low, high, slot)
      if (lows[code] === low && highs[code] === high && this.#isEqual(code, bytes, view, start, end)) return code
      slot = (slot + 1) & mask
    }
  }

  #isEqual(code: number, bytes: Uint8Array, view: DataView, start: number, end: number): boolean {
    const own = this.#bytes
    const ownView = this.#view
    let at = this.#ends[code] as number
    if ((this.#ends[code + 1] as number) - at !== end - start) return false
    let from = start
    for (; from + 4 <= end; from += 4, at += 4) {
      if (view.getInt32(from, true) !== ownView.getInt32(at, true)) return false
    }
    for (; from < end; from++, at++) {
      if (bytes[from] !== own[at]) return false
    }
    return true
  }

  #add(bytes: Uint8Array, start: number, end: number, low: number, high: number, slot: number): number {
    if (!isAscii(bytes, start, end) && findBadUtf8(bytes, start, end) >= 0) return BAD_UTF8
    const code = this.size++
    if (code === this.lows.length) {
      this.lows = grown(this.lows, code * 2)
      this.highs = grown(this.highs, code * 2)
      this.#ends = grown(this.#ends, code * 2 + 1)
    }
    const from = this.#ends[code] as number
    const to = from + end - start
    if (to > this.#bytes.length) {
      this.#bytes = grown(this.#bytes, Math.max(to, this.#bytes.length * 2), from)
      this.#view = new DataView(this.#bytes.buffer)
    }
    for (let at = start, put = from; at < end; at++) this.#bytes[put++] = bytes[at] as number
    this.#ends[code + 1] = to
    this.lows[code] = low
    this.highs[code] = high
    this.slots[slot] = code
    if (this.size * 2 > this.slots.length) this.#rehash()
    return code
  }

  #rehash(): void {
    const slots = new Int32Array(this.slots.length * 4).fill(-1)
    const mask = slots.length - 1
    for (let code = 0; code < this.size; code++) {
      let slot = hashWords(this.lows[code] as number, this.highs[code] as number) & mask
      while ((slots[slot] as number) >= 0) slot = (slot + 1) & mask
      slots[slot] = code
    }
    this.slots = slots
  }

  /**
   * All entries' bytes in order, and the position of each; the last number is the end of the last
   * entry.
   */
  get entries(): { readonly bytes: Uint8Array; readonly offsets: Int32Array } {
    const offsets = this.#ends.subarray(0, this.size + 1)
    return { bytes: this.#bytes.subarray(0, offsets[this.size]), offsets }
  }

  /** The entries from a code on as strings, in order of their codes. */
  texts(from = 0): string[] {
    const { bytes, offsets } = this.entries
    const texts = new Array<string>(this.size - from)
    for (let code = from; code < this.size; ) {
      // ASCII text: decode many entries at once, because a byte is a character
      const start = offsets[code] as number
      let next = code + 1
      while (next < this.size && (offsets[next + 1] as number) - start <= DECODED) next++
      const run = bytes.subarray(start, offsets[next])
      const letters = isAscii(run, 0, run.length) ? utf8.decode(run) : null
      for (; code < next; code++) {
        const [begin, end] = [offsets[code] as number, offsets[code + 1] as number]
        texts[code - from] = letters?.slice(begin - start, end - start) ?? utf8.decode(bytes.subarray(begin, end))
      }
    }
    return texts
  }
}

/** Bytes that are decoded at once. */
const DECODED = 16_384

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Mixes both words so that every bit affects the low bits, which choose the slot: codes often
 * differ only in their last letter.
 */
export function hashWords(low: number, high: number): number {
  const mixed = Math.imul(low ^ (low >>> 15) ^ Math.imul(high ^ (high >>> 15), 0x85ebca6b), 0x9e3779b1)
  return mixed ^ (mixed >>> 16)
}

function hashBytes(bytes: Uint8Array, view: DataView, start: number, end: number): number {
  let hash = end - start
  let at = start
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  for (; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193)
  return hash ^ (hash >>> 13)
}
