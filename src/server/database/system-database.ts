/**
 * The database of a system, as it declares it: the job whose rows it holds, and its migrations.
 * @module
 */
import type { TableDetails } from '../../pipeline/destinations/postgres/table-layout.ts'
import type { Job } from '../../pipeline/job/job.ts'

/** One step of a database's schema, with the way back. Its SQL may hold several statements. */
export interface Migration {
  /** Decides the order: `0001_audit`. */
  readonly name: string
  readonly up: string
  readonly down: string
}

/** A database that holds the last commit of a job, and what its system adds to it. */
export interface SystemDatabase {
  readonly job: Job
  /** The tables and outputs of the job to keep there; those that the commit publishes by default. */
  readonly tables?: readonly string[]
  /** What those tables have beside their contracts, by name, such as indexes. */
  readonly details?: Readonly<Record<string, TableDetails>>
  /**
   * What the log cannot make anew, such as functions and audit tables, in the order of their names. The tables of the job are not
   * theirs: a delivery makes those. One that was applied is never edited; another one follows it.
   */
  readonly migrations: readonly Migration[]
}
