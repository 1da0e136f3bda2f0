/**
 * Jobs as values, ready to be run by the pipeline.
 * @module
 */
export { type CallFiles, type CallsEffects, type CallsRun, type CallsRunOptions, runCalls } from './calls.ts'
export type { ManifestEffects, PlacedFile } from './calls-manifest.ts'
export { supportJob, supportReportContract } from './support.ts'
