/**
 * The job that the log of a place names.
 * @module
 */
import { openStore } from '../connect/open.ts'
import { nodeEffects } from '../pipeline/effects.ts'
import { readJobName } from '../pipeline/log/commit-log.ts'

/** Returns the name of the job that made the last commit of a place; null where there is none. */
export function jobNameAt(out: string): Promise<string | null> {
  return readJobName(openStore(out), nodeEffects())
}
