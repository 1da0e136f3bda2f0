/**
 * What a job is: tables, rollups and outputs as one value, so that the pipeline knows no domain.
 * @module
 */
import type { EtlError } from '../errors.ts'
import type { TableContract } from '../table/contract.ts'
import type { Frame } from '../table/frame.ts'
import type { DeltaOptions } from '../transform/delta/delta-options.ts'

/** What a report is told beside its rows. */
export interface ReportOptions {
  /** The zone whose calendar months are meant. */
  readonly timeZone: string
  /** The column of the fact that says in which month a row is. */
  readonly monthFrom: string
}

/** A table of a job: where `initial/<name>.csv` and `delta/<name>_delta_<YYYYMM>.csv` go. */
export interface JobTable {
  readonly contract: TableContract
  /** How its deltas are applied; `mode` is the run's. Another value needs a rebuild. */
  readonly delta?: Omit<DeltaOptions, 'mode'>
}

/** Rows of a table before and after a change: only those that differ, by key. */
export interface TouchedRows {
  readonly before: Frame
  readonly after: Frame
}

/** The cells of a rollup, and what they do not say themselves, as text. */
export interface RollupCells {
  readonly cells: Frame
  readonly metadata: Readonly<Record<string, string>>
}

/** A summary of one table that is kept with the state and brought forward by the touched rows alone. */
export interface Rollup {
  /** The table it sums up. */
  readonly table: string
  /** The columns of changed rows that it looks at; all where they are left out. */
  readonly columns?: readonly string[]
  /** Sums up all rows. */
  build(rows: Frame, options: ReportOptions): RollupCells
  /** Equals `build` of the rows after the change, byte by byte. */
  update(rollup: RollupCells, touched: TouchedRows, options: ReportOptions): RollupCells
}

/** The current state, as outputs see it: the tables and rollups that they read. */
export interface JobState {
  /** A table by name, in the order of its rows. */
  table(name: string): Frame
  /** A rollup by name. */
  rollup(name: string): RollupCells
}

/** A table made of the state: a report. */
export interface JobOutput {
  readonly contract: TableContract
  /** The tables and rollups it is made of. */
  readonly reads: readonly string[]
  /** Makes the output's rows, in the order in which they are published. */
  build(state: JobState, options: ReportOptions): Frame
  /** The rows of a table that stand behind the output's rows with these cells. */
  readonly explain?: OutputExplanation
}

/** How a figure of an output is traced back to the rows that it counts. */
export interface OutputExplanation {
  /** The table whose rows are counted. */
  readonly table: string
  /** The tables it looks at. */
  readonly reads: readonly string[]
  /** The rows, by position, behind the output's rows that have these cells; a column that is not named may hold anything. */
  rowsBehind(state: JobState, cells: Readonly<Record<string, string>>, options: ReportOptions): Int32Array
}

/** Something legal and odd in a state, counted: `code` for programs, `message` for people, the first rows as evidence. */
export interface Oddity {
  readonly code: string
  readonly table: string
  readonly column: string | null
  readonly count: number
  readonly message: string
  /** Rows of the table, by position; ten at most. */
  readonly rows: readonly number[]
}

/** A job: which tables there are, what is summed up of them and what is reported. */
export interface Job {
  readonly name: string
  /** In the order in which they are applied, counted and listed. */
  readonly tables: readonly JobTable[]
  readonly rollups: Readonly<Record<string, Rollup>>
  readonly outputs: Readonly<Record<string, JobOutput>>
  /** What a report is told when neither the caller nor the last commit says. */
  readonly defaults: ReportOptions
  /** Refuses options that cannot mean anything. */
  check?(options: ReportOptions): EtlError | null
  /** What is legal and odd in a state. */
  oddities?(state: JobState, options: ReportOptions): readonly Oddity[]
}
