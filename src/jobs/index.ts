/**
 * Jobs as values, ready to be run by the pipeline.
 * @module
 */

export { supportJob, supportReportContract } from '../systems/support/job.ts'
export { type CallFiles, type CallsEffects, type CallsRun, type CallsRunOptions, runCalls } from './calls.ts'
export type { ManifestEffects, PlacedFile } from './calls-manifest.ts'
