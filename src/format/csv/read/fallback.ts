import { CsvError, parse } from 'csv-parse/sync'
import { FormatError } from '../../../errors.ts'
import { showText } from '../cells.ts'
import { type CsvPlace, placeText, type QuoteProblem, quoteInvalid } from '../errors.ts'
import { isBlankRecord, type ParsedRecord, type RecordParser } from './csv-parse-records.ts'

const PROBLEMS: Record<string, QuoteProblem> = {
  CSV_QUOTE_NOT_CLOSED: 'open',
  CSV_INVALID_CLOSING_QUOTE: 'text_after_quote',
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: 'text_after_quote',
  INVALID_OPENING_QUOTE: 'quote_in_text',
}

function explain(error: unknown, place: CsvPlace): unknown {
  if (!(error instanceof CsvError)) return error
  const problem = PROBLEMS[error.code]
  if (problem !== undefined) return quoteInvalid(place, problem, error)
  return new FormatError('csv_invalid', `${placeText(place)}: ${error.message}`, {
    details: { ...place },
    cause: error,
  })
}

const LINE_END = /\r\n|\n|\r/g

/** The comment lines before a record. */
function leadingComments(text: string, comment: string | null): string {
  let at = 0
  while (comment !== null && text.slice(at).trimStart().startsWith(comment)) {
    LINE_END.lastIndex = at
    const end = LINE_END.exec(text)
    if (end === null) break
    at = LINE_END.lastIndex
  }
  return text.slice(0, at)
}

/** How many line ends a text contains. */
function countLineEnds(text: string): number {
  return text.match(LINE_END)?.length ?? 0
}

/**
 * Splits a cell that begins with a quote into the text up to its closing quote and what follows
 * that. An escape is removed before a quote or another escape, and is text before anything else;
 * csv-parse removes every escape. `raw` is the cell in the file.
 */
function splitQuoted(raw: string, quote: string, mark: string | null) {
  let text = ''
  for (let at = raw.indexOf(quote) + 1; at < raw.length; at++) {
    const letter = raw[at] as string
    const next = raw[at + 1]
    if (letter === mark && next !== undefined && (next === quote || mark !== quote)) {
      text += next === quote || next === mark ? next : letter + next
      at++
    } else if (letter === quote) return { text, behind: raw.slice(at + 1) }
    else text += letter
  }
  return { text, behind: '' }
}

/**
 * Reads CSV of any dialect with csv-parse, which decides wherever the fast reader does not
 * recognise the bytes. White space around unquoted cells is trimmed, and any kind of line end
 * counts. An escape other than the quote is removed before a quote or before itself, and is text
 * before any other character. Where quotes out of place are text, a cell with text behind its closing
 * quote is read as it is written, with all its quotes.
 * @throws FormatError quote_invalid, csv_invalid - csv-parse refuses the text
 */
export const readByCsvParse: RecordParser = (bytes, dialect, from, take) => {
  let row = from.row
  let line = from.line
  let quoted: boolean[] = []
  let hasStrayQuotes = false
  let start = 0
  const { quote, escape: mark } = dialect
  const keepsEscapes = mark !== quote
  const keepsQuotes = dialect.strayQuotes === 'text'
  const delimiterSize = new TextEncoder().encode(dialect.delimiter).length
  // position of the next cell
  let cell = 0
  const collect = (texts: string[], { bytes: end }: { bytes: number }): null => {
    const span = showText(bytes, start, end)
    const comments = leadingComments(span, dialect.comment)
    line += countLineEnds(comments)
    const record: ParsedRecord = {
      texts,
      quoted,
      text: span.slice(comments.length).replace(/(?:\r\n|\n|\r)$/, ''),
      line,
      hasStrayQuotes,
    }
    take(record)
    if (!isBlankRecord(record)) row++
    line += countLineEnds(span.slice(comments.length))
    start = end
    cell = end
    quoted = []
    hasStrayQuotes = false
    return null
  }
  try {
    parse(bytes, {
      delimiter: dialect.delimiter,
      quote,
      escape: mark,
      comment: dialect.comment,
      comment_no_infix: dialect.comment !== null,
      relax_quotes: keepsQuotes,
      relax_column_count: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      ltrim: true,
      // csv-parse with rtrim refuses text behind a closing quote, whatever relax_quotes is
      rtrim: !keepsQuotes,
      cast: (text, { quoting, bytes: end }) => {
        const isFirst = quoted.push(quoting) === 1
        const begin = cell
        cell = end + delimiterSize
        if (!quoting || quote === null) {
          if (quote !== null && text.includes(quote)) hasStrayQuotes = true
          return keepsQuotes ? text.trimEnd() : text
        }
        if (!keepsEscapes && !keepsQuotes) return text
        const span = showText(bytes, begin, end)
        const raw = isFirst ? span.slice(leadingComments(span, dialect.comment).length) : span
        const { text: inner, behind } = splitQuoted(raw, quote, mark)
        if (!keepsQuotes || behind.trim() === '') return inner
        hasStrayQuotes = true
        return raw.trim()
      },
      on_record: collect,
    })
  } catch (error) {
    throw explain(error, { ...from, row, line })
  }
}
