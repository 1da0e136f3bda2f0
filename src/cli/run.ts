/**
 * `support-etl run`: applies, commits and publishes what is new; a dry run only prints the plan.
 * @module
 */
import type { ExitCode } from '../terminal/exit-code.ts'
import { type RunExtras, type RunValues, runJob } from '../terminal/run-job.ts'
import type { Terminal } from '../terminal/terminal.ts'
import type { Jobs } from './jobs.ts'

interface Values extends RunValues {
  readonly job?: string
  readonly destination?: string
  readonly engine?: string
  readonly engineUrl?: string
}

/** The name by which the files of the folder are an engine. */
export const NO_ENGINE = 'files'

/** The engine that an address is of. */
function engineAt(url: string): string {
  if (/^sc:/i.test(url)) return 'spark'
  return /^(postgres(ql)?|pglite):/i.test(url) ? 'postgres' : 'duckdb'
}

/** Runs a job and prints the outcome. */
export async function run(values: Values, terminal: Terminal, jobs: Jobs): Promise<ExitCode> {
  const { job } = await jobs.find(values)
  const { destination, out, engine, engineUrl } = values
  // loaded for those who deliver to one
  const destinations =
    destination === undefined ? {} : { destinations: (await import('./destination.ts')).destinationsAt(destination) }
  if (engine === undefined && engineUrl === undefined) return runJob(job, values, terminal, destinations)
  const { openEngineState } = await import('./engine-states.ts')
  const { nodeEffects } = await import('../pipeline/effects.ts')
  if (engine === NO_ENGINE) return runJob(job, values, terminal, { ...destinations, out: nodeEffects().openState(out) })
  const place = await openEngineState(jobs.systems, out, {
    engine: engine ?? engineAt(engineUrl ?? ''),
    url: engineUrl,
  })
  try {
    const extras: RunExtras = { ...destinations, out: place }
    return await runJob(job, values, terminal, extras)
  } finally {
    await place.close()
  }
}
