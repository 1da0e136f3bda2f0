import { FormatError, type Issue } from '../../errors.ts'
import type { Frame } from '../../table/frame.ts'
import { joinChunks } from '../chunks.ts'
import { NO_VALUE, showText, unescapeCell } from './cells.ts'
import {
  type CsvPlace,
  cellTooLong,
  emptyFile,
  foreignSignature,
  headerMissing,
  notUtf8,
  nulByte,
  quoteInvalid,
  recordTruncated,
} from './damage.ts'
import { type CsvDialect, type Dialect, resolveDialect } from './dialect.ts'
import { type ForeignReader, type ForeignRecord, ForeignRows, isBlankRecord } from './foreign.ts'
import { bindHeader, type CsvHeader, type HeaderOptions } from './header.ts'
import { isBlankLine, isUnterminated, lastLineEnd, lastTextEnd, lookAtRecord, type RecordLook } from './record.ts'
import { type RecordOrigin, type RejectedRecord, RowCollector, type RowOptions } from './rows.ts'
import { CELL_LIMIT, RecordScan, scanRecords } from './scan.ts'
import { findBadUtf8 } from './utf8-check.ts'
import { WindowFeed, type WindowKind } from './window.ts'

/** What a CSV reader is told beside the bytes. */
export interface CsvReaderOptions extends CsvDialect, HeaderOptions, RowOptions {
  /** The file's name, for messages and issues. */
  readonly file?: string | undefined
  /** The column names of a file whose first line is a record. */
  readonly header?: readonly string[] | undefined
  /** How many bytes will come in all, where that is known: room is made once. */
  readonly expectedBytes?: number | undefined
  /** Reads what the fast reader does not recognise (`readByCsvParse`). Without it that is quote_invalid or invalid_option. */
  readonly foreign?: ForeignReader | undefined
  /** Fewer bytes than this wait for more; default 64 KiB. */
  readonly windowBytes?: number | undefined
}

/** What was read: rows that fit, issues of those that do not. */
export interface CsvReading {
  /** The rows that fit, in file order: the contract's columns in its order, then the others in the file's. */
  readonly frame: Frame
  /** What did not fit, in order of records and columns. */
  readonly issues: readonly Issue[]
  /** The records that are no rows, in file order. */
  readonly rejected: readonly RejectedRecord[]
  /** The 1-based data record of each row; null where row r is record r + 1. */
  readonly records: Int32Array | null
  /** How many data records the file has, rejected ones included. */
  readonly recordCount: number
  readonly header: CsvHeader
}

/** How many cells one scan finds at most: with their bytes they fit a core's own cache. */
const SCAN_CELLS = 12_288
/** A file may begin like another format's in so many bytes. */
const SIGNATURE_BYTES = 8
/** Delimiters that no stamp and no day holds, save for the comma, which stamps look out for. */
const GUESSABLE = [',', ';', '\t', '|']

/** Reads CSV chunk by chunk; any cut of the bytes into chunks gives the same columns. */
export class CsvReader {
  readonly #options: CsvReaderOptions
  readonly #dialect: Dialect
  readonly #feed: WindowFeed
  #isBegun = false
  #bound: { readonly header: CsvHeader; readonly rows: RowCollector; readonly scan: RecordScan } | null = null
  /** Data records so far, and the line and byte of the file at which the next window begins. */
  #records = 0
  #line = 1
  #offset = 0
  /** What csv-parse is to read: all bytes from the first record that the fast reader did not recognise. */
  #foreign: Uint8Array[] | null = null

  /** @throws FormatError invalid_option - a dialect that needs `foreign`, or that no file can be read with */
  constructor(options: CsvReaderOptions = {}) {
    this.#options = options
    this.#dialect = resolveDialect(options)
    this.#feed = new WindowFeed((bytes, kind) => this.#readWindow(bytes, kind), options.windowBytes)
    if (this.#dialect.isForeign && options.foreign === undefined) {
      throw new FormatError('invalid_option', 'this dialect is read by csv-parse; give { foreign: readByCsvParse }')
    }
    if (options.header !== undefined) this.#bind(options.header)
  }

  /**
   * Reads the next bytes; they may be overwritten afterwards.
   * @throws FormatError encoding_invalid, quote_invalid, csv_invalid, limit_exceeded - the bytes are damaged
   * @throws ContractError column_missing, column_extra, column_renamed, column_duplicate - the header does not fit
   */
  push(chunk: Uint8Array): void {
    this.#feed.push(chunk)
  }

  /**
   * Reads what is left and returns the table.
   * @throws FormatError empty_file, header_missing, record_truncated - and what {@link push} throws
   */
  end(): CsvReading {
    if (this.#feed.total === 0) throw emptyFile(this.#options.file)
    this.#feed.end()
    if (this.#foreign !== null) this.#readForeign(joinChunks(this.#foreign))
    if (this.#bound === null) throw headerMissing(this.#options.file)
    const { header, rows } = this.#bound
    return {
      frame: rows.finish(),
      issues: rows.issues,
      rejected: rows.rejected,
      records: rows.records,
      recordCount: this.#records,
      header,
    }
  }

  #place(row: number, line: number): CsvPlace {
    return { file: this.#options.file, row, line }
  }

  #bind(names: readonly string[]) {
    const options = this.#options
    const sniffed = options.delimiter === undefined && options.header === undefined ? this.#dialect.delimiter : null
    const { header, uses } = bindHeader(names, options.contract, sniffed, options)
    const rows = new RowCollector(header, uses, options)
    const width = names.length
    const scan = new RecordScan(this.#dialect, width, Math.max(1, Math.floor(SCAN_CELLS / width)))
    if (GUESSABLE.includes(this.#dialect.delimiter)) {
      for (let column = 0; column < width - 1; column++) if (rows.isStrict(column)) scan.lengths[column] = 0
    }
    this.#bound = { header, rows, scan }
    return this.#bound
  }

  #readWindow(bytes: Uint8Array, kind: WindowKind): number {
    let at = 0
    if (!this.#isBegun) {
      if (bytes.length < SIGNATURE_BYTES && kind === 'more') return 0
      const foreign = foreignSignature(bytes, this.#options.file)
      if (foreign !== null) throw foreign
      this.#isBegun = true
      if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) at = 3
      if (this.#dialect.isForeign) this.#foreign = []
    }
    if (this.#foreign === null) at = this.#readRecords(bytes, at, kind)
    if (this.#foreign !== null) {
      this.#foreign.push(bytes.slice(at, kind === 'unterminated' ? -1 : undefined))
      at = bytes.length
    }
    this.#offset += at
    return at
  }

  /** Reads whole records from `from` on; returns where the next one begins. */
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

  /** Finds and binds the header line, the first that is not blank; returns where the records begin. */
  #readHeader(bytes: Uint8Array, from: number, limit: number, isLast: boolean): number {
    let at = from
    while (at < limit) {
      const look = lookAtRecord(bytes, at, limit, this.#dialect)
      if (look.state === 'open' && !isLast) return at
      if (look.state !== 'whole') {
        this.#handOver(look, 0, this.#line, at)
        return at
      }
      if (!isBlankLine(look)) {
        this.#bind(this.#headerNames(bytes, look))
        this.#line += look.lineEnds
        return look.next
      }
      at = look.next
      this.#line++
    }
    return at
  }

  #headerNames(bytes: Uint8Array, look: RecordLook): string[] {
    const place = this.#place(0, this.#line)
    return look.starts.map((start, cell) => {
      const end = look.ends[cell] as number
      if (end === NO_VALUE) return ''
      const stop = end < 0 ? ~end : end
      const bad = findBadUtf8(bytes, start, stop)
      if (bad >= 0) throw notUtf8(place, null, this.#offset + bad)
      const nul = bytes.subarray(start, stop).indexOf(0)
      if (nul >= 0) throw nulByte(place, this.#offset + start + nul)
      if (end >= 0) return showText(bytes, start, end)
      const target = new Uint8Array(stop - start)
      return showText(target, 0, unescapeCell(bytes, start, stop, this.#dialect.quoteByte, target))
    })
  }

  /** Reads one run of records; false when the window has no further whole record. */
  #readRun(bytes: Uint8Array, limit: number, kind: WindowKind, scan: RecordScan, rows: RowCollector): boolean {
    const { at, line } = scan
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
      this.#makeRoom(rows, count, this.#offset + scan.at)
      if (!rows.take(scan.cells, origin, scan.isGuessing)) {
        scan.stopGuessing()
        scan.at = at
        scan.line = line
        return true
      }
      this.#records += count
    }
    if (end === 'full') return true
    if (scan.at >= limit) return false
    return this.#readOdd(bytes, limit, kind, scan, rows)
  }

  #textOf(bytes: Uint8Array, start: number, limit: number): string {
    return showText(bytes, start, lookAtRecord(bytes, start, limit, this.#dialect).textEnd)
  }

  /** Room for as many rows as the bytes to come will bring, by the usual length of those that came. */
  #makeRoom(rows: RowCollector, count: number, bytes: number): void {
    const needed = rows.rows + count
    if (needed <= rows.capacity) return
    const expected = this.#options.expectedBytes ?? 0
    rows.reserve(Math.ceil(Math.max(needed * 2, (needed / bytes) * expected * 1.05 + 64)))
  }

  /** Looks closely at the record in front of which a scan stopped; false when it waits for more bytes or for csv-parse. */
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
    if (found === width) {
      if (look.next - scan.at <= CELL_LIMIT) {
        // a cell was cut by its usual length, and wrongly
        scan.stopGuessing()
        return true
      }
      this.#refuseLongCells(bytes, scan.at, limit)
      scan.cells.starts.set(look.starts)
      scan.cells.ends.set(look.ends)
      scan.cells.rows = 1
      const { line, at } = scan
      rows.take(
        scan.cells,
        {
          firstRecord: row,
          windowOffset: this.#offset,
          lineOf: () => line,
          textOf: () => showText(bytes, at, look.textEnd),
        },
        false,
      )
    } else {
      const place = this.#place(row, scan.line)
      if (kind === 'unterminated' && look.next >= limit && found < width) throw recordTruncated(place, found, width)
      this.#rejectLength(rows, row, scan.line, showText(bytes, scan.at, look.textEnd), found, width)
    }
    this.#records = row
    scan.at = look.next
    scan.line += look.lineEnds
    return true
  }

  #rejectLength(rows: RowCollector, row: number, line: number, text: string, found: number, width: number): void {
    rows.reject(
      { row, line, text },
      { code: 'record_length', column: null, found: `${found} cells`, expected: `${width} cells` },
    )
  }

  #refuseLongCells(bytes: Uint8Array, from: number, limit: number): void {
    const look = lookAtRecord(bytes, from, limit, this.#dialect)
    const isLong = look.starts.some((start, cell) => Math.abs(look.ends[cell] as number) - start > CELL_LIMIT)
    if (isLong || (look.state === 'open' && limit - look.cellStart > CELL_LIMIT)) {
      throw cellTooLong(this.#place(this.#bound === null ? 0 : this.#records + 1, this.#line))
    }
  }

  /** Leaves the file from this record on to csv-parse, or says what is wrong with it. */
  #handOver(look: RecordLook, row: number, line: number, at: number): void {
    const place = this.#place(row, line)
    if (look.state === 'nul') throw nulByte(place, this.#offset + look.next)
    if (this.#options.foreign === undefined && look.state !== 'whole') throw quoteInvalid(place, look.state)
    this.#foreign = []
    this.#line = line
    if (this.#bound !== null) this.#bound.scan.at = at
  }

  #readForeign(bytes: Uint8Array): void {
    const bad = findBadUtf8(bytes, 0, bytes.length)
    if (bad >= 0) {
      const line = this.#line + (showText(bytes, 0, bad).match(/\r\n|\n|\r/g)?.length ?? 0)
      throw notUtf8(this.#place(0, line), null, this.#offset - bytes.length + bad)
    }
    let target = this.#bound === null ? null : new ForeignRows(this.#bound.rows, this.#bound.header.names.length)
    // a short record is cut short if it is the last and the file lacks a line end
    let short: ForeignRecord | null = null
    const width = () => this.#bound?.header.names.length ?? 0
    const rejectShort = () => {
      if (short === null || this.#bound === null) return
      target?.flush()
      this.#rejectLength(this.#bound.rows, this.#records, short.line, short.text, short.texts.length, width())
      short = null
    }
    const start = this.#place(this.#bound === null ? 0 : this.#records + 1, this.#line)
    // the constructor and #handOver come here only with a foreign reader
    const readForeign = this.#options.foreign as ForeignReader
    readForeign(bytes, this.#dialect, start, (record) => {
      if (isBlankRecord(record) && width() !== 1) return
      if (this.#bound === null) {
        const { rows } = this.#bind(record.texts)
        target = new ForeignRows(rows, record.texts.length)
        return
      }
      rejectShort()
      this.#records++
      if (record.texts.length === width()) target?.add(record, this.#records)
      else short = record
    })
    const last = short as ForeignRecord | null
    if (last !== null && isUnterminated(bytes, this.#dialect) && last.texts.length < width()) {
      throw recordTruncated(this.#place(this.#records, last.line), last.texts.length, width())
    }
    rejectShort()
    target?.flush()
  }
}

/** Returns a reader that takes a CSV file chunk by chunk and gives typed columns at the end. */
export function csvReader(options: CsvReaderOptions = {}): CsvReader {
  return new CsvReader(options)
}
