/**
 * The row order of a result: the table's rows that stay, and the rows that are overwritten or
 * appended.
 * @module
 */
import type { Folded } from '../fold/fold.ts'

/**
 * The row order of a result, the same for all columns: the table's kept rows in their order, then
 * the insertions in theirs.
 */
export interface Layout {
  readonly rows: number
  /** The number of the table's rows that stay. Inserted rows follow them. */
  readonly keptRows: number
  /** The ranges of the table's rows that stay, as pairs of first row and end. */
  readonly runs: Int32Array
  /**
   * The keys that are updated in place or inserted, in order of the delta rows, so that those are
   * read sequentially.
   */
  readonly keys: Int32Array
  /** The result's row of each of these keys. */
  readonly targets: Int32Array
}

/** Returns the table's rows that stay, and the result's row of each key in them. */
function planKeptRows({ base, baseRows, matched, states }: Folded) {
  const { present, position } = states
  const runs = new Int32Array(2 * matched.length + 2)
  const rowOf = new Int32Array(baseRows.length)
  let run = 0
  let from = 0
  let removed = 0
  for (let i = 0; i < matched.length; i++) {
    const key = matched[i] as number
    const row = baseRows[key] as number
    if (present[key] === 1 && (position[key] as number) < 0) {
      rowOf[key] = row - removed
      continue
    }
    if (row > from) {
      runs[run++] = from
      runs[run++] = row
    }
    from = row + 1
    removed++
  }
  if (base.rows > from) {
    runs[run++] = from
    runs[run++] = base.rows
  }
  return { keptRows: base.rows - removed, runs: runs.subarray(0, run), rowOf }
}

/** Returns the layout of the folded table's rows. */
export function planLayout(folded: Folded): Layout {
  const { keptRows, runs, rowOf } = planKeptRows(folded)
  const { keyOf, states } = folded
  const { present, source, position } = states
  const keys = new Int32Array(present.length)
  const targets = new Int32Array(present.length)
  let rows = keptRows
  let count = 0
  for (let row = 0; row < keyOf.length; row++) {
    const key = keyOf[row] as number
    if (present[key] === 0) continue
    const inserted = position[key] as number
    // each key is placed once: at the row that inserted it, or at the last row that updated it in
    // place
    if (row !== (inserted < 0 ? source[key] : inserted)) continue
    keys[count] = key
    targets[count++] = inserted < 0 ? (rowOf[key] as number) : rows++
  }
  return { rows, keptRows, runs, keys: keys.subarray(0, count), targets: targets.subarray(0, count) }
}
