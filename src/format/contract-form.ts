/**
 * The form a contract gives a column: how its text is coded, what a column of nulls would hold.
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
  Utf8Column,
} from '../table/column.ts'
import type { ColumnContract, TableContract } from '../table/contract.ts'
import { type Frame, frameOf } from '../table/frame.ts'
import { codedText, plainText } from '../table/utf8.ts'

/** Returns a column of the contract's kind in which every row is null. */
export function nullColumnOf({ kind, encoding, unit }: ColumnContract, rows: number): Column {
  switch (kind) {
    case 'text':
      return encoding === 'plain'
        ? new Utf8Column(new Uint8Array(0), new Int32Array(rows + 1), new Uint8Array(rows))
        : new DictionaryColumn(new Int32Array(rows).fill(-1), [])
    case 'float64':
      return new NumberColumn(kind, new Float64Array(rows), new Uint8Array(rows))
    case 'int32':
      return new NumberColumn(kind, new Int32Array(rows), new Uint8Array(rows))
    case 'int64':
      return new BigIntColumn(kind, new BigInt64Array(rows), new Uint8Array(rows))
    case 'boolean':
      return new BooleanColumn(new Uint8Array(rows), new Uint8Array(rows))
    case 'timestamp':
      return new TimestampColumn(new Float64Array(rows).fill(Number.NaN), { unit, zone: 'UTC' })
    case 'date':
      return new DateColumn(new Int32Array(rows).fill(NULL_DAY))
  }
}

function formColumn(column: Column, contract: ColumnContract, name: string): Column {
  if (column.kind === 'null') return nullColumnOf(contract, column.length)
  if (column.kind !== 'text' || column.encoding === contract.encoding) return column
  return contract.encoding === 'plain' ? plainText(column, name) : codedText(column)
}

/** Returns the frame with the columns that the contract knows in its form: the same rows have one form whatever made them. */
export function contractForm(frame: Frame, contract: TableContract | undefined): Frame {
  if (contract === undefined) return frame
  const known = new Map(Object.entries(contract.columns))
  return frameOf(
    Array.from(frame.columns, ([name, column]) => {
      const wanted = known.get(name)
      return [name, wanted === undefined ? column : formColumn(column, wanted, name)] as const
    }),
    frame.rows,
  )
}
