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

/** Counts the bits of a word. */
function popCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** A set of rows that tells its members in order and how many come before a row. */
class RowSet {
  readonly words: Int32Array
  readonly before: Int32Array
  size = 0

  constructor(rows: number) {
    this.words = new Int32Array((rows >>> 5) + 1)
    this.before = new Int32Array(this.words.length)
  }

  add(row: number): void {
    const word = row >>> 5
    this.words[word] = (this.words[word] as number) | (1 << (row & 31))
  }

  /** To be called once all rows are added. */
  count(): void {
    for (let word = 0; word < this.words.length; word++) {
      this.before[word] = this.size
      this.size += popCount(this.words[word] as number)
    }
  }

  /** How many members are below the row. */
  rank(row: number): number {
    const word = row >>> 5
    return (this.before[word] as number) + popCount((this.words[word] as number) & ((1 << (row & 31)) - 1))
  }

  toArray(): Int32Array {
    const rows = new Int32Array(this.size)
    let at = 0
    for (let word = 0; word < this.words.length; word++) {
      for (let bits = this.words[word] as number; bits !== 0; bits &= bits - 1) {
        rows[at++] = (word << 5) | (31 - Math.clz32(bits & -bits))
      }
    }
    return rows
  }
}

function keptRuns(removed: Int32Array, rows: number): Int32Array {
  const runs = new Int32Array(2 * removed.length + 2)
  let count = 0
  let from = 0
  for (let i = 0; i <= removed.length; i++) {
    const to = i < removed.length ? (removed[i] as number) : rows
    if (to > from) {
      runs[count++] = from
      runs[count++] = to
    }
    from = to + 1
  }
  return runs.slice(0, count)
}

/** Returns the plan of the folded table's rows. */
export function layOut({ base, keyOf, baseRows, states }: Folded): Layout {
  const { present, source, position } = states
  const removed = new RowSet(base.rows)
  const updated = new RowSet(base.rows)
  const keyAt = new Int32Array(baseRows.length)
  for (let key = 0; key < baseRows.length; key++) {
    const row = baseRows[key] as number
    if (row < 0) continue
    if (present[key] === 0 || (position[key] as number) >= 0) removed.add(row)
    else if ((source[key] as number) >= 0) updated.add(row)
  }
  removed.count()
  updated.count()
  const updatedKeys = keyAt.subarray(0, updated.size)
  const targets = new Int32Array(updated.size)
  for (let key = 0; key < baseRows.length; key++) {
    const row = baseRows[key] as number
    const isUpdated = row >= 0 && present[key] === 1 && (position[key] as number) < 0 && (source[key] as number) >= 0
    if (!isUpdated) continue
    const place = updated.rank(row)
    updatedKeys[place] = key
    targets[place] = row - removed.rank(row)
  }
  const appended = new Int32Array(baseRows.length)
  let count = 0
  for (let row = 0; row < keyOf.length; row++) {
    const key = keyOf[row] as number
    if (position[key] === row && present[key] === 1) appended[count++] = key
  }
  const keptRows = base.rows - removed.size
  return {
    rows: keptRows + count,
    keptRows,
    runs: keptRuns(removed.toArray(), base.rows),
    updatedKeys,
    targets,
    appendedKeys: appended.slice(0, count),
  }
}
