/**
 * What the server says of the places of jobs: the tables and outputs of their last commits.
 * @module
 */
import type { TableContract } from '../table/contract.ts'

/** One table that can be shown. */
export interface PlacedTable {
  readonly name: string
  /** A table of the state, or an output made of it. */
  readonly kind: 'table' | 'output'
  /** Null where nobody knows before it is made. */
  readonly rows: number | null
  /** What its columns are; null for an output of a job whose code is not here. */
  readonly contract: TableContract | null
  /** The file with its rows, as Parquet. */
  readonly file: string
  /** The names of its published copies. */
  readonly copies: readonly string[]
}

/** The place of a job. */
export interface JobPlace {
  /** The folder below the dashboard's own; empty for that itself. */
  readonly id: string
  readonly job: string
  readonly commit: number
  readonly committed_at: string
  readonly sha256: string
  readonly quarantined: number
  /** Outputs first. */
  readonly tables: readonly PlacedTable[]
}

/** A place whose log cannot be read. */
export interface BrokenPlace {
  readonly id: string
  /** The code of the error, as the guide of errors lists it. */
  readonly problem: string
}

/** All places that have a commit. */
export type Places = readonly (JobPlace | BrokenPlace)[]

/** Where the pages fetch the list of places. */
export const PLACES = 'data/places.json'

export function isBroken(place: JobPlace | BrokenPlace): place is BrokenPlace {
  return 'problem' in place
}
