/**
 * The rows of a file that a commit names; only the rows and columns that are asked for are read.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import { ConnectError, FormatError } from '../../errors.ts'
import { type DescribedFrame, describedFrame } from '../../format/arrow/arrow.ts'
import { type FileRows, fileRows, type OpenFile } from '../../format/arrow/read/file-rows.ts'
import { Damage } from '../../format/arrow/read/flat-reader.ts'
import type { Frame } from '../../table/frame.ts'
import { lazyRows } from '../../table/lazy-rows.ts'
import type { Hash } from '../effects.ts'
import type { StoredFile } from '../log/commit-record.ts'
import { dataDamaged, readIntact, readStored, refuseDamaged } from './data-files.ts'

function openerInMemory(bytes: Uint8Array): () => OpenFile {
  const read = (at: number, into: Uint8Array): void => into.set(bytes.subarray(at, at + into.length))
  const opened = { size: bytes.length, read, readLater: async (at: number, into: Uint8Array) => read(at, into) }
  return () => ({ ...opened, close: () => {} })
}

/** Returns how the file is opened: where it lies, or in memory where the place has no other way. */
async function openerOf(store: FileStore, file: StoredFile): Promise<() => OpenFile> {
  if (store.openBytes === undefined) {
    return openerInMemory(await readStored(store, file))
  }
  const open = store.openBytes.bind(store)
  return () => {
    const opened = open(file.name)
    if (opened.size === file.bytes) return opened
    opened.close()
    throw dataDamaged(store, file.name, `has ${opened.size} bytes, expected ${file.bytes}`)
  }
}

/**
 * Returns how a file that a commit names is opened, after every byte of it was looked at.
 * @throws PipelineError data_damaged - it is gone, or a byte of it differs
 */
export async function openIntact(store: FileStore, file: StoredFile, hash: Hash): Promise<() => OpenFile> {
  if (store.openBytes !== undefined) {
    await refuseDamaged(store, file, hash)
    return openerOf(store, file)
  }
  return openerInMemory(await readIntact(store, file, hash))
}

/** What a failed reading means for the state. */
function damageOf(store: FileStore, { name }: StoredFile, error: unknown): unknown {
  if (error instanceof ConnectError && error.code === 'not_found') return dataDamaged(store, name, 'is gone', error)
  if (!(error instanceof Damage || error instanceof FormatError)) return error
  return dataDamaged(store, name, `is no readable Arrow file: ${error.message}`, error)
}

/** Everything, in memory: a rollup of a job's own may hold what is not read in place. */
async function wholeRows(store: FileStore, file: StoredFile): Promise<FileRows> {
  const bytes = await readStored(store, file)
  try {
    const { frame, metadata } = describedFrame(bytes, file.name)
    const rows = lazyRows(frame)
    return { ...rows, metadata, load: async (names) => (names === undefined ? frame : rows.columns(names)) }
  } catch (error) {
    throw damageOf(store, file, error)
  }
}

/**
 * Returns the rows of a file that a commit names.
 * @throws PipelineError data_damaged - it is gone, has another size or is no Arrow file; also when rows are asked for
 */
export async function readStoredRows(store: FileStore, file: StoredFile): Promise<FileRows> {
  const named = <Result>(read: () => Result): Result => {
    try {
      return read()
    } catch (error) {
      throw damageOf(store, file, error)
    }
  }
  const open = await openerOf(store, file)
  const found = named(() => fileRows(open))
  if (found === null) return wholeRows(store, file)
  const { rows, metadata } = found
  return {
    rows,
    metadata,
    columns: (names) => named(() => found.columns(names)),
    at: (places, isNeeded) => named(() => found.at(places, isNeeded)),
    all: () => named(() => found.all()),
    load: (names) =>
      found.load(names).catch((error: unknown) => {
        throw damageOf(store, file, error)
      }),
  }
}

/**
 * Returns all rows of a file that a commit names, and the words about them.
 * @throws PipelineError data_damaged - it is gone, has another size or is no Arrow file
 */
export async function readStoredFrame(store: FileStore, file: StoredFile): Promise<DescribedFrame> {
  const rows = await readStoredRows(store, file)
  return { frame: await rows.load(), metadata: rows.metadata }
}

/**
 * Returns all rows of a file that a commit names, for a run that stores them again in a file with a hash of its own: so their own
 * hash is looked at first.
 * @throws PipelineError data_damaged - it is gone, or a byte of it differs
 */
export async function readIntactFrame(store: FileStore, file: StoredFile, hash: Hash): Promise<Frame> {
  await refuseDamaged(store, file, hash)
  return (await readStoredFrame(store, file)).frame
}
