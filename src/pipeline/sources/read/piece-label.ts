/**
 * What rows say of the piece of a log that they came from.
 * @module
 */
import type { InputRecord } from '../../log/commit-record.ts'

type Piece = Pick<InputRecord, 'table' | 'name' | 'position'>

/**
 * Returns the name of a piece's file; with its place in the ledger behind it where an earlier piece came in a file of that name,
 * as with a log that is written anew every day.
 */
export function pieceLabel({ table, name, position = 0 }: Piece, ledger: readonly Piece[]): string {
  const isTaken = ledger.some(
    (other) =>
      other.table === table && other.name === name && (other.position ?? 0) > 0 && (other.position ?? 0) < position,
  )
  return isTaken ? `${name} (piece ${position})` : name
}
