/**
 * What a delta did or would do, counted: one figure per net effect on a key and one per code of the decision table.
 * @module
 */

/** What was met in a delta, by the code of its line in the decision table. */
export type DeltaCode =
  | 'base_duplicate_key'
  | 'delta_duplicate_key'
  | 'add_existing'
  | 'update_existing'
  | 'update_missing'
  | 'delete_missing'
  | 'action_normalized'
  | 'column_missing'
  | 'column_extra'
  | 'column_renamed'
  | 'type_mismatch'
  | 'empty_delta'
  | 'reinserted'
  | 'sequence_tie'
  | 'null_overwrites'

/** `warning` is what the decision table marks ⚠: strict mode refuses it. */
export type Severity = 'info' | 'warning'

/** A change that shows what a code counts. `row` is the 1-based data record of `file`, or of the table where no file is known. */
export interface ChangeSample {
  readonly key: readonly unknown[]
  readonly file: string | null
  readonly row: number
}

/** How often a code occurred: rows, or columns for the codes about columns, which `columns` then names. */
export interface CodeCount {
  readonly code: DeltaCode
  readonly severity: Severity
  readonly count: number
  /** The first ten at most. */
  readonly sample: readonly ChangeSample[]
  readonly columns?: readonly string[]
}

/**
 * The effect of one delta. Every key of it counts once, by its net effect; its other rows are `folded`, so that
 * `rowsOut = rowsIn + inserted − deleted` and
 * `inserted + updated + unchanged + deleted + ignored + folded + quarantined = deltaRows`.
 */
export interface DeltaSummary {
  /** The table's rows before the delta. */
  readonly rowsIn: number
  /** The table's rows after it. */
  readonly rowsOut: number
  readonly deltaRows: number
  readonly inserted: number
  /** Keys whose cells changed, and keys that were deleted and added again. */
  readonly updated: number
  /** Keys that were written with the cells they had. */
  readonly unchanged: number
  readonly deleted: number
  /** Keys on which nothing was done. */
  readonly ignored: number
  readonly folded: number
  /** Rows set aside before the delta was applied; a pure function sets none aside. */
  readonly quarantined: number
  readonly codes: readonly CodeCount[]
}

/** How many changes a sample shows. */
export const SAMPLE_SIZE = 10
