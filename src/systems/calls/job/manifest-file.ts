/**
 * Making and reading the manifest of a curated file.
 * @module
 */
import type { FileStore } from '../../../connect/file-store.ts'
import { ConnectError } from '../../../errors.ts'
import { arrowChunks } from '../../../format/arrow/arrow.ts'
import { readWhole } from '../../../pipeline/data-files.ts'
import type { Effects } from '../../../pipeline/effects.ts'
import type { Frame } from '../../../table/frame.ts'
import { type CallsManifest, isCallsManifest } from '../figures/manifest.ts'
import { curatedCalls } from '../tables.ts'

/** One file and the place that keeps it. */
export interface PlacedFile {
  readonly store: FileStore
  readonly name: string
}

/** What messages and manifests call a file. */
export function pathOf({ store, name }: PlacedFile): string {
  return store.location === '.' ? name : `${store.location}/${name}`
}

/** What of the world a manifest needs. */
export interface ManifestEffects extends Pick<Effects, 'now' | 'newHash'> {
  /** When the file's content was last written, in epoch milliseconds; null where the place cannot tell. */
  readonly modifiedAt: (file: PlacedFile) => Promise<number | null>
}

/** The hash of the columns and values of a curated table, from their canonical form. */
export function contentHash(frame: Frame, effects: Pick<Effects, 'newHash'>): string {
  const hash = effects.newHash()
  for (const chunk of arrowChunks(frame, { contract: curatedCalls })) hash.update(chunk)
  return hash.digest()
}

export function bytesHash(bytes: Uint8Array, effects: Pick<Effects, 'newHash'>): string {
  const hash = effects.newHash()
  hash.update(bytes)
  return hash.digest()
}

/** Returns the manifest of a file that is in its place with these bytes. */
export async function makeManifest(
  file: PlacedFile,
  bytes: Uint8Array,
  content: { readonly frame: Frame; readonly hash: string; readonly timeZone: string },
  effects: ManifestEffects,
): Promise<CallsManifest> {
  const now = effects.now()
  const modifiedAt = await effects.modifiedAt(file)
  return {
    path: pathOf(file),
    // a place that cannot tell was written to just now
    file_mtime: new Date(modifiedAt ?? now).toISOString(),
    file_size: bytes.length,
    sha256: bytesHash(bytes, effects),
    row_count: content.frame.rows,
    columns: [...content.frame.columns.keys()],
    time_zone: content.timeZone,
    generated_at: new Date(now).toISOString(),
    content_hash: content.hash,
  }
}

/** Returns the file's bytes, or null when there is none. */
export async function readIfPresent({ store, name }: PlacedFile): Promise<Uint8Array | null> {
  try {
    return await readWhole(store, name)
  } catch (error) {
    if (error instanceof ConnectError && error.code === 'not_found') return null
    throw error
  }
}

/** Returns the manifest, or null when there is none or it is damaged: the next run makes it anew. */
export async function readManifest(file: PlacedFile): Promise<CallsManifest | null> {
  const bytes = await readIfPresent(file)
  if (bytes === null) return null
  try {
    const manifest: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return isCallsManifest(manifest) ? manifest : null
  } catch {
    return null
  }
}
