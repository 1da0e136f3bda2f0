/**
 * A place whose tables are kept by an engine: the seam between the phases of a run and DuckDB, Postgres or a cluster. Its log and
 * its small files are files like those of any other place; the rows of inputs and tables are the engine's.
 * @module
 */
import type { FileStore } from '../connect/file-store.ts'
import type { TableContract } from '../table/contract.ts'
import type { Frame } from '../table/frame.ts'
import type { RepeatedKeys } from '../transform/delta/fold/match-keys.ts'
import type { Progress } from './effects.ts'
import type { Job, JobTable, RollupCells } from './job/job.ts'
import type { OptionValues } from './job/job-options.ts'
import type { CommitRecord, StoredFile } from './log/commit-record.ts'

/** The typed rows of an input as they are read, at least one frame, and the stem of the name of the file that stands for them. */
export interface StagedRows {
  readonly stem: string
  /** Null for the extract. */
  readonly month: string | null
  readonly frames: AsyncIterable<Frame>
}

/** How a table of a version is made. */
export interface EngineFold {
  /** `rebuild` folds all inputs; `merge` folds the new ones, each key once, and writes them over the table of the last commit. */
  readonly form: 'rebuild' | 'merge'
  /** All inputs of the table, in their order. */
  readonly inputs: readonly StoredFile[]
  /** How many of them, the last ones, are new. */
  readonly added: number
}

/** How a rollup of a version is made: of the whole table, or of the rows that this version's fold changed. */
export type RollupForm = 'build' | 'update'

/** How far an engine is with a table or a rollup: which part of its work runs, and how many rows that part has read. */
export type EngineProgress = Omit<Progress, 'step'>

/** What keeps the tables of a place. All calls from `begin` to the commit, or to `end`, make one version. */
export interface TableEngine {
  /** The engine and its place, for messages. */
  readonly title: string
  /** What a run says of how the engine keeps tables; null where there is nothing to say, or it is not known yet. */
  readonly notice: string | null
  /** @throws EngineError engine_cannot - a part of the job has no plan; the message names it */
  refuse(job: Job): void
  /** Begins a version, and tells how far it is. Nobody sees it before its commit is written to the log of the place. */
  begin(tell: (progress: EngineProgress) => void): Promise<void>
  /** Takes the rows of an input, and returns the file that stands for them: reading it from the place gives these rows. */
  stage(table: JobTable, rows: StagedRows): Promise<StoredFile>
  /** The rows of a staged extract whose keys earlier rows have; null where each key is there once. */
  findRepeats(extract: StoredFile): Promise<RepeatedKeys | null>
  /**
   * The rows of a table of the last commit, or of the extract that it begins with, whose keys the inputs have, in the order of the
   * table, with where they came from.
   */
  loadTouched(table: JobTable, inputs: readonly StoredFile[], extract?: StoredFile): Promise<Frame>
  /** Makes a table of the version, and returns how many rows it has. */
  fold(table: JobTable, fold: EngineFold): Promise<number>
  /** Makes a rollup of the version and returns its cells; null where the engine has no plan for it. */
  rollUp(name: string, form: RollupForm, options: OptionValues): Promise<RollupCells | null>
  /**
   * The rows of a table as it is, in its order, with where they came from. With `commit` they are those of this commit, which is the
   * last one.
   *
   * @throws PipelineError commit_lost - there is a later commit by now
   */
  loadTable(contract: TableContract, commit?: number): Promise<Frame>
  /** Ends a version: what was not committed is gone. */
  end(): Promise<void>
  /** Returns the names of tables that are not what the inputs of the last commit make. */
  findDamage(job: Job, record: CommitRecord): Promise<readonly string[]>
}

/** A place of files whose tables an engine keeps. */
export interface EnginePlace extends FileStore {
  readonly engine: TableEngine
  /** Where the published copies are, and the marker. */
  readonly folder: FileStore
  /** The engine, and the place in it without a password, as the marker of the folder names them. */
  readonly address: { readonly engine: string; readonly url: string }
}

/** Returns the engine that keeps the tables of a place; null where files do. */
export function engineOf(place: FileStore): TableEngine | null {
  return 'engine' in place ? (place as EnginePlace).engine : null
}
