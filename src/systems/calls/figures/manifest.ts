/**
 * The manifest of a curated file: what it holds, and a hash that changes with the content.
 * @module
 */
import { isRecord, refuseUnless } from '../../../arguments.ts'

/** The content of `manifest.json`. */
export interface CallsManifest {
  /** Path of the curated file, as given to the writer. */
  readonly path: string
  /** ISO 8601, UTC. */
  readonly file_mtime: string
  /** Bytes. */
  readonly file_size: number
  /** SHA-256 of the file's bytes. */
  readonly sha256: string
  readonly row_count: number
  readonly columns: readonly string[]
  /** The zone of call_date and hour_of_day. */
  readonly time_zone: string
  /** ISO 8601, UTC. */
  readonly generated_at: string
  /**
   * SHA-256 of the columns, their kinds and every value. It does not depend on how a version of
   * the writer packs them.
   */
  readonly content_hash: string
}

const HASH = /^[0-9a-f]{64}$/

/** Returns whether a parsed JSON value is a complete manifest. */
export function isCallsManifest(value: unknown): value is CallsManifest {
  if (typeof value !== 'object' || value === null) return false
  const { path, file_mtime, file_size, sha256, row_count, columns, time_zone, generated_at, content_hash } =
    value as Record<keyof CallsManifest, unknown>
  const texts = [path, file_mtime, time_zone, generated_at, sha256, content_hash]
  return (
    texts.every((text) => typeof text === 'string') &&
    HASH.test(String(sha256)) &&
    HASH.test(String(content_hash)) &&
    Number.isSafeInteger(file_size) &&
    Number.isSafeInteger(row_count) &&
    Array.isArray(columns) &&
    columns.every((name) => typeof name === 'string')
  )
}

/**
 * Returns a text that identifies the content: equal for two files with the same columns and rows,
 * whenever, wherever and by whichever version of the writer they were written. Use it as a cache
 * key: it changes exactly when the content does.
 *
 * @example
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
 * const later = { ...manifest, generated_at: '2025-07-01T18:00:00.000Z' }
 * manifestHash(manifest) === manifestHash(later) // true
 */
export function manifestHash(manifest: CallsManifest): string {
  refuseUnless(isRecord(manifest), 'manifest', manifest, 'the manifest of a curated file')
  return manifest.content_hash
}
