/**
 * Makes, reads and writes the manifest of a curated file.
 * @module
 */
import { isRecord, refuseUnless } from '../../../arguments.ts'
import type { FileStore } from '../../../connect/file-store.ts'
import { ConnectError } from '../../../errors.ts'
import { arrowChunks } from '../../../format/arrow/arrow.ts'
import type { Effects } from '../../../pipeline/effects.ts'
import { readWhole } from '../../../pipeline/state/data-files.ts'
import type { Frame } from '../../../table/frame.ts'
import { type CallsManifest, isCallsManifest } from '../figures/manifest.ts'
import { curatedCalls } from '../tables.ts'

/** A file, with the place that holds it. */
export interface PlacedFile {
  readonly store: FileStore
  readonly name: string
}

/** Refuses a value that is not a file of a place. */
export function refuseNoFile(file: unknown, name: string): void {
  const isFile = isRecord(file) && isRecord(file.store) && typeof file.name === 'string'
  refuseUnless(isFile, name, file, 'a file of a place, { store, name }')
}

/** The name of a file in messages and manifests. */
export function pathOf({ store, name }: PlacedFile): string {
  return store.location === '.' ? name : `${store.location}/${name}`
}

/** The effects that a manifest needs. */
export interface ManifestEffects extends Pick<Effects, 'now' | 'newHash'> {
  /**
   * When the file's content was last written, in epoch milliseconds; null where the place does not
   * know.
   */
  readonly modifiedAt: (file: PlacedFile) => Promise<number | null>
}

/** Hash of the columns and values of a curated table, over their canonical form. */
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

/** Returns the manifest of a curated file. */
export async function makeManifest(
  file: PlacedFile,
  { bytes, sha256 }: { readonly bytes: number; readonly sha256: string },
  content: { readonly frame: Frame; readonly hash: string; readonly timeZone: string },
  effects: ManifestEffects,
): Promise<CallsManifest> {
  const now = effects.now()
  const modifiedAt = await effects.modifiedAt(file)
  return {
    path: pathOf(file),
    // a place that does not know was written just now
    file_mtime: new Date(modifiedAt ?? now).toISOString(),
    file_size: bytes,
    sha256,
    row_count: content.frame.rows,
    columns: [...content.frame.columns.keys()],
    time_zone: content.timeZone,
    generated_at: new Date(now).toISOString(),
    content_hash: content.hash,
  }
}

/** Returns whether the file exists. @throws ConnectError path_invalid - it is a folder */
export async function isFile({ store, name }: PlacedFile): Promise<boolean> {
  try {
    // the first bytes prove that the file exists
    for await (const _ of store.read(name)) break
    return true
  } catch (error) {
    if (error instanceof ConnectError && error.code === 'not_found') return false
    throw error
  }
}

/** Returns the file's bytes, or null if it does not exist. */
export async function readIfPresent({ store, name }: PlacedFile): Promise<Uint8Array | null> {
  try {
    return await readWhole(store, name)
  } catch (error) {
    if (error instanceof ConnectError && error.code === 'not_found') return null
    throw error
  }
}

/**
 * Returns the manifest of a curated file; null if it is missing or damaged, and then the next run
 * writes a new one.
 *
 * @throws ConnectError path_invalid, permission_denied, io_failed - the place cannot read the file
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
 * Writes the manifest of a curated file, entirely or not at all. Publish the curated file first:
 * then a reader that finds the new manifest also finds its data.
 *
 * @throws ContractError invalid_option - the value is not a complete manifest
 * @throws ConnectError path_invalid, permission_denied, disk_full, io_failed - the place cannot
 *   write the file
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
 * Refuses to overwrite the manifest of another curated file, which would lose it. A manifest with
 * the same bytes is allowed: its file was moved, or is named in another way.
 * @throws ConnectError path_invalid - the manifest belongs to another file
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
