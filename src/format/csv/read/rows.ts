import type { Issue } from '../../../errors.ts'
import type { Column } from '../../../table/column.ts'
import type { TableContract } from '../../../table/contract.ts'
import { type Frame, frameOf } from '../../../table/frame.ts'
import { grown } from '../../../table/headroom.ts'
import { countUp } from '../../../table/take.ts'
import { findBadUtf8 } from '../../text/utf8-check.ts'
import { CellProblems, type CellSink, type Cells, cellText } from '../cells.ts'
import type { Dialect } from '../dialect.ts'
import { notUtf8 } from '../errors.ts'
import { ForbiddenSink } from '../forbid.ts'
import { lengthExpected, looksLike } from '../looks.ts'
import { dropNulls } from './declared.ts'
import type { BoundHeader, ColumnUse, CsvHeader } from './header.ts'
import { type CsvNote, droppedColumns, hasNoValue, Mended, unnamedColumns } from './notes.ts'
import { type CsvBatch, originFrom, type RecordOrigin, type RejectedRecord } from './origin.ts'
import { HeaderRepeats } from './repeated-header.ts'
import { makeSinks } from './sinks.ts'
import { DictionarySink } from './texts.ts'
import { TimestampSink } from './timestamps.ts'

/** The longest text of a cell in an issue; the rejected record has the whole text. */
const FOUND_LIMIT = 200

/** Requirements on rows. */
export interface RowOptions {
  /** The file's name, for issues. */
  readonly file?: string | undefined
  readonly contract?: TableContract | undefined
  /**
   * The kind of columns outside the contract: inferred without loss from all cells (`infer`,
   * default), or `text`.
   */
  readonly types?: 'infer' | 'text' | undefined
  /** `keep`: the line of each row, too. Left out by default, which costs nothing. */
  readonly lines?: 'keep' | undefined
  /** The column of a delta that says what each change does. */
  readonly actionColumn?: string | undefined
  /**
   * Whether an action means delete. Of a delete, only key and action are checked; other cells that
   * do not fit become null.
   */
  readonly isDelete?: ((action: string) => boolean) | undefined
}

/** Collects runs of cells into columns, and cells that do not fit into issues. */
export class RowCollector {
  issues: Issue[] = []
  rejected: RejectedRecord[] = []
  /** Records with too few cells, and those with quotes out of place, that were read as declared. */
  readonly padded = new Mended()
  readonly quoted = new Mended()
  rows = 0
  capacity = 0
  readonly #options: RowOptions
  readonly #header: CsvHeader
  readonly #uses: readonly ColumnUse[]
  readonly #bound: BoundHeader
  #sinks: readonly (CellSink | null)[]
  readonly #action: { readonly column: number; readonly sink: DictionarySink } | null
  readonly #deletes: boolean[] = []
  readonly #problems = new CellProblems()
  readonly #repeats: HeaderRepeats | null
  readonly #dialect: Dialect
  /** The record of each row; null while every record from 1 on is a row. */
  #records: Int32Array | null = null
  /** The line of each row, where they are kept. */
  #lines: Int32Array | null

  /**
   * `line` has the names of the header line as written in the file; null where the file has no
   * such line.
   */
  constructor(bound: BoundHeader, line: readonly string[] | null, dialect: Dialect, options: RowOptions) {
    const { header, uses } = bound
    this.#bound = bound
    this.#header = header
    this.#uses = uses
    this.#dialect = dialect
    this.#options = options
    this.#lines = options.lines === 'keep' ? new Int32Array(0) : null
    this.#repeats = line === null ? null : new HeaderRepeats(line, dialect.quote)
    this.#sinks = this.#newSinks()
    const column = options.actionColumn === undefined ? -1 : header.names.indexOf(options.actionColumn)
    const sink = this.#sinks[column]
    this.#action = sink instanceof DictionarySink && options.isDelete !== undefined ? { column, sink } : null
  }

  #newSinks(): readonly (CellSink | null)[] {
    const { types = 'infer', contract } = this.#options
    return makeSinks(this.#bound, { types, forms: this.#dialect.forms, contract })
  }

  /** Whether rows can be handed out before the last one is read: a column outside the contract has its kind from all of its cells. */
  get isSeparable(): boolean {
    return this.#action === null && this.#lines === null && this.#uses.every(({ use }) => use !== 'loose')
  }

  /** Returns the rows and the issues so far, and begins anew behind them. */
  handOut(): CsvBatch {
    const { issues, rejected } = this
    const batch = { frame: this.finish().frame, issues, rejected, records: this.records ?? countUp(this.rows, 1) }
    this.issues = []
    this.rejected = []
    this.#sinks = this.#newSinks()
    // the rows to come are not numbered from 1
    this.#records = new Int32Array(0)
    this.rows = 0
    this.capacity = 0
    return batch
  }

  /** Whether the scan's unit is also that of this column's timestamps. */
  takesInstants(column: number): boolean {
    const sink = this.#sinks[column]
    return sink instanceof TimestampSink && sink.takesInstants
  }

  reserve(capacity: number): void {
    if (capacity <= this.capacity) return
    this.capacity = capacity
    for (const sink of this.#sinks) sink?.reserve(capacity)
  }

  /**
   * Takes the records of one run.
   * @throws FormatError encoding_invalid - text is not UTF-8
   */
  take(cells: Cells, origin: RecordOrigin): void {
    if (this.rows + cells.rows > this.capacity) this.reserve(Math.max(1024, (this.rows + cells.rows) * 2))
    const repeats = this.#repeats?.find(cells) ?? null
    if (repeats === null) this.#take(cells, origin)
    else this.#takeBetween(repeats, cells, origin)
  }

  /** Takes the records between repeated headers, so that no column sees a name among its values. */
  #takeBetween(repeats: readonly number[], cells: Cells, origin: RecordOrigin): void {
    const { rows } = cells
    let from = 0
    for (const repeat of [...repeats, rows]) {
      cells.keep(from, repeat)
      if (cells.rows > 0) this.#take(cells, originFrom(origin, from))
      if (repeat < rows) {
        const record = { row: origin.firstRecord + repeat, line: origin.lineOf(repeat), text: origin.textOf(repeat) }
        this.#reject(record, 'header_repeated', 'the header line', 'a record, not the header line again')
      }
      from = repeat + 1
    }
  }

  #take(cells: Cells, origin: RecordOrigin): void {
    const count = cells.rows
    const nulls = this.#dialect.forms?.nulls ?? null
    if (nulls !== null) dropNulls(cells, nulls)
    this.#read(cells)
    const rejected = this.#problems.rows.length === 0 ? null : this.#judge(cells, origin)
    if (rejected !== null) {
      this.#records ??= countUp(this.rows, 1)
      cells.drop(rejected)
      this.#read(cells)
    }
    if (this.#records !== null) this.#number(cells.rows, count, origin.firstRecord, rejected)
    if (this.#lines !== null) this.#lines = this.#withLines(this.#lines, cells.rows, count, origin, rejected)
    this.rows += cells.rows
  }

  #read(cells: Cells): void {
    this.#problems.clear()
    for (const [column, sink] of this.#sinks.entries()) sink?.read(cells, column, this.rows, this.#problems)
  }

  #isDelete(index: number): boolean {
    if (this.#action === null) return false
    const { codes, dictionary } = this.#action.sink
    const code = codes[this.rows + index] as number
    if (code < 0) return false
    while (this.#deletes.length <= code) {
      for (const text of dictionary.texts(this.#deletes.length))
        this.#deletes.push(this.#options.isDelete?.(text) ?? false)
    }
    return this.#deletes[code] as boolean
  }

  /**
   * Turns problems into issues, ordered by row and column; returns which records are rejected,
   * null for none.
   */
  #judge(cells: Cells, origin: RecordOrigin): Uint8Array | null {
    const { rows, columns, codes } = this.#problems
    const order: number[] = []
    for (let problem = 0; problem < rows.length; problem++) {
      const isCounted = codes[problem] === 'encoding_invalid' || this.#countsForDeletes(columns[problem] as number)
      if (isCounted || !this.#isDelete(rows[problem] as number)) order.push(problem)
    }
    order.sort((a, b) => (rows[a] as number) - (rows[b] as number) || (columns[a] as number) - (columns[b] as number))
    let rejected: Uint8Array | null = null
    for (const problem of order) {
      // the three lists have the same length
      const [index, column, code] = [
        rows[problem] as number,
        columns[problem] as number,
        codes[problem] as Issue['code'],
      ]
      const row = origin.firstRecord + index
      const name = this.#header.names[column] as string
      if (code === 'encoding_invalid') throw this.#badText(cells, origin, index, column)
      if (rejected === null) rejected = new Uint8Array(cells.rows)
      if (rejected[index] === 0) {
        rejected[index] = 1
        this.rejected.push({ row, line: origin.lineOf(index), text: origin.textOf(index) })
      }
      const found = cellText(cells, index * cells.width + column)
      this.issues.push({
        code,
        file: this.#options.file ?? null,
        row,
        // a column without a name is identified by its number
        column: name === '' ? null : name,
        found: found !== null && found.length > FOUND_LIMIT ? `${found.slice(0, FOUND_LIMIT)}…` : found,
        expected: this.#expected(code, column, found),
      })
    }
    return rejected
  }

  #expected(code: Issue['code'], column: number, found: string | null): string {
    if (code !== 'type_mismatch' && code !== 'column_extra') return 'a value'
    const { expected = '', isDeclared = false } = this.#sinks[column] ?? {}
    // advice on the usual forms would be wrong where another one is declared
    if (isDeclared) return expected
    const use = this.#uses[column]
    const looks = use?.use === 'contract' && found !== null ? looksLike(found, use.contract) : null
    return looks === null ? expected : `${expected} (the cell looks like ${looks})`
  }

  /** Whether the column is checked in a delete: only the key and the action are. */
  #countsForDeletes(column: number): boolean {
    const use = this.#uses[column]
    return column === this.#action?.column || (use?.use === 'contract' && use.contract.role === 'key')
  }

  #badText(cells: Cells, origin: RecordOrigin, index: number, column: number): Error {
    const at = index * cells.width + column
    const start = cells.starts[at] as number
    const end = cells.ends[at] as number
    const bad = findBadUtf8(cells.bytes, start, end < 0 ? ~end : end)
    const place = { file: this.#options.file, row: origin.firstRecord + index, line: origin.lineOf(index) }
    return notUtf8(place, this.#header.names[column] as string, origin.windowOffset + Math.max(bad, start))
  }

  /** The number of cells per record. */
  get width(): number {
    return this.#header.names.length
  }

  /** Rejects a record of another length. */
  rejectLength(record: RejectedRecord, found: number): void {
    const expected = lengthExpected(record.text, found, this.width, this.#dialect)
    this.#reject(record, 'record_length', `${found} cells`, expected)
  }

  #reject(record: RejectedRecord, code: Issue['code'], found: string, expected: string): void {
    this.#records ??= countUp(this.rows, 1)
    this.rejected.push(record)
    this.issues.push({ code, file: this.#options.file ?? null, row: record.row, column: null, found, expected })
  }

  #number(kept: number, count: number, firstRecord: number, rejected: Uint8Array | null): void {
    const records = this.#roomFor(this.#records as Int32Array, kept)
    this.#records = records
    let row = this.rows
    for (let index = 0; index < count; index++) {
      if (rejected === null || rejected[index] === 0) records[row++] = firstRecord + index
    }
  }

  /** The numbers of rows, with room for those to come. */
  #roomFor(numbers: Int32Array, kept: number): Int32Array {
    const needed = this.rows + kept
    return needed > numbers.length ? grown(numbers, Math.max(this.capacity, needed)) : numbers
  }

  #withLines(
    kept: Int32Array,
    rows: number,
    count: number,
    origin: RecordOrigin,
    rejected: Uint8Array | null,
  ): Int32Array {
    const lines = this.#roomFor(kept, rows)
    let row = this.rows
    for (let index = 0; index < count; index++) {
      if (rejected === null || rejected[index] === 0) lines[row++] = origin.lineOf(index)
    }
    return lines
  }

  /** The line, from 1, on which each row begins; null unless they are kept. */
  get lines(): Int32Array | null {
    return this.#lines?.subarray(0, this.rows) ?? null
  }

  /** The 1-based record of each row; null where every record is a row. */
  get records(): Int32Array | null {
    return this.#records?.subarray(0, this.rows) ?? null
  }

  /**
   * The rows as a frame: the contract's columns in its order, then the others in the file's. A
   * column without a name and without values is left out, with a note.
   * @throws ContractError column_duplicate - several columns have values but no name
   */
  finish(): { readonly frame: Frame; readonly notes: readonly CsvNote[] } {
    const columns = new Map<string, Column>()
    const nameless: { readonly column: number; readonly isEmpty: boolean }[] = []
    for (const [column, sink] of this.#sinks.entries()) {
      const { use } = this.#uses[column] as ColumnUse
      if (use === 'unnamed') nameless.push({ column, isEmpty: true })
      if (sink === null || sink instanceof ForbiddenSink) continue
      const name = this.#header.names[column] as string
      const made = sink.finish(this.rows)
      if (name === '' && use === 'loose' && this.width > 1) {
        const isEmpty = hasNoValue(made)
        nameless.push({ column, isEmpty })
        if (isEmpty) continue
      }
      columns.set(name, made)
    }
    const { file } = this.#options
    const notes = [
      ...unnamedColumns(nameless, file),
      ...droppedColumns(this.#header.dropped, file),
      ...this.padded.note('record_padded', file),
      ...this.quoted.note('quote_kept', file),
    ]
    const first = Object.keys(this.#options.contract?.columns ?? {}).filter((name) => columns.has(name))
    const names = new Set([...first, ...columns.keys()])
    const frame = frameOf(
      // every name is a key of the map
      Array.from(names, (name) => [name, columns.get(name) as Column] as const),
      this.rows,
    )
    return { frame, notes }
  }
}
