/**
 * Reads at any position of one open file.
 * @module
 */
import { ConnectError } from '../../errors.ts'
import type { OpenedBytes } from '../file-store.ts'
import { connectError } from './file-error.ts'
import type { FilePort } from './file-port.ts'

/** From this many bytes on, `readLater` reads on another thread. */
const LONG_READ = 1 << 20
/** The most bytes per call: Node's limit is 2 GiB. */
const LONGEST_READ = 1 << 30

/** An open file of a port. */
export class FileReader implements OpenedBytes {
  readonly size: number
  readonly #port: FilePort
  readonly #file: number
  readonly #place: string

  /** `place` is the file's name in messages. */
  constructor(port: FilePort, file: number, size: number, place: string) {
    this.#port = port
    this.#file = file
    this.size = size
    this.#place = place
  }

  read(at: number, into: Uint8Array): void {
    try {
      for (let done = 0; done < into.length; ) {
        done += this.#some(this.#port.read(this.#file, into.subarray(done, done + LONGEST_READ), at + done))
      }
    } catch (error) {
      throw connectError(error, 'read', this.#place)
    }
  }

  async readLater(at: number, into: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < into.length; ) {
        const rest = into.subarray(done, done + LONGEST_READ)
        const isLong = rest.length >= LONG_READ
        const size = isLong
          ? await this.#port.readLater(this.#file, rest, at + done)
          : this.#port.read(this.#file, rest, at + done)
        done += this.#some(size)
      }
    } catch (error) {
      throw connectError(error, 'read', this.#place)
    }
  }

  close(): void {
    try {
      this.#port.close(this.#file)
    } catch {
      // the file was only read, so a failed close loses nothing
    }
  }

  /** Returns how many bytes were read. Throws at an early end of the file. */
  #some(size: number): number {
    if (size > 0) return size
    throw new ConnectError('io_failed', `${this.#place} ends before the bytes that are to be read`)
  }
}
