/**
 * The last row of each distinct text, by a hash of its bytes.
 * @module
 */
import type { Utf8Column } from '../../../table/column.ts'

function hashBytes(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193)
  hash ^= hash >>> 15
  return Math.imul(hash, 0x2c1b3c6d) >>> 0
}

function isEqual({ bytes, offsets }: Utf8Column, a: number, b: number): boolean {
  const from = offsets[a] as number
  const other = offsets[b] as number
  const size = (offsets[a + 1] as number) - from
  if ((offsets[b + 1] as number) - other !== size) return false
  for (let at = 0; at < size; at++) if (bytes[from + at] !== bytes[other + at]) return false
  return true
}

/**
 * Returns the rows among `rows` (ascending, none null) whose text no later one repeats, in the same
 * order. Linear time for any texts.
 */
export function lastRows(text: Utf8Column, rows: Int32Array): Int32Array {
  let size = 16
  while (size < rows.length * 2) size *= 2
  // slot → row + 1; 0 is free
  const slots = new Int32Array(size)
  const last = new Int32Array(rows.length)
  let kept = rows.length
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i] as number
    let slot = hashBytes(text.bytes, text.offsets[row] as number, text.offsets[row + 1] as number) & (size - 1)
    while (slots[slot] !== 0 && !isEqual(text, (slots[slot] as number) - 1, row)) slot = (slot + 1) & (size - 1)
    if (slots[slot] !== 0) continue
    slots[slot] = row + 1
    last[--kept] = row
  }
  return last.subarray(kept)
}
