/**
 * The public names of the pure core: contracts, tables, transforms and the support report. Nothing here touches a disk, a
 * network or a clock.
 * @module
 */

// errors and issues

export {
  type Advice,
  type CodeAdvice,
  ConnectError,
  ContractError,
  DeltaError,
  type ErrorCode,
  type ErrorOptions,
  EtlError,
  FormatError,
  type Issue,
  type OptionAdvice,
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
  type RecordedChange,
  type RowOf,
  recorded,
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

export { loadTemporal, type TemporalNamespace, type TemporalValue } from './time/temporal.ts'
export { applyDelta } from './transform/apply-delta.ts'
export { changedRows } from './transform/changed-rows.ts'
export { composeDeltas } from './transform/compose-deltas.ts'
export type { Action, DeltaOptions } from './transform/delta/delta-options.ts'
export type { ChangeSample, CodeCount, DeltaCode, DeltaSummary, Severity } from './transform/delta/delta-summary.ts'
export type { TableKey } from './transform/delta/table-key.ts'
export { diffTables } from './transform/diff-tables.ts'
export { type DatedDelta, type HistoryOptions, history } from './transform/history.ts'
export { summarizeDelta } from './transform/summarize-delta.ts'
export { toTemporal } from './transform/to-temporal.ts'

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

// figures of samples

export { type ShareInterval, wilsonInterval } from './aggregate/intervals.ts'
export {
  type Interval,
  meanDifferenceInterval,
  type OddValue,
  oddValue,
  shareDifferenceInterval,
} from './aggregate/mean-intervals.ts'
export { percentiles } from './aggregate/percentiles.ts'
