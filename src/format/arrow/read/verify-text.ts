/**
 * Checks that Arrow's text is UTF-8, value by value: ASCII fast, four bytes at a time; other text
 * in a second pass.
 * @module
 */
import { characterEnd, findBadUtf8 } from '../../text/utf8-check.ts'

/** The position of each value, and the end of the last one. */
export type Offsets = Int32Array | Float64Array

const HIGH_BITS = 0x80808080

/** Whether the bytes are ASCII (`ascii`), UTF-8 (`utf8`) or neither (`damaged`). */
function encodingOf(bytes: Uint8Array, end: number): 'ascii' | 'utf8' | 'damaged' {
  const words = bytes.byteOffset % 4 === 0 ? new Uint32Array(bytes.buffer, bytes.byteOffset, end >> 2) : null
  let found: 'ascii' | 'utf8' = 'ascii'
  let at = 0
  while (at < end) {
    if (words !== null && at % 4 === 0) {
      let word = at >> 2
      while (word < words.length && ((words[word] as number) & HIGH_BITS) === 0) word++
      at = word * 4
      if (at >= end) break
    }
    if ((bytes[at] as number) < 0x80) {
      at++
      continue
    }
    const next = characterEnd(bytes, at, end)
    if (next < 0) return 'damaged'
    found = 'utf8'
    at = next
  }
  return found
}

/** Whether a value begins in the middle of a character. */
function isCutInside(bytes: Uint8Array, end: number, offsets: Offsets): boolean {
  for (let row = 0; row < offsets.length; row++) {
    const at = offsets[row] as number
    if (at < end && ((bytes[at] as number) & 0xc0) === 0x80) return true
  }
  return false
}

/** The first value that is not UTF-8, −1 for none; bytes under nulls are ignored. */
export function firstBadText(bytes: Uint8Array, offsets: Offsets, isNull: (row: number) => boolean): number {
  const rows = offsets.length - 1
  const end = offsets[rows] as number
  const encoding = encodingOf(bytes, end)
  if (encoding === 'ascii') return -1
  if (encoding === 'utf8' && !isCutInside(bytes, end, offsets)) return -1
  for (let row = 0; row < rows; row++) {
    if (!isNull(row) && findBadUtf8(bytes, offsets[row] as number, offsets[row + 1] as number) >= 0) return row
  }
  return -1
}
