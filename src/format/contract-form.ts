/**
 * Applies the form that a contract gives a column: how its text is coded, and the kind of a column
 * of nulls.
 * @module
 */
import type { Column } from '../table/column.ts'
import type { ColumnContract, TableContract } from '../table/contract.ts'
import { nullsOf, targetOf } from '../table/convert/column-form.ts'
import { type Frame, frameOf } from '../table/frame.ts'
import { codedText, plainText } from '../table/utf8.ts'

/** Returns a column of the contract's kind in which every row is null. */
export function nullColumnOf(contract: ColumnContract, rows: number): Column {
  return nullsOf(targetOf(contract), rows)
}

function formColumn(column: Column, contract: ColumnContract, name: string): Column {
  if (column.kind === 'null') return nullColumnOf(contract, column.length)
  if (column.kind !== 'text' || column.encoding === contract.encoding) return column
  return contract.encoding === 'plain' ? plainText(column, name) : codedText(column)
}

/**
 * Returns the frame with the contract's columns in the contract's form, so that equal rows have
 * one form, whatever made them.
 */
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
