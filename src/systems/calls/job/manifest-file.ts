/**
 * Making and reading the manifest of a curated file.
 * @module
 */
import { isRecord, refuseUnless } from '../../../arguments.ts'
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

/** Refuses what is not a file of a place. */
export function refuseNoFile(file: unknown, name: string): void {
  const isFile = isRecord(file) && isRecord(file.store) && typeof file.name === 'string'
  refuseUnless(isFile, name, file, 'a file of a place, { store, name }')
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

/** Returns whether there is such a file. @throws ConnectError path_invalid - it is a folder */
export async function isFile({ store, name }: PlacedFile): Promise<boolean> {
  try {
    // the first bytes are enough: a place says by them that it has the file
    for await (const _ of store.read(name)) break
    return true
  } catch (error) {
    if (error instanceof ConnectError && error.code === 'not_found') return false
    throw error
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

/**
 * Returns the manifest of a curated file, or null when there is none or it is damaged: the next run makes it anew.
 *
 * @throws ConnectError path_invalid, permission_denied, io_failed - the place cannot give the file
 * @example
 * const store = memoryStore({ 'manifest.json': '{"path":"cut sho' })
 * await readManifest({ store, name: 'manifest.json' }) // null
 */
export async function readManifest(file: PlacedFile): Promise<CallsManifest | null> {
  refuseNoFile(file, 'file')
  const bytes = await readIfPresent(file)
  if (bytes === null) return null
  try {
    const manifest: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return isCallsManifest(manifest) ? manifest : null
  } catch {
    return null
  }
}

/**
 * Writes the manifest of a curated file, whole or not at all. The file that it tells of is published before it: a reader that
 * finds a new manifest finds its data.
 *
 * @throws ContractError invalid_option - it is not a whole manifest
 * @throws ConnectError path_invalid, permission_denied, disk_full, io_failed - the place cannot take the file
 * @example
 * const file = { store: memoryStore(), name: 'manifest.json' }
 * const manifest = {
 *   path: 'data/cleaned_calls.parquet',
 *   file_mtime: '2025-06-30T18:00:00.000Z',
 *   file_size: 4096,
 *   sha256: 'a'.repeat(64),
 *   row_count: 2,
 *   columns: ['call_id'],
 *   time_zone: 'UTC',
 *   generated_at: '2025-06-30T18:00:00.000Z',
 *   content_hash: 'b'.repeat(64),
 * }
 * await writeManifest(file, manifest)
 * const found = await readManifest(file)
 * found?.row_count // 2
 */
export async function writeManifest(file: PlacedFile, manifest: CallsManifest): Promise<void> {
  refuseNoFile(file, 'file')
  refuseUnless(isCallsManifest(manifest), 'manifest', manifest, 'the manifest of a curated file')
  await file.store.write(file.name, [new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`)])
}

/**
 * Refuses a manifest that tells of another curated file, which would be left without one. A manifest of the same bytes is of a
 * file that was moved or is named in another way.
 * @throws ConnectError path_invalid - it does
 */
export async function refuseOtherManifest(
  { output, manifest }: { readonly output: PlacedFile; readonly manifest: PlacedFile },
  effects: Pick<Effects, 'newHash'>,
): Promise<void> {
  const known = await readManifest(manifest)
  if (known === null || known.path === pathOf(output)) return
  const bytes = await readIfPresent(output)
  if (bytes !== null && bytesHash(bytes, effects) === known.sha256) return
  throw new ConnectError(
    'path_invalid',
    `${pathOf(manifest)} is the manifest of ${known.path}, not of ${pathOf(output)}; name another file as the manifest`,
    { details: { file: pathOf(manifest), found: known.path, expected: pathOf(output) } },
  )
}
