/**
 * The interactions system: who talked to us, how often, through which channel, about what.
 * @module
 */

// the job and its tables

export { interactionsJob } from './job/interactions-job.ts'
export { customers, interactions, products } from './tables.ts'

// made-up files

export {
  type InteractionFile,
  type InteractionFilesOptions,
  type InteractionTruth,
  interactionFiles,
} from './sample/interaction-files.ts'

// figures

export {
  type AnomalyKind,
  type DayCount,
  type InteractionAnomaly,
  type InteractionHistory,
  interactionAnomalies,
  type Series,
} from './figures/anomalies.ts'
