/**
 * A file being written: small chunks together, large ones on another thread while the next one is made.
 * @module
 */
import { ConnectError } from '../../errors.ts'
import type { FilePort } from './file-port.ts'

/** This much is written at once: for so little another thread costs more. */
const SHORT = 1 << 16
/** Chunks of a long file are gathered to this size: each call waits for the caller, who is busy making the next chunk. */
const ROOM = 4 << 20
/** One call takes no more: Node's limit is 2 GiB. */
const LONGEST_WRITE = 1 << 30

/** Bytes to be written, and the memory that is free again then. */
interface Piece {
  readonly bytes: Uint8Array
  readonly room: Uint8Array | null
}

function diskFull(place: string): ConnectError {
  return new ConnectError('disk_full', `cannot write ${place}: the disk takes no more bytes`)
}

/** Writes chunks in their order. A full disk takes fewer bytes without an error, so what is left is offered until the system says why. */
export class FileWriter {
  readonly #port: FilePort
  readonly #file: number
  readonly #place: string
  #room: Uint8Array | null = null
  #gathered = 0
  #spare: Uint8Array | null = null
  /** The write that goes on; it stays here when it fails. */
  #going: Promise<void> | null = null
  #waiting: Piece[] = []
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
    const room = this.size > SHORT ? ROOM : SHORT
    this.size += chunk.length
    if (chunk.length > room >> 1) {
      this.#pass()
      this.#write({ bytes: chunk, room: null })
    } else this.#gather(chunk, room)
    return this.#waiting.length > 0 ? this.#going : null
  }

  /** Writes what is left. */
  async end(): Promise<void> {
    this.#pass()
    while (this.#going !== null) await this.#going
  }

  /** Waits until nothing is being written any more, whatever came of it, and forgets the rest. */
  async settle(): Promise<void> {
    this.#waiting = []
    await this.#going?.catch(() => {})
  }

  #gather(chunk: Uint8Array, room: number): void {
    if (this.#room !== null && this.#gathered + chunk.length > this.#room.length) this.#pass()
    this.#room ??= this.#newRoom(room)
    this.#room.set(chunk, this.#gathered)
    this.#gathered += chunk.length
  }

  #newRoom(size: number): Uint8Array {
    const spare = this.#spare
    this.#spare = null
    return spare !== null && spare.length >= size ? spare : new Uint8Array(size)
  }

  #pass(): void {
    const room = this.#room
    if (room === null || this.#gathered === 0) return
    this.#room = null
    this.#write({ bytes: room.subarray(0, this.#gathered), room })
    this.#gathered = 0
  }

  #write(piece: Piece): void {
    if (this.#going !== null) this.#waiting.push(piece)
    else if (piece.bytes.length > SHORT) this.#start(piece)
    else {
      const { bytes, room } = piece
      for (let at = 0; at < bytes.length; ) at += this.#taken(this.#port.write(this.#file, bytes.subarray(at)))
      this.#spare = room
    }
  }

  #start(piece: Piece): void {
    this.#going = this.#writeLater(piece)
    // whoever waits for it hears of it
    this.#going.catch(() => {})
  }

  async #writeLater({ bytes, room }: Piece): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      at += this.#taken(await this.#port.writeLater(this.#file, bytes.subarray(at, at + LONGEST_WRITE)))
    }
    this.#spare ??= room
    const next = this.#waiting.shift()
    if (next === undefined) this.#going = null
    else this.#start(next)
  }

  #taken(size: number): number {
    if (size > 0) return size
    throw diskFull(this.#place)
  }
}
