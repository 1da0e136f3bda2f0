/**
 * Records of a source file, as text.
 * @module
 */
import { PipelineError } from '../../../errors.ts'
import { showText } from '../../../format/csv/cells.ts'
import { type CsvDialect, type Dialect, resolveDialect } from '../../../format/csv/dialect.ts'
import { isBlankRecord, type RecordParser } from '../../../format/csv/read/csv-parse-records.ts'
import { isBlankLine, lookAtRecord, skipLines } from '../../../format/csv/read/record.ts'
import { bomSize, separatorLine } from '../../../format/csv/read/separator.ts'
import { recodeWhole } from '../../../format/text/recode-whole.ts'
import { joinChunks } from '../../../table/chunks.ts'

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

const encoder = new TextEncoder()

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
  if (foreign !== undefined) {
    // a file whose first line is a record has no header to count
    const all = parsedLines(bytes, beginning, options.header === undefined ? -1 : 0, foreign)
    return new Map([...all].filter(([number]) => wanted.has(number)))
  }
  const found = new Map<number, SourceLine>()
  for (const { number, line, at, textEnd } of recordsIn(bytes, beginning, options)) {
    if (wanted.has(number)) found.set(number, { line, text: showText(bytes, at, textEnd) })
    if (found.size === wanted.size) break
  }
  return found
}

/** Where a data record is. */
interface RecordPlace {
  /** Counted as the reader counts records, from 1. */
  readonly number: number
  /** The line on which it begins, from 1. */
  readonly line: number
  readonly at: number
  /** Before its line end. */
  readonly textEnd: number
}

/** Yields the data records of bytes that end in a line end, until one that is not whole. */
function* recordsIn(bytes: Uint8Array, beginning: Beginning, { header }: CsvDialect): Generator<RecordPlace> {
  const { dialect } = beginning
  // a file whose first line is a record has no header to count
  let record = header === undefined ? -1 : 0
  let { at, line } = beginning
  let width = header?.length ?? 0
  while (at < bytes.length) {
    const look = lookAtRecord(bytes, at, bytes.length, dialect)
    // an applied file has only whole records: this one has changed since
    if (look.state !== 'whole') return
    // in front of the header a blank line is nothing, behind it a file of one column may have rows without a value
    if (!isBlankLine(look) || width === 1) {
      if (record < 0) width = look.starts.length
      if (++record > 0) yield { number: record, line, at, textEnd: look.textEnd }
    }
    line += look.lineEnds
    at = look.next
  }
}

/**
 * Returns a CSV file with the texts of some data records (from 1) replaced, and every other byte as it was.
 * @throws PipelineError mend_refused - the file is not in UTF-8, lacks such a record, or a text is not one record
 */
export function replaceLines(
  file: Uint8Array,
  texts: ReadonlyMap<number, string>,
  name: string,
  { dialect: options = {}, foreign }: LineOptions = {},
): Uint8Array {
  const refuse = (what: string) => new PipelineError('mend_refused', `${name} ${what}`)
  const { encoding = 'utf-8' } = options
  if (encoding !== 'utf-8')
    throw refuse(`is in ${encoding}: single records are replaced in UTF-8 alone; correct the file`)
  if (foreign !== undefined) throw refuse('is in a dialect whose records are not replaced one by one; correct the file')
  const bytes = ended(file)
  const beginning = beginningOf(bytes, options)
  const parts: Uint8Array[] = []
  let copied = 0
  let replaced = 0
  for (const { number, at, textEnd } of recordsIn(bytes, beginning, options)) {
    const text = texts.get(number)
    if (text === undefined) continue
    const encoded = encoder.encode(text)
    const line = ended(encoded)
    const look = lookAtRecord(line, 0, line.length, beginning.dialect)
    if (look.state !== 'whole' || look.next !== line.length || isBlankLine(look) || line === encoded) {
      throw refuse(`row ${number}: the mended text is not one record; give it the cells of one row, and no line end`)
    }
    parts.push(bytes.subarray(copied, at), encoded)
    copied = textEnd
    if (++replaced === texts.size) break
  }
  if (replaced < texts.size) throw refuse('does not have all of the mended records; list the rows that wait again')
  // the line end that was added is not written
  return joinChunks([...parts, bytes.subarray(copied, file.length)])
}
