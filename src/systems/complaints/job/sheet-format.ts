/**
 * Sheets as a spreadsheet service gives them: `{ "values": [["iD", "NamE"], [1000, "Ada"], …] }`, the first row the header.
 * @module
 */
import { ContractError, FormatError } from '../../../errors.ts'
import { json, type SourceFormat } from '../../../pipeline/sources/formats/formats.ts'

/** The cells of a sheet, row by row. Empty cells at the end of a row are left out by the service. */
function cellsOf(bytes: Uint8Array, file: string): readonly (readonly unknown[])[] {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new FormatError('json_invalid', `${file}: is not JSON; expected {"values": [[cells], …]}`, { cause })
  }
  const { values } = (typeof value === 'object' && value !== null ? value : {}) as { readonly values?: unknown }
  if (Array.isArray(values) && values.every((row) => Array.isArray(row))) return values
  throw new FormatError('json_invalid', `${file}: is no sheet; expected {"values": [[cells], …]}`)
}

/** Numbers of a sheet are text in a table whose ids they are; an empty cell is null. */
function cellText(cell: unknown, file: string, row: number): string | null {
  if (cell === undefined || cell === null || cell === '') return null
  if (typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean') return String(cell)
  throw new FormatError('json_invalid', `${file} row ${row}: has a cell that is neither text nor a number`)
}

/**
 * Returns the format of a sheet whose columns are all text. `columnAliases`: names in its first row, with those of the contract.
 * Rows without a cell at the end of the sheet are left out.
 */
export function sheet(columnAliases: Readonly<Record<string, string>>): SourceFormat {
  const rows = json()
  return {
    kind: 'sheet',
    declaration: { kind: 'sheet', columnAliases },
    async read(given) {
      const { file } = given
      const [header = [], ...cells] = cellsOf(given.bytes, file)
      if (header.length === 0)
        throw new FormatError('empty_file', `${file}: the sheet is empty; its first row is the header`)
      const names = header.map((name) => {
        const text = String(name).trim()
        return Object.hasOwn(columnAliases, text) ? (columnAliases[text] as string) : text
      })
      const twice = names.find((name, at) => names.indexOf(name) !== at)
      if (twice !== undefined) {
        throw new ContractError('column_duplicate', `${file}: two columns are "${twice}"; keep one of them`)
      }
      const last = cells.findLastIndex((row) => row.some((cell) => cellText(cell, file, 0) !== null))
      const objects = cells.slice(0, last + 1).map((row, at) => {
        if (row.length > names.length) {
          const where = `${file} row ${at + 1}`
          throw new FormatError(
            'record_length',
            `${where}: has ${row.length} cells, and the header ${names.length}; name every column`,
          )
        }
        return Object.fromEntries(names.map((name, column) => [name, cellText(row[column], file, at + 1)]))
      })
      return rows.read({ ...given, bytes: new TextEncoder().encode(JSON.stringify(objects)) })
    },
  }
}
