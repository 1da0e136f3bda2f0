/**
 * Writes the table after folded deltas.
 * @module
 */
import type { Column } from '../../../table/column.ts'
import { type Frame, frameOf } from '../../../table/frame.ts'
import type { Folded } from '../fold/fold.ts'
import { type Layout, planLayout } from './layout.ts'
import { NO_REUSE, reusableArrays } from './reuse-memory.ts'
import { type PlacedCells, writeColumn } from './write-column.ts'

/**
 * Where the new table is written: `own` uses new memory; `reuse` overwrites the old table, which
 * must not be read afterwards.
 */
export type TableMemory = 'own' | 'reuse'

/**
 * Returns the cells to write to the rows from `first` on. Rows that keep their own cell are left
 * out.
 */
function placeCells({ keptRows, keys, targets }: Layout, source: Int32Array, first: number): PlacedCells {
  const cells = new Int32Array(keys.length)
  const rows = new Int32Array(keys.length)
  let count = 0
  for (let i = 0; i < keys.length; i++) {
    const row = targets[i] as number
    const cell = source[keys[i] as number] as number
    if (row < first || (cell < 0 && row < keptRows)) continue
    cells[count] = cell
    rows[count++] = row
  }
  return { cells: cells.subarray(0, count), targets: rows.subarray(0, count) }
}

/**
 * Returns the table after the folded deltas: the rows that stay, in order and updated in place,
 * then inserted rows in order of insertion. A column that does not change is shared with the old
 * table.
 */
export function materialize(folded: Folded, { memory = 'own' }: { readonly memory?: TableMemory } = {}): Frame {
  const { base, pool, key, states, partial } = folded
  const reuse = memory === 'reuse' ? reusableArrays(base, pool) : NO_REUSE
  const layout = planLayout(folded)
  const { rows, keptRows, runs, keys } = layout
  const isSameRows = rows === base.rows && keptRows === rows
  // most columns take their cells from the same rows, so those are computed once
  const placed = new Map<Int32Array, PlacedCells>()
  const placedFrom = (source: Int32Array) => {
    const found = placed.get(source) ?? placeCells(layout, source, 0)
    placed.set(source, found)
    return found
  }
  const columns = Array.from(base.columns, ([name, column]): [string, Column] => {
    // an update does not change the key
    const isKey = key.includes(name)
    if (isSameRows && (isKey || keys.length === 0)) return [name, column]
    const source = states.cellSources[partial.get(name) ?? -1] ?? states.source
    const cells = isKey ? placeCells(layout, source, keptRows) : placedFrom(source)
    return [name, writeColumn(column, pool.columns.get(name) as Column, { rows, keptRows, runs, reuse, ...cells })]
  })
  return frameOf(columns, rows)
}
