/**
 * What a source is: how the inputs of a table are found, and what new content of one of them means.
 * @module
 */

/** A file that is an input of a table. */
export interface SourceUnit {
  /** What the ledger knows the input by, within its table. */
  readonly unit: string
  /** The month whose changes it holds; null where it is not one month's. */
  readonly month: string | null
}

/** Where inputs of a table are and what they are; made by `extractsAndDeltas`. */
export interface Source {
  readonly kind: 'extracts_and_deltas'
  /** The folders that are listed; each ends in `/`. */
  readonly folders: readonly string[]
  /** Which input of a table a file below the folders is; null for a file that is none. */
  recognize(table: string, name: string): SourceUnit | null
  /** The names under which a table's inputs are expected, for messages. */
  readonly expected: string
}
