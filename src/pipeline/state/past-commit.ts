/**
 * An earlier commit of a place, to be read from its files.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import type { Effects } from '../effects.ts'
import { isMadeBy } from '../fingerprints.ts'
import type { Job } from '../job.ts'
import { readRecord } from '../log/commit-log.ts'
import { type CommitRecord, filesOf, type StoredFile } from '../log/commit-record.ts'
import { withPages } from '../log/ledger-pages.ts'
import { DATA } from './data-files.ts'
import { commitAhead, commitCollected, commitOfAnotherVersion } from './state-refusals.ts'

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
  const there = new Set((await out.list(DATA)).map(({ name }) => name))
  const refuseGone = (files: readonly StoredFile[]): void => {
    // a state is read without the files as they came
    const gone = files.find(({ name }) => name.startsWith(DATA) && !there.has(name))
    if (gone !== undefined) throw commitCollected(number, out, gone.name)
  }
  refuseGone(commit.record.pages)
  const { record } = await withPages(out, commit, effects)
  refuseGone(filesOf(record))
  return record
}
