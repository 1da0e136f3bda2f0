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

export { type CheckedTable, checkTable } from './table/check-table.ts'
export type { TableLike } from './table/door.ts'
export type { Frame } from './table/frame.ts'
export type { WithColumns } from './table/with-columns.ts'

// deltas

export { applyDelta } from './transform/apply-delta.ts'
export { changedRows } from './transform/changed-rows.ts'
export { composeDeltas } from './transform/compose-deltas.ts'
export type { Action, DeltaOptions } from './transform/delta-options.ts'
export type { ChangeSample, CodeCount, DeltaCode, DeltaSummary, Severity } from './transform/delta-summary.ts'
export { diffTables } from './transform/diff-tables.ts'
export { type DatedDelta, type HistoryOptions, history } from './transform/history.ts'
export { summarizeDelta } from './transform/summarize-delta.ts'
export type { TableKey } from './transform/table-key.ts'

// time zones

export { convertTimeZone, type WallTimeColumns } from './transform/convert-timezone.ts'
export { localDate } from './transform/local-date.ts'
export { localHour } from './transform/local-hour.ts'
export { type LocalColumn, localMonth } from './transform/local-month.ts'
export type { WallTimeOptions } from './transform/local-time.ts'

// dimensions

export type { JoinOptions } from './transform/dimension-join.ts'
export { joinDimension, type SelectedNames } from './transform/join-dimension.ts'

// the support operation's tables

export { agents, contactCenters, interactions, serviceCategories, UNKNOWN } from './model/support.ts'

// the support report

export type { MonthOptions } from './report/interaction-month.ts'
export type { SupportCube } from './report/support-cube.ts'
export {
  buildSupportReport,
  type ChangedInteractions,
  mergeSupportCubes,
  type SupportDimensions,
  type SupportTables,
  supportCube,
  supportReport,
  updateSupportCube,
} from './report/support-report.ts'

// questions to the report

export type { CallTimeOptions } from './report/call-times.ts'
export type { BusiestMonth, LongestAverageCall, MonthFilter } from './report/center-totals.ts'
export {
  busiestMonth,
  callsAfterResolution,
  callsByContactCenter,
  handleTime,
  interactionsByContactCenter,
  longestAverageCall,
} from './report/questions.ts'

// calls: cleaning

export { type CallLogFile, type CallLogOptions, callLog, type GroundTruth } from './model/call-log.ts'
export { callAgents, curatedCalls } from './model/calls.ts'
export type { CleanCallsOptions, CleanCallsSummary, CleanedCalls } from './transform/call-cleaning.ts'
export type { CallReject, CallRejectReason } from './transform/call-rejects.ts'
export { cleanCalls } from './transform/clean-calls.ts'

// calls: figures

export { type AnomalyFinding, type CallAnomaly, callAnomalies } from './report/calls-anomalies.ts'
export { callsBy, type MemberFigures } from './report/calls-breakdown.ts'
export type { CallContacts } from './report/calls-contacts.ts'
export { type ContactFigures, contactFigures } from './report/calls-customers.ts'
export { callDurations, type DurationBin } from './report/calls-durations.ts'
export type { CallFilter, CallPeriod, CallWindow, PeriodPreset, PeriodWindows } from './report/calls-filter.ts'
export { callHeatMap, type HeatCell } from './report/calls-heat-map.ts'
export { type CallKpi, type CallKpiReport, type CallKpis, callKpis, type KpiChange } from './report/calls-kpis.ts'
export { type AgentFigures, agentLeaderboard } from './report/calls-leaderboard.ts'
export { type CallsManifest, manifestHash } from './report/calls-manifest.ts'
export { filterFromQuery, filterToQuery } from './report/calls-query.ts'
export { callSet, summarizeCalls } from './report/calls-report.ts'
export { type CallSelection, selectCalls, selectedRows } from './report/calls-selection.ts'
export type { CallDimension, CallSet, DimensionCodes, Member, MemberCodes, TextBytes } from './report/calls-set.ts'
export type { CallsSummary, SummaryPeriod, SummaryStretch } from './report/calls-summary.ts'
export { callTimeline, type Timeline, type TimelineBucket, type TimelineUnit } from './report/calls-timeline.ts'
export { percentiles } from './report/percentiles.ts'
export { type ShareInterval, wilsonInterval } from './report/wilson.ts'
