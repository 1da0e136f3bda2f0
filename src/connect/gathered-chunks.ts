/**
 * Small chunks put together, so that a system call is made for many.
 * @module
 */

const ROOM = 1 << 16

/** Passes chunks on in their order: large ones as they are, small ones together. */
export class GatheredChunks {
  readonly #write: (chunk: Uint8Array) => void
  #gathered: Uint8Array | null = null
  #size = 0

  constructor(write: (chunk: Uint8Array) => void) {
    this.#write = write
  }

  /** Takes a chunk, which is the caller's again when this returns; gives its size. */
  add(chunk: Uint8Array): number {
    if (this.#size + chunk.length > ROOM) this.end()
    if (chunk.length > ROOM >> 1) {
      this.end()
      this.#write(chunk)
    } else {
      this.#gathered ??= new Uint8Array(ROOM)
      this.#gathered.set(chunk, this.#size)
      this.#size += chunk.length
    }
    return chunk.length
  }

  /** Passes on what was gathered. */
  end(): void {
    if (this.#gathered === null || this.#size === 0) return
    this.#write(this.#gathered.subarray(0, this.#size))
    this.#size = 0
  }
}
