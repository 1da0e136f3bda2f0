/**
 * What a run may be told, what the last commit says where it is not, and what stands in neither.
 * @module
 */
import { isRecord, type OptionNames, refuseUnknown, refuseUnless } from '../arguments.ts'
import type { FileStore } from '../connect/file-store.ts'
import { PipelineError } from '../errors.ts'
import type { Job, ReportOptions } from './job.ts'
import { readMonth } from './month.ts'

/** The format of published copies. */
export type CopyFormat = 'csv' | 'json' | 'parquet'
export const FORMATS: readonly CopyFormat[] = ['csv', 'json', 'parquet']

/** What becomes of text that a spreadsheet would run as a formula, in copies as CSV. */
export type CopyFormulas = 'keep' | 'escape'

/** Where states are kept. */
export interface OutOptions {
  /** The folder, or place, of the committed state; `output` by default. */
  readonly out?: string | FileStore
}

/** How a run is done. What is left out is what the last commit says, else what stands here. */
export interface RunOptions extends OutOptions {
  /** The folder, or place, with `initial/` and `delta/`; `data` by default. */
  readonly data?: string | FileStore
  /** Only these months of deltas, as `202503` or `2025-03`; all by default. */
  readonly months?: readonly string[]
  /** `pending` (default) applies what is new; `rebuild` replays everything, late and changed files included. */
  readonly apply?: 'pending' | 'rebuild'
  /** The format of the published copies; `csv`. */
  readonly format?: CopyFormat
  /** `escape` puts `'` in front of text in CSV copies that a spreadsheet would run: they no longer read back as the table. `keep`. */
  readonly formulas?: CopyFormulas
  /** Which copies are published: names of outputs and tables, `report` (all outputs), `dimensions`, or `all`, which is the default. */
  readonly publish?: readonly string[]
  /** The zone of the report's months, an IANA name or an offset. */
  readonly timeZone?: string
  /** The column of the fact that says in which month a row is. */
  readonly monthFrom?: string
  /** `lenient` (default) counts what is odd and sets bad rows aside; `strict` stops at the first of either. */
  readonly mode?: 'lenient' | 'strict'
  /** Stop when more than this share of a file's rows, and more than 5, are bad: 0 to 1; 0.05. */
  readonly maxQuarantined?: number
}

/** The options that belong to a state: inherited by the next run. */
export interface StateOptions extends ReportOptions {
  readonly format: CopyFormat
  /** Left out where text is kept as it is. */
  readonly formulas?: 'escape'
  /** The names of the copies, in order of outputs and tables. */
  readonly publish: readonly string[]
  readonly mode: 'lenient' | 'strict'
  readonly maxQuarantined: number
}

/** Options with every choice made. */
export interface RunRequest {
  /** Null means all. */
  readonly months: readonly string[] | null
  readonly apply: 'pending' | 'rebuild'
  readonly options: StateOptions
}

const RUN = {
  ...{ data: true, out: true, months: true, apply: true, format: true, publish: true, timeZone: true, monthFrom: true },
  ...{ mode: true, maxQuarantined: true, formulas: true },
} as const satisfies OptionNames<RunOptions>

/**
 * Refuses a job that is none, and options of other names.
 * @throws PipelineError invalid_option
 */
export function refuseCall(job: Job, options: object, known: OptionNames = RUN): void {
  const isJob = isRecord(job) && Array.isArray(job.tables) && isRecord(job.outputs) && isRecord(job.rollups)
  refuseUnless(isJob, 'job', job, 'a job such as supportJob of support-etl/support', PipelineError)
  refuseUnknown(options, known, PipelineError)
}

function choose<Choice extends string>(value: Choice, allowed: readonly Choice[], option: string): Choice {
  if (allowed.includes(value)) return value
  throw new PipelineError('invalid_option', `${option} "${value}" is none of ${allowed.join(', ')}`)
}

/** The tables that columns of the job's contracts refer to. */
export function dimensionNames(job: Job): readonly string[] {
  const referred = new Set(
    job.tables.flatMap(({ contract }) => Object.values(contract.columns).map((column) => column.references)),
  )
  return job.tables.map(({ contract }) => contract.name).filter((name) => referred.has(name))
}

/** The names of everything a job can publish: outputs, then tables. */
export function copyNames(job: Job): readonly string[] {
  return [...Object.keys(job.outputs), ...job.tables.map(({ contract }) => contract.name)]
}

function readPublish(chosen: readonly string[], job: Job): readonly string[] {
  const names = copyNames(job)
  const groups = new Map<string, readonly string[]>([
    ...names.map((name) => [name, [name]] as const),
    ['report', Object.keys(job.outputs)],
    ['dimensions', dimensionNames(job)],
    ['all', names],
  ])
  const wanted = new Set<string>()
  for (const word of chosen) {
    const members = groups.get(word.trim())
    if (members === undefined) {
      throw new PipelineError('invalid_option', `publish "${word}" is none of ${[...groups.keys()].join(', ')}`)
    }
    for (const name of members) wanted.add(name)
  }
  return names.filter((name) => wanted.has(name))
}

/** A share from 0 to 1. @throws PipelineError invalid_option */
export function readShare(share: number): number {
  if (share >= 0 && share <= 1) return share
  throw new PipelineError(
    'invalid_option',
    `maxQuarantined is ${share}; give it a share from 0 to 1, such as 0.05 for 5 %`,
  )
}

/** Names of tables, rollups and outputs become names of files: a job made by hand may not lead out of its folder. */
function refuseNames(job: Job): void {
  const wrong = [...copyNames(job), ...Object.keys(job.rollups)].find((name) => !/^[a-z][a-z0-9_]*$/i.test(name))
  if (wrong === undefined) return
  throw new PipelineError(
    'invalid_option',
    `job ${JSON.stringify(job.name)} calls a table, rollup or output ${JSON.stringify(wrong)}; use letters, digits and _, beginning with a letter`,
  )
}

/**
 * Returns a run's options: what is given, else what the last commit says, else the job's and the library's defaults.
 * @throws PipelineError invalid_option - a value, or a name of the job, that cannot be; the message names those that can
 */
export function resolveRequest(given: RunOptions, inherited: StateOptions | null, job: Job): RunRequest {
  refuseNames(job)
  const months = given.months?.map((month) => readMonth(month, 'months')) ?? null
  if (months?.length === 0) throw new PipelineError('invalid_option', 'months is empty; leave it out to take all')
  const formulas = choose(given.formulas ?? inherited?.formulas ?? 'keep', ['keep', 'escape'], 'formulas')
  const options: StateOptions = {
    timeZone: given.timeZone ?? inherited?.timeZone ?? job.defaults.timeZone,
    monthFrom: given.monthFrom ?? inherited?.monthFrom ?? job.defaults.monthFrom,
    format: choose(given.format ?? inherited?.format ?? 'csv', FORMATS, 'format'),
    ...(formulas === 'escape' ? { formulas } : {}),
    publish: readPublish(given.publish ?? inherited?.publish ?? ['all'], job),
    mode: choose(given.mode ?? inherited?.mode ?? 'lenient', ['lenient', 'strict'], 'mode'),
    maxQuarantined: readShare(given.maxQuarantined ?? inherited?.maxQuarantined ?? 0.05),
  }
  const refusal = job.check?.(options)
  if (refusal !== undefined && refusal !== null) throw refusal
  return {
    months: months === null ? null : [...new Set(months)].sort(),
    apply: choose(given.apply ?? 'pending', ['pending', 'rebuild'], 'apply'),
    options,
  }
}
