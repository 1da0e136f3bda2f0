/**
 * The run: plan, lock, write, commit, publish. Killed anywhere and started again it ends where one clean run ends.
 * @module
 */
import type { FileStore } from '../connect/file-store.ts'
import { PipelineError } from '../errors.ts'
import { appendCommit, readHead, readHeadHash, readLast } from './commit-log.ts'
import type { Commit, CommitRecord, PublishedFile, TableRecord } from './commit-record.ts'
import { findBroken } from './copies.ts'
import { type Effects, nodeEffects } from './effects.ts'
import { stepFingerprints, tableRecords } from './fingerprints.ts'
import { expectedNames, refuseSourceFolder, takeInventory } from './inventory.ts'
import type { Job } from './job.ts'
import type { JobOptions, ShownOptions } from './job-options.ts'
import { type Lock, takeLock } from './lock.ts'
import { type MadeVersion, makeVersion } from './make-version.ts'
import { type RunOptions, refuseCall, resolveRequest } from './options.ts'
import { makePlan, type Plan } from './plan.ts'
import { type Publication, publishVersion, settleVersion } from './publish.ts'
import { writeCopiesAgain } from './republish.ts'
import { findForeign, findRetired, type Retirement, removeRetired, retireCopies } from './retired.ts'
import { type RunResult, standing } from './run-result.ts'
import { VersionDraft } from './version-draft.ts'

/** How often a run plans again because another was first. */
const ATTEMPTS = 5

interface Places {
  readonly data: FileStore
  readonly out: FileStore
}

/** What a run finds before it does anything. */
interface Situation {
  readonly head: Commit | null
  readonly plan: Plan
  readonly tables: Readonly<Record<string, TableRecord>>
  readonly steps: Readonly<Record<string, string>>
  readonly intact: readonly PublishedFile[]
  readonly broken: readonly PublishedFile[]
  /** Copies of earlier versions that are still there. */
  readonly retired: readonly PublishedFile[]
}

export function openPlaces(job: Job, options: RunOptions, effects: Effects): Places {
  refuseCall(job, options)
  const { data = 'data', out = 'output' } = options
  return {
    data: typeof data === 'string' ? effects.openSource(data) : data,
    out: typeof out === 'string' ? effects.openState(out) : out,
  }
}

export async function look(
  { data, out }: Places,
  job: Job,
  options: RunOptions,
  effects: Effects,
  hash: 'known' | 'all',
): Promise<Situation> {
  const head = await readHead(out, effects)
  const record = head?.record ?? null
  const request = resolveRequest(options, record, job)
  const inventory = await takeInventory(data, job, { head: record, hash, effects })
  if (head === null) await refuseSourceFolder(data, out, job, inventory)
  const records = tableRecords(job, effects)
  const steps = stepFingerprints(job, request.jobOptions, effects)
  const contracts = Object.fromEntries(Object.entries(records).map(([name, { fingerprint }]) => [name, fingerprint]))
  const tables = Object.keys(job.tables)
  const foreign = await findForeign(out, request.options, record, effects)
  // what another run committed meanwhile, and published, is not foreign
  if (foreign.length > 0 && (await readLast(out)) !== (record?.number ?? 0))
    return look({ data, out }, job, options, effects, hash)
  const [source, place] = [data.location, out.location]
  const known = { tables, job: job.name, inventory, head: record, request, contracts, steps, source }
  const plan = makePlan({ ...known, expected: expectedNames(job), out: place, foreign })
  const broken = record === null ? [] : await findBroken(out, record, effects)
  // copies in which formulas stand otherwise are no copies to go on with
  const isSameForm = record?.options.formulas === plan.options.formulas
  const intact = record?.published.filter((file) => isSameForm && !broken.includes(file)) ?? []
  const retired = record === null ? [] : await findRetired(out, record, effects)
  return { head, plan, tables: records, steps, intact, broken, retired }
}

function refuse({ refusals }: Plan): void {
  const [refusal] = refusals
  if (refusal === undefined) return
  throw new PipelineError(refusal.code, refusal.message, { details: { files: refusal.files, refusals } })
}

function recordOf(
  { content }: MadeVersion,
  { retired }: Retirement,
  head: Commit | null,
  { runId, effects }: Pick<Attempt, 'runId' | 'effects'>,
): CommitRecord {
  return {
    format: 2,
    number: (head?.record.number ?? 0) + 1,
    parent: head?.sha256 ?? null,
    runId,
    committedAt: new Date(effects.now()).toISOString(),
    versions: effects.versions,
    ...content,
    retired,
  }
}

interface Attempt {
  readonly places: Places
  readonly job: Job
  readonly runId: string
  readonly lock: Lock
  readonly effects: Effects
}

/** Writes, commits and publishes a version; null when another run was first. */
async function attemptVersion(
  { places, job, runId, lock, effects }: Attempt,
  situation: Situation,
): Promise<RunResult | null> {
  const { head, plan, tables, steps, intact } = situation
  const onPiece = (): void => lock.beat()
  const draft = new VersionDraft(places.out, intact, effects, onPiece)
  try {
    const input = { job, plan, head: head?.record ?? null, tables, steps, intact }
    const made = await makeVersion({ ...places, draft, effects, onPiece }, input)
    effects.onProgress({ step: 'commit', name: places.out.location, done: null, total: null })
    const retirement = await retireCopies(places.out, head?.record ?? null, made.content.published, effects)
    const record = recordOf(made, retirement, head, { runId, effects })
    const commit = await appendCommit(places.out, record, effects)
    if (commit === null) {
      effects.logger.info('another run committed first; planning again')
      return null
    }
    effects.logger.info(`committed version ${commit.record.number}`, { runId, number: commit.record.number })
    const publication = await publishVersion(places.out, draft, commit.record, effects)
    const notes = [...made.notes, ...retirement.notes]
    return resultOf(commit.record, { plan, made: { ...made, notes }, runId, publication })
  } finally {
    await draft.discard()
  }
}

interface Outcome {
  readonly plan: Plan
  readonly made: Pick<MadeVersion, 'applied' | 'notes'>
  readonly runId: string
  readonly publication: Publication
}

function resultOf(
  record: CommitRecord,
  { plan, made, runId, publication: { written, removed } }: Outcome,
  status: RunResult['status'] = 'committed',
): RunResult {
  const names = new Set(written.map(({ name }) => name))
  return {
    status,
    runId,
    ...standing(record),
    applied: made.applied,
    skipped: plan.skip,
    notes: [...plan.notes, ...made.notes],
    published: record.published.map(({ output, name, rows }) => ({ output, name, rows, isWritten: names.has(name) })),
    removed,
  }
}

/**
 * Applies what is new in a job's source to its committed state and publishes copies for people.
 *
 * The state is the last commit of the log in `out`; a run that fails, or is killed, leaves it readable, and the next one
 * ends where one clean run would have ended. Month by month, all months at once and `apply: 'rebuild'` end in the same
 * bytes. Copies that an earlier version published and this one does not are removed, unless somebody changed them; a file that
 * no run of the place wrote is never overwritten. With nothing to do no file is touched. Options that are left out are those of the last commit.
 * Concurrent runs on one place: one of them commits, the others are turned away or plan again.
 *
 * @throws PipelineError no_input, initial_missing, month_unknown, month_pending, late_file, file_changed, file_exists,
 * options_changed, file_unrecognized, empty_extract, null_key, too_many_quarantined, invalid_option - the inputs or options cannot be applied; nothing is changed
 * @throws PipelineError log_damaged, data_damaged - the committed state is not what it was
 * @throws PipelineError lock_held, commit_lost - other runs are at work
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
  given?: Partial<Effects>,
): Promise<RunResult<ShownOptions<Options>>>
export async function runPipeline(
  job: Job,
  options: RunOptions = {},
  given: Partial<Effects> = {},
): Promise<RunResult> {
  const effects: Effects = { ...nodeEffects(), ...given }
  const places = openPlaces(job, options, effects)
  const runId = effects.newRunId()
  const first = await look(places, job, options, effects, 'known')
  refuse(first.plan)
  const idle = await nothingToDo(first, places, runId)
  if (idle !== null) return idle

  const lock = await takeLock(places.out, runId, effects)
  try {
    const attempt: Attempt = { places, job, runId, lock, effects }
    // what was found before the lock may be over by now
    let situation = (await isCurrent(first, places, effects))
      ? first
      : await look(places, job, options, effects, 'known')
    for (let count = 0; count < ATTEMPTS; count++) {
      refuse(situation.plan)
      const done = await nothingToDo(situation, places, runId)
      if (done !== null) return done
      const result = (await attemptCopies(attempt, situation)) ?? (await attemptVersion(attempt, situation))
      if (result !== null) return result
      situation = await look(places, job, options, effects, 'known')
    }
    throw new PipelineError(
      'commit_lost',
      `other runs committed to ${places.out.location} first, ${ATTEMPTS} times; run again when they are done`,
    )
  } finally {
    await lock.release()
  }
}

/** Where only copies are not as they should be, puts them right; null where that is not all. */
async function attemptCopies(
  { places, job, runId, lock, effects }: Attempt,
  { head, plan, broken }: Situation,
): Promise<RunResult | null> {
  if (head === null || plan.action !== 'nothing') return null
  const republication = { job, out: places.out, head: head.record, broken, lock, effects }
  const written = broken.length === 0 ? [] : await writeCopiesAgain(republication)
  if (written === null) return null
  const publication = { written, removed: await removeRetired(places.out, head.record, effects) }
  await settleVersion(places.out, head.record)
  return resultOf(head.record, { plan, made: { applied: [], notes: [] }, runId, publication }, 'republished')
}

async function isCurrent({ head }: Situation, { out }: Places, effects: Effects): Promise<boolean> {
  return (await readHeadHash(out, effects)) === (head?.sha256 ?? null)
}

async function nothingToDo(
  { head, plan, broken, retired }: Situation,
  { out }: Places,
  runId: string,
): Promise<RunResult | null> {
  if (head === null || plan.action !== 'nothing' || broken.length > 0 || retired.length > 0) return null
  await settleVersion(out, head.record)
  const publication = { written: [], removed: [] }
  return resultOf(head.record, { plan, made: { applied: [], notes: [] }, runId, publication }, 'nothing_to_do')
}
