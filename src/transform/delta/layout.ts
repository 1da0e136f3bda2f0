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

/** What stays of the table, and what is written over it. */
function layTable({ base, baseRows, matched, states }: Folded): Omit<Layout, 'rows' | 'appendedKeys'> {
  const { present, source, position } = states
  const runs = new Int32Array(2 * matched.length + 2)
  const updatedKeys = new Int32Array(matched.length)
  const targets = new Int32Array(matched.length)
  let run = 0
  let from = 0
  let gone = 0
  let updated = 0
  for (let i = 0; i < matched.length; i++) {
    const key = matched[i] as number
    const row = baseRows[key] as number
    if (present[key] === 1 && (position[key] as number) < 0) {
      if ((source[key] as number) < 0) continue
      updatedKeys[updated] = key
      targets[updated++] = row - gone
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
  return {
    keptRows: base.rows - gone,
    runs: runs.subarray(0, run),
    updatedKeys: updatedKeys.subarray(0, updated),
    targets: targets.subarray(0, updated),
  }
}

function appendedKeys({ keyOf, states }: Folded): Int32Array {
  const { present, position } = states
  const appended = new Int32Array(present.length)
  let count = 0
  for (let row = 0; row < keyOf.length; row++) {
    const key = keyOf[row] as number
    if (position[key] === row && present[key] === 1) appended[count++] = key
  }
  return appended.subarray(0, count)
}

/** Returns the plan of the folded table's rows. */
export function layOut(folded: Folded): Layout {
  const table = layTable(folded)
  const appended = appendedKeys(folded)
  return { ...table, rows: table.keptRows + appended.length, appendedKeys: appended }
}
