/**
 * Addresses of buckets: `s3://bucket/folder`.
 * @module
 */
import { ConnectError } from '../../errors.ts'
import { isFileName } from '../file-name.ts'

/** A bucket, and the folder in it that serves as the place. */
export interface S3Location {
  readonly bucket: string
  /** Empty, or ends in `/`. */
  readonly folder: string
}

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/

/** The message leaves out the address: it may hold a key. */
function refused(problem: string): ConnectError {
  return new ConnectError('path_invalid', `${problem}; write s3://bucket/folder, and keys in the environment`)
}

/**
 * Returns the bucket and folder of an address.
 * @throws ConnectError path_invalid - it is not an S3 address, or holds a user, a password or a
 * query; the message repeats none of it
 */
export function parseS3Location(location: string): S3Location {
  const [scheme, rest = ''] = [location.slice(0, 5), location.slice(5)]
  if (scheme !== 's3://') throw refused('the address of a bucket begins with s3://')
  if (/[?#@]/.test(rest)) throw refused('the address of a bucket has no user, password or query')
  const [bucket = '', ...parts] = rest.replace(/\/$/, '').split('/')
  if (!BUCKET.test(bucket)) throw refused('the address names no bucket: 3 to 63 of a-z, 0-9, "-" and "."')
  if (parts.length === 0) return { bucket, folder: '' }
  const folder = parts.join('/')
  if (!isFileName(folder)) throw refused('the address has an empty part, ".", ".." or a character that no folder has')
  return { bucket, folder: `${folder}/` }
}
