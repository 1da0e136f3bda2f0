/**
 * Jobs as values, ready to be run by the pipeline.
 * @module
 */

export type { ManifestEffects, PlacedFile } from '../systems/calls/job/manifest-file.ts'
export {
  type CallFiles,
  type CallsEffects,
  type CallsRun,
  type CallsRunOptions,
  runCalls,
} from '../systems/calls/job/run-calls.ts'
export { supportJob, supportReportContract } from '../systems/support/job.ts'
