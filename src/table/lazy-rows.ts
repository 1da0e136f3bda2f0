/**
 * Rows of which only what somebody asks for is made.
 * @module
 */
import { type Frame, frameOf, selectColumns } from './frame.ts'
import { gatherColumn } from './take.ts'

/** Whether a column of that name is needed. */
export type ColumnTest = (name: string) => boolean

/** A table that is not in memory as a frame yet, or not all of it. */
export interface LazyRows {
  readonly rows: number
  /** All rows of the named columns. */
  columns(names: readonly string[]): Frame
  /** Some rows, in that order, of all columns or of those that are needed. */
  at(rows: Int32Array, isNeeded?: ColumnTest): Frame
  /** Everything. */
  all(): Frame
}

export const everyColumn: ColumnTest = () => true

/** Returns a frame as rows to be asked for. */
export function lazyRows(frame: Frame): LazyRows {
  return {
    rows: frame.rows,
    columns: (names) => selectColumns(frame, names),
    at: (rows, isNeeded = everyColumn) => {
      const needed = Array.from(frame.columns).filter(([name]) => isNeeded(name))
      return frameOf(
        needed.map(([name, column]) => [name, gatherColumn(column, rows)] as const),
        rows.length,
      )
    },
    all: () => frame,
  }
}
