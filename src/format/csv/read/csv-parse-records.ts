import { grown } from '../../../table/headroom.ts'
import { findBadUtf8 } from '../../text/utf8-check.ts'
import { Cells, NO_VALUE, showText } from '../cells.ts'
import type { Dialect } from '../dialect.ts'
import { type CsvPlace, notUtf8, recordTruncated } from '../errors.ts'
import { isUnterminated } from './record.ts'
import type { RecordOrigin, RowCollector } from './rows.ts'

/** One record that another parser has cut: each cell's text and whether it was quoted. */
export interface ForeignRecord {
  readonly texts: readonly string[]
  readonly quoted: readonly boolean[]
  /** The record as it stands in the file, without its line end. */
  readonly text: string
  readonly line: number
}

/** Cuts all the given bytes into records, blank lines included; `from` is the place of the first one. */
export type ForeignReader = (
  bytes: Uint8Array,
  dialect: Dialect,
  from: CsvPlace,
  take: (record: ForeignRecord) => void,
) => void

/** Whether another parser's record is a blank line. */
export function isBlankRecord({ texts, quoted }: ForeignRecord): boolean {
  return texts.length === 1 && texts[0] === '' && quoted[0] !== true
}

const RUN = 512
const encoder = new TextEncoder()

/** Lays another parser's records out as the fast reader does, so that the same columns read them. */
class ForeignRows implements RecordOrigin {
  readonly windowOffset = 0
  firstRecord = 1
  readonly #cells: Cells
  readonly #rows: RowCollector
  readonly #waiting: ForeignRecord[] = []
  #bytes = new Uint8Array(4096)
  #length = 0

  constructor(rows: RowCollector) {
    this.#rows = rows
    // texts come undoubled, so no byte is a quote any more
    this.#cells = new Cells(rows.width, RUN, -1)
  }

  /** Takes a record of the file's width; `row` is its number. */
  add(record: ForeignRecord, row: number): void {
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
      // a NUL takes the long way, as in the fast reader
      else ends[at + column] = text.includes('\0') ? ~this.#length : this.#length
    }
    this.#waiting.push(record)
    if (this.#waiting.length === RUN) this.flush()
  }

  /** Hands over what has been added. */
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

/** What reading by another parser needs to know. */
export interface ForeignContext {
  readonly reader: ForeignReader
  readonly dialect: Dialect
  /** Where rows go, null while there is no header. */
  readonly rows: RowCollector | null
  /** Takes the header's names and says where rows go. */
  bind(names: readonly string[]): RowCollector
}

/**
 * Reads all the given bytes by another parser and returns how many data records they are. `place` is where they begin,
 * `offset` the byte of the file that is their first.
 * @throws FormatError encoding_invalid, record_truncated - and what the parser throws
 */
export function readForeignRecords(
  bytes: Uint8Array,
  offset: number,
  place: CsvPlace,
  context: ForeignContext,
): number {
  const { reader, dialect, bind } = context
  const bad = findBadUtf8(bytes, 0, bytes.length)
  if (bad >= 0) {
    const lineEnds = showText(bytes, 0, bad).match(/\r\n|\n|\r/g)?.length ?? 0
    throw notUtf8({ ...place, row: 0, line: place.line + lineEnds }, null, offset + bad)
  }
  let target = context.rows === null ? null : { rows: context.rows, cells: new ForeignRows(context.rows) }
  const firstRecord = place.row === 0 ? 1 : place.row
  let count = 0
  // a short record is cut short if it is the last and the file lacks a line end, else it is rejected
  let short: ForeignRecord | null = null
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
      target = { rows, cells: new ForeignRows(rows) }
      return
    }
    settle()
    if (record.texts.length === target.rows.width) target.cells.add(record, firstRecord + count)
    else short = record
    count++
  })
  // assigned in the callback, which TypeScript does not follow
  const [rows, last] = [target as { rows: RowCollector } | null, short as ForeignRecord | null]
  if (rows !== null && last !== null && last.texts.length < rows.rows.width && isUnterminated(bytes, dialect)) {
    const cut = { ...place, row: firstRecord + count - 1, line: last.line }
    throw recordTruncated(cut, last.texts.length, rows.rows.width)
  }
  settle()
  const collected = target as { cells: ForeignRows } | null
  collected?.cells.flush()
  return count
}
