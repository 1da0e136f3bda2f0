/**
 * The last row of every key.
 * @module
 */
import type { KeyBytes } from './key.ts'
import { KeyIndex } from './key-index.ts'

/**
 * Returns the rows among `rows` (ascending) whose key no later one repeats, in the same order. Bad
 * rows are compared by bytes too.
 *
 * @example
 * lastRows(keyBytes(calls, ['call_id']), Int32Array.of(0, 1, 2)) // of c1, c2, c1: Int32Array [1, 2]
 */
export function lastRows(keys: KeyBytes, rows: Int32Array): Int32Array {
  const { groups, groupOf } = KeyIndex.of(keys)
  const isSeen = new Uint8Array(groups)
  const last = new Int32Array(rows.length)
  let kept = rows.length
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i] as number
    const group = groupOf[row] as number
    if (isSeen[group] === 1) continue
    isSeen[group] = 1
    last[--kept] = row
  }
  return last.subarray(kept)
}
