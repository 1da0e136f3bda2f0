/**
 * Every file system call that `files` makes, in one small interface: a test wraps it to observe,
 * fail or stop a call.
 * @module
 */
import fs from 'node:fs'

/** The kind of a directory entry. `other` is a device, a socket or a pipe. */
export type EntryKind = 'file' | 'folder' | 'link' | 'other'

/** The status of a file. */
export interface FileStatus {
  readonly kind: EntryKind
  readonly size: number
  /** Identifies the content: changes when the file is replaced or written. */
  readonly version: string
  readonly changedAt: number
}

/** One entry of a folder. */
export interface FolderEntry {
  readonly name: string
  readonly kind: EntryKind
}

/**
 * The file system as `files` uses it. Calls fail with Node's errors, which have a `code` such as
 * ENOSPC.
 */
export interface FilePort {
  /** Opens a file to read, or a new one to write: `wx` fails where the name exists. */
  open(path: string, flags: 'r' | 'wx'): number
  /**
   * Reads up to `into.length` bytes from `at`, or from where the last read ended. Returns 0 at the
   * end of the file.
   */
  read(file: number, into: Uint8Array, at?: number): number
  /** The same on another thread. Do not use `into` before the promise resolves. */
  readLater(file: number, into: Uint8Array, at?: number): Promise<number>
  /**
   * Writes from where the last write ended. Returns how many bytes were written, which may be fewer
   * than given.
   */
  write(file: number, bytes: Uint8Array): number
  /** The same on another thread. Do not change the bytes before the promise resolves. */
  writeLater(file: number, bytes: Uint8Array): Promise<number>
  /** Flushes a file, or the names of an opened folder, to disk. */
  sync(file: number): Promise<void>
  /** The status of an open file. */
  status(file: number): FileStatus
  /** Closes a file. */
  close(file: number): void
  /** Gives a file a second name. Fails with EEXIST where the name exists. */
  link(existing: string, path: string): void
  /** Renames a file and replaces an existing file of that name. */
  rename(from: string, to: string): void
  /** Removes a name. */
  unlink(path: string): void
  /** Makes one folder. Its parent must exist. */
  makeFolder(path: string): void
  /** The entries of a folder, unordered. */
  entries(path: string): readonly FolderEntry[]
  /** The status of a path. Follows links. */
  statusOf(path: string): FileStatus
  /** The path with all links resolved. */
  realPath(path: string): string
}

function kindOf(entry: Pick<fs.Dirent, 'isFile' | 'isDirectory' | 'isSymbolicLink'>): EntryKind {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'folder'
  return entry.isSymbolicLink() ? 'link' : 'other'
}

function statusFrom(stats: fs.BigIntStats): FileStatus {
  return {
    kind: kindOf(stats),
    size: Number(stats.size),
    version: `${stats.mtimeNs.toString(36)}-${stats.ino.toString(36)}`,
    changedAt: Number(stats.ctimeMs),
  }
}

/** The file system of this machine, through Node. */
export const nodeFiles: FilePort = {
  open: (path, flags) => fs.openSync(path, flags),
  read: (file, into, at) => fs.readSync(file, into, 0, into.length, at ?? null),
  readLater: (file, into, at) =>
    new Promise((resolve, reject) => {
      fs.read(file, into, 0, into.length, at ?? null, (error, size) => (error === null ? resolve(size) : reject(error)))
    }),
  write: (file, bytes) => fs.writeSync(file, bytes, 0, bytes.length, null),
  writeLater: (file, bytes) =>
    new Promise((resolve, reject) => {
      fs.write(file, bytes, 0, bytes.length, null, (error, size) => (error === null ? resolve(size) : reject(error)))
    }),
  sync: (file) =>
    new Promise((resolve, reject) => {
      fs.fsync(file, (error) => (error === null ? resolve() : reject(error)))
    }),
  status: (file) => statusFrom(fs.fstatSync(file, { bigint: true })),
  close: (file) => fs.closeSync(file),
  link: (existing, path) => fs.linkSync(existing, path),
  rename: (from, to) => fs.renameSync(from, to),
  unlink: (path) => fs.unlinkSync(path),
  makeFolder: (path) => fs.mkdirSync(path),
  entries: (path) =>
    fs.readdirSync(path, { withFileTypes: true }).map((entry) => ({ name: entry.name, kind: kindOf(entry) })),
  statusOf: (path) => statusFrom(fs.statSync(path, { bigint: true })),
  realPath: (path) => fs.realpathSync.native(path),
}
