/**
 * CSV for tables: Arquero or Arrow in and out, over the kernels in `csv/`.
 * @module
 */
import { type OptionNames, refuseUnknown } from '../../arguments.ts'
import { FormatError, type Issue } from '../../errors.ts'
import { joinChunks } from '../../table/chunks.ts'
import type { TableContract } from '../../table/contract.ts'
import { type TableLike, viewTable } from '../../table/table-like.ts'
import { type ReadOptions, refuseIssues, refuseReading, type TableAs, type TableKind, tableAs } from '../tables.ts'
import { DIALECT } from './dialect.ts'
import { readByCsvParse } from './read/fallback.ts'
import type { CsvNote } from './read/notes.ts'
import type { RejectedRecord } from './read/origin.ts'
import { csvReader } from './read/reader.ts'
import type { CsvReaderOptions, CsvReading } from './read/reading.ts'
import { type CsvWriteOptions, csvChunks } from './write/write.ts'

/** How a CSV file is read into a table; what {@link dialect} gives is a part of it. */
export interface CsvReadOptions<As extends TableKind = TableKind>
  extends ReadOptions<As>,
    Omit<CsvReaderOptions, 'contract' | 'expectedBytes' | 'foreign' | 'lines' | 'windowBytes'> {
  /** The file's name, for messages and issues. */
  readonly file?: string | undefined
  /** Called with each note on the file, before the table is returned. */
  readonly onNote?: ((note: CsvNote) => void) | undefined
}

/** A CSV file as the rows that fit, and issues for the others. */
export interface CheckedCsv<As> {
  /** The rows that fit, in file order. */
  readonly table: TableAs<As>
  /** What does not fit, ordered by record and column. */
  readonly issues: readonly Issue[]
  /** The records that did not become rows, with their lines and texts. */
  readonly rejected: readonly RejectedRecord[]
  /** Remarks on the file, such as a line `sep=;` or a column without name and values. */
  readonly notes: readonly CsvNote[]
}

const READ = {
  ...{ ...DIALECT, as: true, file: true, onNote: true },
  ...{ actionColumn: true, missingColumns: true, types: true, isDelete: true },
} as const satisfies OptionNames<CsvReadOptions>
const WRITE = { contract: true, delimiter: true, formulas: true } satisfies OptionNames<CsvWriteOptions>

function readWhole(bytes: Uint8Array, contract: TableContract | undefined, options: CsvReadOptions): CsvReading {
  refuseReading(bytes, contract, options, READ)
  const reader = csvReader({ ...options, contract, expectedBytes: bytes.length, foreign: readByCsvParse })
  reader.push(bytes)
  const reading = reader.end()
  for (const note of reading.notes) options.onNote?.(note)
  return reading
}

const CHECK_CSV = { inCode: 'read it with checkCsv, which gives the rows that fit and the issues' }

/**
 * Returns the rows of a CSV file as a table: typed by the contract, in its column order. Without a
 * contract, each column gets a kind that keeps all its cells exactly: numbers, 64-bit integers,
 * instants, days, booleans, else text (`007` stays text).
 *
 * RFC 4180 with any line end, byte order mark, quotes and embedded line ends; white space around
 * unquoted cells and names is trimmed. A blank unquoted cell is null; `""` is '' for text and null
 * for other kinds. Blank lines are skipped, except in files of one column, where they are rows.
 * csv-parse reads what the fast reader does not recognise.
 *
 * @throws FormatError empty_file, header_missing, encoding_invalid, record_truncated, quote_invalid, csv_invalid, limit_exceeded -
 * the file is damaged; type_mismatch, null_value, null_key, record_length - a row does not fit (see {@link checkCsv})
 * @throws ContractError column_missing, column_extra, column_renamed, column_duplicate - the header does not fit
 * @example
 * const file = new TextEncoder().encode('agent_id,full_name,hire_date\n007,"Lovelace, Ada",2024-05-01\n')
 * readCsv(file).objects() // [{ agent_id: '007', full_name: 'Lovelace, Ada', hire_date: '2024-05-01' }]
 */
export function readCsv<As extends TableKind = 'arquero'>(
  bytes: Uint8Array,
  contract?: TableContract,
  options: CsvReadOptions<As> = {},
): TableAs<As> {
  const reading = readWhole(bytes, contract, options)
  refuseIssues(reading.issues, options.file, CHECK_CSV)
  return tableAs(reading.frame, options.as)
}

/**
 * Returns the rows of a CSV file that fit the contract as a table, and an issue for each cell or
 * record that does not fit. Reads like {@link readCsv}; the table has no row with an issue.
 *
 * @throws FormatError, ContractError - the whole file is damaged or its header does not fit, as
 *   for {@link readCsv}
 * @example
 * const agents = defineTable('agents', { agent_id: key(string()), hire_date: date() })
 * const file = new TextEncoder().encode('agent_id,hire_date\nAGT001,2024-05-01\nAGT002,soon\n')
 * checkCsv(file, agents).table.objects() // [{ agent_id: 'AGT001', hire_date: '2024-05-01' }]
 * checkCsv(file, agents).rejected // [{ row: 2, line: 3, text: 'AGT002,soon' }]
 */
export function checkCsv<As extends TableKind = 'arquero'>(
  bytes: Uint8Array,
  contract?: TableContract,
  options: CsvReadOptions<As> = {},
): CheckedCsv<As> {
  const { frame, issues, rejected, notes } = readWhole(bytes, contract, options)
  return { table: tableAs(frame, options.as), issues, rejected, notes }
}

/**
 * Returns the table as the bytes of a canonical CSV file: header, LF, final newline, UTF-8;
 * instants as `YYYY-MM-DDTHH:mm:ss[.SSS]Z`, numbers in their shortest text; null is an empty cell,
 * '' is `""`; quotes only where a cell would otherwise read back differently. Read with its
 * contract, the file gives the same rows.
 *
 * @throws ContractError unsupported_table - not a table, or one without columns; malformed_text - half a surrogate pair
 * @throws FormatError invalid_option - the delimiter is not one ASCII character
 * @example
 * const table = aq.table({ agent_id: ['AGT001', 'AGT002'], full_name: ['Ada "Countess" Lovelace', null] })
 * new TextDecoder().decode(writeCsv(table)) // 'agent_id,full_name\nAGT001,"Ada ""Countess"" Lovelace"\nAGT002,\n'
 */
export function writeCsv(table: TableLike, options: CsvWriteOptions = {}): Uint8Array {
  refuseUnknown(options, WRITE, FormatError)
  return joinChunks(csvChunks(viewTable(table), options))
}
