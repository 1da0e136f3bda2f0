/**
 * The run: survey, plan, read, fold, derive, write, commit, publish, result. Killed anywhere and started again it ends where
 * one clean run ends.
 * @module
 */
import { PipelineError } from '../errors.ts'
import { writeCopiesAgain } from './destinations/republish.ts'
import { removeStale } from './destinations/stale-copies.ts'
import { type Effects, nodeEffects } from './effects.ts'
import { engineOf, type TableEngine } from './engine-place.ts'
import { type Job, tablesOf } from './job/job.ts'
import type { JobOptions, ShownOptions } from './job/job-options.ts'
import { type RunOptions, readDestinations } from './job/options.ts'
import { readHeadHash } from './log/commit-log.ts'
import type { ErasedKeys } from './log/commit-record.ts'
import { type Lock, takeLock } from './log/lock.ts'
import { makeResult } from './make-result.ts'
import { MARKER } from './marker-name.ts'
import type { MendedFile } from './mend/mended-files.ts'
import type { Note, Plan } from './plan/make-plan.ts'
import type { RunResult } from './run-result.ts'
import { InputGone } from './sources/files/input-gone.ts'
import { EMPTY_STATE, LoadedState } from './state/loaded-state.ts'
import { VersionDraft } from './state/version-draft.ts'
import { StepTimes } from './step-times.ts'
import { commitVersion } from './steps/commit.ts'
import { deriveState } from './steps/derive.ts'
import { foldTables } from './steps/fold.ts'
import { type MendedPieces, planSurvey } from './steps/plan.ts'
import { makeDurable, publishVersion } from './steps/publish.ts'
import { readTables } from './steps/read.ts'
import { openPlaces, type Survey, survey } from './steps/survey.ts'
import { once, type Places, type Work } from './steps/work.ts'
import { writeVersion } from './steps/write.ts'

/** How often a run starts at the survey: another one may commit first, an input may go away. */
const ATTEMPTS = 5

/** What a run needs of the world, and a lock where its caller holds one. */
export interface RunEffects extends Effects {
  /**
   * The lock of the place, which the caller took and releases: for a caller that reads the place before the run, or writes files
   * that belong to its copies after them. Without it the run takes the lock itself.
   */
  readonly lock?: Lock
}

/** One run: what it was called with, and the lock that it holds. */
export interface Run {
  readonly job: Job
  readonly places: Places
  readonly runId: string
  readonly effects: RunEffects
  /** Persons that are erased by this run, and before. */
  readonly erased?: ErasedKeys
  /** Mended records in place of those of the last commit: its own, with what people mended since. */
  readonly mended?: readonly MendedFile[]
  /** Pieces of a log among them. */
  readonly pieces?: MendedPieces
}

/** What is said of the engine beside the outcome. */
function noteOf(engine: TableEngine | null): readonly Note[] {
  const message = engine?.notice ?? null
  return message === null ? [] : [{ code: 'engine_rebuilds', severity: 'info', file: null, message }]
}

/** The road from a plan to a result; null when another run committed first, or an input went away meanwhile. */
async function applyPlan(found: Survey, plan: Plan, run: Run, lock: Lock): Promise<RunResult | null> {
  const { job, places, runId, effects } = run
  const { head, tables, prints, steps, intact, contents } = found
  const record = head?.record ?? null
  const base = plan.action === 'rebuild' ? null : record
  const onChunk = (): void => lock.beat()
  const draft = new VersionDraft(places.out, intact, effects, onChunk)
  const engine = engineOf(places.out)
  const loaded = new LoadedState(places.out, base ?? EMPTY_STATE, tablesOf(job), engine)
  const work: Work = {
    ...places,
    data: found.source.data,
    mending: found.source,
    runId,
    accepted: found.request.acceptWithdrawals,
    erased: run.erased ?? record?.erased ?? null,
    isErasing: run.erased !== undefined,
    job,
    plan,
    head: record,
    base,
    tables,
    prints,
    steps,
    intact,
    draft,
    loaded,
    contents,
    effects,
    engine,
    times: new StepTimes(effects),
    committedAt: once(() => effects.now()),
    onChunk,
  }
  try {
    await engine?.begin((progress) => effects.onProgress({ step: 'apply', ...progress }))
    // chained, so that no variable holds the rows of a phase that is over
    const written = await readTables(work)
      .then((read) => foldTables(read, work))
      .then((folded) => deriveState(folded, work))
      .then((derived) => writeVersion(derived, work))
    const keepsCopies = plan.keepsCopies === true
    const { milliseconds } = work.times
    const base = { head, runId, committedAt: work.committedAt(), milliseconds, keepsCopies }
    const version = await commitVersion(written, places, base, effects)
    if (version === null) return null
    // a state that files keep again has no marker
    if (engine === null && plan.action === 'rebuild') await places.out.remove(MARKER)
    const publication = await publishVersion(places.out, draft, version.commit.record, effects)
    const notes = [...version.notes, ...noteOf(engine)]
    const made = { ...version, notes }
    return makeResult({ status: 'committed', runId, record: version.commit.record, plan, publication, version: made })
  } catch (error) {
    if (!(error instanceof InputGone)) throw error
    effects.logger.info(`${error.message}; planning again`)
    return null
  } finally {
    await draft.discard()
    await engine?.end()
  }
}

/** Where everything is applied: the result, or null where a copy has to be written or removed. */
async function nothingToDo({ head, broken, stale }: Survey, plan: Plan, run: Run): Promise<RunResult | null> {
  if (head === null || plan.action !== 'nothing' || broken.length > 0 || stale.length > 0) return null
  await makeDurable(run.places.out, head.record)
  const publication = { written: [], removed: [] }
  return makeResult({
    status: 'nothing_to_do',
    runId: run.runId,
    record: head.record,
    plan,
    publication,
    version: null,
  })
}

/** Where only copies differ: writes and removes them; null where a commit is needed. */
async function repairPublished(
  { head, broken }: Survey,
  plan: Plan,
  { job, places: { out }, runId, effects }: Run,
  lock: Lock,
): Promise<RunResult | null> {
  if (head === null || plan.action !== 'nothing') return null
  const { record } = head
  const written = broken.length === 0 ? [] : await writeCopiesAgain({ job, out, head: record, broken, lock, effects })
  if (written === null) return null
  const publication = { written, removed: await removeStale(out, record, effects) }
  await makeDurable(out, record)
  return makeResult({ status: 'republished', runId, record, plan, publication, version: null })
}

function refuse({ refusals }: Plan): void {
  const [refusal] = refusals
  if (refusal === undefined) return
  const { code, statement, advice, files } = refusal
  throw new PipelineError(code, statement, { advice, details: { files, refusals } })
}

/** What is to be done. A run that erases commits in any case: the list of erased persons is part of the state. */
function planRunOf(found: Survey, { job, places, erased, pieces }: Run): Plan {
  const plan = planSurvey(found, job, places, pieces)
  const isListed = erased === undefined || erased.hashes.length === (found.head?.record.erased?.hashes.length ?? 0)
  return plan.action === 'nothing' && !isListed ? { ...plan, action: 'refresh' } : plan
}

/** Brings the place to the state that its inputs say, and returns what came of it. */
export async function advance(run: Run, options: RunOptions): Promise<RunResult> {
  const { job, places, effects, mended } = run
  // an erased place has its files as they were mended
  const given = run.erased !== undefined ? { mended: [] } : mended === undefined ? {} : { mended }
  let found = await survey(places, job, options, effects, given)
  let plan = planRunOf(found, run)
  refuse(plan)
  const idle = await nothingToDo(found, plan, run)
  if (idle !== null) return idle

  const lock = effects.lock ?? (await takeLock(places.out, run.runId, effects))
  try {
    // another run may have committed before the lock was taken
    let isCurrent = (await readHeadHash(places.out, effects)) === (found.head?.sha256 ?? null)
    for (let attempt = 0; attempt < ATTEMPTS; attempt++, isCurrent = false) {
      if (!isCurrent) {
        found = await survey(places, job, options, effects, given)
        plan = planRunOf(found, run)
        refuse(plan)
      }
      const result =
        (await nothingToDo(found, plan, run)) ??
        (await repairPublished(found, plan, run, lock)) ??
        (await applyPlan(found, plan, run, lock))
      if (result !== null) return result
    }
    throw new PipelineError(
      'commit_lost',
      `other runs committed to ${places.out.location} first, or inputs came and went, ${ATTEMPTS} times; run again when they are done`,
    )
  } finally {
    if (effects.lock === undefined) await lock.release()
  }
}

/**
 * Applies what is new in a job's source to its committed state and publishes copies for people.
 *
 * The state is the last commit of the log in `out`; a run that fails, or is killed, leaves it readable, and the next one
 * ends where one clean run would have ended. Month by month, all months at once and `apply: 'rebuild'` end in the same
 * bytes. Copies that an earlier version published and this one does not are removed, unless somebody changed them; a file that
 * no run of the place wrote is never overwritten. With nothing to do no file is touched. Options that are left out are those of the last commit.
 * Destinations are connected before inputs are read, and get the last commit when the run is over, also one that an earlier
 * run could not deliver.
 * Concurrent runs on one place: one of them commits, the others are turned away or plan again.
 *
 * @throws PipelineError no_input, initial_missing, month_unknown, month_pending, late_file, file_changed, file_exists,
 * options_changed, file_unrecognized, empty_extract, null_key, too_many_quarantined, invalid_option - the inputs or options cannot be applied; nothing is changed
 * @throws PipelineError log_damaged, data_damaged - the committed state is not what it was
 * @throws PipelineError lock_held, commit_lost - other runs are at work
 * @throws PipelineError destination_taken, destination_refused - a destination cannot be delivered to; nothing is changed
 * @throws PipelineError destination_behind - the version is committed, and a destination does not have it yet
 * @throws FormatError, ContractError, DeltaError - a file is damaged, or a change is refused
 * @throws ConnectError - a place cannot be read or written
 * @example
 * import { memoryStore } from 'support-etl/connect'
 * import { defineJob, extractsAndDeltas, runPipeline } from 'support-etl/pipeline'
 * import { defineTable, key, string } from 'support-etl'
 *
 * const halls = defineTable('halls', { id: key(string()), name: string() })
 * const source = extractsAndDeltas()
 * const job = defineJob({ name: 'halls', tables: { halls: { contract: halls, source } } })
 * const data = memoryStore({
 *   'initial/halls.csv': 'id,name\nH1,North\nH2,South\n',
 *   'delta/halls_delta_202502.csv': 'id,name,action\nH3,West,add\nH1,Old hall,update\n',
 * })
 * const out = memoryStore()
 * const { status, commit, tables } = await runPipeline(job, { data, out })
 * status // 'committed'
 * tables // { halls: 3 }
 * const again = await runPipeline(job, { data, out })
 * again.status // 'nothing_to_do'
 */
export async function runPipeline<Options extends JobOptions>(
  job: Job<Options>,
  options?: RunOptions<Options>,
  given?: Partial<RunEffects>,
): Promise<RunResult<ShownOptions<Options>>>
export async function runPipeline(
  job: Job,
  options: RunOptions = {},
  given: Partial<RunEffects> = {},
): Promise<RunResult> {
  const effects: RunEffects = { ...nodeEffects(), ...given }
  const places = openPlaces(job, options, effects)
  engineOf(places.out)?.refuse(job)
  const run: Run = { job, places, runId: effects.newRunId(), effects }
  return advanceAndDeliver(run, options)
}

/** The same for a run with its places, and what it brings besides; its destinations get the commit. */
export async function advanceAndDeliver(run: Run, options: RunOptions): Promise<RunResult> {
  const { destinations = [] } = options
  const { job, places, effects } = run
  if (readDestinations(destinations).length === 0) return advance(run, options)
  const { closeDestinations, deliverAll, openDestinations } = await import('./destinations/deliveries.ts')
  const source = { job, out: places.out, effects }
  const opened = await openDestinations(destinations, source)
  try {
    const result = await advance(run, options)
    return { ...result, destinations: await deliverAll(opened, source) }
  } finally {
    await closeDestinations(opened)
  }
}
