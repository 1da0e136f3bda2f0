/**
 * Reads FlatBuffers and checks every position: untrusted bytes must not cause a read out of bounds
 * or an endless loop.
 * @module
 */

/** The bytes are impossible: the file is damaged. */
export class Damage extends Error {}

/** The bytes are valid, but this library does not read them; the message says what to do. */
export class Unsupported extends Damage {}

/** Text that is not UTF-8, with its position. */
export class TextDamage extends Damage {}

/** A vector's first element, and the number of elements. */
export interface FlatVector {
  readonly at: number
  readonly count: number
}

const WORD = 4_294_967_296
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** One FlatBuffer. */
export class FlatReader {
  readonly #view: DataView

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  #need(at: number, size: number): void {
    if (at < 0 || size < 0 || at + size > this.#view.byteLength) throw new Damage('a header points out of bounds')
  }

  int8(at: number): number {
    this.#need(at, 1)
    return this.#view.getUint8(at)
  }

  int16(at: number): number {
    this.#need(at, 2)
    return this.#view.getInt16(at, true)
  }

  int32(at: number): number {
    this.#need(at, 4)
    return this.#view.getInt32(at, true)
  }

  /** A 64-bit length or offset, from 0 up to well below 2^53. */
  int64(at: number): number {
    this.#need(at, 8)
    const value = this.#view.getInt32(at + 4, true) * WORD + this.#view.getUint32(at, true)
    if (value < 0 || value > Number.MAX_SAFE_INTEGER) throw new Damage('a header holds an impossible length')
    return value
  }

  string(at: number, size: number): string {
    this.#need(at, size)
    try {
      return UTF8.decode(new Uint8Array(this.#view.buffer, this.#view.byteOffset + at, size))
    } catch {
      throw new TextDamage('a name in its schema')
    }
  }

  /** The table at the offset stored at `at`. */
  table(at: number): FlatTable {
    return new FlatTable(this, at + this.int32(at))
  }

  /** The vector at the offset stored at `at`, checked to lie within the buffer. */
  vector(at: number, stride: number): FlatVector {
    const begin = at + this.int32(at)
    const count = this.int32(begin)
    if (count < 0) throw new Damage('a header holds a vector of negative length')
    this.#need(begin + 4, count * stride)
    return { at: begin + 4, count }
  }
}

/** A table of a FlatBuffer: fields by slot, with defaults for absent fields. */
export class FlatTable {
  readonly reader: FlatReader
  readonly #at: number
  readonly #fields: number
  readonly #size: number

  constructor(reader: FlatReader, at: number) {
    this.reader = reader
    this.#at = at
    this.#fields = at - reader.int32(at)
    if (this.#fields < 0) throw new Damage('a header points out of bounds')
    this.#size = reader.int16(this.#fields)
    // the table of fields lies within the buffer
    reader.int16(this.#fields + Math.max(2, this.#size - 2))
  }

  #find(slot: number): number {
    const entry = 4 + slot * 2
    const offset = entry < this.#size ? this.reader.int16(this.#fields + entry) : 0
    // 16 bits, read as signed like other readers do; no real table is that long
    if (offset < 0) throw new Damage('a header points out of bounds')
    return offset === 0 ? -1 : this.#at + offset
  }

  int8(slot: number, missing = 0): number {
    const at = this.#find(slot)
    return at < 0 ? missing : this.reader.int8(at)
  }

  int16(slot: number, missing = 0): number {
    const at = this.#find(slot)
    return at < 0 ? missing : this.reader.int16(at)
  }

  int32(slot: number, missing = 0): number {
    const at = this.#find(slot)
    return at < 0 ? missing : this.reader.int32(at)
  }

  int64(slot: number): number {
    const at = this.#find(slot)
    return at < 0 ? 0 : this.reader.int64(at)
  }

  table(slot: number): FlatTable | null {
    const at = this.#find(slot)
    return at < 0 ? null : this.reader.table(at)
  }

  vector(slot: number, stride: number): FlatVector {
    const at = this.#find(slot)
    return at < 0 ? { at: 0, count: 0 } : this.reader.vector(at, stride)
  }

  /** The tables of a vector. */
  tables(slot: number): FlatTable[] {
    const { at, count } = this.vector(slot, 4)
    return Array.from({ length: count }, (_, index) => this.reader.table(at + index * 4))
  }

  /** Returns a string, checked to lie within the buffer and to be UTF-8. */
  string(slot: number): string {
    const { at, count } = this.vector(slot, 1)
    return this.reader.string(at, count)
  }
}
