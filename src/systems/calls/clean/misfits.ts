/**
 * Cells of a call log that are not written as declared.
 * @module
 */

/** A cell that does not have its declared form. */
export interface Misfit {
  /** The text of the cell. */
  readonly found: string
  /** What is declared, for the reject. */
  readonly expected: string
}

/** By column, then by row: the cells that do not have their declared form; they are null in the log. */
export type Misfits = ReadonlyMap<string, ReadonlyMap<number, Misfit>>
