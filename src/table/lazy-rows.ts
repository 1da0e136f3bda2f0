/**
 * Rows of which only the requested parts are built.
 * @module
 */
import { type Frame, frameOf, selectColumns } from './frame.ts'
import { takeColumn } from './take.ts'

/** Whether the column of that name is needed. */
export type ColumnTest = (name: string) => boolean

/** A table that is not yet, or not completely, in memory as a frame. */
export interface LazyRows {
  readonly rows: number
  /** All rows of the named columns. */
  columns(names: readonly string[]): Frame
  /** Some rows, in the given order, with all columns or the needed ones. */
  at(rows: Int32Array, isNeeded?: ColumnTest): Frame
  /** The whole table. */
  all(): Frame
}

export const everyColumn: ColumnTest = () => true

/** Returns a frame as lazy rows. */
export function lazyRows(frame: Frame): LazyRows {
  return {
    rows: frame.rows,
    columns: (names) => selectColumns(frame, names),
    at: (rows, isNeeded = everyColumn) => {
      const needed = Array.from(frame.columns).filter(([name]) => isNeeded(name))
      return frameOf(
        needed.map(([name, column]) => [name, takeColumn(column, rows)] as const),
        rows.length,
      )
    },
    all: () => frame,
  }
}
