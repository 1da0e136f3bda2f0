/**
 * Bytes in pieces: what writers give and stores take.
 * @module
 */

/** Returns the pieces as one array. */
export function joinChunks(chunks: Iterable<Uint8Array>): Uint8Array {
  const pieces = [...chunks]
  const joined = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    joined.set(piece, at)
    at += piece.length
  }
  return joined
}
