/**
 * Several places as one place: each is a folder of it.
 * @module
 */
import { isRecord, refuseUnless } from '../arguments.ts'
import { ConnectError } from '../errors.ts'
import { compareNames } from './file-name.ts'
import type { FileEntry, FileStore, FileWindows, OpenedFile } from './file-store.ts'

/** A place, and the folder that it is. */
interface Mount {
  readonly folder: string
  readonly store: FileStore
}

function refuseFolders(mounts: readonly Mount[]): void {
  for (const { folder, store } of mounts) {
    const isFolder = /^(?:[^/]+\/)+$/.test(folder)
    refuseUnless(isFolder, 'folder', folder, 'a folder such as s3/', ConnectError)
    refuseUnless(typeof store?.list === 'function', folder, store, 'a place', ConnectError)
    const outer = mounts.find((other) => other.folder !== folder && folder.startsWith(other.folder))
    if (outer === undefined) continue
    throw new ConnectError(
      'path_invalid',
      `folder ${folder} is in folder ${outer.folder}; a place is in no other place`,
    )
  }
}

async function* copiesOf(windows: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // each window overwrites the one before
  for (const window of windows) yield window.slice()
}

/** Opens a file with its entry, by whatever way its place has. */
async function openFile(store: FileStore, name: string): Promise<OpenedFile> {
  const opened = await store.open?.(name)
  if (opened !== undefined) return opened
  const read = store.windows?.(name)
  if (read !== undefined) return { entry: read.entry, chunks: copiesOf(read.windows) }
  const entry = (await store.list(name)).find((found) => found.name === name)
  // what is read may be newer than what was listed: its version is not known
  return { entry: { name, size: entry?.size ?? 0, version: null, changedAt: null }, chunks: store.read(name) }
}

/**
 * Returns a place that can be read and whose folders are other places: the file `calls.csv` of the place at `s3/` is
 * `s3/calls.csv`. For a job whose inputs are in several places.
 *
 * @throws ConnectError invalid_option - a name is no folder, or a value is no place; path_invalid - a folder is in another one
 * @throws ConnectError not_found - a method is asked for a file outside the folders; path_invalid - a method would write
 * @example
 * const bucket = memoryStore({ 'calls/1.csv': 'id\n1\n' })
 * const sheet = memoryStore({ 'agents.json': '[]' })
 * const place = mountedStores({ 's3/': bucket, 'sheet/': sheet })
 * const files = await place.list('')
 * files.map(({ name }) => name) // ['s3/calls/1.csv', 'sheet/agents.json']
 */
export function mountedStores(folders: Readonly<Record<string, FileStore>>): FileStore {
  refuseUnless(isRecord(folders), 'folders', folders, "places by folder: { 's3/': store }", ConnectError)
  const mounts = Object.entries(folders).map(([folder, store]): Mount => ({ folder, store }))
  refuseFolders(mounts)
  const find = (name: string): { readonly store: FileStore; readonly own: string } => {
    const mount = mounts.find(({ folder }) => name.startsWith(folder))
    if (mount === undefined) throw new ConnectError('not_found', `${name} is in none of the folders of this place`)
    return { store: mount.store, own: name.slice(mount.folder.length) }
  }
  const refuse = async (): Promise<never> => {
    throw new ConnectError('path_invalid', 'places that are folders of another one are only read')
  }
  const named = (entry: FileEntry, name: string): FileEntry => ({ ...entry, name })
  // a place has a method where each of its folders has it: the caller takes another way else
  const everyWindows = mounts.every(({ store }) => store.windows !== undefined)
  return {
    location: [...new Set(mounts.map(({ store }) => store.location))].join(', '),
    async list(prefix) {
      const entries: FileEntry[] = []
      for (const { folder, store } of mounts) {
        if (!prefix.startsWith(folder) && !folder.startsWith(prefix)) continue
        for (const entry of await store.list(prefix.slice(folder.length)))
          entries.push(named(entry, folder + entry.name))
      }
      return entries.sort((a, b) => compareNames(a.name, b.name))
    },
    read(name) {
      const { store, own } = find(name)
      return store.read(own)
    },
    ...(everyWindows && {
      windows(name: string): FileWindows {
        const { store, own } = find(name)
        const opened = store.windows?.(own)
        if (opened === undefined) throw new ConnectError('io_failed', `${name} cannot be read through a buffer`)
        return { ...opened, entry: named(opened.entry, name) }
      },
    }),
    async open(name) {
      const { store, own } = find(name)
      const { entry, chunks } = await openFile(store, own)
      return { entry: named(entry, name), chunks }
    },
    write: refuse,
    writeIfAbsent: refuse,
    remove: refuse,
  }
}
