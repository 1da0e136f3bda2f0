/**
 * From an address, as people write it on a command line, to a place.
 * @module
 */
import { ConnectError } from '../errors.ts'
import type { FileStore } from './file-store.ts'
import { type FolderOptions, folderStore } from './files.ts'
import { s3Store } from './s3.ts'

/**
 * Returns the place that an address names: `s3://bucket/folder`, or a folder of this machine.
 *
 * @throws ConnectError path_invalid - an address of another kind; it is not repeated, for it may hold a password
 * @example
 * import { openStore } from 'support-etl/connect'
 *
 * openStore('s3://support-exports/2025').location // 's3://support-exports/2025'
 */
export function openStore(location: string, options: Pick<FolderOptions, 'temporaryFolder'> = {}): FileStore {
  if (location.startsWith('s3://')) return s3Store(location)
  const scheme = /^[a-z][a-z0-9+.-]{0,30}(?=:\/\/)/i.exec(location)?.[0]
  if (scheme === undefined) return folderStore(location, options)
  throw new ConnectError(
    'path_invalid',
    `an address that begins with ${scheme}:// is no place; use a folder or s3://bucket/folder`,
  )
}
