/**
 * What a job is: options, tables, rollups and outputs as one value, so that the pipeline knows no domain.
 * @module
 */
import type { ErrorCode } from '../../errors.ts'
import type { TableContract } from '../../table/contract.ts'
import type { Frame } from '../../table/frame.ts'
import type { DeltaOptions } from '../../transform/delta/delta-options.ts'
import type { Source } from '../sources/source.ts'
import type { JobOptions, OptionValues } from './job-options.ts'

/** A table of a job: what its rows are, where they come from, and how changes of them are applied. */
export interface JobTable {
  readonly contract: TableContract
  readonly source: Source
  /** How its deltas are applied; `mode` is the run's. Another value needs a rebuild. */
  readonly delta?: Omit<DeltaOptions, 'mode'>
}

/** What every step of a job says about itself: when one of these changes, what the step made is made anew by the next run. */
export interface JobStep<Options extends JobOptions = JobOptions> {
  /** The options that it is handed. Any other one throws when it is read. */
  readonly uses?: readonly (keyof Options & string)[]
  /** Another version gives other results: raise it with the step's code. `1` by default. */
  readonly version?: string
  /** The texts of rule files that it works by. */
  readonly rules?: readonly string[]
}

/** Why a row of the parent gives no row of a derived table. The row waits in quarantine until its parent changes. */
export interface DerivedIssue {
  /** The row of the parent, by position in what `rows` was handed. */
  readonly row: number
  readonly code: ErrorCode
  /** The column that it is about; null where it is about the whole row. */
  readonly column: string | null
  /** The value that does not fit; null where it must not be shown. */
  readonly found: string | null
  /** What would fit, such as `0 or more`. */
  readonly expected: string
}

/** What becomes of rows of a parent: each gives one row, or one issue or more. */
export interface DerivedRows {
  /** The rows that were made, in the order of their parents, with the contract's columns but for recorded ones. */
  readonly frame: Frame
  /** For each row the row of the parent that it was made of, by position; strictly ascending. */
  readonly parents: Int32Array
  readonly issues: readonly DerivedIssue[]
}

/**
 * A table made row by row of another one. It has the same key, and its parent's order. Its rows are stored with the state, and
 * a run makes only those again whose parents changed; another fingerprint makes all of them again.
 */
export interface DerivedTable<Options extends JobOptions = JobOptions> extends JobStep<Options> {
  /** Its parent: a table, or a derived table that is declared before it. */
  readonly from: string
  /** Its columns. The key columns are those of the parent. */
  readonly contract: TableContract
  /**
   * Returns what becomes of some rows of the parent, which come without metadata and recorded columns. A row's result may depend
   * on nothing but the row and the options: a run hands over any part of the table.
   */
  rows(rows: Frame, options: OptionValues<Options>): DerivedRows
}

/** Rows of a table before and after a run: those that differ, by key. */
export interface ChangedRows {
  readonly before: Frame
  readonly after: Frame
}

/** One day of a partitioned table. */
export interface Partition {
  /** `2025-03-01`; empty where one file without a day is the table. */
  readonly day: string
  /** The source file that it was made from. */
  readonly file: string
  readonly rows: number
  /** When it was loaded, and the run that did; a day whose content comes again is loaded anew. */
  readonly loadedAt: string
  readonly batch: string
  /**
   * Reads its rows. Of a table of a source, the last two columns say which file and record each came from. Nothing keeps them.
   */
  load(): Promise<Frame>
  /**
   * Reads its rows some at a time, in the memory of 65,536 rows: all columns, or those that are named. No frame comes of a day
   * without rows.
   */
  groups(columns?: readonly string[]): AsyncIterable<Frame>
}

/** The cells of a rollup, and as text what the cells do not say themselves. */
export interface RollupCells {
  readonly cells: Frame
  readonly metadata: Readonly<Record<string, string>>
}

/** A summary of one table that is stored with the state and updated from the changed rows alone. */
export interface Rollup<Options extends JobOptions = JobOptions> extends JobStep<Options> {
  /** The table, or derived table, that it sums up. */
  readonly table: string
  /** The columns of changed rows that it looks at; all where they are left out. */
  readonly columns?: readonly string[]
  /** Sums up all rows. Of a partitioned table it is handed one day, or a part of a day with more than 65,536 rows. */
  build(rows: Frame, options: OptionValues<Options>): RollupCells
  /** Equals `build` of the rows after the change, byte by byte. Without it the rollup of a keyed table is built anew. */
  update?(rollup: RollupCells, changed: ChangedRows, options: OptionValues<Options>): RollupCells
  /**
   * Sums up the rollups of all days, in order of the days; a partitioned table needs it. What is stored is one small file a
   * day, and they are merged when the rollup is read. The rollups of the parts of a long day are merged first: the result is
   * the same, however the rows were cut.
   */
  merge?(days: readonly RollupCells[], options: OptionValues<Options>): RollupCells
}

/** The current state, as outputs see it: the tables and rollups that they read. */
export interface JobState {
  /** A table by name, in the order of its rows. */
  table(name: string): Frame
  /** A rollup by name. */
  rollup(name: string): RollupCells
  /** The days of a partitioned table, in order, each read when its rows are asked for. */
  partitions(name: string): readonly Partition[]
}

/** What an output was before this commit. */
export interface OutputPast {
  /** Its rows at the last commit, in the kinds of its contract; null where that commit did not have it. */
  readonly rows: Frame | null
  /** The time of this commit, in epoch milliseconds. */
  readonly committedAt: number
}

/** A table made of the state: a report. */
export interface JobOutput<Options extends JobOptions = JobOptions> extends JobStep<Options> {
  /** Its columns. Recorded columns need a key, by which a row is known again in the next commit. */
  readonly contract: TableContract
  /** The tables, derived tables and rollups it is made of. */
  readonly reads: readonly string[]
  /** Whether copies as Parquet show the job's options in their metadata, as they do by default. */
  readonly showsOptions?: boolean
  /** Makes the output's rows, in the order in which they are published, without recorded columns. */
  build(state: JobState, options: OptionValues<Options>): Frame | Promise<Frame>
  /**
   * Adds what the tables no longer hold: gets the rows that `build` made and the output's rows of the last commit, and returns the rows of
   * this one. Each commit stores them. Such an output depends on the commits that were made, not on the inputs alone.
   */
  remember?(rows: Frame, past: OutputPast): Frame
  /** How its rows are traced back to the rows of a table. */
  readonly explain?: OutputExplanation<Options>
}

/** A check of the whole state before it is committed, such as that no two agents share an address. */
export interface Gate<Options extends JobOptions = JobOptions> {
  /** The tables, derived tables and rollups it looks at. */
  readonly reads: readonly string[]
  /** The options that it is handed. Any other one throws when it is read. */
  readonly uses?: readonly (keyof Options & string)[]
  /** Returns what is wrong and what to do, in one sentence without customers' values; null lets the state pass. */
  check(state: JobState, options: OptionValues<Options>): string | null | Promise<string | null>
}

/** How a figure of an output is traced back to the rows that it counts. */
export interface OutputExplanation<Options extends JobOptions = JobOptions> {
  /** The table, or derived table, whose rows are counted. */
  readonly table: string
  /** The tables it looks at. */
  readonly reads: readonly string[]
  /** The options it is handed. */
  readonly uses?: readonly (keyof Options & string)[]
  /**
   * The rows, by position, behind the output's rows that have these cells; a column that is not named may hold anything. For a
   * partitioned table it is asked once a day, and `state.table` has the rows of that day.
   */
  rowsBehind(state: JobState, cells: Readonly<Record<string, string>>, options: OptionValues<Options>): Int32Array
  /** The columns of the table that a terminal shows; all by default. */
  readonly columns?: readonly string[]
  /** What the rows add up to, in the names of the output's columns. */
  totals?(rows: Frame): Readonly<Record<string, number>>
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

/** Which records are of persons, and how a person is erased from them. */
export interface Erasure {
  /** Returns the keys of all persons that a text names: the text of a cell, or of a whole record. Each in one spelling. */
  keysIn(text: string): readonly string[]
  /**
   * By table, which keeps its originals: the columns that name persons, and what becomes of a row that names an erased one.
   * `remove`: it goes. `replace`: these cells get a name that tells nothing, `erased-20250301-17`: the day and the record.
   */
  readonly tables: Readonly<
    Record<string, { readonly columns: readonly string[]; readonly rows: 'remove' | 'replace' }>
  >
}

/** A job: which options and tables there are, what is summed up of them and what is reported. Made by `defineJob`. */
export interface Job<Options extends JobOptions = JobOptions> {
  readonly name: string
  readonly options: Options
  /** In the order in which they are applied, counted and listed. */
  readonly tables: Readonly<Record<string, JobTable>>
  /** Tables made row by row of others, each after its parent. */
  readonly derived: Readonly<Record<string, DerivedTable<Options>>>
  readonly rollups: Readonly<Record<string, Rollup<Options>>>
  readonly outputs: Readonly<Record<string, JobOutput<Options>>>
  /** What a run publishes unless it says otherwise: names of outputs and tables; everything where it is left out. */
  readonly published?: readonly string[]
  /** Checks that may refuse a commit, in their order. */
  readonly gates?: Readonly<Record<string, Gate<Options>>>
  /** How persons are erased; left out where a job has none. */
  readonly erasure?: Erasure
  /** Whether a log describes it: such a job has no code, and what a commit stores is what there is. */
  readonly isLogged?: boolean
  /** What is legal and odd in a state; it is handed all options. */
  oddities?(state: JobState, options: OptionValues<Options>): readonly Oddity[]
}

/** Whether an output or a gate looks at a table or rollup. */
export function isRead({ outputs, gates = {} }: Pick<Job, 'outputs' | 'gates'>, name: string): boolean {
  return [...Object.values(outputs), ...Object.values(gates)].some(({ reads }) => reads.includes(name))
}

/** Whether a table, or derived table, of a job is kept as one file a day. */
export function isPartitioned({ tables, derived }: Pick<Job, 'tables' | 'derived'>, name: string): boolean {
  const root = rootOf({ derived }, name)
  return Object.hasOwn(tables, root) && tables[root]?.source.kind === 'partitions'
}

/** Whether a job has a partitioned table. */
export function hasPartitions(job: Pick<Job, 'tables' | 'derived'>): boolean {
  return Object.keys(job.tables).some((name) => isPartitioned(job, name))
}

/** The contract of a table or derived table; undefined for another name. */
export function contractOf(
  { tables, derived }: Pick<Job, 'tables' | 'derived'>,
  name: string,
): TableContract | undefined {
  if (Object.hasOwn(tables, name)) return tables[name]?.contract
  return Object.hasOwn(derived, name) ? derived[name]?.contract : undefined
}

/** Whether a table has recorded columns. */
export function isRecording({ columns }: TableContract): boolean {
  return Object.values(columns).some(({ role }) => role === 'recorded')
}

/** Whether each commit stores the rows of an output, because inputs alone do not give them. */
export function isStoredOutput({ contract, remember }: Pick<JobOutput, 'contract' | 'remember'>): boolean {
  return remember !== undefined || isRecording(contract)
}

/** The names of the tables of a job, then of its derived tables. */
export function tableNames({ tables, derived }: Pick<Job, 'tables' | 'derived'>): readonly string[] {
  return [...Object.keys(tables), ...Object.keys(derived)]
}

/** The table of a source that a table is made from, step by step; a table of a source is its own. */
export function rootOf({ derived }: Pick<Job, 'derived'>, name: string): string {
  let root = name
  while (Object.hasOwn(derived, root)) root = derived[root]?.from ?? root
  return root
}

/** The tables of a job in its order. */
export function tablesOf(job: Job): readonly JobTable[] {
  return Object.values(job.tables)
}
