/**
 * The contract of a place that keeps files, whatever it is: a folder, memory, a bucket.
 * @module
 */

/** One file of a place. */
export interface FileEntry {
  /** The name below the place's root, with `/` between folders. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Changes whenever the content may have changed and survives a rename; null where the place cannot tell. */
  readonly version: string | null
  /** When the file itself was last changed, in epoch milliseconds: content, name or rights; null where the place cannot tell. */
  readonly changedAt: number | null
  /** True where the version is of the content alone: two contents never share one, however soon one follows the other. */
  readonly isContentVersion?: boolean
}

/** Bytes in the order they are written. What was given is not changed before the writing is done. */
export type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>

/** A file that is written and safe on disk, but has no name yet. */
export interface StagedFile {
  readonly size: number
  readonly version: string | null
  /**
   * Gives it its name, over a file that has it already. The name is durable when this returns; `later` leaves that to the
   * place's `flush`, so that many names become durable at once. In a place without `flush` it is durable either way.
   */
  moveTo(name: string, durable?: 'now' | 'later'): Promise<void>
  /** Forgets it. Never throws: what stays behind is a leftover. */
  discard(): Promise<void>
}

/** A file that is read through one window. */
export interface FileWindows {
  /** What the place says of the file as it is opened. */
  readonly entry: FileEntry
  readonly windows: Iterable<Uint8Array>
}

/** A file that is read as it comes. */
export interface OpenedFile {
  /** What the place says of the file as it is opened; its bytes are of this version, or reading fails. */
  readonly entry: FileEntry
  readonly chunks: AsyncIterable<Uint8Array>
}

/** A file that is open, of which any stretch can be read. */
export interface OpenedBytes {
  readonly size: number
  /** Fills `into` with the bytes from `at` on, without waiting. @throws ConnectError io_failed - the file ends before */
  read(at: number, into: Uint8Array): void
  /** The same while the caller works on. */
  readLater(at: number, into: Uint8Array): Promise<void>
  /** Gives the file back; nothing is read any more. */
  close(): void
}

/**
 * A place that keeps files. Names have `/` between folders and no `.`, `..` or empty part;
 * every method refuses another name with `path_invalid`. What was written is durable when the promise is kept.
 */
export interface FileStore {
  /** How messages call the place; holds no secret. */
  readonly location: string
  /** Every file whose name begins with `prefix`, by name; none when there is no such folder. */
  list(prefix: string): Promise<readonly FileEntry[]>
  /** The bytes of a file. @throws ConnectError not_found */
  read(name: string): AsyncIterable<Uint8Array>
  /** Writes a file whole or not at all: a reader sees the old bytes or the new ones, also after a crash. */
  write(name: string, chunks: Chunks): Promise<void>
  /** Writes a file unless the name is taken; of any number of writers at once, one gets true. */
  writeIfAbsent(name: string, bytes: Uint8Array): Promise<boolean>
  /** Removes a file; nothing happens when there is none. */
  remove(name: string): Promise<void>

  /** Optional: the bytes of a file through one window, without waiting; the next window overwrites the one before. */
  windows?(name: string): FileWindows
  /** Optional: the bytes of a file, and what the place says of it. */
  open?(name: string): Promise<OpenedFile>
  /** Optional: opens a file to read any stretch of it. @throws ConnectError not_found */
  openBytes?(name: string): OpenedBytes
  /** Optional: all bytes of a file at once, in memory of its own. */
  load?(name: string): Promise<Uint8Array>
  /**
   * Optional: writes first and names later. Writing and flushing go on while the caller works, so that they overlap with other
   * work; `onTaken` is called when all bytes are written and only flushing is left: what was given may be changed then.
   */
  stage?(chunks: Chunks, onTaken?: () => void): Promise<StagedFile>
  /** Optional: what interrupted writers left behind; `remove` takes the names. */
  leftovers?(): Promise<readonly FileEntry[]>
  /** Optional: makes the names beside a file durable, whoever gave them: a writer that was killed may not have come to it. */
  flush?(name: string): Promise<void>
}
