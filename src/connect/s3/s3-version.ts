/**
 * What a bucket's ETag says of a file: for most servers the MD5 of its bytes, or of the MD5s of its parts.
 * @module
 */
import { createHash } from 'node:crypto'

/** Such an ETag is another one whenever the content is another, however soon. */
const OF_CONTENT = /^"[0-9a-f]{32}(-\d+)?"$/

/** What is known of a file by what an answer says of it. */
export interface TaggedVersion {
  readonly version: string | null
  readonly changedAt: number | null
  readonly isContentVersion: boolean
}

/** Returns what an ETag and a time say; a weak one says nothing of bytes. Answers differ in milliseconds of the same time. */
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
 * Returns the ETag that S3 gives to these bytes when they go up in parts of this size; null where MD5 is forbidden. A server
 * that makes its ETags otherwise (encryption with keys of its own, for one) says another: then bytes are looked at.
 */
export function expectedVersion(bytes: Uint8Array, partSize: number): string | null {
  try {
    if (bytes.length <= partSize) return `"${md5(bytes).toString('hex')}"`
    const parts: Buffer[] = []
    for (let at = 0; at < bytes.length; at += partSize) parts.push(md5(bytes.subarray(at, at + partSize)))
    return `"${md5(Buffer.concat(parts)).toString('hex')}-${parts.length}"`
  } catch {
    // a system whose rules know no MD5
    return null
  }
}
