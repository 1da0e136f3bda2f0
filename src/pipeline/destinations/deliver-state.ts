/**
 * Delivers what is committed, without a run.
 * @module
 */
import { type OptionNames, refuseUnknown, refuseUnless } from '../../arguments.ts'
import { PipelineError } from '../../errors.ts'
import { openOut, readLastCommit } from '../audit/status.ts'
import { type Effects, nodeEffects } from '../effects.ts'
import type { Job } from '../job/job.ts'
import { type OutOptions, readDestinations, refuseJobArgument } from '../job/options.ts'
import { closeDestinations, deliverAll, openDestinations } from './deliveries.ts'
import type { DeliveryResult, Destination } from './destination.ts'

/** What is delivered, and where. */
export interface DeliverOptions extends OutOptions {
  /** What `postgres()` and `pglite()` give; one at least. */
  readonly destinations: readonly Destination[]
}

const OPTIONS = { out: true, destinations: true } satisfies OptionNames<DeliverOptions>

/**
 * Brings destinations to the last commit of a place, as a run does when it is over. The sources are not looked at. A commit that
 * other code made, with other contracts or steps than the job's, is not delivered (`superseded`).
 *
 * @throws PipelineError nothing_committed - there is no commit; log_damaged, data_damaged - the state is not what it was
 * @throws PipelineError destination_taken, destination_refused, destination_behind, lock_held - one cannot be delivered to
 * @throws PipelineError invalid_option - no destination is given
 * @throws ConnectError - the place cannot be read, or a destination not be opened
 * @example
 * import { memoryStore } from 'support-etl/connect'
 * import { defineJob, deliverState, extractsAndDeltas, pglite, runPipeline } from 'support-etl/pipeline'
 * import { defineTable, key, string } from 'support-etl'
 *
 * const halls = defineTable('halls', { id: key(string()), name: string() })
 * const job = defineJob({ name: 'halls', tables: { halls: { contract: halls, source: extractsAndDeltas() } } })
 * const out = memoryStore()
 * await runPipeline(job, { data: memoryStore({ 'initial/halls.csv': 'id,name\nH1,North\n' }), out })
 * const [delivery] = await deliverState(job, { out, destinations: [pglite()] })
 * delivery.status // 'reload'
 * delivery.rows // { halls: 1 }
 */
export async function deliverState(
  job: Job,
  options: DeliverOptions,
  given: Partial<Effects> = {},
): Promise<readonly DeliveryResult[]> {
  refuseJobArgument(job)
  refuseUnknown(options, OPTIONS, PipelineError)
  const { destinations } = options
  const isAny = readDestinations(destinations ?? []).length > 0
  refuseUnless(
    isAny,
    'destinations',
    destinations,
    'one destination at least, such as postgres({ url })',
    PipelineError,
  )
  const effects: Effects = { ...nodeEffects(), ...given }
  const out = openOut(options, effects)
  await readLastCommit(out, effects)
  const source = { job, out, effects }
  const opened = await openDestinations(destinations, source)
  try {
    return await deliverAll(opened, source)
  } finally {
    await closeDestinations(opened)
  }
}
