/**
 * CSV cells: from bytes to typed columns, run by run, without a string per cell.
 * @module
 */
import type { ErrorCode } from '../../errors.ts'
import type { Column } from '../../table/column.ts'

/** In {@link Cells.ends}: a cell without a value. */
export const NO_VALUE = -1

/**
 * The positions of the cells of a run of records in a window of bytes, row by row, `width` cells
 * per record. `ends` is {@link NO_VALUE} for a blank unquoted cell, and `~end` where quotes in the
 * cell are still doubled.
 */
export class Cells {
  bytes: Uint8Array = new Uint8Array(0)
  view: DataView = new DataView(this.bytes.buffer)
  /** The quote byte of the window's dialect, −1 for none. */
  readonly quote: number
  readonly width: number
  readonly starts: Int32Array
  readonly ends: Int32Array
  /**
   * The epoch milliseconds of cells that were parsed while they were found, NaN for others; null
   * if the run parses none.
   */
  readonly instants: Float64Array | null
  rows = 0

  constructor(width: number, capacity: number, quote: number, hasInstants = false) {
    this.width = width
    this.quote = quote
    this.starts = new Int32Array(width * capacity)
    this.ends = new Int32Array(width * capacity)
    this.instants = hasInstants ? new Float64Array(width * capacity).fill(Number.NaN) : null
  }

  /** Removes records. */
  drop(rejected: Uint8Array): void {
    const { starts, ends, instants, width } = this
    let kept = 0
    for (let index = 0; index < this.rows; index++) {
      if (rejected[index] === 1) continue
      const from = index * width
      starts.copyWithin(kept * width, from, from + width)
      ends.copyWithin(kept * width, from, from + width)
      instants?.copyWithin(kept * width, from, from + width)
      kept++
    }
    this.rows = kept
  }

  /** Keeps the records of `[from, to)`; cells from `to` on stay in place. */
  keep(from: number, to: number): void {
    const { starts, ends, instants, width } = this
    for (const values of [starts, ends, instants]) values?.copyWithin(0, from * width, to * width)
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

/** What a column requires of its cells, as far as all kinds of column share it. */
export interface CellRule {
  readonly isNullable: boolean
  readonly isKey: boolean
}

/** The issue code of a missing value under a rule; null where a value may be missing. */
export function missingCode(rule: CellRule): ErrorCode | null {
  if (rule.isKey) return 'null_key'
  return rule.isNullable ? null : 'null_value'
}

/** Collects one column: reads its cells run by run, and returns the column at the end. */
export interface CellSink {
  /** What a cell must be; the `expected` of an issue. */
  readonly expected: string
  /** Whether `expected` names a declared form. */
  readonly isDeclared?: boolean
  /** Allocates space for rows up to `capacity`. */
  reserve(capacity: number): void
  /** Reads that column of every record in `cells` into rows from `row` on, overwriting them. */
  read(cells: Cells, column: number, row: number, problems: CellProblems): void
  /** Returns the column of the first `rows` rows. */
  finish(rows: number): Column
}

const lossy = new TextDecoder('utf-8', { ignoreBOM: true })

/** The text of bytes for a message or an issue; bytes that are not UTF-8 show as U+FFFD. */
export function showText(bytes: Uint8Array, start: number, end: number): string {
  return lossy.decode(bytes.subarray(start, end))
}

/**
 * Writes a cell into `target` from its first byte on, with doubled quotes made single, and returns
 * its length.
 */
export function unescapeCell(bytes: Uint8Array, start: number, end: number, quote: number, target: Uint8Array): number {
  let length = 0
  for (let from = start; from < end; from++) {
    const byte = bytes[from] as number
    target[length++] = byte
    if (byte === quote) from++
  }
  return length
}

/** The text of one cell, with doubled quotes made single; null for a cell without a value. */
export function cellText(cells: Cells, at: number): string | null {
  const start = cells.starts[at] as number
  const end = cells.ends[at] as number
  if (end >= 0) return showText(cells.bytes, start, end)
  if (end === NO_VALUE) return null
  const target = new Uint8Array(~end - start)
  return showText(target, 0, unescapeCell(cells.bytes, start, ~end, cells.quote, target))
}
