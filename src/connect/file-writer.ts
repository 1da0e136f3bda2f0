/**
 * A file being written: small chunks together, large ones on another thread while the next one is made.
 * @module
 */
import { ConnectError } from '../errors.ts'
import type { FilePort } from './file-port.ts'

/** Small chunks are gathered to this size, so that a system call is made for many. */
const ROOM = 1 << 16
/** Bytes that may wait to be written: memory that is held for them. */
const WAITING = 8 << 20
/** One call takes no more: Node's limit is 2 GiB. */
const LONGEST_WRITE = 1 << 30

function diskFull(place: string): ConnectError {
  return new ConnectError('disk_full', `cannot write ${place}: the disk takes no more bytes`)
}

/** Writes chunks in their order. A full disk takes fewer bytes without an error, so what is left is offered until the system says why. */
export class FileWriter {
  readonly #port: FilePort
  readonly #file: number
  readonly #place: string
  #gathered: Uint8Array | null = null
  #gatheredSize = 0
  #waiting = 0
  #last: Promise<void> | null = null
  /** Bytes taken so far. */
  size = 0

  /** `place` is how messages call the file. */
  constructor(port: FilePort, file: number, place: string) {
    this.#port = port
    this.#file = file
    this.#place = place
  }

  /** Takes a chunk, which is not to be changed any more. Gives what to wait for before the next one, null for nothing. */
  add(chunk: Uint8Array): Promise<void> | null {
    this.size += chunk.length
    if (chunk.length > ROOM >> 1) {
      this.#pass()
      this.#write(chunk)
    } else {
      if (this.#gatheredSize + chunk.length > ROOM) this.#pass()
      this.#gathered ??= new Uint8Array(ROOM)
      this.#gathered.set(chunk, this.#gatheredSize)
      this.#gatheredSize += chunk.length
    }
    return this.#waiting > WAITING ? this.#last : null
  }

  /** Writes what is left; null when nothing has to be waited for. */
  end(): Promise<void> | null {
    this.#pass()
    return this.#last
  }

  /** Waits until nothing is being written any more, whatever came of it. */
  async settle(): Promise<void> {
    await this.#last?.catch(() => {})
  }

  #pass(): void {
    if (this.#gathered === null || this.#gatheredSize === 0) return
    const gathered = this.#gathered.subarray(0, this.#gatheredSize)
    // what is written later must not be gathered over
    if (this.#last !== null) this.#gathered = null
    this.#gatheredSize = 0
    this.#write(gathered)
  }

  /** Small writes are made at once, for another thread costs more; but never before those that wait. */
  #write(chunk: Uint8Array): void {
    if (this.#last === null && chunk.length <= ROOM) {
      for (let at = 0; at < chunk.length; ) at += this.#taken(this.#port.write(this.#file, chunk.subarray(at)))
      return
    }
    this.#waiting += chunk.length
    this.#last = (this.#last ?? Promise.resolve()).then(() => this.#writeLater(chunk))
    // whoever waits for the end hears of it
    this.#last.catch(() => {})
  }

  async #writeLater(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length; ) {
      at += this.#taken(await this.#port.writeLater(this.#file, chunk.subarray(at, at + LONGEST_WRITE)))
    }
    this.#waiting -= chunk.length
  }

  #taken(size: number): number {
    if (size > 0) return size
    throw diskFull(this.#place)
  }
}
