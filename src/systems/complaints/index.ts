/**
 * The complaints system: lands and cleans complaints of five sources, counts every row, and says what complaints say.
 * @module
 */

// the job, and the rows that it leaves

export { complaintsJob } from './job/complaints-job.ts'
export { type LakeComplaints, readComplaints } from './job/read-complaints.ts'
export { type Reconciliation, reconcile } from './job/reconcile.ts'
export {
  agents,
  agentVersions,
  CATEGORIES,
  CHANNELS,
  type Channel,
  callLogs,
  complaintVolumes,
  customers,
  EXPERIENCE,
  emailCollisions,
  PLATFORMS,
  rawAgents,
  rawCallLogs,
  rawCustomers,
  rawSocialMedia,
  rawWebForms,
  STATUSES,
  socialMedia,
  webForms,
} from './tables.ts'

// figures

export type { Comparison, Effect, RawComparison, Verdict } from './figures/comparison.ts'
export type { ComplaintSet } from './figures/complaint-set.ts'
export type { DayFigures } from './figures/days.ts'
export {
  type AgentFigures,
  type BacklogFigures,
  type ComplaintInsights,
  complaintInsights,
  type InsightOptions,
  type RepeatFigures,
  type VolumeFigures,
} from './figures/insights.ts'
export {
  type AgentDimensionRow,
  type ComplaintFactRow,
  type ComplaintLifecycleRow,
  type ComplaintMarts,
  complaintMarts,
  type LakeRows,
  type MartOptions,
  UNKNOWN_KEY,
} from './figures/marts.ts'
export type { ReconciledDelivery } from './figures/reconciled-delivery.ts'
export type { ResolutionFigures, ServiceFigures } from './figures/resolution.ts'
export type { FlowFigures, WaitingFigures } from './figures/retention.ts'

// a world to try things with

export type { End } from './sample/faults.ts'
export type { CustomerFacts, FileFacts, FileTruth, PlantedFault } from './sample/ground-truth.ts'
export type { LaterDelivery, RefusedDelivery } from './sample/redelivered.ts'
export type { ComplaintTable, WorldFile } from './sample/shapes.ts'
export { complaintsWorld, type WorldOptions, type WorldTruth } from './sample/world.ts'
