/**
 * Columns of a frame by name, in the form that reports count: text as dictionaries, numbers as
 * doubles.
 * @module
 */
import { ContractError } from '../errors.ts'
import { BigIntColumn, type Column, DictionaryColumn, NullColumn, NumberColumn, Utf8Column } from '../table/column.ts'
import { columnOf, type Frame } from '../table/frame.ts'
import { codedText } from '../table/utf8.ts'

function mismatch(name: string, { kind }: Column, expected: string): ContractError {
  return new ContractError('type_mismatch', `column "${name}" holds ${kind}; expected ${expected}`, {
    details: { column: name, kind },
  })
}

/**
 * Returns the named text column as codes into its distinct values. A column of nulls has no values.
 * @throws ContractError column_not_found; type_mismatch - the column holds something else
 */
export function textOf(frame: Frame, name: string): DictionaryColumn {
  const column = columnOf(frame, name)
  if (column instanceof DictionaryColumn || column instanceof Utf8Column) return codedText(column)
  if (column instanceof NullColumn) return new DictionaryColumn(new Int32Array(column.length).fill(-1), [])
  throw mismatch(name, column, 'text')
}

/**
 * Returns the named number column. 64-bit integers become doubles; a column of nulls becomes null
 * numbers.
 * @throws ContractError column_not_found; type_mismatch - the column holds something else
 */
export function numbersOf(frame: Frame, name: string): NumberColumn {
  const column = columnOf(frame, name)
  if (column instanceof NumberColumn) return column
  if (column instanceof BigIntColumn) {
    return new NumberColumn('float64', Float64Array.from(column.values as ArrayLike<bigint>, Number), column.valid)
  }
  if (column instanceof NullColumn) {
    return new NumberColumn('float64', new Float64Array(column.length), new Uint8Array(column.length))
  }
  throw mismatch(name, column, 'numbers')
}
