/**
 * What a delta did or would do, in numbers: one count per net effect on a key, and one per code of
 * the decision table.
 * @module
 */

/** The codes of the decision table that a delta can meet. */
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

/** `warning` is marked ⚠ in the decision table. Strict mode refuses it. */
export type Severity = 'info' | 'warning'

/**
 * A change as an example of a code. `row` is the 1-based data record of `file`, or of the table
 * where no file is known.
 */
export interface ChangeSample {
  readonly key: readonly unknown[]
  readonly file: string | null
  readonly row: number
}

/**
 * How often a code occurred: rows, or columns for the codes about columns, which then names them in
 * `columns`.
 */
export interface CodeCount {
  readonly code: DeltaCode
  readonly severity: Severity
  readonly count: number
  /** The first changes, at most ten. */
  readonly sample: readonly ChangeSample[]
  readonly columns?: readonly string[]
}

/**
 * The effect of one delta. Each of its keys counts once, by its net effect; its other rows are
 * `folded`. So `rowsOut = rowsIn + inserted − deleted`, and `inserted + updated + unchanged +
 * deleted + ignored + folded + quarantined = deltaRows`.
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
  /** Keys that were written with equal cells. */
  readonly unchanged: number
  readonly deleted: number
  /** Keys on which the delta had no effect. */
  readonly ignored: number
  readonly folded: number
  /** Rows put into quarantine before the delta was applied; always 0 from a pure function. */
  readonly quarantined: number
  readonly codes: readonly CodeCount[]
}

/** The most changes in a sample. */
export const SAMPLE_SIZE = 10
