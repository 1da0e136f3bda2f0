/**
 * Gates: what a job checks of a whole state before it is committed.
 * @module
 */
import { PipelineError } from '../../errors.ts'
import { optionsFor } from '../job/job-options.ts'
import type { Work } from './work.ts'

/** Refuses a state that a gate of the job does not let pass. @throws PipelineError gate_refused */
export async function passGates({ job, plan, loaded }: Pick<Work, 'job' | 'plan' | 'loaded'>): Promise<void> {
  for (const [name, { reads, uses = [], check }] of Object.entries(job.gates ?? {})) {
    const refusal = await check(await loaded.load(reads), optionsFor(plan.jobOptions, uses, `gate ${name}`))
    if (refusal === null) continue
    throw new PipelineError('gate_refused', `gate ${name} of job ${job.name}: ${refusal}; nothing was changed`)
  }
}
