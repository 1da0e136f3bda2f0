/**
 * Short constant bytes, copied four at a time: a name in front of a million cells is copied a million times.
 * @module
 */

/** Bytes as 32-bit words, the last one filled up with zeros. */
export interface Words {
  readonly size: number
  readonly words: Int32Array
}

/** A copy writes up to so many bytes behind its end; what follows overwrites them. */
export const WORD_SLACK = 3

/** Returns the bytes as words. */
export function asWords(bytes: Uint8Array): Words {
  const padded = new Uint8Array((bytes.length + WORD_SLACK) & ~WORD_SLACK)
  padded.set(bytes)
  const view = new DataView(padded.buffer)
  return { size: bytes.length, words: Int32Array.from({ length: padded.length / 4 }, (_, i) => view.getInt32(i * 4)) }
}

/** Writes the bytes and returns where they end. */
export function writeWords({ size, words }: Words, target: DataView, at: number): number {
  for (let i = 0; i < words.length; i++) target.setInt32(at + i * 4, words[i] as number)
  return at + size
}
