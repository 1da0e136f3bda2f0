/**
 * The public names of the pure core: contracts, tables, transforms and the support report. Nothing here touches a disk, a
 * network or a clock.
 * @module
 */

// errors and issues

export {
  ConnectError,
  ContractError,
  DeltaError,
  type ErrorCode,
  type ErrorOptions,
  EtlError,
  FormatError,
  type Issue,
  PipelineError,
} from './errors.ts'

// contracts

export {
  boolean,
  type ColumnContract,
  type ColumnContracts,
  type ColumnRole,
  type ContractKind,
  date,
  defineTable,
  float64,
  int32,
  int64,
  key,
  measure,
  metadata,
  nullable,
  type RowOf,
  reference,
  string,
  type TableContract,
  timestamp,
  type UnknownColumns,
  type ValueOf,
} from './table/contract.ts'

// tables

export { type CheckedTable, checkTable } from './table/check/check-table.ts'
// frames: what jobs read and give

export { toArquero } from './table/arquero/arquero.ts'
export { toArrow } from './table/arrow/arrow.ts'
export type { Frame } from './table/frame.ts'
export type { TableLike } from './table/table-like.ts'
export { toFrame } from './table/to-frame.ts'
export type { WithColumns } from './table/with-columns.ts'

// deltas

export { applyDelta } from './transform/apply-delta.ts'
export { changedRows } from './transform/changed-rows.ts'
export { composeDeltas } from './transform/compose-deltas.ts'
export type { Action, DeltaOptions } from './transform/delta/delta-options.ts'
export type { ChangeSample, CodeCount, DeltaCode, DeltaSummary, Severity } from './transform/delta/delta-summary.ts'
export type { TableKey } from './transform/delta/table-key.ts'
export { diffTables } from './transform/diff-tables.ts'
export { type DatedDelta, type HistoryOptions, history } from './transform/history.ts'
export { summarizeDelta } from './transform/summarize-delta.ts'

// time zones

export { convertTimeZone, type WallTimeColumns } from './transform/convert-timezone.ts'
export { localDate } from './transform/local-date.ts'
export { localHour } from './transform/local-hour.ts'
export { localMonth } from './transform/local-month.ts'
export type { LocalColumn, WallTimeOptions } from './transform/local-time.ts'

// dimensions

export type { JoinOptions } from './transform/dimension-join.ts'
export { joinDimension, type SelectedNames } from './transform/join-dimension.ts'

// the support operation's tables

export { agents, contactCenters, interactions, serviceCategories, UNKNOWN } from './systems/support/tables.ts'

// the support report

export type { MonthOptions } from './systems/support/figures/interaction-month.ts'
export type { SupportCube } from './systems/support/figures/support-cube.ts'
export {
  buildSupportReport,
  type ChangedInteractions,
  type CubeOptions,
  mergeSupportCubes,
  type SupportDimensions,
  type SupportTables,
  supportCube,
  supportReport,
  updateSupportCube,
} from './systems/support/figures/support-report.ts'

// questions to the report

export type { CallTimeOptions } from './systems/support/figures/call-times.ts'
export type { BusiestMonth, LongestAverageCall, MonthFilter } from './systems/support/figures/center-totals.ts'
export {
  busiestMonth,
  callsAfterResolution,
  callsByContactCenter,
  handleTime,
  interactionsByContactCenter,
  longestAverageCall,
} from './systems/support/figures/questions.ts'

// calls: cleaning

export type { CleanCallsOptions, CleanCallsSummary, CleanedCalls } from './systems/calls/clean/call-cleaning.ts'
export type { CallReject, CallRejectReason } from './systems/calls/clean/call-rejects.ts'
export { cleanCalls } from './systems/calls/clean/clean-calls.ts'
export { type CallLogFile, type CallLogOptions, callLog, type GroundTruth } from './systems/calls/sample/call-log.ts'
export { callAgents, curatedCalls } from './systems/calls/tables.ts'

// calls: figures

export { type ShareInterval, wilsonInterval } from './aggregate/intervals.ts'
export { percentiles } from './aggregate/percentiles.ts'
export { type AnomalyFinding, type CallAnomaly, callAnomalies } from './systems/calls/figures/anomalies.ts'
export { callsBy, type MemberFigures } from './systems/calls/figures/breakdown.ts'
export type {
  CallDimension,
  CallSet,
  DimensionCodes,
  Member,
  MemberCodes,
  TextBytes,
} from './systems/calls/figures/call-set.ts'
export type { CallContacts } from './systems/calls/figures/contacts.ts'
export { type ContactFigures, contactFigures } from './systems/calls/figures/customers.ts'
export { callDurations, type DurationBin } from './systems/calls/figures/durations.ts'
export type { CallFilter, CallPeriod, CallWindow, PeriodPreset, PeriodWindows } from './systems/calls/figures/filter.ts'
export { callHeatMap, type HeatCell } from './systems/calls/figures/heat-map.ts'
export {
  type CallKpi,
  type CallKpiReport,
  type CallKpis,
  callKpis,
  type KpiChange,
} from './systems/calls/figures/kpis.ts'
export { type AgentFigures, agentLeaderboard } from './systems/calls/figures/leaderboard.ts'
export { type CallsManifest, manifestHash } from './systems/calls/figures/manifest.ts'
export { filterFromQuery, filterToQuery } from './systems/calls/figures/query.ts'
export { callSet, summarizeCalls } from './systems/calls/figures/report.ts'
export { type CallSelection, selectCalls, selectedRows } from './systems/calls/figures/selection.ts'
export type { CallsSummary, SummaryPeriod, SummaryStretch } from './systems/calls/figures/summary.ts'
export {
  callTimeline,
  type Timeline,
  type TimelineBucket,
  type TimelineUnit,
} from './systems/calls/figures/timeline.ts'
