/**
 * Turns paths of the command line into files and folders of places.
 * @module
 */
import { basename, dirname } from 'node:path'
import type { FileStore } from '../../connect/file-store.ts'
import { openStore } from '../../connect/open.ts'
import { parseS3Location } from '../../connect/s3/s3-location.ts'
import { ConnectError } from '../../errors.ts'
import { printable } from './lines.ts'

const BUCKET = 's3://'
/** Matches `gs://bucket/x` and the slip `s3:/bucket/x`, but not `C:/data`. */
const SCHEME = /^([a-z][a-z0-9+.-]+):\//i

function refused(option: string, problem: string, expected: string): ConnectError {
  return new ConnectError('path_invalid', `${option} ${problem}; use ${expected}`)
}

/**
 * Refuses an address of an unknown kind. The message shows only its scheme: the rest may hold a
 * password.
 */
function refuseScheme(option: string, path: string, expected: string): void {
  if (path.startsWith(BUCKET)) return
  const [, scheme] = SCHEME.exec(path) ?? []
  if (scheme !== undefined)
    throw refused(option, `names a place of the kind ${scheme}:, which cannot be used`, expected)
  if (path.includes('://')) throw refused(option, 'names an address that is not a place', expected)
}

/**
 * Returns the file that an option's path names, on this machine or in a bucket.
 * @throws ConnectError path_invalid - an address of another kind, or not the path of a file
 */
export function placed(
  option: string,
  path: string,
  open: (folder: string) => FileStore = openStore,
): { readonly store: FileStore; readonly name: string } {
  const expected = 'a file of this machine or s3://bucket/folder/file'
  refuseScheme(option, path, expected)
  // parse the whole address first: a query or a password must not become part of a file name
  if (path.startsWith(BUCKET)) parseS3Location(path)
  const cut = path.startsWith(BUCKET) ? path.lastIndexOf('/') : -1
  const [folder, name] = cut < 0 ? [dirname(path), basename(path)] : [path.slice(0, cut), path.slice(cut + 1)]
  const isFile = name !== '' && name !== '.' && name !== '..' && !/[/\\]$/.test(path) && cut !== BUCKET.length - 1
  if (!isFile) throw refused(option, `"${printable(path)}" names no file`, expected)
  return { store: open(folder), name }
}

/**
 * Returns the place that an option's path names: a folder on this machine, or in a bucket.
 * @throws ConnectError path_invalid - an address of another kind
 */
export function placedFolder(option: string, path: string, open: (folder: string) => FileStore = openStore): FileStore {
  refuseScheme(option, path, 'a folder of this machine or s3://bucket/folder')
  return open(path)
}
