/**
 * Retired copies, which earlier versions published and the last one does not, and files that nobody here published.
 * @module
 */
import type { FileStore } from '../connect/file-store.ts'
import { readLast } from './commit-log.ts'
import type { CommitRecord, PublishedFile } from './commit-record.ts'
import { copyName, isIntact } from './copies.ts'
import type { Effects } from './effects.ts'
import type { StateOptions } from './options.ts'
import type { Note } from './plan.ts'

async function isThere(out: FileStore, name: string): Promise<boolean> {
  return (await out.list(name)).some((entry) => entry.name === name)
}

/** What becomes of the copies that a new version does not publish. */
export interface Retirement {
  /** As they were published: removed when the version stands. */
  readonly retired: readonly PublishedFile[]
  /** What somebody changed is theirs, and stays. */
  readonly notes: readonly Note[]
}

/** Returns what becomes of the copies of a version that the next one does not publish. */
export async function retireCopies(
  out: FileStore,
  head: CommitRecord | null,
  next: readonly PublishedFile[],
  effects: Pick<Effects, 'newHash'>,
): Promise<Retirement> {
  const retired: PublishedFile[] = []
  const notes: Note[] = []
  const names = new Set(next.map(({ name }) => name))
  for (const file of [...(head?.published ?? []), ...(head?.retired ?? [])]) {
    const { name } = file
    if (names.has(name)) continue
    if (await isIntact(out, file, effects)) retired.push(file)
    else if (head?.published.includes(file) && (await isThere(out, name))) {
      const message = `${name}: was changed after it was published; it stays, and is no longer kept up`
      notes.push({ code: 'copy_changed', severity: 'info', file: name, message })
    }
  }
  return { retired, notes }
}

/** Returns the retired copies of a version that are still there as they were published. */
export async function findRetired(
  out: FileStore,
  { retired }: CommitRecord,
  effects: Pick<Effects, 'newHash'>,
): Promise<readonly PublishedFile[]> {
  const found: PublishedFile[] = []
  for (const file of retired) if (await isIntact(out, file, effects)) found.push(file)
  return found
}

/** Removes the retired copies of a version, unless a later one stands already; returns their names. */
export async function removeRetired(
  out: FileStore,
  record: CommitRecord,
  effects: Pick<Effects, 'newHash'>,
): Promise<readonly string[]> {
  if (record.retired.length === 0 || (await readLast(out)) !== record.number) return []
  const files = await findRetired(out, record, effects)
  for (const { name } of files) await out.remove(name)
  return files.map(({ name }) => name)
}

/**
 * Returns the names of copies that files have which no run of this place wrote, or which were changed since one did and
 * retired them: to write the copy would overwrite what is somebody's own.
 */
export async function findForeign(
  out: FileStore,
  { publish, format }: StateOptions,
  head: CommitRecord | null,
  effects: Pick<Effects, 'newHash'>,
): Promise<readonly string[]> {
  const foreign: string[] = []
  for (const name of publish.map((output) => copyName(output, format))) {
    if (head?.published.some((file) => file.name === name)) continue
    const mine = head?.retired.find((file) => file.name === name)
    const isMine = mine !== undefined && (await isIntact(out, mine, effects))
    if (!isMine && (await isThere(out, name))) foreign.push(name)
  }
  return foreign
}
