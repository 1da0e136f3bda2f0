/**
 * The job that a command line is about: the one of `--job`, the one that the log of `--out` names, or the program's first.
 * @module
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isRecord } from '../../arguments.ts'
import { ContractError, EtlError, PipelineError } from '../../errors.ts'
import type { Job } from '../../pipeline/job/job.ts'
import type { System } from '../../systems/system.ts'
import type { OptionSpec } from '../../terminal/command-spec.ts'
import { meantPath, meantText } from '../../terminal/did-you-mean.ts'

/** The options that choose a job and its place. */
export interface JobValues {
  readonly out?: string
  readonly job?: string
}

/** A job with its code, and where its state is. */
export interface KnownJob {
  readonly job: Job
  readonly out: string
}

/** A state, and the code of its job where the program has it. */
export interface Place {
  readonly job: Job | null
  readonly out: string
}

/** Finds jobs for commands. */
export interface Jobs {
  /** The systems of the program. */
  readonly systems: readonly System[]
  /** Where the state of the program's first job is. */
  home(): Promise<string>
  /** The job with its code. @throws PipelineError, ContractError invalid_option - there is none, or it cannot be loaded */
  find(values: JobValues): Promise<KnownJob>
  /** A state that is read; the job is null where the program does not have its code. */
  place(values: JobValues): Promise<Place>
}

/** Chooses a job whose code the program does not have. */
export const JOB: OptionSpec = {
  flags: '--job <file>',
  help: 'module that exports a job, or a system; or the name of a job of this program',
}

const NAME = /^[a-z][a-z0-9_]*$/i

function isJob(value: unknown): value is Job {
  if (!isRecord(value)) return false
  const { name, options, tables, rollups, outputs } = value
  return typeof name === 'string' && [options, tables, rollups, outputs].every(isRecord)
}

function isSystem(value: unknown): value is System {
  return isRecord(value) && typeof value.name === 'string' && typeof value.jobs === 'function'
}

async function jobsIn(exported: readonly unknown[]): Promise<Job[]> {
  const found = new Set<Job>()
  for (const value of exported) {
    const jobs: readonly unknown[] = isSystem(value) ? await value.jobs() : [value]
    for (const job of jobs) if (isJob(job)) found.add(job)
  }
  return [...found]
}

function invalid(message: string, cause?: unknown): ContractError {
  return new ContractError('invalid_option', message, cause === undefined ? {} : { cause })
}

async function loadModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  const path = resolve(file)
  if (!existsSync(path)) throw invalid(`--job ${file}: there is no such file${meantPath(file)}`)
  try {
    return (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>
  } catch (error) {
    throw invalid(
      `--job ${file}: the module cannot be loaded: ${error instanceof Error ? error.message : error}`,
      error,
    )
  }
}

/** The job that a module exports: by default, else the only one, else the one with the name. */
async function loadJob(file: string, name: () => Promise<string | null>): Promise<Job> {
  const exported = await loadModule(file)
  const [standard, ...others] = await jobsIn([exported.default])
  if (standard !== undefined && others.length === 0) return standard
  const jobs = await jobsIn(Object.values(exported))
  const [first, second] = jobs
  if (first === undefined) throw invalid(`--job ${file}: it exports neither a job of defineJob nor a system`)
  if (second === undefined) return first
  const wanted = await name()
  const named = jobs.find((job) => job.name === wanted)
  if (named !== undefined) return named
  const names = jobs.map((job) => job.name).join(', ')
  throw invalid(`--job ${file}: it exports the jobs ${names}; export the one that is meant as default`)
}

/** What a program has: its systems, and the place of its first job where that is not one of the usual name. */
export interface JobSources {
  readonly systems: readonly System[]
  readonly home?: string
}

/** Where the state of a job is, unless `--out` says otherwise. */
const placeOf = (job: Job): string => `output/${job.name}`

/** Returns the finder of a program's jobs. Code is loaded from the program's systems and from `--job` alone. */
export function findJobs({ systems, home }: JobSources): Jobs {
  const first = async (): Promise<KnownJob> => {
    for (const system of systems) {
      const [job] = await system.jobs()
      if (job !== undefined) return { job, out: home ?? placeOf(job) }
    }
    throw invalid('this program has no job; name the module of one with --job')
  }
  const known = async (name: string): Promise<Job | null> => {
    for (const system of systems) {
      const job = (await system.jobs()).find((one) => one.name === name)
      if (job !== undefined) return job
    }
    return null
  }
  const usualPlace = async (job: Job): Promise<string> => {
    const standard = systems.length === 0 ? null : await first()
    return standard?.job === job ? standard.out : placeOf(job)
  }
  const names = new Map<string, Promise<string | null>>()
  const named = (out: string): Promise<string | null> => {
    // what reads a log is loaded only now: help needs none of it
    const name = names.get(out) ?? import('./job-name.ts').then(({ jobNameAt }) => jobNameAt(out))
    names.set(out, name)
    // a place without a state may get one, and one that could not be read may be asked again
    const forget = (): void => void names.delete(out)
    name.then((found) => found ?? forget(), forget)
    return name
  }

  const chosen = async (choice: string, out: string | undefined): Promise<KnownJob> => {
    const own = NAME.test(choice) ? await known(choice) : null
    if (own === null && NAME.test(choice) && !existsSync(choice)) {
      const jobs = (await Promise.all(systems.map((system) => system.jobs()))).flat()
      const names = jobs.map(({ name }) => name)
      throw invalid(`--job "${choice}" is neither a job of this program nor a file: ${meantText(choice, names)}`)
    }
    const job = own ?? (await loadJob(choice, async () => (out === undefined ? null : named(out))))
    return { job, out: out ?? (await usualPlace(job)) }
  }

  return {
    systems,
    home: async () => home ?? (await first()).out,
    async find({ job: choice, out }) {
      if (choice !== undefined) return chosen(choice, out)
      if (out === undefined) return first()
      const name = await named(out)
      if (name === null) return { job: (await first()).job, out }
      const job = await known(name)
      if (job !== null) return { job, out }
      throw new PipelineError(
        'invalid_option',
        `${out} holds the state of job "${name}", which this program does not have`,
        {
          advice: [{ option: 'job', value: 'FILE', effect: 'name the module that exports it' }],
        },
      )
    },
    async place({ job: choice, out }) {
      if (choice !== undefined) return chosen(choice, out)
      const place = out ?? home ?? (await first()).out
      const name = await named(place)
      return { job: name === null ? null : await known(name), out: place }
    },
  }
}

/** The value that a command line gives to a flag, before it is parsed. */
function givenValue(args: readonly string[], flag: string): string | undefined {
  const end = args.indexOf('--')
  const words = end < 0 ? args : args.slice(0, end)
  const at = words.findLastIndex((word) => word === flag || word.startsWith(`${flag}=`))
  const word = words[at]
  if (word === undefined) return undefined
  return word === flag ? words[at + 1] : word.slice(flag.length + 1)
}

/** The options by which a command line chooses a job, before it is parsed. */
export function jobValuesIn(args: readonly string[]): JobValues {
  const [out, job] = [givenValue(args, '--out'), givenValue(args, '--job')]
  return { ...(out !== undefined && { out }), ...(job !== undefined && { job }) }
}

/**
 * The job whose options a command has. A state that cannot be read does not keep its help from being shown: the command
 * itself reads the state again, and says what is wrong with it.
 */
export async function jobOfLine(jobs: Jobs, args: readonly string[]): Promise<KnownJob> {
  const { out, ...choice } = jobValuesIn(args)
  try {
    return await jobs.find({ ...choice, ...(out !== undefined && { out }) })
  } catch (error) {
    if (!(error instanceof EtlError) || choice.job !== undefined) throw error
    return jobs.find({})
  }
}
