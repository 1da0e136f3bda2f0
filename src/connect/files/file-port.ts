/**
 * Every call that `files` makes to the file system, as one small port: a test wraps it to see, fail or stop any call.
 * @module
 */
import fs from 'node:fs'

/** What stands behind a name; `other` is a device, a socket or a pipe. */
export type EntryKind = 'file' | 'folder' | 'link' | 'other'

/** What the file system knows of a file. */
export interface FileStatus {
  readonly kind: EntryKind
  readonly size: number
  /** Identity and time of the content: another value when the file was replaced or written to. */
  readonly version: string
  readonly changedAt: number
}

/** One name in a folder. */
export interface FolderEntry {
  readonly name: string
  readonly kind: EntryKind
}

/** The file system as `files` needs it. Failures are those of Node: errors with a `code` such as ENOSPC. */
export interface FilePort {
  /** Opens a file to read, or a new one to write: `wx` fails where the name is taken. */
  open(path: string, flags: 'r' | 'wx'): number
  /** Reads up to the length of `into` from `at` on, or from where the last read ended; 0 at the end. */
  read(file: number, into: Uint8Array, at?: number): number
  /** The same on another thread: the bytes are nobody's before the promise is kept. */
  readLater(file: number, into: Uint8Array, at?: number): Promise<number>
  /** Writes from where the last write ended and returns how many bytes it took, which may be fewer. */
  write(file: number, bytes: Uint8Array): number
  /** The same on another thread: the bytes are not changed before the promise is kept. */
  writeLater(file: number, bytes: Uint8Array): Promise<number>
  /** Flushes a file, or the names of an opened folder, to disk. */
  sync(file: number): Promise<void>
  /** What is known of an opened file. */
  status(file: number): FileStatus
  /** Gives a file's number back. */
  close(file: number): void
  /** Gives a file a second name; EEXIST where that is taken. */
  link(existing: string, path: string): void
  /** Gives a file another name, over one that has it. */
  rename(from: string, to: string): void
  /** Removes a name. */
  unlink(path: string): void
  /** Makes one folder, whose parent is there. */
  makeFolder(path: string): void
  /** The names in a folder, in no order. */
  entries(path: string): readonly FolderEntry[]
  /** Follows links. */
  statusOf(path: string): FileStatus
  /** The path with every link in it followed. */
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

/** The file system of this machine. */
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
