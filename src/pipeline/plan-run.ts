/**
 * A run that is only planned: what it would do, and nothing is written.
 * @module
 */

import { type Effects, nodeEffects } from './effects.ts'
import type { Job } from './job/job.ts'
import type { JobOptions, ShownOptions } from './job/job-options.ts'
import type { RunOptions } from './job/options.ts'
import type { PublishedFile } from './log/commit-record.ts'
import type { RunPlan } from './plan/make-plan.ts'
import { shownOptions } from './run-result.ts'
import { planSurvey } from './steps/plan.ts'
import { openPlaces, survey } from './steps/survey.ts'

/**
 * Returns what a run would do: which inputs it would apply, which files it would leave alone and why, which copies it would
 * put right, what it would refuse. Reads the source's files to hash them and writes nothing.
 *
 * @throws PipelineError log_damaged, invalid_option - the log or an option cannot be read
 * @throws ConnectError - a place cannot be read
 * @example
 * import { memoryStore } from 'support-etl/connect'
 * import { defineJob, extractsAndDeltas, planRun } from 'support-etl/pipeline'
 * import { defineTable, key, string } from 'support-etl'
 *
 * const halls = defineTable('halls', { id: key(string()), name: string() })
 * const source = extractsAndDeltas()
 * const job = defineJob({ name: 'halls', tables: { halls: { contract: halls, source } } })
 * const data = memoryStore({
 *   'initial/halls.csv': 'id,name\nH1,North\nH2,South\n',
 *   'delta/halls_delta_202502.csv': 'id,name,action\nH3,West,add\nH1,Old hall,update\n',
 * })
 * const { action, apply } = await planRun(job, { data, out: memoryStore(), months: ['202502'] })
 * action // 'apply'
 * apply.map(({ name }) => name) // ['initial/halls.csv', 'delta/halls_delta_202502.csv']
 */
export async function planRun<Options extends JobOptions>(
  job: Job<Options>,
  options?: RunOptions<Options>,
  given?: Partial<Effects>,
): Promise<RunPlan<ShownOptions<Options>>>
export async function planRun(job: Job, options: RunOptions = {}, given: Partial<Effects> = {}): Promise<RunPlan> {
  const effects: Effects = { ...nodeEffects(), ...given }
  const places = openPlaces(job, options, effects)
  const found = await survey(places, job, options, effects, { hashed: 'all' })
  const plan = planSurvey(found, job, places)
  const { broken, stale } = found
  const isIdle = plan.action === 'nothing' && plan.refusals.length === 0
  const namesOf = (files: readonly PublishedFile[]) => (isIdle ? files.map(({ name }) => name) : [])
  const { jobOptions, ...told } = plan
  const copies = { write: namesOf(broken), remove: namesOf(stale) }
  return { ...told, options: shownOptions({ options: plan.options, jobOptions }), copies }
}
