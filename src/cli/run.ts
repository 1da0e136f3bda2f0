/**
 * `support-etl run`: applies, commits and publishes what is new; a dry run only prints the plan.
 * @module
 */
import type { ExitCode } from '../terminal/exit-code.ts'
import { type RunValues, runJob } from '../terminal/run-job.ts'
import type { Terminal } from '../terminal/terminal.ts'
import type { Jobs } from './jobs.ts'

interface Values extends RunValues {
  readonly job?: string
  readonly destination?: string
}

/** Runs a job and prints the outcome. */
export async function run(values: Values, terminal: Terminal, jobs: Jobs): Promise<ExitCode> {
  const { job } = await jobs.find(values)
  const { destination } = values
  if (destination === undefined) return runJob(job, values, terminal)
  // loaded for those who deliver to one
  const { destinationsAt } = await import('./destination.ts')
  return runJob(job, values, terminal, { destinations: destinationsAt(destination) })
}
