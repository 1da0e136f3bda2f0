/**
 * A source file's bytes, with what the ledger says of them: hash and version are those of the bytes that were read.
 * @module
 */
import type { FileEntry, FileStore } from '../../../connect/file-store.ts'
import { isPacked, unpackWhole } from '../../../connect/gzip.ts'
import { ConnectError } from '../../../errors.ts'
import { joinChunks } from '../../../table/chunks.ts'
import type { Effects } from '../../effects.ts'
import type { InputRecord } from '../../log/commit-record.ts'
import { InputGone } from './input-gone.ts'
import { knownVersion } from './known-version.ts'

/** A file that was read. */
export interface FileBytes {
  /** Unpacked. */
  readonly bytes: Uint8Array
  /** What the ledger says of the file as it lies there: packed, where it is. */
  readonly entry: Pick<InputRecord, 'sha256' | 'bytes' | 'version'>
}

/** Fills one buffer of the file's size: pieces that are joined would need the memory twice. */
function fill(windows: Iterable<Uint8Array>, { size }: FileEntry): Uint8Array {
  const bytes = new Uint8Array(size)
  const rest: Uint8Array[] = []
  let at = 0
  for (const window of windows) {
    if (at + window.length <= size) bytes.set(window, at)
    else rest.push(window.slice())
    at += window.length
  }
  if (rest.length === 0 && at === size) return bytes
  // the file grew, or shrank, while it was read
  return joinChunks([bytes.subarray(0, Math.min(at, size)), ...rest])
}

async function readPacked(
  data: FileStore,
  name: string,
): Promise<{ readonly packed: Uint8Array; readonly entry: FileEntry | null }> {
  if (data.windows !== undefined) {
    const { entry, windows } = data.windows(name)
    return { packed: fill(windows, entry), entry }
  }
  const opened = await data.open?.(name)
  const parts: Uint8Array[] = []
  for await (const part of opened?.chunks ?? data.read(name)) parts.push(part.slice())
  return { packed: joinChunks(parts), entry: opened?.entry ?? null }
}

/** A file that was read and not unpacked yet. */
export interface PackedFile extends Pick<FileBytes, 'entry'> {
  /** Its bytes as they lie there. */
  readonly packed: Uint8Array
  /** @throws FormatError gzip_invalid, limit_exceeded - it is packed and damaged */
  unpack(): Promise<Uint8Array>
}

/**
 * Returns a source file as it lies there: what the ledger says of it is known, whether or not it can be unpacked.
 * @throws InputGone - it is gone since it was listed
 */
export async function readPackedFile(
  data: FileStore,
  name: string,
  { now, newHash }: Pick<Effects, 'now' | 'newHash'>,
): Promise<PackedFile> {
  const { packed, entry } = await readPacked(data, name).catch((error: unknown) => {
    if (error instanceof ConnectError && error.code === 'not_found') throw new InputGone(name, error)
    throw error
  })
  const version = knownVersion(entry, now())
  const hash = newHash()
  hash.update(packed)
  return {
    packed,
    entry: { sha256: hash.digest(), bytes: packed.length, version },
    unpack: async () => (isPacked(name) ? await unpackWhole(packed, name) : packed),
  }
}

/**
 * Returns the bytes of a source file.
 * @throws InputGone - it is gone since it was listed
 * @throws FormatError gzip_invalid, limit_exceeded - it is packed and damaged
 */
export async function readFileBytes(
  data: FileStore,
  name: string,
  effects: Pick<Effects, 'now' | 'newHash'>,
): Promise<FileBytes> {
  const { entry, unpack } = await readPackedFile(data, name, effects)
  return { bytes: await unpack(), entry }
}

/** The hash of a file's unpacked bytes, by which a piece of a log is known. */
export function unpackedHash(name: string, { bytes, entry }: FileBytes, { newHash }: Pick<Effects, 'newHash'>): string {
  if (!isPacked(name)) return entry.sha256
  const hash = newHash()
  hash.update(bytes)
  return hash.digest()
}
