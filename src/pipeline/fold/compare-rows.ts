/**
 * Rows of a table before and after, compared by key.
 * @module
 */
import type { TableContract } from '../../table/contract.ts'
import { columnOf, type Frame, selectColumns } from '../../table/frame.ts'
import { keyBytes } from '../../table/key/key.ts'
import { KeyIndex } from '../../table/key/key-index.ts'
import { markedRows, pickAt, takeRows } from '../../table/take.ts'
import { sameRows } from '../../transform/delta/fold/same-rows.ts'

/** What rows were before. */
export interface RowComparison {
  /** For each row after, the place among those before of the row with its key; −1 where there is none. */
  readonly matched: Int32Array
  /** 1 where the matched row has the same cells. */
  readonly same: Uint8Array
}

/** The names of the columns that a row says of itself: without metadata, and without recorded times of its changes. */
export function ownColumns({ columns }: TableContract): readonly string[] {
  return Object.entries(columns).flatMap(([name, { role }]) =>
    role === 'metadata' || role === 'recorded' ? [] : [name],
  )
}

/** A table as the function of a derived table sees it, or makes it: without metadata and recorded columns. */
export function ownContract(contract: TableContract): TableContract {
  const columns = Object.fromEntries(ownColumns(contract).map((name) => [name, contract.columns[name]]))
  // the names are those of its columns
  return { ...contract, columns: columns as TableContract['columns'], unknownColumns: 'freeze' }
}

/** Compares some rows of a frame with others of it, by key, in the columns that rows say of themselves. Keys are unique. */
export function compareByKey(
  all: Frame,
  before: Int32Array,
  after: Int32Array,
  contract: TableContract,
): RowComparison {
  const keys = selectColumns(all, contract.key)
  const index = KeyIndex.of(keyBytes(takeRows(keys, before), contract.key))
  const { rows, groups } = index.found(keyBytes(takeRows(keys, after), contract.key))
  const places = pickAt(index.firstRows, groups)
  const columns = ownColumns(contract).map((name) => {
    const column = columnOf(all, name)
    return { base: column, pool: column, partial: -1 }
  })
  const found = sameRows(
    columns,
    { source: pickAt(before, places), cells: [] },
    { source: pickAt(after, rows), cells: [] },
  )
  const matched = new Int32Array(after.length).fill(-1)
  const same = new Uint8Array(after.length)
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as number
    matched[row] = places[at] as number
    same[row] = found[at] as number
  }
  return { matched, same }
}

/** Rows that are not the same before and after, ascending. */
export interface DifferentRows {
  readonly before: Int32Array
  readonly after: Int32Array
}

/** Returns the rows that a comparison finds different, of so many rows before. */
export function differentRows({ matched, same }: RowComparison, rowsBefore: number): DifferentRows {
  const isDifferent = new Uint8Array(rowsBefore).fill(1)
  for (let row = 0; row < same.length; row++) if (same[row] === 1) isDifferent[matched[row] as number] = 0
  return { before: markedRows(isDifferent), after: markedRows(same.map((mark) => 1 - mark)) }
}
