/**
 * Parses JSON bytes into frames: rows into columns, without row objects.
 * @module
 */
import { FormatError, type Issue } from '../../errors.ts'
import { checkFrame } from '../../table/check/check.ts'
import { bindColumns } from '../../table/check/columns.ts'
import type { TableContract } from '../../table/contract.ts'
import { type Frame, withColumns } from '../../table/frame.ts'
import { nullColumnOf } from '../contract-form.ts'
import { refuseDurations } from '../csv/read/durations.ts'
import { recodeWhole } from '../text/recode-whole.ts'
import { readDeclared, withDeclaredIssues } from './declared.ts'
import { type JsonDialect, PLAIN_JSON, type ResolvedJson, resolveJson } from './dialect.ts'
import { readConcatenated, readEnvelope, readList } from './envelope.ts'
import { refuseNoJson, refuseOtherJson } from './foreign.ts'
import { RowReader } from './rows.ts'
import { JsonScanner } from './scan.ts'
import type { JsonLayout } from './write.ts'

/** Options of the JSON reader. */
export interface JsonReadOptions {
  /** `array` (default): one array of objects; `lines`: one object per line, blank lines skipped. */
  readonly layout?: JsonLayout
  /** How the file differs from that. */
  readonly dialect?: JsonDialect | undefined
  readonly contract?: TableContract | undefined
  /** The file's name, for messages and issues. */
  readonly file?: string | undefined
  /**
   * In place of a layout: where each row's object ends. Between two ends is one object and white
   * space, line ends included.
   */
  readonly ends?: Int32Array | undefined
}

/** The rows that fit, and an issue for each value that does not. */
export interface JsonReading {
  readonly frame: Frame
  readonly issues: readonly Issue[]
}

const LINE_FEED = 0x0a

function readLines(scanner: JsonScanner, bytes: Uint8Array, readOne: () => void): void {
  while (scanner.at < bytes.length) {
    const lineEnd = bytes.indexOf(LINE_FEED, scanner.at)
    scanner.limit = lineEnd < 0 ? bytes.length : lineEnd
    if (scanner.peek() >= 0) {
      readOne()
      if (scanner.peek() >= 0) throw scanner.complain('the end of the line')
    }
    scanner.at = scanner.limit + 1
  }
}

function readBounded(scanner: JsonScanner, rows: RowReader, ends: Int32Array): void {
  for (const end of ends) {
    scanner.limit = end
    rows.readRow()
    if (scanner.peek() >= 0) throw scanner.complain('the end of the object')
  }
}

/** Parses all rows; columns in `loose` take any value. */
function readRows(
  bytes: Uint8Array,
  options: JsonReadOptions,
  dialect: ResolvedJson,
  loose: ReadonlySet<string>,
): RowReader {
  const { file, contract, layout = 'array' } = options
  const scanner = new JsonScanner(bytes, { file })
  if (options.ends !== undefined) {
    const rows = new RowReader(scanner, contract, loose, dialect)
    readBounded(scanner, rows, options.ends)
    return rows
  }
  const { path, isConcatenated } = dialect
  if (path.length === 0 && !isConcatenated) refuseOtherJson(bytes, scanner.peek(), { expected: layout, file })
  else refuseNoJson(bytes, path.length === 0 ? 'objects' : 'envelope', file)
  const rows = new RowReader(scanner, contract, loose, dialect)
  const readRow = () => rows.readRow()
  const readEach = () => (path.length === 0 ? readRow() : readEnvelope(scanner, readRow, path))
  if (isConcatenated) readConcatenated(scanner, readEach)
  else if (layout === 'lines') readLines(scanner, bytes, readEach)
  else {
    if (path.length === 0) readList(scanner, readRow)
    else readEach()
    if (scanner.peek() >= 0)
      throw scanner.complain(path.length === 0 ? 'nothing after the array' : 'nothing after the object')
  }
  return rows
}

/** Without a contract nothing says which texts are timestamps. @throws FormatError invalid_option */
function dialectOf({ dialect, contract }: JsonReadOptions): ResolvedJson {
  if (dialect === undefined) return PLAIN_JSON
  const resolved = resolveJson(dialect)
  if (resolved.forms === null || contract !== undefined) return resolved
  throw new FormatError(
    'invalid_option',
    'the forms of JSON values are declared without a contract, which says what they are forms of; read with a contract',
  )
}

/**
 * Adds columns of nulls for names that no row has, just as a name that some rows lack is null in
 * them.
 */
function withMissingNames(frame: Frame, contract: TableContract, file: string | undefined): Frame {
  // without rows, the contract alone decides what the columns are
  const isEmpty = frame.rows === 0
  const names = [...frame.columns.keys(), ...(isEmpty ? contract.key : [])]
  bindColumns(names, contract, { passed: [], missingColumns: 'omit', file: file ?? null })
  const missing = Object.entries(contract.columns).filter(
    ([name, { role, isNullable }]) => !frame.columns.has(name) && role !== 'metadata' && (isNullable || isEmpty),
  )
  return withColumns(
    frame,
    missing.map(([name, column]) => [name, nullColumnOf(column, frame.rows)] as const),
  )
}

/**
 * Returns the table in JSON bytes. With a contract: the rows that fit, in its kinds, and an issue
 * for each value that does not fit. Text is parsed as instants and days, integers exactly, `"NaN"`
 * and the infinities as numbers; a name that a row lacks is null. Without a contract: text stays
 * text, numbers are float64 (int64 if all are integers and a double cannot hold one; text if
 * neither can hold one), lists and objects are carried unread. Columns have the contract's order,
 * else the order of first appearance. `__proto__` is an ordinary name.
 * @throws FormatError json_invalid - the bytes are not JSON, not an array of objects, or a name
 *   occurs twice in an object; the message has line and column
 * @throws FormatError type_mismatch - a number inside a list or object has a fraction or exponent,
 *   and a double cannot hold it
 * @throws FormatError empty_file - no bytes instead of an array; encoding_invalid - not UTF-8, or
 *   another format; limit_exceeded - more than 64 levels, or 10,000 names
 * @throws ContractError column_missing, column_extra, column_renamed - the names do not fit the contract
 */
export function jsonFrame(bytes: Uint8Array, reading: JsonReadOptions = {}): JsonReading {
  const { contract, file, layout } = reading
  if (bytes.length === 0 && layout !== 'lines' && reading.ends === undefined) {
    throw new FormatError('empty_file', `${file ?? 'input'} is empty; an empty table is []`)
  }
  const dialect = dialectOf(reading)
  const text = dialect.encoding === 'utf-8' ? bytes : recodeWhole(bytes, dialect.encoding, file)
  let rows = readRows(text, reading, dialect, new Set())
  if (rows.misread.size > 0) rows = readRows(text, reading, dialect, rows.misread)
  const frame = rows.finish()
  if (contract === undefined) return { frame, issues: [] }
  const options = { repeatedKeys: 'allow', ...(file !== undefined && { file }) } as const
  const whole = withMissingNames(frame, contract, file)
  const { forms } = dialect
  if (forms === null) return checkFrame(whole, contract, options)
  refuseDurations([], forms, contract)
  const declared = readDeclared(whole, contract, forms, file)
  return withDeclaredIssues(checkFrame(declared.frame, contract, options), declared.issues, frame.rows, contract)
}
