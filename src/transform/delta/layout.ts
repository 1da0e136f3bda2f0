/**
 * Where the rows of a result stand: what is kept of the table, what is written over it, what follows it.
 * @module
 */
import type { Folded } from './fold.ts'

/** The plan of a result's rows, one for all columns: the table's kept rows in their order, then the insertions in theirs. */
export interface Layout {
  readonly rows: number
  /** How many of the table's rows stay; appended rows follow them. */
  readonly keptRows: number
  /** The rows of the table that stay, as pairs of first row and end. */
  readonly runs: Int32Array
  /** The keys that are updated in place, in order of the table. */
  readonly updatedKeys: Int32Array
  /** The result's row of each of them. */
  readonly targets: Int32Array
  /** The keys that are appended, in order of insertion. */
  readonly appendedKeys: Int32Array
}

/** Returns the plan of the folded table's rows. */
export function layOut({ base, keyOf, baseRows, states }: Folded): Layout {
  const { present, source, position } = states
  const keys = baseRows.length
  // the key of each row that changes, counted from 1: one pass over all rows then sees them in their order
  const keyAt = new Int32Array(base.rows)
  let removed = 0
  let updated = 0
  for (let key = 0; key < keys; key++) {
    const row = baseRows[key] as number
    if (row < 0) continue
    const isRemoved = present[key] === 0 || (position[key] as number) >= 0
    if (!isRemoved && (source[key] as number) < 0) continue
    keyAt[row] = key + 1
    if (isRemoved) removed++
    else updated++
  }
  const runs = new Int32Array(2 * removed + 2)
  const updatedKeys = new Int32Array(updated)
  const targets = new Int32Array(updated)
  let run = 0
  let from = 0
  let gone = 0
  let place = 0
  for (let row = 0; row < keyAt.length; row++) {
    const key = (keyAt[row] as number) - 1
    if (key < 0) continue
    if (present[key] === 1 && (position[key] as number) < 0) {
      updatedKeys[place] = key
      targets[place++] = row - gone
      continue
    }
    if (row > from) {
      runs[run++] = from
      runs[run++] = row
    }
    from = row + 1
    gone++
  }
  if (base.rows > from) {
    runs[run++] = from
    runs[run++] = base.rows
  }
  const appended = new Int32Array(keys)
  let count = 0
  for (let row = 0; row < keyOf.length; row++) {
    const key = keyOf[row] as number
    if (position[key] === row && present[key] === 1) appended[count++] = key
  }
  const keptRows = base.rows - removed
  return {
    rows: keptRows + count,
    keptRows,
    runs: runs.slice(0, run),
    updatedKeys,
    targets,
    appendedKeys: appended.slice(0, count),
  }
}
