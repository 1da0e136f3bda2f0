/**
 * The part of a table that new inputs can touch: what is folded where nobody asks for the rest.
 * @module
 */
import { selectColumns } from '../table/frame.ts'
import { concatKeys, type KeyBytes, keyBytes } from '../table/key.ts'
import { KeyIndex } from '../table/key-index.ts'
import { type LazyRows, lazyRows } from '../table/lazy-rows.ts'
import type { InputRows, StandingTable } from './apply-inputs.ts'

/** The keys of the inputs; null where a file names them otherwise, which only applying it finds out. */
function keysOf(inputs: readonly InputRows[], key: readonly string[]): KeyBytes | null {
  const sides: KeyBytes[] = []
  for (const { frame } of inputs) {
    if (!key.every((name) => frame.columns.has(name))) return null
    sides.push(keyBytes(selectColumns(frame, key), key))
  }
  const [only] = sides
  if (sides.some(({ form }) => form !== only?.form)) return null
  return only !== undefined && sides.length === 1 ? only : concatKeys(sides)
}

/**
 * Returns the table with the rows alone whose keys stand in the new inputs, in the snapshot and in what was applied since.
 * Folding them gives the inputs' summaries and the rows that they change, and nothing of the others.
 */
export function narrowTable(
  standing: StandingTable,
  inputs: readonly InputRows[],
  key: readonly string[],
): StandingTable {
  const keys = keysOf(inputs, key)
  if (keys === null) return standing
  const index = KeyIndex.of(keys)
  const narrow = (rows: LazyRows): LazyRows => {
    const own = keyBytes(rows.columns(key), key)
    return own.form === keys.form ? lazyRows(rows.at(index.foundRows(own))) : rows
  }
  return {
    snapshot: narrow(standing.snapshot),
    later: standing.later.map(({ name, rows }) => ({ name, rows: narrow(rows) })),
    rows: standing.rows,
  }
}
