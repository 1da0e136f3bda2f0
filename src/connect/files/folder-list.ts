/**
 * Lists the files of a folder that is a place, with all subfolders.
 * @module
 */
import { join, sep } from 'node:path'
import { compareNames, isFileName, refuseFileName } from '../file-name.ts'
import type { FileEntry } from '../file-store.ts'
import { connectError, systemCode } from './file-error.ts'
import type { FilePort, FileStatus, FolderEntry } from './file-port.ts'
import type { FolderPaths } from './folder-paths.ts'

/** The prefix of files that have no name yet. No list shows them. */
export const TEMPORARY = '.tmp-'

function entriesOf(paths: FolderPaths, port: FilePort, folder: readonly string[]): readonly FolderEntry[] {
  try {
    return port.entries(join(paths.root, ...folder))
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw connectError(error, 'list', [paths.location, ...folder].join('/'))
  }
}

/** Returns null when the file disappeared after its folder was read. */
function statusOf(paths: FolderPaths, port: FilePort, path: string, name: string): FileStatus | null {
  try {
    return port.statusOf(path)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null
    throw connectError(error, 'list', paths.place(name))
  }
}

/**
 * Returns the files below a folder, ordered by name. `isWanted` selects by the first part of the
 * name. Empty when the folder does not exist.
 * @throws ConnectError path_invalid - a link leaves the place
 */
export function listFiles(
  paths: FolderPaths,
  port: FilePort,
  folder: readonly string[],
  isWanted: (name: string) => boolean,
): FileEntry[] {
  const found: FileEntry[] = []
  // made once: a folder may hold 100,000 files
  const below = folder.map((part) => `${part}/`).join('')
  const path = join(paths.root, ...folder)
  for (const entry of entriesOf(paths, port, folder)) {
    if (!isWanted(entry.name) || entry.kind === 'other') continue
    const name = below + entry.name
    if (!isFileName(entry.name)) refuseFileName(name)
    const entryPath = path + sep + entry.name
    if (entry.kind === 'link') paths.refuseEscape(entryPath, name)
    const status = statusOf(paths, port, entryPath, name)
    if (status?.kind === 'folder') {
      // one by one, because the number of arguments is limited
      for (const below of listFiles(paths, port, [...folder, entry.name], (part) => !part.startsWith(TEMPORARY))) {
        found.push(below)
      }
    } else if (status !== null) {
      found.push({ name, size: status.size, version: status.version, changedAt: status.changedAt })
    }
  }
  return found.sort((a, b) => compareNames(a.name, b.name))
}
