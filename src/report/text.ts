/**
 * Text columns by name, as dictionaries.
 * @module
 */
import { ContractError } from '../errors.ts'
import { DictionaryColumn, NullColumn, Utf8Column } from '../table/column.ts'
import { columnOf, type Frame } from '../table/frame.ts'
import { codedText } from '../table/utf8.ts'

/**
 * Returns the text column of that name as codes into its distinct values; a column of nulls has none.
 * @throws ContractError column_not_found; type_mismatch - it holds something else
 */
export function textOf(frame: Frame, name: string): DictionaryColumn {
  const column = columnOf(frame, name)
  if (column instanceof DictionaryColumn || column instanceof Utf8Column) return codedText(column)
  if (column instanceof NullColumn) return new DictionaryColumn(new Int32Array(column.length).fill(-1), [])
  throw new ContractError('type_mismatch', `column "${name}" holds ${column.kind}; expected text`, {
    details: { column: name, kind: column.kind },
  })
}
