/**
 * Records of a source file, as text.
 * @module
 */
import { showText } from '../../format/csv/cells.ts'
import { type CsvDialect, type Dialect, resolveDialect } from '../../format/csv/dialect.ts'
import { isBlankRecord, type RecordParser } from '../../format/csv/read/csv-parse-records.ts'
import { isBlankLine, lookAtRecord, skipLines } from '../../format/csv/read/record.ts'
import { bomSize, separatorLine } from '../../format/csv/read/separator.ts'
import { recodeWhole } from '../../format/text/recode-whole.ts'
import { joinChunks } from '../../table/chunks.ts'

/** The text of a record in its file. */
export interface SourceLine {
  /** The line on which it begins, from 1. */
  readonly line: number
  readonly text: string
}

/** How a file is written, with csv-parse where only that reads it. */
export interface LineOptions {
  readonly dialect?: CsvDialect
  readonly foreign?: RecordParser | undefined
}

/** The bytes with a line end behind the last record. */
function ended(bytes: Uint8Array): Uint8Array {
  const last = bytes.at(-1)
  return last === 0x0a || last === 0x0d ? bytes : joinChunks([bytes, Uint8Array.of(0x0a)])
}

/** Where the header line, or the first record, begins. */
interface Beginning {
  readonly at: number
  readonly line: number
  readonly dialect: Dialect
}

function beginningOf(bytes: Uint8Array, options: CsvDialect): Beginning {
  const begin = bomSize(bytes)
  const separator = separatorLine(bytes, begin)
  const delimiter = options.delimiter ?? separator?.delimiter
  const dialect = resolveDialect({ ...options, ...(delimiter !== undefined && { delimiter }) })
  const known = separator === null ? 0 : 1
  const skipped = skipLines(bytes, separator?.next ?? begin, bytes.length, Math.max(0, dialect.skipLines - known))
  return { at: skipped.next, line: 1 + known + skipped.lines, dialect }
}

/** Records as csv-parse cuts them. */
function parsedLines(
  bytes: Uint8Array,
  { at, line, dialect }: Beginning,
  first: number,
  foreign: RecordParser,
): ReadonlyMap<number, SourceLine> {
  const found = new Map<number, SourceLine>()
  let record = first
  foreign(bytes.subarray(at), dialect, { file: undefined, row: 0, line }, (parsed) => {
    if (isBlankRecord(parsed)) return
    found.set(++record, { line: parsed.line, text: parsed.text })
  })
  return found
}

/**
 * Returns the wanted data records (from 1) of a CSV file, counted as the reader counts them; those it does not have are left
 * out.
 */
export function findLines(
  file: Uint8Array,
  wanted: ReadonlySet<number>,
  { dialect: options = {}, foreign }: LineOptions = {},
): ReadonlyMap<number, SourceLine> {
  const bytes = ended(recodeWhole(file, options.encoding ?? 'utf-8', undefined))
  const beginning = beginningOf(bytes, options)
  const { dialect } = beginning
  // a file whose first line is a record has no header to count
  let record = options.header === undefined ? -1 : 0
  if (foreign !== undefined) {
    const all = parsedLines(bytes, beginning, record, foreign)
    return new Map([...all].filter(([number]) => wanted.has(number)))
  }
  const found = new Map<number, SourceLine>()
  let { at, line } = beginning
  let width = options.header?.length ?? 0
  while (at < bytes.length && found.size < wanted.size) {
    const look = lookAtRecord(bytes, at, bytes.length, dialect)
    // an applied file has only whole records: this one has changed since
    if (look.state !== 'whole') break
    // in front of the header a blank line is nothing, behind it a file of one column may have rows without a value
    if (!isBlankLine(look) || width === 1) {
      if (record < 0) width = look.starts.length
      record++
      if (wanted.has(record)) found.set(record, { line, text: showText(bytes, at, look.textEnd) })
    }
    line += look.lineEnds
    at = look.next
  }
  return found
}
