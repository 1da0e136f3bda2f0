import { ContractError } from '../../../errors.ts'
import type { Column } from '../../../table/column.ts'
import { shownDelimiter } from '../dialect.ts'

/** A remark on a file that was read as intended, for its writer. It loses no row. */
export interface CsvNote {
  /**
   * `separator_line`: the first line names the delimiter (`sep=;`). `column_unnamed`: a column
   * without a name and without values is left out. `column_dropped`: columns that the contract does
   * not have are left out, as declared. `record_padded`: records with too few cells got empty ones,
   * as declared. `quote_kept`: quotes out of place are text, as declared. `file_empty`: a file of 0
   * bytes has no records, because its header is declared.
   */
  readonly code: 'separator_line' | 'column_unnamed' | 'column_dropped' | 'record_padded' | 'quote_kept' | 'file_empty'
  readonly message: string
}

/** Whether every cell of a column is null or empty. */
export function hasNoValue(column: Column): boolean {
  for (const value of column) if (value !== null && value !== '') return false
  return true
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

/** Records that were read otherwise than they are written, as declared: how many, and the first. */
export class Mended {
  #count = 0
  #first = 0

  add(row: number): void {
    if (this.#count++ === 0) this.#first = row
  }

  /** The note on them; none where there is no such record. */
  note(code: 'record_padded' | 'quote_kept', file = 'input'): CsvNote[] {
    if (this.#count === 0) return []
    const [what, done] =
      code === 'record_padded'
        ? ['fewer cells than the header', 'filled with empty ones']
        : ['quotes out of place', 'taken for text']
    const [who, were] = this.#count === 1 ? ['1 record has', 'was'] : [`${this.#count} records have`, 'were']
    const message = `${file}: ${who} ${what} and ${were} ${done} as declared (first: row ${this.#first})`
    return [{ code, message }]
  }
}

/** Returns the note on columns that the contract does not have, where the dialect drops them. */
export function droppedColumns(names: readonly string[], file = 'input'): CsvNote[] {
  if (names.length === 0) return []
  const shown = names.map((name) => `"${name}"`).join(', ')
  const [what, are] = names.length === 1 ? ['column', 'is'] : ['columns', 'are']
  return [{ code: 'column_dropped', message: `${file}: ${what} ${shown} ${are} left out as declared` }]
}

/** Returns the note on a file without bytes whose header is declared. */
export function emptyNote(file = 'input'): CsvNote {
  return { code: 'file_empty', message: `${file}: has 0 bytes and was read as no records (its header is declared)` }
}
