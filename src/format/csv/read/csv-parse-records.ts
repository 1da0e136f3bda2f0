import { grown } from '../../../table/headroom.ts'
import { findBadUtf8 } from '../../text/utf8-check.ts'
import { Cells, NO_VALUE, showText } from '../cells.ts'
import type { Dialect } from '../dialect.ts'
import { type CsvPlace, notUtf8, recordTruncated } from '../errors.ts'
import type { RecordOrigin } from './origin.ts'
import { isUnterminated } from './record.ts'
import type { RowCollector } from './rows.ts'

/** One record cut by another parser: each cell's text, and whether it was quoted. */
export interface ParsedRecord {
  readonly texts: readonly string[]
  readonly quoted: readonly boolean[]
  /** The record's text in the file, without its line end. */
  readonly text: string
  readonly line: number
  /** Whether a cell has a quote out of place, which is text. */
  readonly hasStrayQuotes: boolean
}

/** The record with empty cells added up to the width. */
function padded(record: ParsedRecord, width: number): ParsedRecord {
  const missing = width - record.texts.length
  return {
    ...record,
    texts: [...record.texts, ...Array<string>(missing).fill('')],
    quoted: [...record.quoted, ...Array<boolean>(missing).fill(false)],
  }
}

/**
 * Cuts all the given bytes into records, blank lines included; `from` is the place of the first
 * record.
 */
export type RecordParser = (
  bytes: Uint8Array,
  dialect: Dialect,
  from: CsvPlace,
  take: (record: ParsedRecord) => void,
) => void

/** Whether another parser's record is a blank line. */
export function isBlankRecord({ texts, quoted }: ParsedRecord): boolean {
  return texts.length === 1 && texts[0] === '' && quoted[0] !== true
}

const RUN = 512
const encoder = new TextEncoder()

/**
 * Lays out another parser's records in the same form as the fast reader, so that the same columns
 * read them.
 */
class ParsedRows implements RecordOrigin {
  readonly windowOffset = 0
  firstRecord = 1
  readonly #cells: Cells
  readonly #rows: RowCollector
  readonly #waiting: ParsedRecord[] = []
  #bytes = new Uint8Array(4096)
  #length = 0

  constructor(rows: RowCollector) {
    this.#rows = rows
    // the texts have no doubled quotes left, so no byte acts as a quote
    this.#cells = new Cells(rows.width, RUN, -1)
  }

  /** Adds a record of the file's width; `row` is its number. */
  add(record: ParsedRecord, row: number): void {
    const { starts, ends, width } = this.#cells
    if (this.#waiting.length === 0) this.firstRecord = row
    const at = this.#waiting.length * width
    for (let column = 0; column < width; column++) {
      const text = record.texts[column] as string
      const start = this.#length
      this.#bytes = grown(this.#bytes, start + text.length * 3 > this.#bytes.length ? (start + text.length * 3) * 2 : 0)
      this.#length += encoder.encodeInto(text, this.#bytes.subarray(start)).written
      starts[at + column] = start
      if (text === '' && record.quoted[column] !== true) ends[at + column] = NO_VALUE
      // text with a NUL is marked for copying, as in the fast reader
      else ends[at + column] = text.includes('\0') ? ~this.#length : this.#length
    }
    this.#waiting.push(record)
    if (this.#waiting.length === RUN) this.flush()
  }

  /** Passes on the records added so far. */
  flush(): void {
    if (this.#waiting.length === 0) return
    this.#cells.rows = this.#waiting.length
    this.#cells.show(this.#bytes)
    this.#rows.take(this.#cells, this)
    this.#waiting.length = 0
    this.#length = 0
  }

  lineOf(index: number): number {
    return this.#waiting[index]?.line ?? 0
  }

  textOf(index: number): string {
    return this.#waiting[index]?.text ?? ''
  }
}

/** What {@link readParsedRecords} needs to know of the file. */
export interface ParsedRowsContext {
  readonly reader: RecordParser
  readonly dialect: Dialect
  /** The collector of rows; null until there is a header. */
  readonly rows: RowCollector | null
  /** Takes the header's names and returns the collector of rows. */
  bind(names: readonly string[]): RowCollector
}

/**
 * Reads all the given bytes with another parser and returns the number of data records. `place` is
 * where the bytes begin, `offset` their position in the file.
 * @throws FormatError encoding_invalid, record_truncated - and the errors of the parser
 */
export function readParsedRecords(
  bytes: Uint8Array,
  offset: number,
  place: CsvPlace,
  context: ParsedRowsContext,
): number {
  const { reader, dialect, bind } = context
  const bad = findBadUtf8(bytes, 0, bytes.length)
  if (bad >= 0) {
    const lineEnds = showText(bytes, 0, bad).match(/\r\n|\n|\r/g)?.length ?? 0
    throw notUtf8({ ...place, row: 0, line: place.line + lineEnds }, null, offset + bad)
  }
  let target = context.rows === null ? null : { rows: context.rows, cells: new ParsedRows(context.rows) }
  const firstRecord = place.row === 0 ? 1 : place.row
  let count = 0
  // a short last record is truncated if the file lacks its last line end; otherwise it is rejected
  let short: ParsedRecord | null = null
  const settle = (): void => {
    if (short === null || target === null) return
    target.cells.flush()
    target.rows.rejectLength({ row: firstRecord + count - 1, line: short.line, text: short.text }, short.texts.length)
    short = null
  }
  reader(bytes, dialect, place, (record) => {
    if (isBlankRecord(record) && target?.rows.width !== 1) return
    if (target === null) {
      const rows = bind(record.texts)
      target = { rows, cells: new ParsedRows(rows) }
      return
    }
    settle()
    const { rows, cells } = target
    const row = firstRecord + count
    const isShort = record.texts.length < rows.width && dialect.padsRecords
    if (isShort || record.texts.length === rows.width) {
      if (isShort) rows.padded.add(row)
      if (record.hasStrayQuotes) rows.quoted.add(row)
      cells.add(isShort ? padded(record, rows.width) : record, row)
    } else short = record
    count++
  })
  // the callback assigns them, which TypeScript does not see
  const [rows, last] = [target as { rows: RowCollector } | null, short as ParsedRecord | null]
  if (rows !== null && last !== null && last.texts.length < rows.rows.width && isUnterminated(bytes, dialect)) {
    const cut = { ...place, row: firstRecord + count - 1, line: last.line }
    throw recordTruncated(cut, last.texts.length, rows.rows.width)
  }
  settle()
  const collected = target as { cells: ParsedRows } | null
  collected?.cells.flush()
  return count
}
