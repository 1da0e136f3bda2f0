/**
 * `support-etl run`: applies, commits and publishes what is new; a dry run only prints the plan.
 * @module
 */
import type { DuckdbSettings } from '../engine/duckdb.ts'
import type { ExitCode } from '../terminal/exit-code.ts'
import { optionError, parseCount } from '../terminal/flags/option-values.ts'
import { type RunExtras, type RunValues, runJob } from '../terminal/run-job.ts'
import type { Terminal } from '../terminal/terminal.ts'
import type { Jobs } from './jobs/jobs.ts'

interface Values extends RunValues {
  readonly job?: string
  readonly destination?: string
  readonly engine?: string
  readonly engineUrl?: string
  readonly engineMemory?: string
  readonly engineTemp?: string
  readonly engineThreads?: string
}

/** The name by which the files of the folder are an engine. */
export const NO_ENGINE = 'files'

/** The engine that an address is of. */
function engineAt(url: string): string {
  if (/^sc:/i.test(url)) return 'spark'
  return /^(postgres(ql)?|pglite):/i.test(url) ? 'postgres' : 'duckdb'
}

/** What DuckDB may use, as the flags say it; null where none is given. */
async function duckdbSettings({ engineMemory, engineTemp, engineThreads }: Values): Promise<DuckdbSettings | null> {
  if (engineMemory === undefined && engineTemp === undefined && engineThreads === undefined) return null
  const { isMemorySize, MEMORY_SIZE } = await import('../engine/duckdb.ts')
  if (engineMemory !== undefined && !isMemorySize(engineMemory))
    throw optionError('--engine-memory', engineMemory, MEMORY_SIZE)
  const threads = engineThreads === undefined ? undefined : parseCount('--engine-threads', engineThreads)
  if (threads === 0) throw optionError('--engine-threads', '0', 'a whole number, 1 or more')
  return {
    ...(engineMemory !== undefined && { memoryLimit: engineMemory }),
    ...(engineTemp !== undefined && { temporaryFolder: engineTemp }),
    ...(threads !== undefined && { threads }),
  }
}

/** Runs a job and prints the outcome. */
export async function run(values: Values, terminal: Terminal, jobs: Jobs): Promise<ExitCode> {
  const { job } = await jobs.find(values)
  const { destination, out, engine, engineUrl } = values
  // loaded for those who deliver to one
  const destinations =
    destination === undefined ? {} : { destinations: (await import('./destination.ts')).destinationsAt(destination) }
  const duckdb = await duckdbSettings(values)
  const isNamed = engine !== undefined || engineUrl !== undefined
  if (!isNamed && duckdb === null) return runJob(job, values, terminal, destinations)
  const { openEngineState } = await import('./engine-states.ts')
  const { nodeEffects } = await import('../pipeline/effects.ts')
  if (engine === NO_ENGINE && duckdb === null) {
    return runJob(job, values, terminal, { ...destinations, out: nodeEffects().openState(out) })
  }
  const given = isNamed ? { engine: engine ?? engineAt(engineUrl ?? ''), url: engineUrl } : undefined
  const place = await openEngineState(jobs.systems, out, given, duckdb)
  try {
    const extras: RunExtras = { ...destinations, out: place }
    return await runJob(job, values, terminal, extras)
  } finally {
    await place.close()
  }
}
