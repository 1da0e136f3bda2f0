/**
 * Writes FlatBuffers, the form of Arrow's headers: from the end to the front, as the format
 * requires.
 * @module
 */

/**
 * A field of a table: its slot, how it is stored, and its value. The caller omits a field that
 * equals its default.
 */
export type FlatField =
  | readonly [slot: number, kind: 'int8' | 'int16' | 'int32' | 'int64', value: number]
  /** `value` is a position that {@link FlatWriter} returned for a string, vector or table. */
  | readonly [slot: number, kind: 'offset', value: number]

const SIZES = { int8: 1, int16: 2, int32: 4, int64: 8, offset: 4 }
const WORD = 4_294_967_296
const FIRST_BYTES = 1024
/** Headers are aligned to eight bytes. */
const LARGEST = 8

/** Builds one buffer. Positions count from its end, where writing begins. */
export class FlatWriter {
  #bytes = new Uint8Array(FIRST_BYTES)
  #view = new DataView(this.#bytes.buffer)
  /** Bytes written so far. */
  #used = 0

  /** Makes room for `size` bytes, aligned to `alignment`. */
  #grow(size: number, alignment: number): void {
    this.#used += -(this.#used + size) & (alignment - 1)
    const needed = this.#used + size + LARGEST
    if (needed > this.#bytes.length) {
      const longer = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
      longer.set(this.#bytes, longer.length - this.#bytes.length)
      this.#bytes = longer
      this.#view = new DataView(longer.buffer)
    }
    this.#used += size
  }

  get #at(): number {
    return this.#bytes.length - this.#used
  }

  #put(kind: FlatField[1], value: number): void {
    const at = this.#at
    switch (kind) {
      case 'int8':
        this.#view.setInt8(at, value)
        break
      case 'int16':
        this.#view.setInt16(at, value, true)
        break
      case 'int32':
        this.#view.setInt32(at, value, true)
        break
      case 'int64':
        this.#view.setInt32(at, value % WORD, true)
        this.#view.setInt32(at + 4, Math.floor(value / WORD), true)
        break
      case 'offset':
        this.#view.setInt32(at, this.#used - value, true)
    }
  }

  #push(kind: FlatField[1], value: number): void {
    this.#grow(SIZES[kind], SIZES[kind])
    this.#put(kind, value)
  }

  /** Writes a string and returns its position. */
  string(text: string): number {
    const bytes = new TextEncoder().encode(text)
    // a string ends with a zero byte, and its length precedes it
    this.#grow(bytes.length + 1, 4)
    this.#bytes.set(bytes, this.#at)
    this.#push('int32', bytes.length)
    return this.#used
  }

  /** Writes a vector of strings, vectors or tables and returns its position. */
  offsets(positions: readonly number[]): number {
    for (const position of positions.toReversed()) this.#push('offset', position)
    this.#push('int32', positions.length)
    return this.#used
  }

  /** Writes a vector of structs of 64-bit integers and returns its position. */
  longs(structs: readonly (readonly number[])[]): number {
    this.#grow(0, LARGEST)
    for (const numbers of structs.toReversed()) for (const number of numbers.toReversed()) this.#push('int64', number)
    this.#push('int32', structs.length)
    return this.#used
  }

  /** Writes a table and returns its position. */
  table(fields: readonly FlatField[]): number {
    const end = this.#used
    const positions: number[] = []
    for (const [slot, kind, value] of fields.toReversed()) {
      this.#push(kind, value)
      positions[slot] = this.#used
    }
    // placeholder for the position of the table of fields, filled in below
    this.#push('int32', 0)
    const start = this.#used
    for (let slot = positions.length - 1; slot >= 0; slot--) {
      this.#push('int16', positions[slot] === undefined ? 0 : start - (positions[slot] as number))
    }
    this.#push('int16', start - end)
    this.#push('int16', (positions.length + 2) * 2)
    this.#view.setInt32(this.#bytes.length - start, this.#used - start, true)
    return start
  }

  /**
   * Returns the buffer with the table at that position as its root; its length is a multiple of
   * eight.
   */
  finish(root: number): Uint8Array {
    this.#grow(4, LARGEST)
    this.#put('offset', root)
    return this.#bytes.subarray(this.#at)
  }
}
