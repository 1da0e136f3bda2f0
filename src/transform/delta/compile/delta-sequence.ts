/**
 * The order of a delta's changes by a column of it (D21).
 * @module
 */
import { DeltaError } from '../../../errors.ts'
import type { Column } from '../../../table/column.ts'
import { countUp } from '../../../table/take.ts'
import { SAMPLE_SIZE } from '../delta-summary.ts'
import type { WhereIsRow } from './actions.ts'

type Comparable = number | bigint | string

function comparableValues(column: Column, name: string): ArrayLike<Comparable> {
  switch (column.kind) {
    case 'text':
      return Array.from(column, (text) => text ?? '')
    case 'boolean':
    case 'opaque':
    case 'null':
      throw new DeltaError(
        'invalid_option',
        `option sequenceBy names column "${name}", which holds ${column.kind}; name a column of numbers, moments, days or text`,
        { details: { option: 'sequenceBy', column: name, kind: column.kind } },
      )
    default:
      return column.values
  }
}

function checkSequence(column: Column, name: string, where: WhereIsRow): void {
  const rows: number[] = []
  for (let row = 0; row < column.length && rows.length < SAMPLE_SIZE; row++) {
    if (column.isNull(row) || Number.isNaN(column.at(row))) rows.push(row)
  }
  const [first] = rows
  if (first === undefined) return
  throw new DeltaError(
    'null_sequence',
    `${where(first)}: column "${name}" is null, but sequenceBy orders the changes by it; give every row a value`,
    { details: { column: name, rows: rows.map((row) => row + 1) } },
  )
}

/** The rows in order of a sequence, and the rank of each: tied rows have one rank. */
export interface DeltaSequence {
  /** null where they are in that order already. */
  readonly order: Int32Array | null
  readonly ranks: Int32Array
}

/**
 * Returns the delta's rows by its sequence column, lowest first, tied rows in row order. Text goes by code units.
 * @throws DeltaError null_sequence - a row has no value; invalid_option - the column cannot be ordered
 */
export function sequenceRows(column: Column, name: string, where: WhereIsRow): DeltaSequence {
  const { length } = column
  if (length > 0) checkSequence(column, name, where)
  const values = length > 0 ? comparableValues(column, name) : []
  const at = (row: number) => values[row] as Comparable
  let isSorted = true
  for (let row = 1; row < length && isSorted; row++) isSorted = at(row - 1) <= at(row)
  const order = countUp(length)
  if (!isSorted) order.sort((a, b) => (at(a) < at(b) ? -1 : at(a) > at(b) ? 1 : a - b))
  const ranks = new Int32Array(length)
  let rank = 0
  for (let i = 1; i < length; i++) {
    if (at(order[i - 1] as number) !== at(order[i] as number)) rank++
    ranks[i] = rank
  }
  return { order: isSorted ? null : order, ranks }
}
