/**
 * Addresses, as people write them on a command line, to places.
 * @module
 */
import { refuseUnknown, refuseUnless } from '../arguments.ts'
import { ConnectError } from '../errors.ts'
import type { FileStore } from './file-store.ts'
import { type FolderOptions, folderStore } from './files/folder-store.ts'
import { s3Store } from './s3/s3-store.ts'

/**
 * Returns the place at an address: `s3://bucket/folder`, or a folder of this machine.
 *
 * @throws ConnectError path_invalid - an address of another kind; the message does not repeat it,
 * because it may hold a password
 * @example
 * import { openStore } from 'support-etl/connect'
 *
 * openStore('s3://support-exports/2025').location // 's3://support-exports/2025'
 */
export function openStore(location: string, options: Pick<FolderOptions, 'temporaryFolder'> = {}): FileStore {
  refuseUnless(typeof location === 'string', 'location', location, 'a folder or s3://bucket/folder', ConnectError)
  refuseUnknown(options, { temporaryFolder: true }, ConnectError)
  if (location.startsWith('s3://')) return s3Store(location)
  // also jdbc:postgresql:// and the like: a scheme always means that it is not a folder
  if (!location.includes('://')) return folderStore(location, options)
  throw new ConnectError(
    'path_invalid',
    'this address is no place (and is not repeated here: it may hold a password); use a folder or s3://bucket/folder',
  )
}
