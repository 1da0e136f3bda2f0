/**
 * A version in the making: every file of it is written before the record that makes it the state.
 * @module
 */
import type { Chunks, FileStore, StagedFile } from '../../connect/file-store.ts'
import { type CopyOptions, type CopySource, type StagedCopy, stageCopy, stageNamed } from '../destinations/copies.ts'
import type { Effects } from '../effects.ts'
import type { PublishedFile, ReplayedInput, StoredFile } from '../log/commit-record.ts'
import { type DataFormat, dataName, landedName, stageHashed } from './data-files.ts'

/** An input of the ledger whose typed rows are on their way to disk. */
export interface StagedInput extends Omit<ReplayedInput, 'stored'> {
  readonly stored: Promise<StoredFile>
}

/** The rows of a file: known before it is written, or when its last byte was made. */
type RowCount = number | (() => number)

/** Makes names durable, those of each folder together. */
export async function flushFolders(out: FileStore, names: Iterable<string>): Promise<void> {
  const folders = new Map<string, string>()
  for (const name of names) folders.set(name.slice(0, name.lastIndexOf('/') + 1), name)
  for (const name of folders.values()) await out.flush?.(name)
}

/** Files that are being written; flushes to disk go on while the next one is made. */
export class VersionDraft {
  readonly #out: FileStore
  readonly #effects: Effects
  readonly #intact: readonly PublishedFile[]
  readonly #onChunk: () => void
  readonly #writing: Promise<unknown>[] = []
  readonly #written = new Map<Promise<StoredFile>, Promise<unknown>>()
  readonly #data = new Map<string, StagedFile>()
  readonly #copies: StagedCopy[] = []
  /** Files that have their names, which are not durable yet. */
  readonly #placed: string[] = []

  /** `intact` are the copies of the last version that need not be written again where the new ones have their bytes. */
  constructor(out: FileStore, intact: readonly PublishedFile[], effects: Effects, onChunk: () => void) {
    this.#out = out
    this.#intact = intact
    this.#effects = effects
    this.#onChunk = onChunk
  }

  /** Writes a file of the state. It gets the name of its content when everything is written. */
  write(stem: string, extension: DataFormat, rows: RowCount, chunks: Chunks): Promise<StoredFile> {
    this.#onChunk()
    this.#effects.onProgress({ step: 'write', name: stem, done: null, total: null })
    const all = Promise.withResolvers<void>()
    const nameOf = (sha256: string) => dataName(stem, sha256, extension)
    const written = this.#stage(nameOf, rows, chunks, all.resolve)
    this.#written.set(written, Promise.race([all.promise, written.catch(() => {})]))
    this.#track(written)
    return written
  }

  /**
   * Writes a file of the state and gives it its name at once, so that it can be read before the version is whole and need not
   * stay in memory. Where the version never becomes one, nothing refers to the file, and it is garbage.
   */
  async place(stem: string, extension: DataFormat, rows: RowCount, chunks: Chunks): Promise<StoredFile> {
    const file = await this.write(stem, extension, rows, chunks)
    await this.#nameFile(file.name)
    return file
  }

  /** Keeps a file as it came, under the name of its content, so that it can be read at once. */
  async land(stem: string, extension: string, chunks: Chunks): Promise<StoredFile> {
    this.#onChunk()
    const file = await this.#stage((sha256) => landedName(stem, sha256, extension), 0, chunks)
    await this.#nameFile(file.name)
    return file
  }

  async #nameFile(name: string): Promise<void> {
    await this.#data.get(name)?.moveTo(name, 'later')
    this.#data.delete(name)
    this.#placed.push(name)
  }

  /** Waits until all bytes of these files are written, though not yet flushed: the memory of their rows may be reused. */
  async whenWritten(files: readonly Promise<StoredFile>[]): Promise<void> {
    await Promise.all(files.map((file) => this.#written.get(file)))
  }

  async #stage(
    nameOf: (sha256: string) => string,
    rows: RowCount,
    chunks: Chunks,
    onTaken?: () => void,
  ): Promise<StoredFile> {
    const { sha256, staged } = await stageHashed(this.#out, chunks, this.#effects.newHash(), onTaken)
    const name = nameOf(sha256)
    this.#data.set(name, staged)
    return { name, sha256, bytes: staged.size, rows: typeof rows === 'number' ? rows : rows() }
  }

  /** Writes a copy that gets its name when the commit stands. */
  copy(source: CopySource, how: CopyOptions): Promise<PublishedFile> {
    this.#onChunk()
    this.#effects.onProgress({ step: 'write', name: source.output, done: null, total: null })
    const copy = this.#keepIntact(stageCopy(this.#out, source, how, this.#effects))
    this.#track(copy)
    return copy
  }

  /** Writes bytes that get their name when the commit stands. */
  publishBytes(file: Pick<PublishedFile, 'output' | 'name' | 'rows'>, bytes: Uint8Array): Promise<PublishedFile> {
    const copy = this.#keepIntact(stageNamed(this.#out, file, [bytes], this.#effects))
    this.#track(copy)
    return copy
  }

  async #keepIntact(staging: Promise<StagedCopy>): Promise<PublishedFile> {
    const copy = await staging
    const same = this.#intact.find(({ name, sha256 }) => name === copy.file.name && sha256 === copy.sha256)
    if (same === undefined) {
      this.#copies.push(copy)
      return copy.file
    }
    await copy.staged.discard()
    return same
  }

  /** Waits until everything is on disk and gives the files of the state their names; nobody refers to them yet. */
  async settle(): Promise<void> {
    await Promise.all(this.#writing)
    for (const name of [...this.#data.keys()]) await this.#nameFile(name)
    await this.#flush(this.#placed)
  }

  /** Gives the copies their names; returns those that were written. */
  async publish(): Promise<readonly PublishedFile[]> {
    for (const { staged, file } of this.#copies) {
      this.#effects.onProgress({ step: 'publish', name: file.name, done: null, total: null })
      await staged.moveTo(file.name, 'later')
    }
    const written = this.#copies.map(({ file }) => file)
    await this.#flush(written.map(({ name }) => name))
    return written
  }

  /** Forgets what has no name yet. Files that have theirs stay: another version may refer to the same content. */
  async discard(): Promise<void> {
    await Promise.allSettled(this.#writing)
    for (const staged of this.#data.values()) await staged.discard()
    for (const { staged } of this.#copies) await staged.discard()
  }

  /** Makes names durable: flushing one of a folder flushes all that are beside it. */
  async #flush(names: Iterable<string>): Promise<void> {
    await flushFolders(this.#out, names)
  }

  /** Avoids an unhandled rejection; whoever awaits the promise gets the error. */
  #track(promise: Promise<unknown>): void {
    promise.catch(() => {})
    this.#writing.push(promise)
  }
}
