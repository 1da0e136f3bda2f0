/**
 * Rows of which only what somebody asks for is made.
 * @module
 */
import { type Frame, selectColumns } from './frame.ts'
import { gatherRows } from './gather.ts'

/** A table that is not in memory as a frame yet, or not all of it. */
export interface LazyRows {
  readonly rows: number
  /** All rows of the named columns. */
  columns(names: readonly string[]): Frame
  /** Some rows of all columns, in that order. */
  at(rows: Int32Array): Frame
  /** Everything. */
  all(): Frame
}

/** Returns a frame as rows to be asked for. */
export function lazyRows(frame: Frame): LazyRows {
  return {
    rows: frame.rows,
    columns: (names) => selectColumns(frame, names),
    at: (rows) => gatherRows(frame, rows),
    all: () => frame,
  }
}
