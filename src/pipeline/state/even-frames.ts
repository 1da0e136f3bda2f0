/**
 * Rows that come in pieces of any size, as frames of one size: what is stored of them does not depend on the pieces.
 * @module
 */
import type { TableContract } from '../../table/contract.ts'
import type { Frame } from '../../table/frame.ts'
import { sliceRows } from '../../table/take.ts'
import { concatFrames } from '../sources/read/concat-frames.ts'

/** Yields the rows in frames of `size` rows, the last of which may have fewer; one empty frame where there are no rows. */
export async function* evenFrames(
  pieces: AsyncIterable<Frame>,
  contract: TableContract,
  size: number,
): AsyncGenerator<Frame, void, undefined> {
  let waiting: Frame[] = []
  let rows = 0
  let isEmpty = true
  for await (const piece of pieces) {
    let from = 0
    while (rows + piece.rows - from >= size) {
      const to = from + size - rows
      yield concatFrames([...waiting, sliceRows(piece, from, to)], contract)
      isEmpty = false
      waiting = []
      rows = 0
      from = to
    }
    if (from === piece.rows) continue
    waiting.push(from === 0 ? piece : sliceRows(piece, from, piece.rows))
    rows += piece.rows - from
  }
  if (rows > 0 || isEmpty) yield concatFrames(waiting, contract)
}
