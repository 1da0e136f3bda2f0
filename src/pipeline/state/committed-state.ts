/**
 * The committed state for readers: as it is, or as it was after the deltas up to a month.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import { PipelineError } from '../../errors.ts'
import type { TableContract } from '../../table/contract.ts'
import type { Frame } from '../../table/frame.ts'
import { openOut, readLastCommit } from '../audit/status.ts'
import { type Effects, nodeEffects } from '../effects.ts'
import { engineOf } from '../engine-place.ts'
import { foldInputs, writeFolded } from '../fold/apply-inputs.ts'
import { isMadeBy, stepFingerprints } from '../job/fingerprints.ts'
import {
  contractOf,
  type DerivedTable,
  isPartitioned,
  isStoredOutput,
  type Job,
  type JobTable,
  type Partition,
  type RollupCells,
  rootOf,
  tableNames,
  tablesOf,
} from '../job/job.ts'
import { type JobOptions, type OptionValues, optionsFor, type ShownOptions } from '../job/job-options.ts'
import { compareMonths } from '../job/month.ts'
import { type OutOptions, refuseCall, type StateOptions } from '../job/options.ts'
import type { CommitRecord, InputRecord } from '../log/commit-record.ts'
import { openMended, readMended } from '../mend/read-mended.ts'
import { shownOptions } from '../run-result.ts'
import { EMPTY_STATE, type EngineRows, LoadedState } from './loaded-state.ts'
import { daysOfTable, mergeDays } from './partition-days.ts'
import { countingDays } from './partition-files.ts'
import { readPastCommit } from './past-commit.ts'
import { type AsOf, type PastPoint, readAsOf, refuseWithoutDays, refuseWithoutMonths } from './past-point.ts'
import { stateOfAnotherJob, stateOfAnotherVersion } from './state-refusals.ts'
import { readInputs } from './stored-inputs.ts'
import { readStoredFrame } from './stored-rows.ts'

/** Which state is read. */
export interface StateQuery extends OutOptions {
  /** After the deltas of a month and before (`202503`, `2025-03`), with the partitions of a day and before (`2025-03-01`), or as a commit left it (`commit:3`); as it is by default. */
  readonly asOf?: AsOf
}

/** A state to read from; what is asked for is loaded, or made, once. */
export interface CommittedState<Shown = unknown> {
  readonly commit: number
  readonly committedAt: string
  /** The month (`2025-03`) or the commit (`commit:3`); null for the state as it is. */
  readonly asOf: string | null
  /** Those of the run and of the job. */
  readonly options: StateOptions & Shown
  readonly inputs: readonly InputRecord[]
  /**
   * The rows of a table, or derived table. The last columns of a table say which file and record each row came from. Recorded
   * columns are null in the state of a month where no commit recorded them.
   */
  loadTable(name: string): Promise<Frame>
  /** A rollup as it stood then. */
  loadRollup(name: string): Promise<RollupCells>
  /** The days of a partitioned table, in order, each read when its rows are asked for. */
  partitions(name: string): readonly Partition[]
  /** An output, such as the report, made of the tables and rollups it reads. */
  loadOutput(name: string): Promise<Frame>
}

/** Returns the place and last commit of a job. @throws PipelineError nothing_committed, log_damaged, options_changed */
export async function readCurrent(
  job: Job,
  options: OutOptions,
  effects: Effects,
): Promise<{ readonly out: FileStore; readonly record: CommitRecord }> {
  const out = openOut(options, effects)
  const { record } = await readLastCommit(out, effects)
  refuseOtherJob(record, job, effects)
  return { out, record }
}

/** Refuses to read a state with another job than it was made with: its rows would be taken for what they are not. */
function refuseOtherJob(record: CommitRecord, job: Job, effects: Effects): void {
  if (isMadeBy(record, job, effects)) return
  throw record.job === job.name ? stateOfAnotherVersion(job) : stateOfAnotherJob(record.job, job)
}

export function tableOf(job: Job, name: string): JobTable {
  const table = Object.hasOwn(job.tables, name) ? job.tables[name] : undefined
  if (table !== undefined) return table
  const derived = Object.hasOwn(job.derived, name) ? job.derived[name] : undefined
  if (derived !== undefined) {
    throw new PipelineError(
      'invalid_option',
      `table "${name}" of job ${job.name} is derived from "${derived.from}" and has no inputs of its own; ask for "${rootOf(job, name)}"`,
    )
  }
  const names = tableNames(job).join(', ')
  throw new PipelineError('invalid_option', `job ${job.name} has no table "${name}"; it has ${names}`)
}

/** Which commits a state is read from. */
interface ReadCommits {
  /** The last commit: its options are those that rollups and outputs are made with. */
  readonly head: CommitRecord
  /** The commit whose files are read. */
  readonly record: CommitRecord
  readonly point: PastPoint | null
  /** Whether the head is known to be the last commit of the place. */
  readonly isLast: boolean
}

class PastState implements CommittedState {
  readonly commit: number
  readonly committedAt: string
  readonly asOf: string | null
  readonly options: StateOptions
  readonly jobOptions: OptionValues
  readonly inputs: readonly InputRecord[]
  readonly #out: FileStore
  readonly #job: Job
  readonly #record: CommitRecord
  /** The month up to which inputs are folded again; null where the files of a commit are read. */
  readonly #month: string | null
  /** The last day of partitioned tables; null for all of them. */
  readonly #day: string | null
  readonly #loaded: LoadedState
  readonly #effects: Effects
  /** Fingerprints of the job's steps as they are now. */
  readonly #steps: Readonly<Record<string, string>>
  readonly #made = new Set<string>()

  constructor(out: FileStore, job: Job, { head, record, point, isLast }: ReadCommits, effects: Effects) {
    this.#out = out
    this.#effects = effects
    this.#job = job
    this.#record = record
    this.#month = point?.kind === 'month' ? point.month : null
    this.#day = point?.kind === 'day' ? point.day : null
    // an engine has the tables of the last commit alone
    const engine = isLast && point === null ? engineOf(out) : null
    const rows: EngineRows | null =
      engine === null ? null : { loadTable: (contract) => engine.loadTable(contract, record.number) }
    this.#loaded = new LoadedState(out, this.#month === null ? record : EMPTY_STATE, tablesOf(job), rows)
    this.commit = record.number
    this.committedAt = record.committedAt
    this.asOf = point?.text ?? null
    this.jobOptions = head.jobOptions
    this.#steps = stepFingerprints(job, head.jobOptions, effects)
    this.options = shownOptions(head)
    const month = this.#month
    const day = this.#day
    this.inputs = record.inputs.filter(
      (input) =>
        (month === null || compareMonths(input.month, month) <= 0) &&
        (day === null || !isPartitioned(job, input.table) || input.unit <= day),
    )
    for (const name of Object.keys(job.tables)) if (isPartitioned(job, name)) this.#showDays(name)
  }

  /** Returns the source place as the runs of the commit read it: with the records that people mended. */
  async openSource(place: FileStore): Promise<FileStore> {
    const mended = await readMended(this.#out, this.#record, this.#effects)
    return (await openMended(place, mended, this.#job, this.#effects)).data
  }

  /** Partitioned tables, and those that are made from them, are known by their days; nothing is read yet. */
  #showDays(root: string): void {
    const days = countingDays(this.#job, root, this.inputs)
    const isStored = (name: string): boolean => this.#isStored(name)
    const shown = { job: this.#job, out: this.#out, effects: this.#effects, values: this.jobOptions, isStored }
    for (const name of tableNames(this.#job)) {
      if (rootOf(this.#job, name) === root) this.#loaded.setPartitions(name, daysOfTable(name, days, shown))
    }
    for (const [name, { table }] of Object.entries(this.#job.rollups)) {
      if (rootOf(this.#job, table) !== root) continue
      this.#made.add(name)
      this.#loaded.setRollup(name, () => mergeDays(name, days, shown))
    }
  }

  /** Refuses a table of which the point of the past says nothing. */
  #refusePoint(name: string): void {
    const table = tableOf(this.#job, rootOf(this.#job, name))
    if (this.#day !== null) refuseWithoutDays(table, this.#day)
    if (this.#month !== null) {
      refuseWithoutMonths(table, 'asOf', 'read it as it is now, or as of a commit (commit:1)')
    }
  }

  partitions(name: string): readonly Partition[] {
    this.#refusePoint(name)
    return this.#loaded.partitions(name)
  }

  async loadTable(name: string): Promise<Frame> {
    const derived = Object.hasOwn(this.#job.derived, name) ? this.#job.derived[name] : undefined
    // which says how its days are read
    if (isPartitioned(this.#job, name)) return this.#loaded.loadTable(name)
    if (derived !== undefined) return this.#loadDerived(name, derived)
    const table = tableOf(this.#job, name)
    this.#refusePoint(name)
    const month = this.#month
    if (month !== null && !this.#made.has(name)) {
      this.#made.add(name)
      const inputs = await readInputs(this.#out, this, name, month, this.#effects)
      // what was applied once is applied again: strictness has had its say
      this.#loaded.setTable(name, writeFolded(foldInputs(null, inputs, table, 'lenient')))
    }
    return this.#loaded.loadTable(name)
  }

  async #loadDerived(name: string, derived: DerivedTable): Promise<Frame> {
    if (!this.#isStored(name) && !this.#made.has(name)) {
      this.#made.add(name)
      const { deriveAll } = await import('../derive/derive-table.ts')
      const { withRecorded } = await import('../fold/recorded-times.ts')
      const frame = await this.loadTable(derived.from)
      const { contract } = derived
      // the job has the parent of every derived table
      const parent = { frame, contract: contractOf(this.#job, derived.from) as TableContract }
      const made = deriveAll(name, derived, parent, this.jobOptions)
      const file = Object.hasOwn(this.#record.state, name) ? this.#record.state[name]?.snapshot : undefined
      const before = file === undefined || file === null ? null : (await readStoredFrame(this.#out, file)).frame
      const now = this.#month === null ? Date.parse(this.committedAt) : null
      this.#loaded.setTable(name, withRecorded(made.frame, before, contract, now))
    }
    return this.#loaded.loadTable(name)
  }

  /** Whether the commit stores what the step would make now: not where another function or another library made it. */
  #isStored(name: string): boolean {
    if (this.#month !== null) return false
    return this.#job.isLogged === true || this.#steps[name] === this.#record.fingerprints[name]
  }

  async loadRollup(name: string): Promise<RollupCells> {
    const rollup = Object.hasOwn(this.#job.rollups, name) ? this.#job.rollups[name] : undefined
    if (rollup === undefined) throw new PipelineError('invalid_option', `job ${this.#job.name} has no rollup "${name}"`)
    this.#refusePoint(rollup.table)
    if (!this.#isStored(name) && !this.#made.has(name)) {
      this.#made.add(name)
      const options = this.#optionsFor(rollup.uses, `rollup ${name}`)
      this.#loaded.setRollup(name, rollup.build(await this.loadTable(rollup.table), options))
    }
    return this.#loaded.loadRollup(name)
  }

  async loadOutput(name: string): Promise<Frame> {
    const output = Object.hasOwn(this.#job.outputs, name) ? this.#job.outputs[name] : undefined
    if (output === undefined) {
      const names = Object.keys(this.#job.outputs).join(', ')
      throw new PipelineError('invalid_option', `job ${this.#job.name} has no output "${name}"; it has ${names}`)
    }
    for (const read of output.reads) {
      if (isPartitioned(this.#job, read)) this.partitions(read)
      else await (Object.hasOwn(this.#job.rollups, read) ? this.loadRollup(read) : this.loadTable(read))
    }
    const rows = await output.build(this.#loaded, this.#optionsFor(output.uses, `output ${name}`))
    if (!isStoredOutput(output)) return rows
    const { withStoredPast } = await import('../derive/record-output.ts')
    const [record, at] = this.#month === null ? [this.#record, Date.parse(this.committedAt)] : [EMPTY_STATE, null]
    return withStoredPast(this.#out, record, { ...output, contract: { ...output.contract, name } }, rows, at)
  }

  #optionsFor(uses: readonly string[] | undefined, step: string): OptionValues {
    return optionsFor(this.jobOptions, uses ?? [], step)
  }
}

/**
 * Returns the committed state of a place for reading: tables, rollups and outputs, each loaded when it is asked for.
 * `asOf` folds the kept inputs again up to a month, dimensions included, reads partitioned tables up to a day, or reads the
 * tables as a commit stored them, with the rollups and outputs as the job makes them now. Reads through the log, so that a run
 * at work, or one that was killed, is never seen half-way.
 *
 * @throws PipelineError nothing_committed - there is no commit; options_changed - another job made it; log_damaged,
 * data_damaged - it is not what it was; commit_collected - files of the commit were removed; invalid_option - `asOf` is no month, no day
 * and no commit of the place
 * @throws ConnectError - the place cannot be read
 * @example
 * import { memoryStore } from 'support-etl/connect'
 * import { defineJob, extractsAndDeltas, readState, runPipeline } from 'support-etl/pipeline'
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
 * await runPipeline(job, { data, out })
 * const now = await (await readState(job, { out })).loadTable('halls')
 * now.columns.get('name') // ['Old hall', 'South', 'West']
 * const before = await (await readState(job, { out, asOf: '2025-01' })).loadTable('halls')
 * before.columns.get('name') // ['North', 'South']
 */
export async function readState<Options extends JobOptions>(
  job: Job<Options>,
  query: StateQuery = {},
  given: Partial<Effects> = {},
): Promise<CommittedState<ShownOptions<Options>>> {
  refuseCall(job, query, { out: true, asOf: true })
  const effects: Effects = { ...nodeEffects(), ...given }
  return (await openCommitted(job, query, effects)) as CommittedState<ShownOptions<Options>>
}

/** Returns the state as one commit of a job left it. */
export function stateOf(out: FileStore, job: Job, record: CommitRecord, effects: Effects): CommittedState {
  return new PastState(out, job, { head: record, record, point: null, isLast: false }, effects)
}

/** Opens a committed state to read from it, with the values of the job's options beside it. */
export async function openCommitted(
  job: Job,
  query: StateQuery,
  effects: Effects,
): Promise<CommittedState & Pick<PastState, 'jobOptions' | 'openSource'>> {
  const { out, record: head } = await readCurrent(job, query, effects)
  const point = query.asOf === undefined ? null : readAsOf(query.asOf)
  const record = point?.kind === 'commit' ? await readPastCommit(out, point.commit, head, job, effects) : head
  return new PastState(out, job, { head, record, point, isLast: true }, effects)
}
