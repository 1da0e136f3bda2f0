/**
 * The immutable files of a state: written before they have a name, named by the hash of their bytes.
 * @module
 */

import type { Chunks, FileEntry, FileStore, StagedFile } from '../../connect/file-store.ts'
import { ConnectError, PipelineError } from '../../errors.ts'
import { arrowFrame } from '../../format/arrow/arrow.ts'
import { joinChunks } from '../../table/chunks.ts'
import type { Frame } from '../../table/frame.ts'
import type { Hash } from '../effects.ts'
import type { StoredFile } from '../log/commit-record.ts'

export const DATA = '.support-etl/data/'
/** Files as they came. */
export const LANDED = 'landed/'

/** Returns all bytes of a file in one piece, in memory of its own: a table is written over the snapshot that it is made of. */
export async function readWhole(store: FileStore, name: string): Promise<Uint8Array> {
  if (store.load !== undefined) return store.load(name)
  const parts: Uint8Array[] = []
  for await (const part of store.read(name)) parts.push(part)
  // also of a single part: it may be what the place keeps, or stand in memory that others share
  return joinChunks(parts)
}

/**
 * Returns the bytes of a file that a commit names.
 * @throws PipelineError data_damaged - it is gone or has another size
 */
export async function readStored(store: FileStore, file: StoredFile): Promise<Uint8Array> {
  const bytes = await readWhole(store, file.name).catch((error: unknown) => {
    if (!(error instanceof ConnectError) || error.code !== 'not_found') throw error
    throw dataDamaged(store, file.name, 'is gone', error)
  })
  if (bytes.length === file.bytes) return bytes
  throw dataDamaged(store, file.name, `has ${bytes.length} bytes, expected ${file.bytes}`)
}

/** What is wrong with a file whose bytes are not what a commit promises. */
export const OTHER_CONTENT = 'does not have the content that its hash promises'

/**
 * Returns the bytes of a file that a commit names, all of them looked at.
 * @throws PipelineError data_damaged - it is gone, has another size, or a byte differs
 */
export async function readIntact(store: FileStore, file: StoredFile, hash: Hash): Promise<Uint8Array> {
  const bytes = await readStored(store, file)
  hash.update(bytes)
  if (hash.digest() !== file.sha256) throw dataDamaged(store, file.name, OTHER_CONTENT)
  return bytes
}

/**
 * The rows of a file that is replayed: what becomes of it gets hashes of its own, so that its own is looked at first.
 * @throws PipelineError data_damaged - it is gone, has another size, or a byte differs
 */
export async function readReplayed(store: FileStore, file: StoredFile, hash: Hash): Promise<Frame> {
  return arrowFrame(await readIntact(store, file, hash))
}

/** Looks at every byte of a file. @throws PipelineError data_damaged - it is gone, or a byte differs */
export async function refuseDamaged(store: FileStore, file: StoredFile, hash: Hash): Promise<void> {
  const { sha256 } = await hashFile(store, file.name, hash).catch((error: unknown) => {
    if (!(error instanceof ConnectError) || error.code !== 'not_found') throw error
    throw dataDamaged(store, file.name, 'is gone', error)
  })
  if (sha256 !== file.sha256) throw dataDamaged(store, file.name, OTHER_CONTENT)
}

/** The error for a file that a commit names and that is not what it was. */
export function dataDamaged(store: FileStore, name: string, what: string, cause?: unknown): PipelineError {
  return new PipelineError(
    'data_damaged',
    `${store.location}/${name} ${what}; the log refers to it. Restore it from a copy, or run into a new folder`,
    cause === undefined ? {} : { cause },
  )
}

/** Passes chunks on, hashing them. */
export function* hashed(chunks: Iterable<Uint8Array>, hash: Hash): Generator<Uint8Array, void, undefined> {
  for (const chunk of chunks) {
    hash.update(chunk)
    yield chunk
  }
}

/** Passes chunks that are still made on, hashing them. */
async function* hashedLater(chunks: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    hash.update(chunk)
    yield chunk
  }
}

/** Writes bytes that get their name later; `onTaken` is called when the given chunks may be changed again. A place that cannot stage keeps them in memory. */
export async function stageFile(store: FileStore, chunks: Chunks, onTaken: () => void = () => {}): Promise<StagedFile> {
  if (store.stage !== undefined) return store.stage(chunks, onTaken)
  const pieces: Uint8Array[] = []
  for await (const chunk of chunks) pieces.push(new Uint8Array(chunk))
  const bytes = joinChunks(pieces)
  onTaken()
  return {
    size: bytes.length,
    version: null,
    moveTo: (name) => store.write(name, [bytes]),
    discard: async () => {},
  }
}

/** Bytes on their way to a name, and their hash. */
export interface HashedFile {
  readonly sha256: string
  readonly staged: StagedFile
}

/** Stages bytes and hashes them on the way. */
export async function stageHashed(
  store: FileStore,
  chunks: Chunks,
  hash: Hash,
  onTaken?: () => void,
): Promise<HashedFile> {
  const passed = Symbol.iterator in chunks ? hashed(chunks, hash) : hashedLater(chunks, hash)
  const staged = await stageFile(store, passed, onTaken)
  return { sha256: hash.digest(), staged }
}

/** The formats of files of a state. */
export type DataFormat = 'arrow' | 'parquet' | 'jsonl'

/** The content address of a file of a state: `<stem>-<first 16 digits of its hash>.<extension>`. */
export function dataName(stem: string, sha256: string, extension: DataFormat): string {
  return `${DATA}${stem}-${sha256.slice(0, 16)}.${extension}`
}

/** The content address of a file as it came: `landed/<stem>-<first 16 digits of its hash><extension>`. */
export function landedName(stem: string, sha256: string, extension: string): string {
  return `${LANDED}${stem}-${sha256.slice(0, 16)}${extension}`
}

/** Returns the hash of a file, read through one window where the place has one. */
export async function hashFile(
  store: FileStore,
  name: string,
  hash: Hash,
): Promise<{ readonly sha256: string; readonly entry: FileEntry | null; readonly bytes: number }> {
  let bytes = 0
  const visit = (chunk: Uint8Array): void => {
    bytes += chunk.length
    hash.update(chunk)
  }
  if (store.windows !== undefined) {
    const { entry, windows } = store.windows(name)
    for (const window of windows) visit(window)
    return { sha256: hash.digest(), entry, bytes }
  }
  for await (const chunk of store.read(name)) visit(chunk)
  return { sha256: hash.digest(), entry: null, bytes }
}
