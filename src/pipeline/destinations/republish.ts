/**
 * Copies that are gone or differ, written again from the state they are copies of.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import { PipelineError } from '../../errors.ts'
import { readLastCommit } from '../audit/status.ts'
import type { Effects } from '../effects.ts'
import { engineOf } from '../engine-place.ts'
import { inputPrints, isMadeBy, stepFingerprints } from '../job/fingerprints.ts'
import { type Job, tablesOf } from '../job/job.ts'
import type { CommitRecord, PublishedFile } from '../log/commit-record.ts'
import { type Lock, takeLock } from '../log/lock.ts'
import type { Plan } from '../plan/make-plan.ts'
import { isSameValues } from '../plan/plan-input.ts'
import { FileContents } from '../sources/files/file-contents.ts'
import { LoadedState } from '../state/loaded-state.ts'
import { VersionDraft } from '../state/version-draft.ts'
import { StepTimes } from '../step-times.ts'
import { deriveState } from '../steps/derive.ts'
import { foldTables } from '../steps/fold.ts'
import { makeDurable } from '../steps/publish.ts'
import { readTables } from '../steps/read.ts'
import type { Work } from '../steps/work.ts'
import { writeVersion } from '../steps/write.ts'
import { findBroken } from './copies.ts'

/** Whose copies are written again. */
export interface Republication {
  readonly job: Job
  readonly out: FileStore
  readonly head: CommitRecord
  readonly broken: readonly PublishedFile[]
  readonly lock: Lock
  readonly effects: Effects
}

/** Writes copies again; null, and nothing written, where their bytes would not be those the log promises. */
export async function writeCopiesAgain({
  job,
  out,
  head,
  broken,
  lock,
  effects,
}: Republication): Promise<readonly PublishedFile[] | null> {
  const intact = head.published.filter((file) => !broken.includes(file))
  const onChunk = (): void => lock.beat()
  const { options, jobOptions, tables, fingerprints: steps } = head
  const plan: Plan = {
    action: 'nothing',
    apply: [],
    withdraw: [],
    skip: [],
    notes: [],
    refusals: [],
    options,
    jobOptions,
  }
  const draft = new VersionDraft(out, intact, effects, onChunk)
  const engine = engineOf(out)
  const loaded = new LoadedState(out, head, tablesOf(job), engine)
  // nothing is applied, so that no source is read
  const committedAt = (): number => Date.parse(head.committedAt)
  const places = { data: out, out, draft, loaded, contents: new FileContents(), effects, onChunk, committedAt }
  const prints = inputPrints(job, tables, effects)
  const made = { job, plan, engine, head, base: head, tables, prints, steps, intact }
  const work: Work = {
    ...places,
    ...made,
    runId: head.runId,
    accepted: [],
    erased: head.erased ?? null,
    isErasing: false,
    // no source is read, and nothing of this is committed
    mending: { mended: [], counts: async () => true },
    times: new StepTimes(effects),
  }
  try {
    const { content } = await writeVersion(
      await deriveState(await foldTables(await readTables(work), work), work),
      work,
    )
    const isSame = broken.every(({ name, sha256 }) =>
      content.published.some((file) => file.name === name && file.sha256 === sha256),
    )
    if (!isSame) return null
    const written = await draft.publish()
    effects.logger.info('wrote copies again that differed or were gone', { copies: written.map(({ name }) => name) })
    return written
  } finally {
    await draft.discard()
  }
}

/** Takes the lock and writes the copies of the last version again that differ; returns their names. */
export async function repairCopies(job: Job, out: FileStore, effects: Effects): Promise<readonly string[]> {
  const lock = await takeLock(out, effects.newRunId(), effects)
  try {
    const { record } = await readLastCommit(out, effects)
    const steps = stepFingerprints(job, record.jobOptions, effects)
    const isMine = isMadeBy(record, job, effects) && isSameValues(steps, record.fingerprints)
    const broken = await findBroken(out, record, effects)
    const written = isMine ? await writeCopiesAgain({ job, out, head: record, broken, lock, effects }) : null
    if (written !== null) {
      await makeDurable(out, record)
      return written.map(({ name }) => name)
    }
    throw new PipelineError(
      'options_changed',
      'this job or version of the library would write other copies than the log promises; run the pipeline, which commits them',
    )
  } finally {
    await lock.release()
  }
}
