/**
 * A system of one's own: a job made of sources, options and outputs, and its command line.
 * @module system
 */
export {
  type DeclaredFormat,
  type FormatDeclaration,
  readDeclaration,
  withDeclaredFormats,
} from '../pipeline/declared/index.ts'
export { defineJob, type JobSpec } from '../pipeline/job/define-job.ts'
export type {
  ChangedRows,
  Gate,
  Job,
  JobOutput,
  JobState,
  JobStep,
  JobTable,
  Oddity,
  OutputExplanation,
  OutputPast,
  Rollup,
  RollupCells,
} from '../pipeline/job/job.ts'
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
} from '../pipeline/job/job-options.ts'
export { type AppendOptions, appends } from '../pipeline/sources/appends.ts'
export { type ExtractOptions, extractsAndDeltas } from '../pipeline/sources/extracts-and-deltas.ts'
export { type CsvFormat, csv, type NamedDialect } from '../pipeline/sources/formats/csv-format.ts'
export {
  arrow,
  type FileReading,
  type FileToRead,
  type JsonFormat,
  json,
  jsonColumns,
  jsonLines,
  type NamedJson,
  parquet,
  type ReadingNote,
  type SourceFormat,
} from '../pipeline/sources/formats/formats.ts'
export type { FileChoice, NamedFile } from '../pipeline/sources/formats/named-formats.ts'
export { type ObjectOptions, objects } from '../pipeline/sources/objects.ts'
export { type SnapshotOptions, snapshots } from '../pipeline/sources/snapshots.ts'
export type { AppendedSource, MirroredSource, ReplayedSource, Source, SourceUnit } from '../pipeline/sources/source.ts'
export type { CommittedPlace, PageData, PageSources, System, SystemPages } from '../systems/system.ts'
export type { AdvisedLines, CommandJob } from '../terminal/advised-lines.ts'
export type { ArgumentSpec, Command, CommandSpec, OptionSpec } from '../terminal/command-spec.ts'
export { EXIT, type ExitCode } from '../terminal/exit-code.ts'
export type { LogLevel, Terminal } from '../terminal/terminal.ts'
export { renderJson } from '../terminal/text/render.ts'
export { type Cell, renderTable, type TableColumn, type TableView } from '../terminal/text/text-table.ts'
export { type Cli, type CliOptions, createCli } from './program/create-cli.ts'
