/**
 * The options of a run: what is given, else what the last commit says, else the default.
 * @module
 */
import { isRecord, type OptionNames, refuseUnknown, refuseUnless } from '../../arguments.ts'
import { isFileName } from '../../connect/file-name.ts'
import type { FileStore } from '../../connect/file-store.ts'
import { PipelineError } from '../../errors.ts'
import type { Destination } from '../destinations/destination.ts'
import { readDay } from './day.ts'
import { refuseJob } from './define-job.ts'
import { isPartitioned, type Job, tableNames } from './job.ts'
import { type GivenOptions, type JobOptions, type OptionValues, resolveOptions } from './job-options.ts'
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

/** How a run is done: these options, and those of the job. What is left out is what the last commit says, else the default. */
export type RunOptions<Options extends JobOptions = JobOptions> = CommonRunOptions & GivenOptions<Options>

/** The options of a run that every job has. */
export interface CommonRunOptions extends OutOptions {
  /** The folder or store that holds the source files. Default `data`. */
  readonly data?: string | FileStore
  /** Only these months of deltas, as `202503` or `2025-03`. Default all. */
  readonly months?: readonly string[]
  /** Only these days of partitioned tables, as `20250301` or `2025-03-01`. Default all. A day without a file is in `skipped`, as `missing`. */
  readonly days?: readonly string[]
  /** Days of partitioned tables that are removed: their files must be gone. */
  readonly withdraw?: readonly string[]
  /**
   * `pending` (default) applies what is new. `rebuild` replays everything, late and changed files included. `replace` begins a new
   * ledger with the inputs that are there now: earlier inputs do not count any more, and earlier copies of other names stay.
   */
  readonly apply?: 'pending' | 'rebuild' | 'replace'
  /** The format of the published copies. Default `csv`. */
  readonly format?: CopyFormat
  /** `escape` puts `'` in front of text in CSV copies that a spreadsheet would run: they no longer read back as the table. Default `keep`. */
  readonly formulas?: CopyFormulas
  /** Which copies are published: names of outputs and tables, `report` (all outputs), `dimensions`, or `all`, which is the default. */
  readonly publish?: readonly string[]
  /** File names of copies, by output or table: `{ calls: 'cleaned_calls.parquet' }`. The others are named after what they are of. */
  readonly names?: Readonly<Record<string, string>>
  /** Outputs and tables whose copy may take the place of a file that no run of the place wrote; none by default. */
  readonly overwrite?: readonly string[]
  /** `lenient` (default) counts what is odd and sets bad rows aside; `strict` stops at the first of either. */
  readonly mode?: 'lenient' | 'strict'
  /** Tables from which this run may withdraw any number of rows, because their inputs are gone or have shrunk. */
  readonly acceptWithdrawals?: readonly string[]
  /** Stop when more than this share of a file's rows, and more than 5, are bad: 0 to 1; 0.05. */
  readonly maxQuarantined?: number
  /** Databases that get the rows of the last commit, made by `postgres` or `pglite`; an empty list forgets those of the last run. */
  readonly destinations?: readonly Destination[]
}

/** The options that belong to a state: inherited by the next run. */
export interface StateOptions {
  readonly format: CopyFormat
  /** Left out where text is kept as it is. */
  readonly formulas?: 'escape'
  /** What the copies are of, in order of outputs and tables. */
  readonly publish: readonly string[]
  /** Left out where every copy is named after what it is of. */
  readonly names?: Readonly<Record<string, string>>
  readonly mode: 'lenient' | 'strict'
  readonly maxQuarantined: number
  /** The names of the run's destinations. Left out where it has none. */
  readonly destinations?: readonly string[]
}

/** Options with every choice made. */
export interface RunRequest {
  /** Null means all. */
  readonly months: readonly string[] | null
  /** Null means all. */
  readonly days: readonly string[] | null
  /** Days of partitioned tables whose rows are removed. */
  readonly withdraw: readonly string[]
  readonly apply: 'pending' | 'rebuild' | 'replace'
  /** Copies that may take the place of a file which no run of the place wrote. */
  readonly overwrite: readonly string[]
  /** Tables from which any number of rows may be withdrawn. */
  readonly acceptWithdrawals: readonly string[]
  /** The names of the destinations that the run is given; those that it is not given stay in `options` as they were. */
  readonly delivered: readonly string[]
  readonly options: StateOptions
  /** The values of the job's own options. */
  readonly jobOptions: OptionValues
}

/** What the last commit says of options. */
export type InheritedOptions = Pick<RunRequest, 'options' | 'jobOptions'>

const RUN = {
  ...{ data: true, out: true, months: true, apply: true, format: true, publish: true },
  ...{ mode: true, maxQuarantined: true, formulas: true, acceptWithdrawals: true, destinations: true },
  ...{ days: true, withdraw: true },
  ...{ names: true, overwrite: true },
} as const satisfies OptionNames<CommonRunOptions>

/** Refuses what is not a job, and a job whose parts do not fit together. @throws PipelineError invalid_option */
export function refuseJobArgument(job: Job): void {
  const isJob =
    isRecord(job) && isRecord(job.options) && isRecord(job.tables) && isRecord(job.derived) && isRecord(job.outputs)
  refuseUnless(isJob, 'job', job, 'what defineJob gives, such as supportJob of support-etl/support', PipelineError)
  refuseJob(job)
}

/** Refuses what is not a job, and options of other names. @throws PipelineError invalid_option */
export function refuseCall(job: Job, options: object, known?: OptionNames): void {
  refuseJobArgument(job)
  refuseUnknown(options, known ?? { ...RUN, ...ownNames(job) }, PipelineError)
}

/** The error for an option of a run; a command line shows its flag where the message begins with its name. */
function optionError(option: string, message: string): PipelineError {
  return new PipelineError('invalid_option', message, { details: { option } })
}

function choose<Choice extends string>(value: Choice, allowed: readonly Choice[], option: string): Choice {
  if (allowed.includes(value)) return value
  throw optionError(option, `${option} "${value}" is none of ${allowed.join(', ')}`)
}

/** The names of a job's own options. */
export function ownNames(job: Job): OptionNames {
  return Object.fromEntries(Object.keys(job.options).map((name) => [name, true] as const))
}

/** The tables that columns of the job's contracts refer to. */
export function dimensionNames(job: Job): readonly string[] {
  const contracts = [...Object.values(job.tables), ...Object.values(job.derived)].map(({ contract }) => contract)
  const referred = new Set(
    contracts.flatMap(({ columns }) => Object.values(columns).map((column) => column.references)),
  )
  return tableNames(job).filter((name) => referred.has(name))
}

/**
 * The names of everything a job can publish as a copy: outputs, then keyed tables, then keyed derived tables. A partitioned one
 * is published file by file.
 */
export function copyNames(job: Job): readonly string[] {
  return [...Object.keys(job.outputs), ...tableNames(job).filter((name) => !isPartitioned(job, name))]
}

function readPublish(chosen: readonly string[], job: Job): readonly string[] {
  const names = copyNames(job)
  const groups = new Map<string, readonly string[]>([
    ...names.map((name) => [name, [name]] as const),
    ['report', Object.keys(job.outputs)],
    ['dimensions', dimensionNames(job).filter((name) => names.includes(name))],
    ['all', names],
  ])
  const wanted = new Set<string>()
  for (const word of chosen) {
    const members = groups.get(word.trim())
    if (members === undefined) {
      throw optionError('publish', `publish "${word}" is none of ${[...groups.keys()].join(', ')}`)
    }
    for (const name of members) wanted.add(name)
  }
  return names.filter((name) => wanted.has(name))
}

function readDays(texts: readonly string[] | undefined, option: string): readonly string[] | null {
  if (texts === undefined) return null
  if (texts.length === 0) throw new PipelineError('invalid_option', `${option} is empty; leave it out, or name a day`)
  return [...new Set(texts.map((text) => readDay(text, option)))].sort()
}

function readTables(names: readonly string[], job: Job): readonly string[] {
  const unknown = names.find((name) => !Object.hasOwn(job.tables, name))
  if (unknown === undefined) return names
  throw optionError(
    'acceptWithdrawals',
    `acceptWithdrawals names "${unknown}", which is not a table; there is ${Object.keys(job.tables).join(', ')}`,
  )
}

/** Names of copies: each of something the job can publish, and outside the folder of the state. */
function readNames(names: Readonly<Record<string, string>> | undefined, job: Job): Pick<StateOptions, 'names'> {
  const given = Object.entries(names ?? {})
  const known = copyNames(job)
  for (const [output, name] of given) {
    const refuse = (what: string) => new PipelineError('invalid_option', `names.${output} ${what}`)
    if (!known.includes(output)) throw refuse(`is of nothing that can be published; there is ${known.join(', ')}`)
    if (typeof name !== 'string' || !isFileName(name) || name.startsWith('.support-etl/')) {
      throw refuse(`is ${JSON.stringify(name)}; give it the name of a file in the place, such as ${output}.csv`)
    }
  }
  return given.length === 0 ? {} : { names: Object.fromEntries(given) }
}

/** Two copies of one name would overwrite each other. */
function refuseSameNames(options: StateOptions): void {
  const seen = new Map<string, string>()
  for (const output of options.publish) {
    const name = copyName(output, options)
    if (seen.has(name)) {
      const message = `names gives ${JSON.stringify(name)} to two copies, ${seen.get(name)} and ${output}; choose another one`
      throw new PipelineError('invalid_option', message)
    }
    seen.set(name, output)
  }
}

/** The name of a copy: the chosen one, else `support_report.csv` of an output and a format. */
export function copyName(output: string, { format, names = {} }: Pick<StateOptions, 'format' | 'names'>): string {
  const chosen = Object.hasOwn(names, output) ? names[output] : undefined
  return chosen ?? `${output}.${format}`
}

function readOverwrite(outputs: readonly string[], job: Job): readonly string[] {
  const known = copyNames(job)
  const unknown = outputs.find((name) => !known.includes(name))
  if (unknown === undefined) return outputs
  throw new PipelineError(
    'invalid_option',
    `overwrite "${unknown}" is nothing that can be published; there is ${known.join(', ')}`,
  )
}

/** Returns the names of destinations. @throws PipelineError invalid_option - one is none, or two have one name */
export function readDestinations(given: readonly Destination[]): readonly string[] {
  const isList =
    Array.isArray(given) &&
    given.every((one) => isRecord(one) && typeof one.open === 'function' && one.name !== undefined)
  refuseUnless(isList, 'destinations', given, 'a list of what postgres() and pglite() give', PipelineError)
  const names = given.map(({ name }) => name)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice === undefined) return names
  throw new PipelineError('invalid_option', `two destinations have the name "${twice}"; give one of them another name`)
}

/** A share from 0 to 1. @throws PipelineError invalid_option */
export function readShare(share: number): number {
  if (share >= 0 && share <= 1) return share
  throw optionError('maxQuarantined', `maxQuarantined is ${share}; give it a share from 0 to 1, such as 0.05 for 5 %`)
}

/**
 * Returns a run's options: what is given, else what the last commit says, else the job's and the library's defaults.
 * @throws PipelineError invalid_option - a value, or a name of the job, that cannot be; the message names those that can
 */
export function resolveRequest(given: RunOptions, last: InheritedOptions | null, job: Job): RunRequest {
  const inherited = last?.options ?? null
  const months = given.months?.map((month) => readMonth(month, 'months')) ?? null
  if (months?.length === 0) throw optionError('months', 'months is empty; leave it out to take all')
  const formulas = choose(given.formulas ?? inherited?.formulas ?? 'keep', ['keep', 'escape'], 'formulas')
  const destinations =
    given.destinations === undefined ? (inherited?.destinations ?? []) : readDestinations(given.destinations)
  const options: StateOptions = {
    format: choose(given.format ?? inherited?.format ?? 'csv', FORMATS, 'format'),
    ...(formulas === 'escape' ? { formulas } : {}),
    ...readNames(given.names ?? inherited?.names, job),
    publish: readPublish(given.publish ?? inherited?.publish ?? job.published ?? ['all'], job),
    mode: choose(given.mode ?? inherited?.mode ?? 'lenient', ['lenient', 'strict'], 'mode'),
    maxQuarantined: readShare(given.maxQuarantined ?? inherited?.maxQuarantined ?? 0.05),
    ...(destinations.length > 0 ? { destinations } : {}),
  }
  refuseSameNames(options)
  return {
    months: months === null ? null : [...new Set(months)].sort(),
    days: readDays(given.days, 'days'),
    withdraw: readDays(given.withdraw, 'withdraw') ?? [],
    apply: choose(given.apply ?? 'pending', ['pending', 'rebuild', 'replace'], 'apply'),
    overwrite: readOverwrite(given.overwrite ?? [], job),
    acceptWithdrawals: readTables(given.acceptWithdrawals ?? [], job),
    delivered: given.destinations === undefined ? [] : destinations,
    options,
    // names that the run does not have itself are the job's
    jobOptions: resolveOptions(job.options, given as Readonly<Record<string, unknown>>, last?.jobOptions ?? {}),
  }
}
