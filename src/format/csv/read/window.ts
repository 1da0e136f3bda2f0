/**
 * What follows a window: `more` bytes; nothing (`last`); or nothing, and the missing last line end
 * was added (`unterminated`).
 */
export type WindowKind = 'more' | 'last' | 'unterminated'

/** Reads whole records of a window and returns the number of bytes read. */
export type ReadWindow = (bytes: Uint8Array, kind: WindowKind) => number

/** Windows have at least this many bytes; fewer wait for more. */
const WINDOW = 64 * 1024
/** Chunks are read in slices of this size, so that positions in a window stay small integers. */
const SLICE = 64 * 1024 * 1024

/**
 * Cuts chunks of any size into windows. A chunk is read in place; only a record that spans two
 * chunks is copied. A record longer than all bytes held is examined again when their number has
 * doubled.
 */
export class WindowFeed {
  readonly #read: ReadWindow
  readonly #minimum: number
  /** Bytes received. */
  total = 0
  #held = new Uint8Array(0)
  #length = 0
  #nextLook: number

  constructor(read: ReadWindow, minimum = WINDOW) {
    this.#read = read
    this.#minimum = minimum
    this.#nextLook = minimum
  }

  push(chunk: Uint8Array): void {
    this.total += chunk.length
    for (let from = 0; from < chunk.length; from += SLICE) {
      // a plain Uint8Array even if a subclass was given, so that the loops see one kind of array
      const slice = Math.min(SLICE, chunk.length - from)
      this.#pushSlice(new Uint8Array(chunk.buffer, chunk.byteOffset + from, slice))
    }
  }

  #pushSlice(chunk: Uint8Array): void {
    let from = 0
    while (this.#length > 0) {
      const old = this.#length
      from += this.#hold(chunk, from, Math.max(this.#minimum, old))
      if (this.#length < this.#nextLook) return
      const used = this.#read(this.#held.subarray(0, this.#length), 'more')
      if (used >= old) {
        from -= this.#length - used
        this.#length = 0
        this.#nextLook = this.#minimum
      } else {
        this.#held.copyWithin(0, used, this.#length)
        this.#length -= used
        this.#nextLook = this.#length * 2
        if (from === chunk.length) return
      }
    }
    const rest = from === 0 ? chunk : chunk.subarray(from)
    const used = rest.length < this.#minimum ? 0 : this.#read(rest, 'more')
    this.#hold(rest, used, rest.length)
  }

  /** Keeps up to `most` bytes of the chunk and returns how many. */
  #hold(chunk: Uint8Array, from: number, most: number): number {
    const count = Math.min(most, chunk.length - from)
    const needed = this.#length + count
    if (needed > this.#held.length) {
      const longer = new Uint8Array(Math.max(needed, this.#held.length * 2, 1024))
      longer.set(this.#held.subarray(0, this.#length))
      this.#held = longer
    }
    this.#held.set(chunk.subarray(from, from + count), this.#length)
    this.#length = needed
    return count
  }

  /** Reads the remaining bytes, and adds the last line end if the file lacks it. */
  end(): void {
    if (this.#length === 0) return
    const last = this.#held[this.#length - 1]
    if (last !== 0x0a) this.#hold(Uint8Array.of(0x0a), 0, 1)
    this.#read(this.#held.subarray(0, this.#length), last === 0x0a || last === 0x0d ? 'last' : 'unterminated')
  }
}
