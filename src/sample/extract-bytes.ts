/**
 * Writes a generated extract: cells straight into byte chunks, and random numbers from a seed.
 * @module
 */
import { civilFromDays } from '../time/instant.ts'

const CHUNK = 1 << 18
/** The most bytes that one call writes. */
const CELL = 512
const DAY = 86_400

/**
 * Returns a 32-bit number that looks random. It depends only on seed, stream and index, so any row
 * can be generated without the rows before it.
 */
export function chance(seed: number, stream: number, index: number): number {
  let mixed = Math.imul(seed ^ Math.imul(stream, 0x9e3779b1), 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** Collects cells as ASCII bytes. Full chunks wait until `take` removes them. */
export class ByteSink {
  #bytes = new Uint8Array(CHUNK)
  #at = 0
  #full: Uint8Array[] = []
  #day = -1
  readonly #date = new Uint8Array(10)

  get hasFull(): boolean {
    return this.#full.length > 0
  }

  /** Removes and returns the full chunks. */
  take(): Uint8Array[] {
    const taken = this.#full
    if (taken.length > 0) this.#full = []
    return taken
  }

  /** Removes and returns everything written so far. */
  end(): Uint8Array[] {
    const last = this.#bytes.subarray(0, this.#at)
    this.#bytes = new Uint8Array(CHUNK)
    this.#at = 0
    return last.length === 0 ? this.take() : [...this.take(), last]
  }

  text(text: string): void {
    this.#room()
    for (let i = 0; i < text.length; i++) this.#bytes[this.#at++] = text.charCodeAt(i)
  }

  /** Writes a whole number, with leading zeros up to `width`. */
  digits(value: number, width: number): void {
    this.#room()
    let size = width
    for (let limit = 10 ** width; limit <= value; limit *= 10) size++
    let rest = value
    for (let at = this.#at + size - 1; at >= this.#at; at--) {
      const next = Math.floor(rest / 10)
      this.#bytes[at] = 48 + rest - next * 10
      rest = next
    }
    this.#at += size
  }

  /** Writes epoch seconds as `YYYY-MM-DDTHH:mm:ssZ`. */
  timestamp(seconds: number): void {
    this.#room()
    const day = Math.floor(seconds / DAY)
    if (day !== this.#day) this.#setDay(day)
    const bytes = this.#bytes
    let at = this.#at
    for (let i = 0; i < 10; i++) bytes[at++] = this.#date[i] as number
    const clock = seconds - day * DAY
    const hour = (clock / 3600) | 0
    const minute = ((clock / 60) | 0) % 60
    const second = clock % 60
    bytes[at++] = 84
    bytes[at++] = 48 + ((hour / 10) | 0)
    bytes[at++] = 48 + (hour % 10)
    bytes[at++] = 58
    bytes[at++] = 48 + ((minute / 10) | 0)
    bytes[at++] = 48 + (minute % 10)
    bytes[at++] = 58
    bytes[at++] = 48 + ((second / 10) | 0)
    bytes[at++] = 48 + (second % 10)
    bytes[at++] = 90
    this.#at = at
  }

  #setDay(day: number): void {
    const { year, month, day: date } = civilFromDays(day)
    const text = `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`
    for (let i = 0; i < 10; i++) this.#date[i] = text.charCodeAt(i)
    this.#day = day
  }

  #room(): void {
    if (this.#at + CELL <= CHUNK) return
    this.#full.push(this.#bytes.subarray(0, this.#at))
    this.#bytes = new Uint8Array(CHUNK)
    this.#at = 0
  }
}
