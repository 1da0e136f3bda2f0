import { ContractError } from '../../../errors.ts'
import { shownDelimiter } from '../dialect.ts'

/** A remark on a file that was read as intended, for its writer. It loses no row. */
export interface CsvNote {
  /**
   * `separator_line`: the first line names the delimiter (`sep=;`). `column_unnamed`: a column
   * without a name and without values is left out.
   */
  readonly code: 'separator_line' | 'column_unnamed'
  readonly message: string
}

/**
 * Returns the note on columns without names and values.
 * @throws ContractError column_duplicate - several columns have values but no name
 */
export function unnamedColumns(
  columns: readonly { readonly column: number; readonly isEmpty: boolean }[],
  file = 'input',
): CsvNote[] {
  const numbersOf = (isEmpty: boolean) =>
    columns.filter((one) => one.isEmpty === isEmpty).map(({ column }) => column + 1)
  const filled = numbersOf(false)
  if (filled.length > 1) {
    throw new ContractError(
      'column_duplicate',
      `${file}: columns ${filled.join(', ')} have values but no name; give each of them its own name in the header line`,
      { details: { column: '', columns: filled } },
    )
  }
  const empty = numbersOf(true)
  if (empty.length === 0) return []
  const what =
    empty.length === 1
      ? `column ${empty[0]} has no name, and no value in any row that fits; it is`
      : `columns ${empty.join(', ')} have no name, and no value in any row that fits; they are`
  return [{ code: 'column_unnamed', message: `${file}: ${what} left out` }]
}

/**
 * Returns the note on a first line that names the delimiter; `used` is the delimiter of the
 * reader.
 */
export function separatorNote(named: string, used: string, file = 'input'): CsvNote {
  const reads = named === used ? 'which the file is read with' : `but the file is read with "${shownDelimiter(used)}"`
  const message = `${file} line 1: the line names the delimiter "${shownDelimiter(named)}", ${reads}; it is not a record`
  return { code: 'separator_line', message }
}
