/**
 * Turns facts back into a table, such as for a file of them.
 * @module
 */
import {
  BigIntColumn,
  BooleanColumn,
  type Column,
  DateColumn,
  DictionaryColumn,
  NULL_DAY,
  NumberColumn,
  TimestampColumn,
} from '../../table/column.ts'
import { type Frame, frameOf } from '../../table/frame.ts'
import { takeColumn } from '../../table/take.ts'
import type { FactColumn, FactSet } from './fact-set.ts'

function columnOf(column: FactColumn): Column {
  if (column.form === 'members') {
    const { codes, members, kind } = column
    if (kind === 'boolean') {
      const values = Uint8Array.from(codes, (code) => (members[code] === 'true' ? 1 : 0))
      return new BooleanColumn(
        values,
        Uint8Array.from(codes, (code) => ((members[code] ?? null) === null ? 0 : 1)),
      )
    }
    return new DictionaryColumn(
      codes.map((code) => ((members[code] ?? null) === null ? -1 : code)),
      members.map((member) => member ?? ''),
    )
  }
  const { values, valid, exact, kind } = column
  if (kind === 'timestamp')
    return new TimestampColumn(
      values.map((value) => Math.round(value * 1000)),
      { unit: 'us' },
    )
  if (kind === 'date') {
    return new DateColumn(Int32Array.from(values, (value) => (Number.isNaN(value) ? NULL_DAY : value)))
  }
  return exact === null ? new NumberColumn('float64', values, valid) : new BigIntColumn('int64', exact, valid)
}

/** Returns the given rows of a set as a table, in that order. */
export function factsFrame({ columns }: FactSet, rows: Int32Array): Frame {
  return frameOf(
    Array.from(columns, ([name, column]) => [name, takeColumn(columnOf(column), rows)] as const),
    rows.length,
  )
}
