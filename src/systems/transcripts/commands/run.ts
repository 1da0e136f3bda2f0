/**
 * `support-etl transcripts run`: calls that are new, changed or gone go through all layers.
 * @module
 */

import type { ExitCode } from '../../../terminal/exit-code.ts'
import { declaredJob } from '../../../terminal/flags/declared-job.ts'
import type { FormatValues } from '../../../terminal/flags/format-flags.ts'
import { type RunValues, runJob } from '../../../terminal/run-job.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { transcriptsJobOf } from '../job/transcripts-job.ts'
import { destinationsOf } from './database.ts'
import { batchSizeOf, prefixOf } from './settings.ts'

interface Values extends RunValues, Omit<FormatValues, 'data'> {
  readonly prefix: string
  readonly batchSize: string
  readonly database?: string
}

/** Runs the job, and prints the outcome. */
export async function transcriptsRun(values: Values, terminal: Terminal): Promise<ExitCode> {
  const { prefix, batchSize, database, out } = values
  const job = transcriptsJobOf({ prefix: prefixOf(prefix), batchSize: batchSizeOf(batchSize) })
  const destinations = destinationsOf(database, out)
  const declared = await declaredJob(job, values, terminal)
  return runJob(declared, values, terminal, destinations === undefined ? {} : { destinations })
}
