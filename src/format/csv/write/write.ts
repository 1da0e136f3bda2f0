/**
 * Writes CSV: columns to bytes, piece by piece.
 * @module
 */
import { ContractError, FormatError } from '../../../errors.ts'
import { joinChunks } from '../../../table/chunks.ts'
import type { TableContract } from '../../../table/contract.ts'
import { type Frame, selectColumns } from '../../../table/frame.ts'
import { encodeTexts } from '../../../table/utf8.ts'
import { isAsciiCharacter } from '../dialect.ts'
import { dressedSize, isBare, type Quoting, quotingFor, writeDressed } from '../quoting.ts'
import type { CellWriter } from './cell-writer.ts'
import { cellWriter } from './cells.ts'

/** How a frame is written as CSV. */
export interface CsvWriteOptions {
  /** Its columns come first, in its order. */
  readonly contract?: TableContract | undefined
  /**
   * The separator of cells: one ASCII character that cannot occur in a number, a timestamp or a
   * quote. Default `,`.
   */
  readonly delimiter?: string | undefined
  /**
   * `escape` puts `'` before text that a spreadsheet would run as a formula; it reads back with
   * the `'`. Default `keep`.
   */
  readonly formulas?: 'keep' | 'escape' | undefined
}

/** The approximate size of a piece in bytes. */
const PIECE = 256 * 1024
const FIRST_ROWS = 256
const MOST_ROWS = 16_384
const LINE_FEED = 0x0a

function headerLine(names: readonly string[], quoting: Quoting): Uint8Array {
  const { bytes, offsets } = encodeTexts(names, 'header')
  const parts: Uint8Array[] = []
  for (let column = 0; column < names.length; column++) {
    const [start, end] = [offsets[column] as number, offsets[column + 1] as number]
    const cell = new Uint8Array(dressedSize(bytes, start, end, quoting))
    parts.push(
      isBare(bytes, start, end, quoting)
        ? bytes.subarray(start, end)
        : cell.subarray(0, writeDressed(bytes, start, end, quoting, cell, 0)),
      Uint8Array.of(column === names.length - 1 ? LINE_FEED : quoting.delimiterByte),
    )
  }
  return joinChunks(parts)
}

function orderColumns(frame: Frame, contract: TableContract | undefined): Frame {
  if (contract === undefined) return frame
  const first = Object.keys(contract.columns).filter((name) => frame.columns.has(name))
  return selectColumns(frame, new Set([...first, ...frame.columns.keys()]))
}

/**
 * Returns the frame as canonical CSV, in pieces made on demand: header, LF, final newline, UTF-8,
 * instants as `YYYY-MM-DDTHH:mm:ss[.SSS]Z`, numbers in their shortest text, −0 as `-0`. Null is an
 * empty cell, '' is `""`. Quotes occur only where a cell would otherwise read back differently,
 * outer white space included. Equal frames give equal bytes.
 * @throws ContractError unsupported_table - a frame without columns; malformed_text - half a surrogate pair
 * @throws FormatError invalid_option - the delimiter is not one ASCII character, or could occur in
 *   a number
 */
export function* csvChunks(frame: Frame, options: CsvWriteOptions = {}): Generator<Uint8Array, void, undefined> {
  const { delimiter = ',', formulas = 'keep' } = options
  if (!isAsciiCharacter(delimiter) || /["\w+.:-]/.test(delimiter)) {
    throw new FormatError(
      'invalid_option',
      'option delimiter must be one ASCII character that cannot occur in a number, timestamp or quote',
    )
  }
  if (frame.columns.size === 0) throw new ContractError('unsupported_table', 'a table without columns has no CSV form')
  const quoting = quotingFor(delimiter.charCodeAt(0), formulas === 'escape')
  const { columns } = orderColumns(frame, options.contract)
  const writers = Array.from(columns, ([name, column]) => cellWriter(column, name, quoting))
  yield headerLine([...columns.keys()], quoting)
  const ends = new Int32Array(MOST_ROWS)
  let usual = FIRST_ROWS
  for (let from = 0; from < frame.rows; ) {
    const rows = Math.min(usual, frame.rows - from)
    const piece = writeBlock(writers, from, rows, ends, quoting.delimiterByte)
    yield piece
    from += rows
    usual = Math.max(1, Math.min(MOST_ROWS, Math.floor((PIECE * rows) / piece.length)))
  }
}

function writeBlock(
  writers: readonly CellWriter[],
  from: number,
  rows: number,
  ends: Int32Array,
  delimiter: number,
): Uint8Array {
  ends.fill(0, 0, rows)
  for (const writer of writers) writer.measure(from, rows, ends)
  let size = 0
  for (let row = 0; row < rows; row++) {
    const cells = ends[row] as number
    ends[row] = size
    size += cells
  }
  const piece = new Uint8Array(size)
  const view = new DataView(piece.buffer)
  for (const [column, writer] of writers.entries()) {
    writer.write(from, rows, piece, view, ends, column === writers.length - 1 ? LINE_FEED : delimiter)
  }
  return piece
}
