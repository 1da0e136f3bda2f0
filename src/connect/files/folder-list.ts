/**
 * The files of a folder that is a place, as deep as they lie.
 * @module
 */
import { join } from 'node:path'
import { compareNames } from '../file-name.ts'
import type { FileEntry } from '../file-store.ts'
import { connectError, systemCode } from './file-error.ts'
import type { FilePort, FileStatus, FolderEntry } from './file-port.ts'
import type { FolderPaths } from './folder-paths.ts'

/** Names of files that have no name yet begin like this; no list shows them. */
export const TEMPORARY = '.tmp-'

function entriesOf(paths: FolderPaths, port: FilePort, folder: readonly string[]): readonly FolderEntry[] {
  try {
    return port.entries(join(paths.root, ...folder))
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw connectError(error, 'list', [paths.location, ...folder].join('/'))
  }
}

/** Null when the file went away since its folder was read. */
function statusOf(paths: FolderPaths, port: FilePort, name: string): FileStatus | null {
  try {
    return port.statusOf(paths.path(name))
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null
    throw connectError(error, 'list', paths.place(name))
  }
}

/**
 * Returns the files below a folder whose first part is wanted, by name; none when there is no such folder.
 * @throws ConnectError path_invalid - a link leaves the place
 */
export function listFiles(
  paths: FolderPaths,
  port: FilePort,
  folder: readonly string[],
  isWanted: (name: string) => boolean,
): FileEntry[] {
  const found: FileEntry[] = []
  for (const entry of entriesOf(paths, port, folder)) {
    if (!isWanted(entry.name) || entry.kind === 'other') continue
    const name = [...folder, entry.name].join('/')
    if (entry.kind === 'link') paths.refuseEscape(join(paths.root, ...folder, entry.name), name)
    const status = statusOf(paths, port, name)
    if (status?.kind === 'folder') {
      // one by one: a list of arguments has a limit
      for (const below of listFiles(paths, port, [...folder, entry.name], (part) => !part.startsWith(TEMPORARY))) {
        found.push(below)
      }
    } else if (status !== null) {
      found.push({ name, size: status.size, version: status.version, changedAt: status.changedAt })
    }
  }
  return found.sort((a, b) => compareNames(a.name, b.name))
}
