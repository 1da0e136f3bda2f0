/**
 * Bytes of source files that were read to find out whether they are new, until the run takes them.
 * @module
 */
import type { FileEntry } from '../../../connect/file-store.ts'
import type { FileBytes } from './read-bytes.ts'

/** Files beyond this many bytes in all are read twice rather than held in memory together. */
const MOST_BYTES = 512 << 20

/** What was read of files, each of which is taken once. */
export class FileContents {
  readonly #files = new Map<string, FileBytes>()
  #bytes = 0

  /** Whether a file may be held beside those that are. */
  hasRoomFor({ size }: Pick<FileEntry, 'size'>): boolean {
    return this.#bytes + size <= MOST_BYTES
  }

  keep(name: string, read: FileBytes): void {
    this.#files.set(name, read)
    this.#bytes += read.bytes.length
  }

  /** Returns what was read of a file, and lets go of it; null where nothing was kept. */
  take(name: string): FileBytes | null {
    const read = this.#files.get(name) ?? null
    this.#files.delete(name)
    if (read !== null) this.#bytes -= read.bytes.length
    return read
  }
}
