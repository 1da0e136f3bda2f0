/**
 * The committed state for readers: as it is, or as it was after the deltas up to a month.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import { PipelineError } from '../../errors.ts'
import type { Frame } from '../../table/frame.ts'
import { type Effects, nodeEffects } from '../effects.ts'
import { isMadeBy, stepFingerprints } from '../fingerprints.ts'
import { foldInputs, type InputRows, writeFolded } from '../fold/apply-inputs.ts'
import { type Job, type JobTable, type RollupCells, tablesOf } from '../job.ts'
import { type JobOptions, type OptionValues, optionsFor, type ShownOptions } from '../job-options.ts'
import { type CommitRecord, type InputRecord, isReplayed } from '../log/commit-record.ts'
import { compareMonths, readMonth } from '../month.ts'
import { type OutOptions, refuseCall, type StateOptions } from '../options.ts'
import { shownOptions } from '../run-result.ts'
import { readStoredInput } from '../sources/read-input.ts'
import { openOut, readStanding } from '../status.ts'
import { EMPTY_STATE, LoadedState } from './loaded-state.ts'

/** Which state is read. */
export interface StateQuery extends OutOptions {
  /** The state after the deltas of this month and before, `202503` or `2025-03`; all by default. */
  readonly asOf?: string
}

/** A state to read from; what is asked for is loaded, or made, once. */
export interface CommittedState<Shown = unknown> {
  readonly commit: number
  readonly committedAt: string
  /** Null for the state as it is. */
  readonly asOf: string | null
  /** Those of the run and of the job. */
  readonly options: StateOptions & Shown
  readonly inputs: readonly InputRecord[]
  /** A table's rows; the last two columns say which file and record each came from. */
  loadTable(name: string): Promise<Frame>
  /** A rollup as it stood then. */
  loadRollup(name: string): Promise<RollupCells>
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
  const { record } = await readStanding(out, effects)
  refuseOtherJob(record, job, effects)
  return { out, record }
}

/** Refuses to read a state with another job than it was made with: its rows would be taken for what they are not. */
function refuseOtherJob(record: CommitRecord, job: Job, effects: Effects): void {
  if (isMadeBy(record, job, effects)) return
  if (record.job !== job.name) {
    throw new PipelineError(
      'options_changed',
      `this place holds the state of job "${record.job}", not of "${job.name}"`,
      { advice: [{ option: 'out', effect: 'use another place' }] },
    )
  }
  throw new PipelineError(
    'options_changed',
    `the state was made by job "${record.job}" with other contracts or policies`,
    {
      advice: [
        { option: 'apply', value: "'rebuild'", effect: 'make it anew', otherwise: 'run with --rebuild' },
        'read it with the job that made it',
      ],
    },
  )
}

export function tableOf(job: Job, name: string): JobTable {
  const table = Object.hasOwn(job.tables, name) ? job.tables[name] : undefined
  if (table !== undefined) return table
  const names = Object.keys(job.tables).join(', ')
  throw new PipelineError('invalid_option', `job ${job.name} has no table "${name}"; it has ${names}`)
}

/** Only extracts and deltas have months: what was before is known by commit alone. */
export function refuseWithoutMonths({ contract, source }: JobTable, what: string): void {
  if (source.law === 'replayed') return
  throw new PipelineError(
    'invalid_option',
    `${what}: the inputs of table ${contract.name} (${source.expected}) are not those of months; read it as it is now`,
  )
}

/** Returns the stored rows of a table's inputs up to a month, in the order in which they are applied. */
export async function readInputs(
  out: FileStore,
  { inputs }: Pick<CommitRecord, 'inputs'>,
  table: string,
  asOf: string | null,
  effects: Pick<Effects, 'newHash'>,
): Promise<readonly InputRows[]> {
  const rows: InputRows[] = []
  for (const input of inputs) {
    if (!isReplayed(input) || input.table !== table) continue
    if (asOf === null || compareMonths(input.month, asOf) <= 0) rows.push(await readStoredInput(out, input, effects))
  }
  return rows
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
  readonly #loaded: LoadedState
  readonly #effects: Effects
  /** Fingerprints of the job's steps as they are now, and as they were. */
  readonly #steps: Readonly<Record<string, string>>
  readonly #fingerprints: Readonly<Record<string, string>>
  readonly #folded = new Set<string>()

  constructor(out: FileStore, job: Job, record: CommitRecord, asOf: string | null, effects: Effects) {
    this.#out = out
    this.#effects = effects
    this.#job = job
    this.#loaded = new LoadedState(out, asOf === null ? record : EMPTY_STATE, tablesOf(job))
    this.commit = record.number
    this.committedAt = record.committedAt
    this.asOf = asOf
    this.jobOptions = record.jobOptions
    this.#steps = stepFingerprints(job, record.jobOptions, effects)
    this.#fingerprints = record.fingerprints
    this.options = shownOptions(record)
    this.inputs = record.inputs.filter(({ month }) => asOf === null || compareMonths(month, asOf) <= 0)
  }

  async loadTable(name: string): Promise<Frame> {
    const table = tableOf(this.#job, name)
    if (this.asOf !== null) refuseWithoutMonths(table, 'asOf')
    if (this.asOf !== null && !this.#folded.has(name)) {
      this.#folded.add(name)
      const inputs = await readInputs(this.#out, this, name, this.asOf, this.#effects)
      // what was applied once is applied again: strictness has had its say
      this.#loaded.setTable(name, writeFolded(foldInputs(null, inputs, table, 'lenient')))
    }
    return this.#loaded.loadTable(name)
  }

  async loadRollup(name: string): Promise<RollupCells> {
    const rollup = Object.hasOwn(this.#job.rollups, name) ? this.#job.rollups[name] : undefined
    if (rollup === undefined) throw new PipelineError('invalid_option', `job ${this.#job.name} has no rollup "${name}"`)
    // another function or another library made the stored one
    const isOther = this.#steps[name] !== this.#fingerprints[name]
    if ((this.asOf !== null || isOther) && !this.#folded.has(name)) {
      this.#folded.add(name)
      this.#loaded.setRollup(
        name,
        rollup.build(await this.loadTable(rollup.table), this.#optionsFor(rollup.uses, `rollup ${name}`)),
      )
    }
    return this.#loaded.loadRollup(name)
  }

  async loadOutput(name: string): Promise<Frame> {
    const output = Object.hasOwn(this.#job.outputs, name) ? this.#job.outputs[name] : undefined
    if (output === undefined) {
      const names = Object.keys(this.#job.outputs).join(', ')
      throw new PipelineError('invalid_option', `job ${this.#job.name} has no output "${name}"; it has ${names}`)
    }
    for (const read of output.reads)
      await (Object.hasOwn(this.#job.rollups, read) ? this.loadRollup(read) : this.loadTable(read))
    return output.build(this.#loaded, this.#optionsFor(output.uses, `output ${name}`))
  }

  #optionsFor(uses: readonly string[] | undefined, step: string): OptionValues {
    return optionsFor(this.jobOptions, uses ?? [], step)
  }
}

/**
 * Returns the committed state of a place for reading: tables, rollups and outputs, each loaded when it is asked for.
 * `asOf` folds the kept inputs again up to a month, dimensions included. Reads through the log, so that a run at work,
 * or one that was killed, is never seen half-way.
 *
 * @throws PipelineError nothing_committed - there is no commit; options_changed - another job made it; log_damaged,
 * data_damaged - it is not what it was; invalid_option - `asOf` is no month
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
  return new PastState(out, job, record, null, effects)
}

/** Opens a committed state to read from it, with the values of the job's options beside it. */
export async function openCommitted(
  job: Job,
  query: StateQuery,
  effects: Effects,
): Promise<CommittedState & { readonly jobOptions: OptionValues }> {
  const out = openOut(query, effects)
  const { record } = await readStanding(out, effects)
  refuseOtherJob(record, job, effects)
  return new PastState(out, job, record, query.asOf === undefined ? null : readMonth(query.asOf, 'asOf'), effects)
}
