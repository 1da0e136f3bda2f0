/**
 * Copies short constant bytes four at a time: a column's name is written before every cell.
 * @module
 */

/** Bytes as 32-bit words; the last word is padded with zeros. */
export interface Words {
  readonly size: number
  readonly words: Int32Array
}

/** A copy writes up to this many bytes past its end; the next write overwrites them. */
export const WORD_SLACK = 3

/** Returns the bytes as words. */
export function asWords(bytes: Uint8Array): Words {
  const padded = new Uint8Array((bytes.length + WORD_SLACK) & ~WORD_SLACK)
  padded.set(bytes)
  const view = new DataView(padded.buffer)
  return { size: bytes.length, words: Int32Array.from({ length: padded.length / 4 }, (_, i) => view.getInt32(i * 4)) }
}

/** Writes the bytes and returns their end. */
export function writeWords({ size, words }: Words, target: DataView, at: number): number {
  for (let i = 0; i < words.length; i++) target.setInt32(at + i * 4, words[i] as number)
  return at + size
}
