/**
 * Parses JSON bytes into frames: rows into columns, without row objects.
 * @module
 */
import { FormatError, type Issue } from '../../errors.ts'
import { checkFrame } from '../../table/check/check.ts'
import { bindColumns } from '../../table/check/columns.ts'
import type { ColumnContract, TableContract } from '../../table/contract.ts'
import { type Frame, frameOf, withColumns } from '../../table/frame.ts'
import { countUp, takeRows } from '../../table/take.ts'
import { nullColumnOf } from '../contract-form.ts'
import { stringBytes } from './cells.ts'
import { type CellColumn, straightColumn } from './columns.ts'
import { refuseOtherJson } from './foreign.ts'
import { LooseColumn } from './loose.ts'
import { beginsNumber, readValue } from './nested.ts'
import type { ExpectedNumbers } from './numbers.ts'
import { constantOf, JSON_BYTES, type JsonConstant, JsonScanner } from './scan.ts'
import type { JsonLayout } from './write.ts'

/** Options of the JSON reader. */
export interface JsonReadOptions {
  /** `array` (default): one array of objects; `lines`: one object per line, blank lines skipped. */
  readonly layout?: JsonLayout
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

const { quote, comma, colon, openList, closeList, openObject, closeObject } = JSON_BYTES
const LINE_FEED = 0x0a
const COLUMN_LIMIT = 10_000

interface Member {
  readonly name: string
  /** The name as files usually write it, with its quotes. */
  readonly written: JsonConstant
  readonly index: number
  column: CellColumn
  /** Whether the contract decides how it is parsed. */
  isStraight: boolean
  /** The last row that has it, −1 for none. */
  row: number
}

function expectedNumbers(contract: ColumnContract | undefined): ExpectedNumbers {
  if (contract?.kind === 'text') return 'text'
  if (contract?.kind === 'int64') return 'integers'
  if (contract?.kind !== 'float64') return 'any'
  return contract.role === 'key' ? 'double keys' : 'doubles'
}

/** Parses rows into columns; names may come in any order, and any row may add new ones. */
export class RowReader {
  readonly #scanner: JsonScanner
  readonly #contract: TableContract | undefined
  /**
   * Columns whose values do not match the contract's kind: parsed loosely, and checked afterwards.
   */
  readonly #loose: ReadonlySet<string>
  readonly #members: Member[] = []
  readonly #byName = new Map<string, Member>()
  /** Columns that must be parsed again, loosely. */
  readonly misread = new Set<string>()
  rows = 0
  readonly #refused: number[] = []

  constructor(scanner: JsonScanner, contract: TableContract | undefined, loose: ReadonlySet<string>) {
    this.#scanner = scanner
    this.#contract = contract
    this.#loose = loose
  }

  #addMember(name: string): Member {
    if (this.#members.length === COLUMN_LIMIT) {
      throw this.#scanner.complain(`at most ${COLUMN_LIMIT} names`, this.#scanner.at, 'limit_exceeded')
    }
    const columns = this.#contract?.columns
    const contract = columns !== undefined && Object.hasOwn(columns, name) ? columns[name] : undefined
    const straight = contract === undefined || this.#loose.has(name) ? null : straightColumn(contract)
    const member: Member = {
      name,
      written: constantOf(stringBytes(name, name)),
      index: this.#members.length,
      column: straight ?? new LooseColumn(expectedNumbers(contract)),
      isStraight: straight !== null,
      row: -1,
    }
    this.#members.push(member)
    this.#byName.set(name, member)
    return member
  }

  /**
   * The member whose name is at the scanner's position; `next` is the member that followed in the
   * row before.
   */
  #readName(next: number): Member {
    const scanner = this.#scanner
    if (scanner.peek() !== quote) throw scanner.complain('a name in quotes')
    const begin = scanner.at
    let member = this.#members[next]
    if (member === undefined || !scanner.takeBytes(member.written)) {
      scanner.readString()
      const name = scanner.text()
      member = this.#byName.get(name) ?? this.#addMember(name)
    }
    if (member.row === this.rows) throw scanner.complain('a name that occurs only once', begin)
    member.row = this.rows
    return member
  }

  #readCell(member: Member): void {
    const scanner = this.#scanner
    const { column } = member
    const byte = scanner.peek()
    let fits = true
    if (byte === quote) {
      scanner.readString()
      fits = column.addString(scanner, this.rows)
    } else if (beginsNumber(byte)) {
      const isInteger = scanner.readNumber()
      fits = column.addNumber(scanner, isInteger, this.rows)
    } else {
      const value = byte === openObject || byte === openList ? readValue(scanner, 1) : scanner.readWord()
      if (value !== null) fits = column.addOther(value, this.rows)
    }
    if (!fits) this.misread.add(member.name)
  }

  /** Parses the object at the scanner's position as the next row. */
  readRow(): void {
    const scanner = this.#scanner
    if (!scanner.take(openObject)) throw scanner.complain(`an object (row ${this.rows + 1})`)
    if (!scanner.take(closeObject)) {
      let next = 0
      do {
        const member = this.#readName(next)
        scanner.expect(colon, '":"')
        this.#readCell(member)
        next = member.index + 1
      } while (scanner.take(comma))
      scanner.expect(closeObject, '"," or "}"')
    }
    this.rows++
  }

  /**
   * Discards the last row, complete or not. Its values stay in the arrays, where no row shows
   * them.
   */
  refuse(row: number): void {
    this.#refused.push(row)
    this.rows = row + 1
  }

  #finishAll(): Frame {
    return frameOf(
      this.#members.map(({ name, column }) => [name, column.finish(this.rows)] as const),
      this.rows,
    )
  }

  finish(): Frame {
    if (this.#refused.length === 0) return this.#finishAll()
    const refused = new Set(this.#refused)
    const kept = countUp(this.rows).filter((row) => !refused.has(row))
    return takeRows(this.#finishAll(), kept)
  }
}

function readArray(scanner: JsonScanner, rows: RowReader): void {
  if (!scanner.take(openList)) {
    throw scanner.complain('an array of objects')
  }
  if (!scanner.take(closeList)) {
    do rows.readRow()
    while (scanner.take(comma))
    scanner.expect(closeList, '"," or "]"')
  }
  if (scanner.peek() >= 0) throw scanner.complain('nothing after the array')
}

function readLines(scanner: JsonScanner, rows: RowReader, bytes: Uint8Array): void {
  while (scanner.at < bytes.length) {
    const lineEnd = bytes.indexOf(LINE_FEED, scanner.at)
    scanner.limit = lineEnd < 0 ? bytes.length : lineEnd
    if (scanner.peek() >= 0) {
      rows.readRow()
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
function readRows(bytes: Uint8Array, options: JsonReadOptions, loose: ReadonlySet<string>): RowReader {
  const scanner = new JsonScanner(bytes, { file: options.file })
  if (options.ends !== undefined) {
    const rows = new RowReader(scanner, options.contract, loose)
    readBounded(scanner, rows, options.ends)
    return rows
  }
  refuseOtherJson(bytes, scanner.peek(), { expected: options.layout ?? 'array', file: options.file })
  const rows = new RowReader(scanner, options.contract, loose)
  if (options.layout === 'lines') readLines(scanner, rows, bytes)
  else readArray(scanner, rows)
  return rows
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
  let rows = readRows(bytes, reading, new Set())
  if (rows.misread.size > 0) rows = readRows(bytes, reading, rows.misread)
  const frame = rows.finish()
  if (contract === undefined) return { frame, issues: [] }
  const options = { repeatedKeys: 'allow', ...(file !== undefined && { file }) } as const
  return checkFrame(withMissingNames(frame, contract, file), contract, options)
}
