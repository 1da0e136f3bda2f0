/**
 * Writes a file: small chunks are collected, large ones are written on another thread while the
 * caller makes the next one.
 * @module
 */
import { ConnectError } from '../../errors.ts'
import type { FilePort } from './file-port.ts'

/** Up to this size a write is synchronous: another thread would cost more. */
const SHORT = 1 << 16
/**
 * Small chunks of a long file are collected up to this size. The next write starts only
 * when the caller yields, so a few large writes are faster.
 */
const BUFFER_SIZE = 4 << 20
/** The most bytes per call: Node's limit is 2 GiB. */
const LONGEST_WRITE = 1 << 30

/** Bytes to write, and the buffer that is free again afterwards. */
interface Piece {
  readonly bytes: Uint8Array
  readonly buffer: Uint8Array | null
}

function diskFull(place: string): ConnectError {
  return new ConnectError('disk_full', `cannot write ${place}: the disk takes no more bytes`)
}

/**
 * Writes chunks in order. A full disk may write fewer bytes without an error, so the rest is
 * offered again until the system reports the error.
 */
export class FileWriter {
  readonly #port: FilePort
  readonly #file: number
  readonly #place: string
  #buffer: Uint8Array | null = null
  #used = 0
  #spare: Uint8Array | null = null
  /** The write in progress. It stays here after a failure. */
  #writing: Promise<void> | null = null
  #waiting: Piece[] = []
  /** Bytes added so far. */
  size = 0

  /** `place` is the file's name in messages. */
  constructor(port: FilePort, file: number, place: string) {
    this.#port = port
    this.#file = file
    this.#place = place
  }

  /**
   * Adds a chunk, which the caller must not change any more. Returns a promise to await before the
   * next chunk, or null.
   */
  add(chunk: Uint8Array): Promise<void> | null {
    const capacity = this.size > SHORT ? BUFFER_SIZE : SHORT
    this.size += chunk.length
    if (chunk.length > capacity >> 1) {
      this.#flushBuffer()
      this.#write({ bytes: chunk, buffer: null })
    } else this.#collect(chunk, capacity)
    return this.#waiting.length > 0 ? this.#writing : null
  }

  /** Writes the rest and waits until everything is written. */
  async end(): Promise<void> {
    this.#flushBuffer()
    while (this.#writing !== null) await this.#writing
  }

  /** Drops the waiting chunks and waits for the write in progress, whether it succeeds or fails. */
  async abandon(): Promise<void> {
    this.#waiting = []
    await this.#writing?.catch(() => {})
  }

  #collect(chunk: Uint8Array, capacity: number): void {
    if (this.#buffer !== null && this.#used + chunk.length > this.#buffer.length) this.#flushBuffer()
    this.#buffer ??= this.#newBuffer(capacity)
    this.#buffer.set(chunk, this.#used)
    this.#used += chunk.length
  }

  #newBuffer(size: number): Uint8Array {
    const spare = this.#spare
    this.#spare = null
    return spare !== null && spare.length >= size ? spare : new Uint8Array(size)
  }

  #flushBuffer(): void {
    const buffer = this.#buffer
    if (buffer === null || this.#used === 0) return
    this.#buffer = null
    this.#write({ bytes: buffer.subarray(0, this.#used), buffer })
    this.#used = 0
  }

  #write(piece: Piece): void {
    if (this.#writing !== null) this.#waiting.push(piece)
    else if (piece.bytes.length > SHORT) this.#start(piece)
    else {
      const { bytes, buffer } = piece
      for (let at = 0; at < bytes.length; ) at += this.#taken(this.#port.write(this.#file, bytes.subarray(at)))
      this.#spare = buffer
    }
  }

  #start(piece: Piece): void {
    this.#writing = this.#writeLater(piece)
    // Avoids an unhandled rejection; the caller that awaits the promise gets the error.
    this.#writing.catch(() => {})
  }

  async #writeLater({ bytes, buffer }: Piece): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      at += this.#taken(await this.#port.writeLater(this.#file, bytes.subarray(at, at + LONGEST_WRITE)))
    }
    this.#spare ??= buffer
    const next = this.#waiting.shift()
    if (next === undefined) this.#writing = null
    else this.#start(next)
  }

  #taken(size: number): number {
    if (size > 0) return size
    throw diskFull(this.#place)
  }
}
