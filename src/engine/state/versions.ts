/**
 * Versions of a place in an engine: what a run writes is seen by nobody before it commits, and then all of it at once.
 * @module
 */
import type { ColumnContracts } from '../../table/contract.ts'
import type { Frame } from '../../table/frame.ts'
import type { EngineConnection, RowColumns } from '../connection.ts'
import type { Expression } from '../expression.ts'
import type { Relation } from '../relation.ts'

/** A table that rows are written to, and what its columns are. */
export interface VersionTable {
  readonly name: string
  readonly columns: ColumnContracts
}

/** The tables of one version. */
export interface VersionTables {
  /** Its dialect says where the tables of this version are. */
  readonly connection: EngineConnection
  /** Whether rows can be written over those of the same key; else a table is made anew of all of its inputs. */
  readonly canMerge: boolean
  /** Creates an empty table where there is none of this name. */
  create(table: VersionTable): Promise<void>
  /** Makes a table of a plan, in the place of the one of this name. */
  replace(table: VersionTable, plan: Relation): Promise<void>
  /** Makes a table of a plan that only this version needs. */
  makeStep(name: string, plan: Relation): Promise<void>
  dropSteps(names: Iterable<string>): Promise<void>
  /** `before` is how many rows of the same input were appended before: messages number the rows of the input. */
  append(table: VersionTable, rows: Frame, before?: number): Promise<void>
  /** Replaces the rows whose keys a step has by the rows of a plan. Only where `canMerge` is true. */
  merge(table: VersionTable, keys: string, on: readonly string[], plan: Relation): Promise<void>
  /** Removes the rows for which a condition holds. */
  remove(table: VersionTable, where: Expression): Promise<void>
  /** Writes a value into a column, in the rows for which a condition holds. */
  set(table: VersionTable, column: string, value: Expression, where: Expression): Promise<void>
  /** Runs a query with few rows about a table. A version may answer it from memory while the table is what it was. */
  ask(table: string, statement: string, columns: RowColumns): Promise<readonly Frame[]>
}

/** A version that a run makes. */
export interface Version {
  readonly tables: VersionTables
  /** Makes it what everybody reads. @throws ConnectError, EngineError - the engine refuses, or another version was first */
  commit(): Promise<void>
  /** Ends it: what was not committed is gone. Never fails. */
  end(): Promise<void>
}

/** The versions of a place: how they are read, and how the next one is made. */
export interface Versions {
  /** The engine and the place in it, for messages. */
  readonly title: string
  /** What a run says of how tables are kept; null where there is nothing to say, or it is not known yet. */
  readonly notice: string | null
  /** Whether there is a version. */
  exists(): Promise<boolean>
  /** The tables of the last version, as each statement finds them. */
  read(): Promise<VersionTables>
  /** Reads at one instant: nothing that is committed meanwhile is seen. */
  readAtOnce<Result>(work: (tables: VersionTables) => Promise<Result>): Promise<Result>
  /** Changes what is there, outside of a run: durable when it ends. */
  change(work: (tables: VersionTables) => Promise<void>): Promise<void>
  begin(): Promise<Version>
  /** Closes the connection. Never fails. */
  close(): Promise<void>
}
