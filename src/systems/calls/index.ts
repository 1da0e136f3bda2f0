/**
 * The calls system: cleans a call log into one curated table, and computes figures from it.
 * @module
 */

// the run: files in, the curated file and its manifest out

export type { CallLog } from './job/call-log-reader.ts'
export { type CallFiles, type CallsFormats, readAgents, readCallLog } from './job/calls-files.ts'
export { type CallsJobOptions, callsJob } from './job/calls-job.ts'
export { type ManifestEffects, type PlacedFile, readManifest, writeManifest } from './job/manifest-file.ts'
export { type CallsEffects, type CallsRun, type CallsRunOptions, runCalls } from './job/run-calls.ts'

// calls: cleaning

export type { CallReject, CallRejectReason } from './clean/call-rejects.ts'
export type { CleanCallsOptions, CleanCallsSummary, CleanedCalls } from './clean/clean-call-frames.ts'
export { cleanCalls } from './clean/clean-calls.ts'
export type { Misfit, Misfits } from './clean/misfits.ts'
export { type CallLogFile, type CallLogOptions, callLog, type GroundTruth } from './sample/call-log.ts'
export { callAgents, curatedCalls } from './tables.ts'

// calls: figures

export { type AnomalyFinding, type CallAnomaly, callAnomalies } from './figures/anomalies.ts'
export { callsBy, type MemberFigures } from './figures/breakdown.ts'
export type {
  CallDimension,
  CallSet,
  DimensionCodes,
  Member,
  MemberCodes,
  TextBytes,
} from './figures/call-set.ts'
export type { ChangeUnit, ChangeVerdict, KpiChange } from './figures/change.ts'
export type { CallContacts } from './figures/contacts.ts'
export { type ContactFigures, contactFigures } from './figures/customers.ts'
export { callDurations, type DurationBin } from './figures/durations.ts'
export type {
  CallComparison,
  CallFilter,
  CallPeriod,
  CallWindow,
  ComparisonGap,
  PeriodPreset,
  PeriodWindows,
} from './figures/filter.ts'
export { callHeatMap, type HeatCell } from './figures/heat-map.ts'
export {
  type CallKpi,
  type CallKpiReport,
  type CallKpis,
  callKpis,
  type MeanKpi,
  type OddCall,
} from './figures/kpis.ts'
export { type AgentFigures, agentLeaderboard } from './figures/leaderboard.ts'
export { type CallsManifest, manifestHash } from './figures/manifest.ts'
export { filterFromQuery, filterToQuery } from './figures/query.ts'
export { callSet, summarizeCalls } from './figures/report.ts'
export { type CallSelection, selectCalls, selectedRows } from './figures/selection.ts'
export type { CallsSummary, SummaryOddCall, SummaryPeriod, SummaryStretch } from './figures/summary.ts'
export {
  callTimeline,
  type Timeline,
  type TimelineBucket,
  type TimelineUnit,
} from './figures/timeline.ts'
