/**
 * Reads CSV: bytes to typed columns in one pass.
 * @module
 */
import { FormatError } from '../../../errors.ts'
import { joinChunks } from '../../../table/chunks.ts'
import { HEADROOM } from '../../../table/headroom.ts'
import { LOOK_BYTES } from '../../look.ts'
import { NO_VALUE, showText } from '../cells.ts'
import { type Dialect, resolveDialect } from '../dialect.ts'
import {
  type CsvPlace,
  cellTooLong,
  headerMissing,
  longSeparator,
  nulByte,
  quoteInvalid,
  recordTruncated,
} from '../errors.ts'
import { refuseOtherFormat } from '../foreign-format.ts'
import { type RecordParser, readParsedRecords } from './csv-parse-records.ts'
import { bindHeader, type CsvHeader } from './header.ts'
import { headerNames, namesOfEmptyFile, refuseMisplacedQuotes } from './header-line.ts'
import { type CsvNote, emptyNote, separatorNote } from './notes.ts'
import type { CsvBatch, RecordOrigin } from './origin.ts'
import type { CsvReaderOptions, CsvReading } from './reading.ts'
import { type RecodedFile, recodedFile } from './recoded.ts'
import { isBlankLine, lastLineEnd, lastTextEnd, lookAtRecord, type RecordLook, skipLines } from './record.ts'
import { RowCollector } from './rows.ts'
import { CELL_LIMIT, RecordScan, scanRecords } from './scan.ts'
import { bomSize, separatorLine } from './separator.ts'
import { WindowFeed, type WindowKind } from './window.ts'

/** The most cells of one scan: with their bytes, they fit a core's cache. */
const SCAN_CELLS = 8192

/** Reads CSV chunk by chunk; the columns do not depend on how the bytes are cut into chunks. */
export class CsvReader {
  readonly #options: CsvReaderOptions
  #dialect: Dialect
  /** Notes on the delimiter that the first line names, and on a file without bytes. */
  readonly #told: CsvNote[] = []
  readonly #feed: WindowFeed
  /** What recodes the file; null for UTF-8, which is read as it is. */
  readonly #recoded: RecodedFile | null
  #isBegun = false
  /** Lines that are still to be skipped. */
  #preamble: number
  #bound: { readonly header: CsvHeader; readonly rows: RowCollector; readonly scan: RecordScan } | null = null
  /** Data records so far; the line and byte of the file where the next window begins. */
  #records = 0
  #line = 1
  #offset = 0
  /** Bytes for csv-parse: all from the first record that the fast reader did not recognise. */
  #foreign: Uint8Array[] | null = null

  /**
   * @throws FormatError invalid_option - the dialect needs `foreign`, or no file can be read with
   * it
   */
  constructor(options: CsvReaderOptions = {}) {
    this.#options = options
    this.#dialect = resolveDialect(options)
    this.#preamble = this.#dialect.skipLines
    this.#recoded = recodedFile(this.#dialect, options.file)
    this.#feed = new WindowFeed((bytes, kind) => this.#readWindow(bytes, kind), options.windowBytes)
    if (this.#dialect.needsCsvParse && options.foreign === undefined) {
      throw new FormatError('invalid_option', 'this dialect is read by csv-parse; give { foreign: readByCsvParse }')
    }
  }

  /** Data records read so far. */
  get records(): number {
    return this.#records
  }

  /**
   * Reads the next bytes; the caller may overwrite them afterwards.
   * @throws FormatError encoding_invalid, quote_invalid, csv_invalid, limit_exceeded - the bytes are damaged
   * @throws ContractError column_missing, column_extra, column_renamed, column_duplicate - the header does not fit
   */
  push(chunk: Uint8Array): void {
    if (this.#recoded === null) this.#feed.push(chunk)
    else for (const piece of this.#recoded.push(chunk)) this.#feed.push(piece)
  }

  /**
   * Returns the rows that were read so far, and forgets them; null while there are fewer than
   * `least`. A file with columns outside the contract is returned whole, by {@link end}.
   */
  take(least: number): CsvBatch | null {
    const rows = this.#bound?.rows
    return rows === undefined || rows.rows < least || !rows.isSeparable ? null : rows.handOut()
  }

  /**
   * Reads the remaining bytes and returns the table: what {@link take} has not handed out.
   * @throws FormatError empty_file, header_missing, record_truncated - and the errors of {@link
   *   push}
   */
  end(): CsvReading {
    for (const piece of this.#recoded?.end() ?? []) this.#feed.push(piece)
    if (this.#feed.total === 0) {
      this.#bind(namesOfEmptyFile(this.#options, this.#preamble))
      this.#told.push(emptyNote(this.#options.file))
    }
    this.#feed.end()
    if (this.#foreign !== null) this.#readForeign(joinChunks(this.#foreign))
    if (this.#bound === null) throw headerMissing(this.#options.file, this.#dialect.skipLines)
    const { header, rows } = this.#bound
    const { frame, notes } = rows.finish()
    return {
      frame,
      notes: [...this.#told, ...notes],
      issues: rows.issues,
      rejected: rows.rejected,
      records: rows.records,
      lines: rows.lines,
      recordCount: this.#records,
      header,
    }
  }

  #place(row: number, line: number): CsvPlace {
    return { file: this.#options.file, row, line }
  }

  #bind(names: readonly string[]) {
    const options = this.#options
    const sniffed = this.#isSniffed ? this.#dialect.delimiter : null
    const bound = bindHeader(names, options.contract, sniffed, options, this.#place(0, this.#line))
    const rows = new RowCollector(bound, options.header === undefined ? names : null, this.#dialect, options)
    const stamps = Uint8Array.from(names, (_, column) =>
      this.#dialect.isOutsideTimestamps && rows.takesInstants(column) ? 1 : 0,
    )
    const scan = new RecordScan(this.#dialect, stamps, Math.max(1, Math.floor(SCAN_CELLS / names.length)))
    this.#bound = { header: bound.header, rows, scan }
    return this.#bound
  }

  /** Whether the delimiter was assumed, because the file does not name one. */
  get #isSniffed(): boolean {
    return this.#options.delimiter === undefined && this.#options.header === undefined && this.#told.length === 0
  }

  /** Examines the beginning of the file; returns the position of its header or first record. */
  #begin(bytes: Uint8Array): number {
    const options = this.#options
    const foreign = refuseOtherFormat(bytes, options.file, this.#dialect)
    if (foreign !== null) throw foreign
    this.#isBegun = true
    let at = bomSize(bytes)
    const separator = separatorLine(bytes, at)
    if (separator !== null) {
      const { delimiter } = separator
      if (options.delimiter === undefined) this.#dialect = resolveDialect({ ...options, delimiter })
      if (this.#dialect.needsCsvParse && options.foreign === undefined)
        throw longSeparator(this.#place(0, 1), delimiter)
      this.#told.push(separatorNote(delimiter, this.#dialect.delimiter, options.file))
      this.#line = 2
      this.#preamble = Math.max(0, this.#preamble - 1)
      at = separator.next
    }
    if (options.header !== undefined) this.#bind(options.header)
    if (this.#dialect.needsCsvParse) this.#foreign = []
    return at
  }

  /** Skips what the window has of the lines before the header; returns the position of the next line. */
  #skipPreamble(bytes: Uint8Array, from: number, kind: WindowKind): number {
    const { next, lines } = skipLines(bytes, from, kind === 'more' ? lastLineEnd(bytes) : bytes.length, this.#preamble)
    this.#preamble -= lines
    this.#line += lines
    return next
  }

  #readWindow(bytes: Uint8Array, kind: WindowKind): number {
    let at = 0
    if (!this.#isBegun) {
      if (bytes.length < LOOK_BYTES && kind === 'more') return 0
      at = this.#begin(bytes)
    }
    if (this.#preamble > 0) {
      at = this.#skipPreamble(bytes, at, kind)
      if (this.#preamble > 0) {
        this.#offset += at
        return at
      }
    }
    if (this.#foreign === null) at = this.#readRecords(bytes, at, kind)
    if (this.#foreign !== null) {
      this.#foreign.push(bytes.slice(at, kind === 'unterminated' ? -1 : undefined))
      at = bytes.length
    }
    this.#offset += at
    return at
  }

  /** Reads whole records from `from` on; returns the position of the next one. */
  #readRecords(bytes: Uint8Array, from: number, given: WindowKind): number {
    const end = given === 'unterminated' ? lastTextEnd(bytes, this.#dialect) : bytes.length
    const kind = end < bytes.length ? 'last' : given
    const isLast = kind !== 'more'
    const limit = isLast ? end : lastLineEnd(bytes)
    let at = from
    if (this.#bound === null) at = this.#readHeader(bytes, at, limit, isLast)
    if (this.#bound !== null) {
      const { scan, rows } = this.#bound
      scan.cells.show(bytes)
      scan.at = at
      scan.line = this.#line
      while (this.#readRun(bytes, limit, kind, scan, rows));
      at = scan.at
      this.#line = scan.line
    }
    if (bytes.length - at > CELL_LIMIT && this.#foreign === null) this.#refuseLongCells(bytes, at, bytes.length)
    return at
  }

  /**
   * Finds and binds the header line, the first line that is not blank; returns the position of the
   * records.
   */
  #readHeader(bytes: Uint8Array, from: number, limit: number, isLast: boolean): number {
    let at = from
    while (at < limit) {
      const look = lookAtRecord(bytes, at, limit, this.#dialect)
      if (look.state === 'open' && !isLast) return at
      if (look.state !== 'whole') {
        if (this.#isSniffed) refuseMisplacedQuotes(bytes, at, limit, this.#dialect, this.#place(0, this.#line))
        this.#handOver(look, 0, this.#line, at)
        return at
      }
      if (!isBlankLine(look)) {
        this.#bind(headerNames(bytes, look, this.#dialect, this.#place(0, this.#line), this.#offset))
        this.#line += look.lineEnds
        return look.next
      }
      at = look.next
      this.#line++
    }
    return at
  }

  /** Reads one run of records; false when the window has no more whole records. */
  #readRun(bytes: Uint8Array, limit: number, kind: WindowKind, scan: RecordScan, rows: RowCollector): boolean {
    const end = scanRecords(scan, limit)
    const count = scan.cells.rows
    if (count > 0) {
      const { recordStarts, lines } = scan
      const origin: RecordOrigin = {
        firstRecord: this.#records + 1,
        windowOffset: this.#offset,
        lineOf: (index) => lines[index] as number,
        textOf: (index) => this.#textOf(bytes, recordStarts[index] as number, limit),
      }
      this.#reserveRows(rows, count, this.#offset + scan.at)
      rows.take(scan.cells, origin)
      this.#records += count
    }
    if (end === 'full') return true
    if (scan.at >= limit) return false
    return this.#readOdd(bytes, limit, kind, scan, rows)
  }

  #textOf(bytes: Uint8Array, start: number, limit: number): string {
    return showText(bytes, start, lookAtRecord(bytes, start, limit, this.#dialect).textEnd)
  }

  /** Reserves rows from the average row size so far, plus headroom. */
  #reserveRows(rows: RowCollector, count: number, bytes: number): void {
    const needed = rows.rows + count
    if (needed <= rows.capacity) return
    const expected = (this.#options.expectedBytes ?? 0) * (this.#recoded?.growth ?? 1)
    rows.reserve(Math.ceil(Math.max(needed * 2, (needed / bytes) * expected * HEADROOM + 64)))
  }

  /** Examines the record that stopped a scan; false when it needs more bytes or csv-parse. */
  #readOdd(bytes: Uint8Array, limit: number, kind: WindowKind, scan: RecordScan, rows: RowCollector): boolean {
    const look = lookAtRecord(bytes, scan.at, limit, this.#dialect)
    if (look.state === 'open' && kind === 'more') return false
    const row = this.#records + 1
    if (look.state !== 'whole') {
      this.#handOver(look, row, scan.line, scan.at)
      return false
    }
    const { width } = scan.cells
    const found = look.starts.length
    const isPadded = found < width && this.#dialect.padsRecords
    if (found === width || isPadded) {
      this.#refuseLongCells(bytes, scan.at, limit)
      if (isPadded) rows.padded.add(row)
      scan.cells.starts.set(look.starts)
      scan.cells.ends.fill(NO_VALUE, found, width)
      scan.cells.ends.set(look.ends)
      scan.cells.rows = 1
      scan.cells.instants?.fill(Number.NaN, 0, width)
      const { line, at } = scan
      rows.take(scan.cells, {
        firstRecord: row,
        windowOffset: this.#offset,
        lineOf: () => line,
        textOf: () => showText(bytes, at, look.textEnd),
      })
    } else {
      const place = this.#place(row, scan.line)
      if (kind === 'unterminated' && look.next >= limit && found < width) throw recordTruncated(place, found, width)
      rows.rejectLength({ row, line: scan.line, text: showText(bytes, scan.at, look.textEnd) }, found)
    }
    this.#records = row
    scan.at = look.next
    scan.line += look.lineEnds
    return true
  }

  #refuseLongCells(bytes: Uint8Array, from: number, limit: number): void {
    const look = lookAtRecord(bytes, from, limit, this.#dialect)
    const isLong = look.starts.some((start, cell) => Math.abs(look.ends[cell] as number) - start > CELL_LIMIT)
    if (isLong || (look.state === 'open' && limit - look.cellStart > CELL_LIMIT)) {
      throw cellTooLong(this.#place(this.#bound === null ? 0 : this.#records + 1, this.#line))
    }
  }

  /** Leaves all remaining bytes to csv-parse. */
  #readForeign(bytes: Uint8Array): void {
    const place = this.#place(this.#bound === null ? 0 : this.#records + 1, this.#line)
    this.#records += readParsedRecords(bytes, this.#offset - bytes.length, place, {
      // set: the constructor and #handOver check it first
      reader: this.#options.foreign as RecordParser,
      dialect: this.#dialect,
      rows: this.#bound?.rows ?? null,
      bind: (names) => this.#bind(names).rows,
    })
  }

  /** Leaves the file from this record on to csv-parse, or throws what is wrong with the record. */
  #handOver(look: RecordLook, row: number, line: number, at: number): void {
    const place = this.#place(row, line)
    if (look.state === 'nul') throw nulByte(place, this.#recoded === null ? this.#offset + look.next : null)
    if (this.#options.foreign === undefined && look.state !== 'whole') throw quoteInvalid(place, look.state)
    this.#foreign = []
    this.#line = line
    if (this.#bound !== null) this.#bound.scan.at = at
  }
}

/** Returns a reader that takes a CSV file chunk by chunk and returns typed columns at the end. */
export function csvReader(options: CsvReaderOptions = {}): CsvReader {
  return new CsvReader(options)
}
