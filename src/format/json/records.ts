/**
 * Parses JSON rows with their line numbers, and lists the lines that do not parse: for logs, where
 * one bad line must not stop the rest.
 * @module
 */
import { FormatError } from '../../errors.ts'
import type { TableContract } from '../../table/contract.ts'
import type { Frame } from '../../table/frame.ts'
import { recodeWhole } from '../text/recode-whole.ts'
import { PLAIN_JSON, type ResolvedJson } from './dialect.ts'
import { readConcatenated, readEnvelope, readList } from './envelope.ts'
import { refuseNoJson, refuseOtherJson } from './foreign.ts'
import { RowReader } from './rows.ts'
import { JsonScanner } from './scan.ts'

/** A line that does not hold a JSON object. */
export interface RefusedLine {
  readonly line: number
  /** What is wrong with it, without its content. */
  readonly message: string
}

export interface JsonRecords {
  /** The rows, with inferred kinds as in `jsonFrame` without a contract. */
  readonly frame: Frame
  /** The line, from 1, on which each row begins. */
  readonly lines: Int32Array
  /** In order. Always empty for an array, which is one value: valid or refused as a whole. */
  readonly refused: readonly RefusedLine[]
}

const LINE_FEED = 0x0a
const OPEN_LIST = 0x5b

interface Reading {
  readonly rows: RowReader
  readonly lines: number[]
  readonly refused: RefusedLine[]
}

function readLines(scanner: JsonScanner, bytes: Uint8Array, { rows, lines, refused }: Reading): void {
  for (let line = 1; scanner.at < bytes.length; line++) {
    const lineEnd = bytes.indexOf(LINE_FEED, scanner.at)
    scanner.limit = lineEnd < 0 ? bytes.length : lineEnd
    scanner.beginLine(line, scanner.at)
    if (scanner.peek() >= 0) {
      const before = rows.rows
      try {
        rows.readRow()
        if (scanner.peek() >= 0) throw scanner.complain('the end of the line')
        lines.push(line)
      } catch (error) {
        if (!(error instanceof FormatError) || error.code === 'limit_exceeded') throw error
        rows.refuse(before)
        refused.push({ line, message: error.message })
      }
    }
    scanner.at = scanner.limit + 1
  }
}

/** What reads the row at the scanner's position and keeps its line; rows are read in the order of the file. */
function rowReader(scanner: JsonScanner, bytes: Uint8Array, { rows, lines }: Reading): () => void {
  let line = 1
  let counted = 0
  return () => {
    scanner.peek()
    for (; counted < scanner.at; counted++) if (bytes[counted] === LINE_FEED) line++
    lines.push(line)
    rows.readRow()
  }
}

/** How records are written. */
export interface RecordOptions {
  readonly file?: string | undefined
  /** How the file differs from JSON lines and an array; its forms are those of the contract's columns. */
  readonly dialect?: ResolvedJson
  /** Columns in declared forms, which are collected as text. Others are inferred. */
  readonly contract?: TableContract
}

/**
 * Returns the rows of JSON lines, or of one array if the first byte opens one. Lines that are not
 * objects are left out and listed. A dialect may declare a list inside objects, or objects in a row; such a file is valid or
 * refused as a whole.
 *
 * @throws FormatError empty_file - no bytes; json_invalid - a damaged array, other text, or
 *   objects that span lines
 * @throws FormatError encoding_invalid - another format or encoding; limit_exceeded - more than 64 levels, or 10,000 names
 */
export function jsonRecords(
  bytes: Uint8Array,
  { file, dialect = PLAIN_JSON, contract }: RecordOptions = {},
): JsonRecords {
  if (bytes.length === 0)
    throw new FormatError('empty_file', `${file ?? 'input'} is empty, expected JSON lines or an array`)
  const { path, isConcatenated, encoding } = dialect
  const text = encoding === 'utf-8' ? bytes : recodeWhole(bytes, encoding, file)
  const scanner = new JsonScanner(text, { file })
  const begin = scanner.at
  const first = scanner.peek()
  const isDeclared = path.length > 0 || isConcatenated
  if (isDeclared) refuseNoJson(text, path.length === 0 ? 'objects' : 'envelope', file)
  else refuseOtherJson(text, first, { expected: 'records', file })
  const reading: Reading = { rows: new RowReader(scanner, contract, new Set(), dialect), lines: [], refused: [] }
  const readRow = rowReader(scanner, text, reading)
  if (isDeclared) {
    // one envelope after the other is read as one: a file of a single one is the usual case of it
    readConcatenated(scanner, () => (path.length === 0 ? readRow() : readEnvelope(scanner, readRow, path)))
  } else if (first === OPEN_LIST) {
    readList(scanner, readRow)
    if (scanner.peek() >= 0) throw scanner.complain('nothing after the array')
  } else {
    // blank lines in front count as lines
    scanner.at = begin
    readLines(scanner, text, reading)
  }
  return { frame: reading.rows.finish(), lines: Int32Array.from(reading.lines), refused: reading.refused }
}
