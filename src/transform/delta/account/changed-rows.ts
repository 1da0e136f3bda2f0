/**
 * The rows that folded deltas change, before and after, as an incremental rollup needs them.
 * @module
 */
import type { Column } from '../../../table/column.ts'
import { type Frame, frameOf } from '../../../table/frame.ts'
import { countUp } from '../../../table/take.ts'
import type { Folded } from '../fold/fold.ts'
import { takeReferences } from '../fold/net-effects.ts'
import { type RowReferences, sameRows } from '../fold/same-rows.ts'
import { planLayout } from '../write/layout.ts'
import { takeCells } from '../write/write-column.ts'

/**
 * Returns rows by references to their cells, in all columns of the folded table or in the named
 * ones.
 */
export function takeReferencedRows(
  { base, pool, partial }: Folded,
  { source, cells }: RowReferences,
  names?: readonly string[],
): Frame {
  const wanted = Array.from(base.columns).filter(([name]) => names === undefined || names.includes(name))
  const targets = countUp(source.length)
  const columns = wanted.map(([name, column]): [string, Column] => {
    const placed = { cells: cells[partial.get(name) ?? -1] ?? source, targets }
    return [name, takeCells(column, pool.columns.get(name) as Column, placed)]
  })
  return frameOf(columns, source.length)
}

/** References to rows of the table before the deltas. */
function baseReferences(rows: Int32Array, partialColumns: number): RowReferences {
  const source = rows.map((row) => ~row)
  return { source, cells: Array.from({ length: partialColumns }, () => source) }
}

/** Of the keys that stay in their row of the table, returns those whose cells changed. */
function changedInPlace({ states, baseRows, partial, compared }: Folded, keys: Int32Array): Int32Array {
  const after = takeReferences({ source: states.source, cells: states.cellSources }, keys)
  const before = baseReferences(
    keys.map((key) => baseRows[key] as number),
    partial.size,
  )
  const same = sameRows(compared, before, after)
  return keys.filter((_, i) => same[i] === 0)
}

/**
 * Returns the rows that the deltas change: before, in order of the table, and after, in order of
 * the result. Rows written with equal cells are left out. A key that is deleted and added again is
 * in both.
 */
export function changedRowsOf(folded: Folded): { before: Frame; after: Frame } {
  const { states, baseRows, matched, partial } = folded
  const { keptRows, keys: placed, targets } = planLayout(folded)
  const inserted = placed.filter((_, i) => (targets[i] as number) >= keptRows)
  const updated = matched.filter((key) => states.present[key] === 1 && (states.position[key] as number) < 0)
  const changed = changedInPlace(folded, updated)
  const gone: number[] = []
  for (let key = 0; key < baseRows.length; key++) {
    const isMoved = states.present[key] === 0 || (states.position[key] as number) >= 0
    if ((baseRows[key] as number) >= 0 && isMoved) gone.push(baseRows[key] as number)
  }
  const rows = Int32Array.from([...changed.map((key) => baseRows[key] as number), ...gone]).sort()
  const keys = new Int32Array(changed.length + inserted.length)
  keys.set(changed)
  keys.set(inserted, changed.length)
  return {
    before: takeReferencedRows(folded, baseReferences(rows, partial.size)),
    after: takeReferencedRows(folded, takeReferences({ source: states.source, cells: states.cellSources }, keys)),
  }
}
