/**
 * Finds the places of jobs: a folder, and the folders right below it.
 * @module
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { FileStore } from '../connect/file-store.ts'
import { LOG } from '../pipeline/log/commit-record.ts'
import { MARKER } from '../pipeline/marker-name.ts'
import type { NamedPlace } from './places.ts'

const BUCKET = 's3://'

/** The folders of this machine that have a log, or say which engine has it, by name. */
function localFolders(location: string): string[] {
  if (!existsSync(location)) return []
  return readdirSync(location, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .filter((name) => [LOG, MARKER].some((file) => existsSync(join(location, name, file))))
    .sort()
}

/** The same of a bucket, which can only be asked for all of its files. */
async function bucketFolders(root: FileStore): Promise<string[]> {
  const names = (await root.list('')).map(({ name }) => name.split('/'))
  const inLog = names.filter(([first = '', second]) => !first.startsWith('.') && second === LOG.split('/')[0])
  return [...new Set(inLog.map(([first = '']) => first))]
}

/**
 * Returns a function that gives the place at a location and those right below it. Folders of this machine are looked for anew on
 * every call, those of a bucket once.
 */
export function placesBelow(
  location: string,
  root: FileStore,
  open: (location: string) => FileStore,
): () => Promise<readonly NamedPlace[]> {
  const stores = new Map<string, FileStore>()
  const isBucket = location.startsWith(BUCKET)
  let inBucket: Promise<string[]> | null = null
  const storeOf = (name: string): FileStore => {
    const store = stores.get(name) ?? open(isBucket ? `${location.replace(/\/$/, '')}/${name}` : join(location, name))
    stores.set(name, store)
    return store
  }
  return async () => {
    if (isBucket) inBucket ??= bucketFolders(root)
    const names = inBucket === null ? localFolders(location) : await inBucket
    return [{ id: '', out: root }, ...names.map((id) => ({ id, out: storeOf(id) }))]
  }
}
