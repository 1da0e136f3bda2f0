/**
 * The file in which people mend rows: `quarantine --csv` writes it, `quarantine replay` reads it.
 * @module
 */
import { existsSync, readFileSync } from 'node:fs'
import { ConnectError, FormatError } from '../../errors.ts'
import { csvReader } from '../../format/csv/read/reader.ts'
import { csvChunks } from '../../format/csv/write/write.ts'
import type { MendedRow } from '../../pipeline/mend/mend-rows.ts'
import type { RowToMend } from '../../pipeline/mend/rows-to-mend.ts'
import { defineTable, int32, string } from '../../table/contract.ts'
import { columnOf, frameOf } from '../../table/frame.ts'
import { codeTexts } from '../../table/utf8.ts'
import { meantPath } from '../../terminal/did-you-mean.ts'
import { placed } from '../../terminal/text/placed.ts'

/** The columns that are read; what else a file has is for people. */
const MENDED = defineTable(
  'mended_rows',
  { table: string(), file: string(), row: int32(), record: string() },
  { unknownColumns: 'discard_value' },
)

/**
 * Writes the rows that wait, one a line, with the text of their record in the last column. Nothing is overwritten: a file that is
 * there may hold somebody's work.
 */
export async function writeRowsToMend(path: string, rows: readonly RowToMend[]): Promise<void> {
  const { store, name } = placed('--csv', path)
  if (!path.includes('://') && existsSync(path)) {
    throw new ConnectError('file_exists', `${path} is there already; name another file with --csv, or move it`)
  }
  const textOf = (take: (row: RowToMend) => string | null) => codeTexts(rows.map(take), rows.length)
  const columns = {
    table: textOf(({ table }) => table),
    file: textOf(({ file }) => file),
    row: textOf(({ row }) => String(row)),
    line: textOf(({ line }) => (line === null ? null : String(line))),
    problems: textOf(({ problems }) => problems.join('; ')),
    record: textOf(({ text }) => text),
  }
  await store.write(name, csvChunks(frameOf(Object.entries(columns), rows.length)))
}

/** Returns the rows of a mended file. @throws FormatError, ContractError, ConnectError - it is not such a file */
export function readMendedRows(path: string): MendedRow[] {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    throw new ConnectError('not_found', `cannot read ${path}${meantPath(path)}`, { cause })
  }
  const reader = csvReader({ contract: MENDED, file: path })
  reader.push(bytes)
  const { frame, issues } = reader.end()
  const [issue] = issues
  if (issue !== undefined) {
    const where = issue.column === null ? '' : `, column ${issue.column}`
    throw new FormatError(
      issue.code,
      `${path} row ${issue.row}${where}: expected ${issue.expected}; nothing was changed`,
    )
  }
  const [table, file, row, record] = ['table', 'file', 'row', 'record'].map((name) => columnOf(frame, name))
  return Array.from({ length: frame.rows }, (_, at) => ({
    table: String(table?.at(at)),
    file: String(file?.at(at)),
    row: Number(row?.at(at)),
    text: String(record?.at(at)),
  }))
}
