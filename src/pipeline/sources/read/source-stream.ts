/**
 * The bytes of a source file as a stream, with what the ledger says of it when it was read to its end.
 * @module
 */
import type { Chunks, FileStore } from '../../../connect/file-store.ts'
import { isPacked, unpack } from '../../../connect/gzip.ts'
import { ConnectError } from '../../../errors.ts'
import type { Effects } from '../../effects.ts'
import type { InputRecord } from '../../log/commit-record.ts'
import { InputGone } from '../files/input-gone.ts'
import { knownVersion } from '../files/known-version.ts'
import { openFile } from './read-input.ts'

/** Bytes after which writes that are under way get a turn. */
const STRETCH = 4 << 20

/** A file that is read once, in the memory of one chunk. */
export interface SourceStream {
  /** Its bytes as they lie there. */
  readonly packed: AsyncIterable<Uint8Array>
  /** What the ledger says of the file; known when its last byte was read. */
  entry(): Pick<InputRecord, 'sha256' | 'bytes' | 'version'>
}

/** What a file is read with. */
export interface StreamContext {
  readonly effects: Pick<Effects, 'now' | 'newHash' | 'yieldToIO' | 'onProgress'>
  onChunk(): void
}

/** Passes chunks on, and gives writes that are under way a turn. */
async function* measured(
  chunks: Chunks,
  { yieldToIO }: Pick<Effects, 'yieldToIO'>,
  visit: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of chunks) {
    visit(chunk)
    yield chunk
    bytes += chunk.length
    if (bytes < STRETCH) continue
    bytes = 0
    await yieldToIO()
  }
}

/**
 * Opens a source file.
 * @throws InputGone - it is gone since it was listed
 */
export async function openStream(
  data: FileStore,
  name: string,
  { effects, onChunk }: StreamContext,
): Promise<SourceStream> {
  const { entry, chunks } = await openFile(data, name).catch((error: unknown) => {
    if (error instanceof ConnectError && error.code === 'not_found') throw new InputGone(name, error)
    throw error
  })
  const hash = effects.newHash()
  let bytes = 0
  const packed = measured(chunks, effects, (chunk) => {
    hash.update(chunk)
    bytes += chunk.length
    onChunk()
    effects.onProgress({ step: 'read', name, done: bytes, total: entry?.size ?? null })
  })
  return { packed, entry: () => ({ sha256: hash.digest(), bytes, version: knownVersion(entry, effects.now()) }) }
}

/** The bytes of a file as its format reads them. */
export function unpackedChunks(name: string, packed: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return isPacked(name) ? unpack(packed, name) : packed
}
