/**
 * The pipeline: what has been applied, what waits, and how a state becomes the next one.
 * @module
 */

export type { EditableRecord, RecordEdit } from '../format/csv/edit-records.ts'
export type { IsolationOptions } from '../isolate/isolate.ts'
export { type IsolatedParquetOptions, isolatedParquet } from '../isolate/isolated-parquet.ts'
export type { RepeatedKeys } from '../transform/delta/fold/match-keys.ts'
export { type BlamedCell, type BlamedRow, type BlameQuery, blameRow } from './audit/blame.ts'
export type { TableDifference } from './audit/compare-sides.ts'
export { type CommitDifference, type DiffQuery, diffCommits } from './audit/diff.ts'
export { type ExplainQuery, type Explanation, explainFigure, type RowOrigin, type UnreadFile } from './audit/explain.ts'
export { type HistoryQuery, readHistory } from './audit/history.ts'
export { type LedgerEntry, readStatus, type Status } from './audit/status.ts'
export { type Damage, type Verification, type VerifyOptions, verifyState } from './audit/verify.ts'
export { type CheckSourceOptions, checkSource, type Finding, type SourceCheck } from './check.ts'
export {
  type DeclaredFormat,
  declarationSchema,
  type FormatDeclaration,
  type FormatOverrides,
  readDeclaration,
  withDeclaredFormats,
} from './declared/index.ts'
export { eachRow, type OwnNames, type OwnRow, type RefusedRow, type RowIssue, refuseRow } from './derive/each-row.ts'
export { findRowDependence, type RowDependence } from './derive/find-row-dependence.ts'
export type { CurrentFile, CurrentIndex, CurrentTable } from './destinations/current-index.ts'
export { type DeliverOptions, deliverState } from './destinations/deliver-state.ts'
export type {
  DeliveredDay,
  DeliveredDays,
  DeliveredRows,
  DeliveredTable,
  DeliveredVersion,
  Delivery,
  DeliveryResult,
  DeliveryStatus,
  Destination,
  DestinationRequest,
  OpenDestination,
} from './destinations/destination.ts'
export { type CommitFollower, type FollowOptions, followCommits } from './destinations/follow-commits.ts'
export {
  type PgliteOptions,
  type PostgresOptions,
  type PostgresTables,
  pglite,
  postgres,
} from './destinations/postgres/postgres.ts'
export type { TableDetails } from './destinations/postgres/table-layout.ts'
export { type Effects, type Hash, type Logger, nodeEffects, type ProcessIdentity, type Progress } from './effects.ts'
export type { EngineFold, EnginePlace, EngineProgress, RollupForm, StagedRows, TableEngine } from './engine-place.ts'
export { type EraseOptions, type ErasureResult, eraseKeys } from './erase/erase-keys.ts'
export { collectGarbage, type Garbage, type GarbageFile, type GarbageOptions } from './gc.ts'
export { defineJob, type JobSpec } from './job/define-job.ts'
export type {
  ChangedRows,
  DerivedIssue,
  DerivedRows,
  DerivedTable,
  Erasure,
  Gate,
  Job,
  JobOutput,
  JobState,
  JobStep,
  JobTable,
  Oddity,
  OutputExplanation,
  OutputPast,
  Partition,
  Rollup,
  RollupCells,
} from './job/job.ts'
export {
  choice,
  type GivenOptions,
  type JobOption,
  type JobOptions,
  numberOption,
  type OptionText,
  type OptionValue,
  type OptionValues,
  type ShownOptions,
  textOption,
  zoneOption,
} from './job/job-options.ts'
export type { CommonRunOptions, CopyFormat, CopyFormulas, OutOptions, RunOptions, StateOptions } from './job/options.ts'
export type {
  CommitRecord,
  DerivedRecord,
  ErasedKeys,
  InputRecord,
  PublishedFile,
  StoredFile,
  TableRecord,
  TableState,
} from './log/commit-record.ts'
export type { Lock } from './log/lock.ts'
export { type MendedOutcome, type MendedRow, type MendOptions, type MendResult, mendRows } from './mend/mend-rows.ts'
export { type RowToMend, rowsToMend } from './mend/rows-to-mend.ts'
export type { Note, Plan, PlannedInput, RunPlan, SkippedFile, WithdrawnInput } from './plan/make-plan.ts'
export type { Refusal } from './plan/plan-refusals.ts'
export { planRun } from './plan-run.ts'
export type { QuarantinedRow } from './quarantine.ts'
export { type RunEffects, runPipeline } from './run.ts'
export type { AppliedInput, RunResult } from './run-result.ts'
export { type AppendOptions, appends } from './sources/appends.ts'
export { type ExtractOptions, extractsAndDeltas } from './sources/extracts-and-deltas.ts'
export type { SourceFile } from './sources/files/inventory.ts'
export { type CsvFormat, csv, type NamedDialect } from './sources/formats/csv-format.ts'
export {
  arrow,
  type BatchEnd,
  type DeclarableFormat,
  type DeclaredKind,
  type DialectFormat,
  type FileReading,
  type FileToRead,
  type FileToStream,
  type JsonColumnsOptions,
  type JsonFormat,
  type JudgingOptions,
  json,
  jsonColumns,
  jsonLines,
  type NamedJson,
  parquet,
  type ReadingNote,
  type RowBatch,
  type SourceFormat,
} from './sources/formats/formats.ts'
export type { FileChoice, NamedFile } from './sources/formats/named-formats.ts'
export type { SourceLine } from './sources/formats/source-lines.ts'
export { type ObjectOptions, objects } from './sources/objects.ts'
export { type PartitionOptions, partitions } from './sources/partitions.ts'
export { type SnapshotOptions, snapshots } from './sources/snapshots.ts'
export type {
  AppendedSource,
  MirroredSource,
  Originals,
  PartitionedSource,
  ReplayedSource,
  Source,
  SourceUnit,
} from './sources/source.ts'
export { type CommittedState, readState, type StateQuery } from './state/committed-state.ts'
export { readLoggedJob } from './state/logged-job.ts'
export type { AsOf } from './state/past-point.ts'
export { type Quarantine, readQuarantine } from './state/read-quarantine.ts'
export { type MovedRows, type OutputLine, type WhatIf, type WhatIfOutput, type WhatIfQuery, whatIf } from './what-if.ts'
