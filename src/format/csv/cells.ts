/**
 * CSV: bytes to typed columns and back, record by record, without a string per cell.
 * @module
 */
import type { ErrorCode } from '../../errors.ts'
import type { Column } from '../../table/column.ts'

/** What stands in {@link Cells.ends} for a cell without a value. */
export const NO_VALUE = -1

/**
 * Where the cells of a run of records stand in a window of bytes, row by row, `width` cells a record.
 * `ends` is {@link NO_VALUE} for a blank unquoted cell, and `~end` where quotes in the cell are still doubled.
 */
export class Cells {
  bytes: Uint8Array = new Uint8Array(0)
  view: DataView = new DataView(this.bytes.buffer)
  /** The quote byte of the window's dialect, −1 for none. */
  readonly quote: number
  readonly width: number
  readonly starts: Int32Array
  readonly ends: Int32Array
  /** The epoch milliseconds of cells that were read while they were found, NaN for others; null where none ever are. */
  readonly moments: Float64Array | null
  rows = 0

  constructor(width: number, capacity: number, quote: number, hasMoments = false) {
    this.width = width
    this.quote = quote
    this.starts = new Int32Array(width * capacity)
    this.ends = new Int32Array(width * capacity)
    this.moments = hasMoments ? new Float64Array(width * capacity).fill(Number.NaN) : null
  }

  /** Takes records out. */
  drop(rejected: Uint8Array): void {
    const { starts, ends, moments, width } = this
    let kept = 0
    for (let index = 0; index < this.rows; index++) {
      if (rejected[index] === 1) continue
      const from = index * width
      starts.copyWithin(kept * width, from, from + width)
      ends.copyWithin(kept * width, from, from + width)
      moments?.copyWithin(kept * width, from, from + width)
      kept++
    }
    this.rows = kept
  }

  /** Keeps the records of `[from, to)`. What lies behind `to` stays where it is. */
  keep(from: number, to: number): void {
    const { starts, ends, moments, width } = this
    for (const values of [starts, ends, moments]) values?.copyWithin(0, from * width, to * width)
    this.rows = to - from
  }

  show(bytes: Uint8Array): void {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
}

/** Cells of one run that do not fit their column. Rows count within the run. */
export class CellProblems {
  readonly rows: number[] = []
  readonly columns: number[] = []
  readonly codes: ErrorCode[] = []
  add(row: number, column: number, code: ErrorCode): void {
    this.rows.push(row)
    this.columns.push(column)
    this.codes.push(code)
  }

  clear(): void {
    this.rows.length = 0
    this.columns.length = 0
    this.codes.length = 0
  }
}

/** What a column's cells must be, as far as every kind of column asks. */
export interface CellRule {
  readonly isNullable: boolean
  readonly isKey: boolean
}

/** The code of a missing value under a rule, or null where one may be missing. */
export function missingCode(rule: CellRule): ErrorCode | null {
  if (rule.isKey) return 'null_key'
  return rule.isNullable ? null : 'null_value'
}

/** Collects one column: reads its cells run by run and becomes a column of the table at the end. */
export interface CellSink {
  /** What a cell must be, for an issue. */
  readonly expected: string
  /** Makes room for rows up to `capacity`. */
  reserve(capacity: number): void
  /** Reads that column of every record in `cells`, the first to stand at `row`; what was there is overwritten. */
  read(cells: Cells, column: number, row: number, problems: CellProblems): void
  /** The column of the first `rows` rows. */
  finish(rows: number): Column
}

const lossy = new TextDecoder('utf-8', { ignoreBOM: true })

/** The text of bytes for a message or an issue; bytes that are no UTF-8 show as U+FFFD. */
export function showText(bytes: Uint8Array, start: number, end: number): string {
  return lossy.decode(bytes.subarray(start, end))
}

/** Undoubles the quotes of a cell into `target` from its first byte on and returns its length. */
export function unescapeCell(bytes: Uint8Array, start: number, end: number, quote: number, target: Uint8Array): number {
  let length = 0
  for (let from = start; from < end; from++) {
    const byte = bytes[from] as number
    target[length++] = byte
    if (byte === quote) from++
  }
  return length
}

/** The text of one cell, quotes undoubled; null where it has no value. */
export function cellText(cells: Cells, at: number): string | null {
  const start = cells.starts[at] as number
  const end = cells.ends[at] as number
  if (end >= 0) return showText(cells.bytes, start, end)
  if (end === NO_VALUE) return null
  const target = new Uint8Array(~end - start)
  return showText(target, 0, unescapeCell(cells.bytes, start, ~end, cells.quote, target))
}
