/**
 * Files of several places as one place: for a program that is handed each file by itself.
 * @module
 */
import { ConnectError } from '../errors.ts'
import { compareNames } from './file-name.ts'
import type { FileEntry, FileStore } from './file-store.ts'

/** A file, with the place that holds it. */
export interface BoundFile {
  readonly store: FileStore
  readonly name: string
}

/** The file's entry under its own name. @throws ConnectError - what its place says of a file that cannot be read */
async function entryOf({ store, name }: BoundFile): Promise<FileEntry> {
  const entry = (await store.list(name)).find((found) => found.name === name)
  if (entry !== undefined) return entry
  // the place says itself what is wrong with a file that it does not list
  if (store.load !== undefined) await store.load(name)
  else for await (const _ of store.read(name)) break
  return { name, size: 0, version: null, changedAt: null }
}

/**
 * Returns a place that can be read and holds exactly these files, each under the name that it is given here. A file that does not
 * exist is an error when it is listed, for it was asked for.
 *
 * @throws ConnectError not_found - a method is asked for another file; path_invalid - a method would write
 */
export function boundFiles(files: Readonly<Record<string, BoundFile>>): FileStore {
  const bound = new Map(Object.entries(files))
  const find = (name: string): BoundFile => {
    const file = bound.get(name)
    if (file === undefined) throw new ConnectError('not_found', `no file is bound to ${name}`)
    return file
  }
  const refuse = async (): Promise<never> => {
    throw new ConnectError('path_invalid', 'bound files are only read')
  }
  // a place has a method where each of its files has it: the caller takes another way else
  const all = [...bound.values()]
  const everyWindows = all.every(({ store }) => store.windows !== undefined)
  const everyOpen = all.every(({ store }) => store.open !== undefined)
  return {
    location: [...new Set(all.map(({ store }) => store.location))].join(', '),
    async list(prefix) {
      const entries: FileEntry[] = []
      for (const [name, file] of bound) {
        if (name.startsWith(prefix)) entries.push({ ...(await entryOf(file)), name })
      }
      return entries.sort((a, b) => compareNames(a.name, b.name))
    },
    read: (name) => {
      const file = find(name)
      return file.store.read(file.name)
    },
    ...(everyWindows && {
      windows(name: string) {
        const { store, name: own } = find(name)
        const opened = store.windows?.(own)
        if (opened === undefined) throw new ConnectError('io_failed', `${own} cannot be read through a buffer`)
        return opened
      },
    }),
    ...(everyOpen && {
      async open(name: string) {
        const { store, name: own } = find(name)
        const opened = await store.open?.(own)
        if (opened === undefined) throw new ConnectError('io_failed', `${own} cannot be opened`)
        return opened
      },
    }),
    write: refuse,
    writeIfAbsent: refuse,
    remove: refuse,
  }
}
