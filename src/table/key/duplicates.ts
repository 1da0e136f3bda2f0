/**
 * Finds rows that repeat the key of an earlier row.
 * @module
 */
import type { KeyBytes } from './key.ts'
import { KeyIndex } from './key-index.ts'

/**
 * Returns how many rows, from the first on, have strictly ascending keys by bytes. No two of them
 * are equal.
 */
function ascendingRows({ bytes, offsets }: KeyBytes): number {
  const rows = offsets.length - 1
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let row = 1; row < rows; row++) {
    let left = offsets[row - 1] as number
    let right = offsets[row] as number
    const leftEnd = right
    const rightEnd = offsets[row + 1] as number
    // neighbours share most of their bytes, so compare a word at a time
    while (left + 4 <= leftEnd && right + 4 <= rightEnd && words.getInt32(left) === words.getInt32(right)) {
      left += 4
      right += 4
    }
    while (left < leftEnd && right < rightEnd && bytes[left] === bytes[right]) {
      left++
      right++
    }
    if (right === rightEnd || (left < leftEnd && (bytes[left] as number) > (bytes[right] as number))) return row
  }
  return rows
}

function rowsFrom({ bytes, offsets, form }: KeyBytes, begin: number, end: number): KeyBytes {
  return { bytes, offsets: offsets.subarray(begin, end + 1), form, badRows: new Int32Array(0) }
}

/**
 * Returns the rows that repeat the key of an earlier row, ascending. Most tables are in key order,
 * so only the rows after the ascending ones are indexed; a sorted table costs one comparison per
 * row. Bad rows are compared by bytes too.
 *
 * @example
 * duplicateRows(keyBytes(agents, ['agent_id'])) // of AGT001, AGT002, AGT001: Int32Array [2]
 */
export function duplicateRows(keys: KeyBytes): Int32Array {
  const rows = keys.offsets.length - 1
  const ascending = ascendingRows(keys)
  if (ascending === rows) return new Int32Array(0)
  const rest = KeyIndex.of(rowsFrom(keys, ascending, rows))
  const isKnown = new Uint8Array(rest.groups)
  for (const group of rest.findAll(rowsFrom(keys, 0, ascending))) if (group >= 0) isKnown[group] = 1
  const found: number[] = []
  for (let row = 0; row < rest.groupOf.length; row++) {
    const group = rest.groupOf[row] as number
    if (isKnown[group] === 1) found.push(ascending + row)
    isKnown[group] = 1
  }
  return Int32Array.from(found)
}
