/**
 * The job that the log of a place names.
 * @module
 */
import { openStore } from '../../connect/open.ts'
import { nodeEffects } from '../../pipeline/effects.ts'
import { readMarker } from '../../pipeline/keeper.ts'
import { readJobName } from '../../pipeline/log/commit-log.ts'

/** Returns the name of the job that made the last commit of a place; null where there is none. */
export async function jobNameAt(out: string): Promise<string | null> {
  const place = openStore(out)
  // where an engine keeps the state, its marker has the name
  const marker = await readMarker(place)
  return marker === null ? readJobName(place, nodeEffects()) : marker.job
}
