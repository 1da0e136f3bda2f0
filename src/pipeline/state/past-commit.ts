/**
 * Earlier commits of a place, to be read from their files.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import { type Advice, ConnectError, PipelineError } from '../../errors.ts'
import type { Effects } from '../effects.ts'
import { isMadeBy } from '../job/fingerprints.ts'
import type { Job } from '../job/job.ts'
import { readRecord } from '../log/commit-log.ts'
import { type Commit, type CommitRecord, filesOf, type StoredFile } from '../log/commit-record.ts'
import { withPages } from '../log/ledger-pages.ts'
import { DATA } from './data-files.ts'
import { commitAhead, commitCollected, commitOfAnotherVersion } from './state-refusals.ts'

/**
 * Returns a commit before the last one whose files are all there. A file that the last commit has as well is not looked for:
 * `gc` keeps it, so that its absence is damage.
 * @throws PipelineError commit_collected
 */
async function readKept(
  out: FileStore,
  commit: Commit,
  head: CommitRecord,
  effects: Effects,
  advice?: readonly Advice[],
): Promise<CommitRecord> {
  const { number } = commit.record
  const there = new Set([...(await out.list(DATA)), ...filesOf(head)].map(({ name }) => name))
  const refuseGone = (files: readonly StoredFile[]): void => {
    // a state is read without the files as they came
    const gone = files.find(({ name }) => name.startsWith(DATA) && !there.has(name))
    if (gone !== undefined) throw commitCollected(number, out, gone.name, advice)
  }
  refuseGone(commit.record.pages)
  const { record } = await withPages(out, commit, effects)
  refuseGone(filesOf(record))
  return record
}

/** Returns an earlier commit whose files are all there. @throws PipelineError invalid_option, commit_collected, options_changed */
export async function readPastCommit(
  out: FileStore,
  number: number,
  head: CommitRecord,
  job: Job,
  effects: Effects,
): Promise<CommitRecord> {
  if (number === head.number) return head
  if (number > head.number) throw commitAhead(number, head.number)
  const commit = await readRecord(out, number, effects)
  if (!isMadeBy(commit.record, job, effects)) throw commitOfAnotherVersion(number)
  return readKept(out, commit, head, effects)
}

/**
 * Does work that reads files of earlier commits, and reads no more of them than it needs. Where it lacks one that `gc` removed,
 * the error says so, with this advice.
 * @throws PipelineError commit_collected
 */
export async function readingKept<Result>(
  out: FileStore,
  numbers: readonly number[],
  head: CommitRecord,
  effects: Effects,
  { advice, work }: { readonly advice: readonly Advice[]; readonly work: () => Promise<Result> },
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const isGone =
      error instanceof PipelineError && error.cause instanceof ConnectError && error.cause.code === 'not_found'
    if (!isGone) throw error
    for (const number of numbers) {
      if (number < head.number) await readKept(out, await readRecord(out, number, effects), head, effects, advice)
    }
    throw error
  }
}
