/**
 * A folder of this machine as a place. A file is written under a temporary name, flushed, then
 * renamed. `writeIfAbsent` uses a hard link.
 * @module
 */
import { randomUUID } from 'node:crypto'
import { dirname } from 'node:path'
import { type OptionNames, refuseUnknown, refuseUnless } from '../../arguments.ts'
import { ConnectError } from '../../errors.ts'
import { fileNameParts, prefixParts } from '../file-name.ts'
import type { Chunks, FileEntry, FileStore, FileWindows, OpenedBytes, StagedFile } from '../file-store.ts'
import { connectError, systemCode } from './file-error.ts'
import { type FilePort, type FileStatus, nodeFiles } from './file-port.ts'
import { FileReader } from './file-reader.ts'
import { FileWriter } from './file-writer.ts'
import { listFiles, TEMPORARY } from './folder-list.ts'
import { FolderPaths } from './folder-paths.ts'

const WINDOW = 1 << 20
/** The errors of a file system without hard links, or without permission to make them. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV'])

/**
 * A place that is a folder. It has every optional method but `open`: `windows` returns the entry of
 * an opened file.
 */
export type FolderStore = FileStore & Required<Omit<FileStore, 'open'>>

/** The options of a folder. */
export interface FolderOptions {
  /**
   * The subfolder for files that have no name yet, on the same file system; by default the place
   * itself.
   */
  readonly temporaryFolder?: string
  /** The file system. A test may wrap it. */
  readonly port?: FilePort
}

/** Returns a buffer no larger than the file needs: allocating memory costs more than reading. */
function newWindow(bytes: number): Uint8Array {
  return new Uint8Array(Math.min(WINDOW, bytes + 1))
}

class Folder implements FolderStore {
  readonly location: string
  readonly #paths: FolderPaths
  readonly #temporary: readonly string[]
  readonly #port: FilePort

  constructor(location: string, { temporaryFolder, port = nodeFiles }: FolderOptions) {
    this.location = location
    this.#paths = new FolderPaths(location, port)
    this.#temporary = temporaryFolder === undefined ? [] : fileNameParts(temporaryFolder)
    this.#port = port
  }

  async list(prefix: string): Promise<readonly FileEntry[]> {
    const { folder, start } = prefixParts(prefix)
    const isWanted = (name: string): boolean => name.startsWith(start) && !name.startsWith(TEMPORARY)
    return listFiles(this.#paths, this.#port, folder, isWanted)
  }

  async *read(name: string): AsyncIterable<Uint8Array> {
    const file = this.#open(name)
    try {
      let left = this.#paths.attempt('read', name, () => this.#port.status(file)).size
      for (;;) {
        const window = newWindow(left)
        const size = this.#paths.attempt('read', name, () => this.#port.read(file, window))
        if (size === 0) return
        left = Math.max(0, left - size)
        yield window.subarray(0, size)
      }
    } finally {
      this.#close(file)
    }
  }

  windows(name: string): FileWindows {
    const file = this.#open(name)
    try {
      const { size, version, changedAt } = this.#paths.attempt('read', name, () => this.#port.status(file))
      return { entry: { name, size, version, changedAt }, windows: this.#readWindows(file, name, size) }
    } catch (error) {
      this.#close(file)
      throw error
    }
  }

  *#readWindows(file: number, name: string, bytes: number): Generator<Uint8Array, void, undefined> {
    try {
      const window = newWindow(bytes)
      for (;;) {
        const size = this.#paths.attempt('read', name, () => this.#port.read(file, window))
        if (size === 0) return
        yield window.subarray(0, size)
      }
    } finally {
      this.#close(file)
    }
  }

  openBytes(name: string): OpenedBytes {
    const file = this.#open(name)
    try {
      const { size } = this.#paths.attempt('read', name, () => this.#port.status(file))
      return new FileReader(this.#port, file, size, this.#paths.place(name))
    } catch (error) {
      this.#close(file)
      throw error
    }
  }

  async load(name: string): Promise<Uint8Array> {
    const file = this.openBytes(name)
    try {
      const bytes = new Uint8Array(file.size)
      await file.readLater(0, bytes)
      return bytes
    } finally {
      file.close()
    }
  }

  async write(name: string, chunks: Chunks): Promise<void> {
    fileNameParts(name)
    const staged = await this.stage(chunks)
    await staged.moveTo(name)
  }

  async stage(chunks: Chunks, whenWritten: () => void = () => {}): Promise<StagedFile> {
    const temporary = this.#temporaryName()
    const path = this.#paths.path(temporary)
    await this.#paths.makeFolderOf(path)
    this.#paths.refuseEscape(dirname(path), temporary)
    const file = this.#paths.attempt('write', temporary, () => this.#port.open(path, 'wx'))
    const status = await this.#fill(file, chunks, temporary, whenWritten).catch((error: unknown) => {
      this.#forget(path)
      throw error
    })
    let isNamed = false
    const discard = async (): Promise<void> => {
      if (!isNamed) this.#forget(path)
    }
    const moveTo: StagedFile['moveTo'] = async (name, durable = 'now') => {
      const target = this.#paths.path(name)
      try {
        await this.#paths.makeFolderOf(target)
        this.#paths.refuseEscape(dirname(target), name)
        this.#paths.attempt('write', name, () => this.#port.rename(path, target))
        isNamed = true
      } catch (error) {
        this.#forget(path)
        throw error
      }
      if (durable === 'now') await this.#paths.flushFolder(dirname(target), name)
    }
    return { size: status.size, version: status.version, moveTo, discard }
  }

  async writeIfAbsent(name: string, bytes: Uint8Array): Promise<boolean> {
    const target = this.#paths.path(name)
    await this.#paths.makeFolderOf(target)
    this.#paths.refuseEscape(dirname(target), name)
    const temporary = this.#temporaryName()
    const path = this.#paths.path(temporary)
    await this.#paths.makeFolderOf(path)
    try {
      const file = this.#paths.attempt('write', name, () => this.#port.open(path, 'wx'))
      await this.#fill(file, [bytes], name)
      try {
        this.#port.link(path, target)
      } catch (error) {
        const code = systemCode(error) ?? ''
        if (code === 'EEXIST') return false
        if (!NO_LINKS.has(code)) throw connectError(error, 'write', this.#paths.place(name))
        if (!(await this.#writeExclusive(target, bytes, name))) return false
      }
    } finally {
      this.#forget(path)
    }
    await this.#paths.flushFolder(dirname(target), name)
    return true
  }

  async remove(name: string): Promise<void> {
    const path = this.#paths.path(name)
    try {
      this.#paths.refuseEscape(dirname(path), name)
      this.#port.unlink(path)
    } catch (error) {
      if (systemCode(error) === 'ENOENT' || (error instanceof ConnectError && error.code === 'not_found')) return
      throw connectError(error, 'remove', this.#paths.place(name))
    }
  }

  async leftovers(): Promise<readonly FileEntry[]> {
    return listFiles(this.#paths, this.#port, this.#temporary, (name) => name.startsWith(TEMPORARY))
  }

  async flush(name: string): Promise<void> {
    await this.#paths.flushFolder(dirname(this.#paths.path(name)), name)
  }

  #temporaryName(): string {
    return [...this.#temporary, `${TEMPORARY}${process.pid}-${randomUUID()}`].join('/')
  }

  #open(name: string): number {
    const path = this.#paths.path(name)
    this.#paths.refuseEscape(path, name)
    const { kind } = this.#paths.attempt('read', name, () => this.#port.statusOf(path))
    if (kind !== 'file') {
      throw new ConnectError(
        'path_invalid',
        `${this.#paths.place(name)} is a ${kind === 'folder' ? 'folder' : 'device'}, expected a file`,
      )
    }
    return this.#paths.attempt('read', name, () => this.#port.open(path, 'r'))
  }

  /** Writes the chunks to an open file, flushes and closes it. */
  async #fill(file: number, chunks: Chunks, name: string, whenWritten: () => void = () => {}): Promise<FileStatus> {
    const writer = new FileWriter(this.#port, file, this.#paths.place(name))
    let isOpen = true
    try {
      if (Symbol.iterator in chunks) {
        for (const chunk of chunks) {
          const busy = writer.add(chunk)
          // awaiting null would still yield to every other task
          if (busy !== null) await busy
        }
      } else for await (const chunk of chunks) await writer.add(chunk)
      await writer.end()
      whenWritten()
      await this.#port.sync(file)
      const status = this.#port.status(file)
      isOpen = false
      this.#port.close(file)
      if (status.size === writer.size) return status
      throw new ConnectError(
        'io_failed',
        `${this.#paths.place(name)} holds ${status.size} bytes where ${writer.size} were written`,
      )
    } catch (error) {
      await writer.abandon()
      if (isOpen) this.#close(file)
      throw connectError(error, 'write', this.#paths.place(name))
    }
  }

  /** Closes a file that is no longer needed. A failure to close it is ignored. */
  #close(file: number): void {
    try {
      this.#port.close(file)
    } catch {
      // the caller reports why it gave up
    }
  }

  async #writeExclusive(target: string, bytes: Uint8Array, name: string): Promise<boolean> {
    try {
      await this.#fill(this.#port.open(target, 'wx'), [bytes], name)
      return true
    } catch (error) {
      if (systemCode(error) === 'EEXIST') return false
      throw connectError(error, 'write', this.#paths.place(name))
    }
  }

  #forget(path: string): void {
    try {
      this.#port.unlink(path)
    } catch {
      // a leftover has no public name; garbage collection removes it
    }
  }
}

/**
 * Returns a folder of this machine as a place. The first write makes the folder. Nothing outside
 * the folder is read or written: names with `..` and links that lead out are refused. Files appear
 * whole: bytes go to a temporary name and are flushed, the file is renamed, and its folder is
 * flushed. `writeIfAbsent` links instead of renaming, so exactly one writer wins.
 *
 * @throws ConnectError path_invalid, not_found, permission_denied, disk_full, io_failed - by the
 * methods; the message names the file and what to do
 * @example
 * import { mkdtempSync } from 'node:fs'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { folderStore } from 'support-etl/connect'
 *
 * const store = folderStore(mkdtempSync(join(tmpdir(), 'place-')))
 * const text = (words: string) => new TextEncoder().encode(words)
 * await store.write('notes/one.txt', [text('first, '), text('whole')])
 * await store.writeIfAbsent('notes/one.txt', text('second')) // false
 * const [entry] = await store.list('notes/')
 * entry?.size // 12
 */
export function folderStore(location: string, options: FolderOptions = {}): FolderStore {
  refuseUnless(typeof location === 'string', 'location', location, 'the path of a folder', ConnectError)
  refuseUnknown(options, { temporaryFolder: true, port: true } satisfies OptionNames<FolderOptions>, ConnectError)
  return new Folder(location, options)
}
