/**
 * Stale copies, which earlier versions published and the last one does not, and files that no run of the place wrote.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import type { Effects } from '../effects.ts'
import { readLast } from '../log/commit-log.ts'
import type { CommitRecord, PublishedFile } from '../log/commit-record.ts'
import type { Note } from '../plan/make-plan.ts'
import { isIntact } from './copies.ts'

async function isThere(out: FileStore, name: string): Promise<boolean> {
  return (await out.list(name)).some((entry) => entry.name === name)
}

/** What becomes of the copies that a new version does not publish. */
export interface StaleCopies {
  /** As they were published: removed after the commit. */
  readonly files: readonly PublishedFile[]
  /** A copy that somebody changed stays, and a note names it. */
  readonly notes: readonly Note[]
}

/** Returns what becomes of the copies of a version that the next one does not publish. */
export async function retireCopies(
  out: FileStore,
  head: CommitRecord | null,
  next: readonly PublishedFile[],
  effects: Pick<Effects, 'newHash'>,
): Promise<StaleCopies> {
  const files: PublishedFile[] = []
  const notes: Note[] = []
  const names = new Set(next.map(({ name }) => name))
  for (const file of [...(head?.published ?? []), ...(head?.stale ?? [])]) {
    const { name } = file
    if (names.has(name)) continue
    if (await isIntact(out, file, effects)) files.push(file)
    else if (head?.published.includes(file) && (await isThere(out, name))) {
      const message = `${name}: was changed after it was published; it stays, and is no longer kept up`
      notes.push({ code: 'copy_changed', severity: 'info', file: name, message })
    }
  }
  return { files, notes }
}

/** Returns the stale copies of a version that are still there as they were published. */
export async function findStale(
  out: FileStore,
  { stale }: CommitRecord,
  effects: Pick<Effects, 'newHash'>,
): Promise<readonly PublishedFile[]> {
  const found: PublishedFile[] = []
  for (const file of stale) if (await isIntact(out, file, effects)) found.push(file)
  return found
}

/** Removes the stale copies of a version, unless there is a later one already; returns their names. */
export async function removeStale(
  out: FileStore,
  record: CommitRecord,
  effects: Pick<Effects, 'newHash'>,
): Promise<readonly string[]> {
  if (record.stale.length === 0 || (await readLast(out)) !== record.number) return []
  const files = await findStale(out, record, effects)
  for (const { name } of files) await out.remove(name)
  return files.map(({ name }) => name)
}

/**
 * Returns the names of copies that are taken by files which no run of this place wrote, or which somebody changed after a run
 * stopped publishing them: a copy would overwrite somebody's own file.
 */
export async function findForeign(
  out: FileStore,
  names: readonly string[],
  head: Pick<CommitRecord, 'published' | 'stale'> | null,
  effects: Pick<Effects, 'newHash'>,
): Promise<readonly string[]> {
  const foreign: string[] = []
  for (const name of names) {
    if (head?.published.some((file) => file.name === name)) continue
    const mine = head?.stale.find((file) => file.name === name)
    const isMine = mine !== undefined && (await isIntact(out, mine, effects))
    if (!isMine && (await isThere(out, name))) foreign.push(name)
  }
  return foreign
}
