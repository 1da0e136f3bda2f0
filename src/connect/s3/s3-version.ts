/**
 * What a bucket's ETag says about a file: on most servers the MD5 of its bytes, or of its parts'
 * MD5s.
 * @module
 */
import { createHash } from 'node:crypto'

/** An ETag of this form depends on the content alone. */
const OF_CONTENT = /^"[0-9a-f]{32}(-\d+)?"$/

/** A file's version and time, from the headers of an answer. */
export interface TaggedVersion {
  readonly version: string | null
  readonly changedAt: number | null
  readonly isContentVersion: boolean
}

/**
 * Returns the version and time of an ETag and a date. A weak ETag is not a version. Times are cut
 * to seconds: S3's answers differ in the milliseconds.
 */
export function taggedVersion(etag: string | undefined, changed: Date | undefined): TaggedVersion {
  const version = etag === undefined || etag.startsWith('W/') ? null : etag
  return {
    version,
    changedAt: changed === undefined ? null : Math.floor(changed.getTime() / 1000) * 1000,
    isContentVersion: version !== null && OF_CONTENT.test(version),
  }
}

function md5(bytes: Uint8Array): Buffer {
  return createHash('md5').update(bytes).digest()
}

/**
 * Returns the ETag that S3 gives to these bytes when uploaded in parts of this size; null where MD5
 * is forbidden. Servers with other ETags (for example encryption with their own keys) give a
 * different value; then the caller compares bytes.
 */
export function expectedVersion(bytes: Uint8Array, partSize: number): string | null {
  try {
    if (bytes.length <= partSize) return `"${md5(bytes).toString('hex')}"`
    const parts: Buffer[] = []
    for (let at = 0; at < bytes.length; at += partSize) parts.push(md5(bytes.subarray(at, at + partSize)))
    return `"${md5(Buffer.concat(parts)).toString('hex')}-${parts.length}"`
  } catch {
    // a system in FIPS mode has no MD5
    return null
  }
}
