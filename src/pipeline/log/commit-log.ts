/**
 * The log of commits: the highest number is the state; a number that exists is never written again.
 * @module
 */

import type { FileStore } from '../../connect/file-store.ts'
import { PipelineError } from '../../errors.ts'
import type { Effects } from '../effects.ts'
import { DATA, readWhole } from '../state/data-files.ts'
import {
  type Commit,
  type CommitRecord,
  commitName,
  commitNumber,
  decodeCommit,
  encodeCommit,
  LOG,
  logDamaged,
} from './commit-record.ts'
import { withPages } from './ledger-pages.ts'

/**
 * Returns the highest number of the log, 0 when it is empty.
 * @throws PipelineError log_damaged - a number is missing
 */
export async function readLast(out: FileStore): Promise<number> {
  const found = new Set<number>()
  for (const { name } of await out.list(LOG)) {
    const number = commitNumber(name)
    if (number !== null) found.add(number)
  }
  const last = Math.max(0, ...found)
  for (let number = 1; number <= last; number++) {
    if (!found.has(number)) {
      throw logDamaged(out.location, commitName(number), `the record is missing, though ${commitName(last)} exists`)
    }
  }
  return last
}

/** Returns a commit without those of its inputs that are in pages. @throws PipelineError log_damaged */
export async function readRecord(
  out: FileStore,
  number: number,
  { newHash }: Pick<Effects, 'newHash'>,
): Promise<Commit> {
  const name = commitName(number)
  return decodeCommit(await readWhole(out, name), { hash: newHash(), location: out.location, name })
}

/** Returns a commit of the log by its number. @throws PipelineError log_damaged; ConnectError not_found */
export async function readCommit(out: FileStore, number: number, effects: Pick<Effects, 'newHash'>): Promise<Commit> {
  return withPages(out, await readRecord(out, number, effects), effects)
}

/**
 * Returns the name of the job that made the last commit, or null when there is none.
 * @throws PipelineError log_damaged, log_older, log_newer - the last record cannot be read
 */
export async function readJobName(out: FileStore, effects: Pick<Effects, 'newHash'>): Promise<string | null> {
  const last = await readLast(out)
  return last === 0 ? null : (await readRecord(out, last, effects)).record.job
}

/**
 * Returns one commit by its number.
 * @throws PipelineError invalid_option - there is no such commit; log_damaged - the record is not what it was
 */
export async function readNumbered(
  out: FileStore,
  number: number,
  effects: Pick<Effects, 'newHash'>,
): Promise<CommitRecord> {
  const last = await readLast(out)
  if (Number.isInteger(number) && number >= 1 && number <= last) return (await readCommit(out, number, effects)).record
  const known = last === 1 ? 'the only one is 1' : `they are 1 to ${last}`
  throw new PipelineError('invalid_option', `${out.location} has no commit ${number}; ${known}`)
}

/** Returns the trailer of the last commit, or null when there is none. Two heads of the log have different trailers. */
export async function readHeadHash(out: FileStore, effects: Pick<Effects, 'newHash'>): Promise<string | null> {
  const last = await readLast(out)
  return last === 0 ? null : (await readRecord(out, last, effects)).sha256
}

/**
 * Returns the last commit, or null when there is none.
 * @throws PipelineError log_damaged - it fails its trailer, or a number is missing; an older one is never taken instead
 */
export async function readHead(out: FileStore, effects: Pick<Effects, 'newHash'>): Promise<Commit | null> {
  const last = await readLast(out)
  return last === 0 ? null : readCommit(out, last, effects)
}

/** The names of data files, where a commit has pages among them. */
async function dataNames(out: FileStore): Promise<ReadonlySet<string>> {
  return new Set((await out.list(DATA)).map(({ name }) => name))
}

/**
 * Returns every commit, the first one first. An earlier one whose pages gc removed has only the inputs in its record.
 * @throws PipelineError log_damaged - a record fails its trailer, names another parent than the one before it, or is missing
 */
export async function readLog(out: FileStore, effects: Pick<Effects, 'newHash'>): Promise<readonly Commit[]> {
  const last = await readLast(out)
  const commits: Commit[] = []
  let there: ReadonlySet<string> | null = null
  for (let number = 1; number <= last; number++) {
    const read = await readRecord(out, number, effects)
    const { pages } = read.record
    if (pages.length > 0) there ??= await dataNames(out)
    const isWhole = number === last || pages.every(({ name }) => there?.has(name))
    const commit = isWhole ? await withPages(out, read, effects) : read
    if (commit.record.parent !== (commits.at(-1)?.sha256 ?? null)) {
      throw logDamaged(out.location, commitName(number), 'the record does not follow the one before it')
    }
    commits.push(commit)
  }
  return commits
}

/** Writes a record under its number; null when another run was first. Only now has the run happened. */
export async function appendCommit(
  out: FileStore,
  record: CommitRecord,
  effects: Pick<Effects, 'newHash'>,
): Promise<Commit | null> {
  const { bytes, sha256 } = encodeCommit(record, effects.newHash())
  return (await out.writeIfAbsent(commitName(record.number), bytes)) ? { record, sha256 } : null
}
