/**
 * The contract of a place that keeps files, such as a folder, memory or a bucket.
 * @module
 */

/** One file of a place. */
export interface FileEntry {
  /** The name relative to the place's root, with `/` between folders. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  /**
   * A new value whenever the content may have changed. A rename keeps it. Null where the place has
   * no versions.
   */
  readonly version: string | null
  /**
   * When the file's content, name or permissions last changed, in epoch milliseconds; null where
   * the place does not know.
   */
  readonly changedAt: number | null
  /**
   * True where the version depends on the content alone: two different contents never share a
   * version, even when written in quick succession.
   */
  readonly isContentVersion?: boolean
}

/**
 * Bytes in the order of writing. The caller must not change a chunk until the write has finished.
 */
export type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>

/** A file whose bytes are on disk but that has no name yet. */
export interface StagedFile {
  readonly size: number
  readonly version: string | null
  /**
   * Gives the file its name and replaces an existing file of that name. The name is durable when
   * the promise resolves. With `later`, the place's `flush` makes it durable, so that many names
   * need one flush; a place without `flush` makes it durable at once.
   */
  moveTo(name: string, durable?: 'now' | 'later'): Promise<void>
  /** Deletes the file. Never throws: a file that cannot be deleted becomes a leftover. */
  discard(): Promise<void>
}

/** A file read through one reused buffer. */
export interface FileWindows {
  /** The file's entry at the time of opening. */
  readonly entry: FileEntry
  readonly windows: Iterable<Uint8Array>
}

/** A file read as a stream. */
export interface OpenedFile {
  /** The file's entry at the time of opening. If the file changes meanwhile, reading fails. */
  readonly entry: FileEntry
  readonly chunks: AsyncIterable<Uint8Array>
}

/** An open file that allows reads at any position. */
export interface OpenedBytes {
  readonly size: number
  /**
   * Fills `into` with the bytes from `at` on, synchronously. @throws ConnectError io_failed - the
   * file ends before that
   */
  read(at: number, into: Uint8Array): void
  /** Like `read`, without blocking the caller. */
  readLater(at: number, into: Uint8Array): Promise<void>
  /** Closes the file. No reads are allowed afterwards. */
  close(): void
}

/**
 * A place that keeps files. Names have `/` between folders and no `.`, `..` or empty part; every
 * method refuses other names with `path_invalid`. Writes are durable when their promise resolves.
 */
export interface FileStore {
  /** The place's name in messages. It holds no secret. */
  readonly location: string
  /**
   * Lists the files whose names begin with `prefix`, ordered by name. Empty when the folder does
   * not exist.
   */
  list(prefix: string): Promise<readonly FileEntry[]>
  /** Streams the bytes of a file. @throws ConnectError not_found */
  read(name: string): AsyncIterable<Uint8Array>
  /**
   * Writes a file whole or not at all: readers see the old bytes or the new ones, even after a
   * crash.
   */
  write(name: string, chunks: Chunks): Promise<void>
  /** Writes the file unless the name exists. If several writers race, exactly one gets true. */
  writeIfAbsent(name: string, bytes: Uint8Array): Promise<boolean>
  /** Removes a file. Does nothing when it does not exist. */
  remove(name: string): Promise<void>

  /**
   * Optional: reads a file synchronously through one buffer. Each window overwrites the one before.
   */
  windows?(name: string): FileWindows
  /** Optional: opens a file as a stream, with its entry. */
  open?(name: string): Promise<OpenedFile>
  /** Optional: opens a file for reads at any position. @throws ConnectError not_found */
  openBytes?(name: string): OpenedBytes
  /** Optional: reads a whole file into new memory. */
  load?(name: string): Promise<Uint8Array>
  /**
   * Optional: writes the bytes now, for naming later. Writing and flushing overlap with the
   * caller's work. `whenWritten` is called when all bytes are written and only the flush remains: from
   * then on the caller may reuse its chunks.
   */
  stage?(chunks: Chunks, whenWritten?: () => void): Promise<StagedFile>
  /**
   * Optional: lists the files that interrupted writers left behind. `remove` accepts their names.
   */
  leftovers?(): Promise<readonly FileEntry[]>
  /**
   * Optional: makes all names in the file's folder durable, including names that a killed writer
   * did not flush.
   */
  flush?(name: string): Promise<void>
}
