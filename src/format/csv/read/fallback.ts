import { CsvError, parse } from 'csv-parse/sync'
import { FormatError } from '../../../errors.ts'
import { showText } from '../cells.ts'
import type { Dialect } from '../dialect.ts'
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
 * The text of a quoted cell whose escape character is not the quote. csv-parse removes every
 * escape; this removes only escapes before a quote or another escape. `raw` is the cell in the
 * file. Null if the cell is not one quoted text.
 */
function unescaped(raw: string, text: string, { quote, escape: mark }: Dialect): string | null {
  if (quote === null || mark === null) return null
  const inner = raw.slice(raw.indexOf(quote) + 1, raw.lastIndexOf(quote))
  let [kept, bare] = ['', '']
  for (let at = 0; at < inner.length; at++) {
    const letter = inner[at] as string
    if (letter !== mark || at + 1 === inner.length) {
      kept += letter
      bare += letter
      continue
    }
    const next = inner[++at] as string
    kept += next === quote || next === mark ? next : letter + next
    bare += next
  }
  // if csv-parse found another text, the cell has inner quotes: leave them to csv-parse
  return bare === text ? kept : null
}

/**
 * Reads CSV of any dialect with csv-parse, which decides wherever the fast reader does not
 * recognise the bytes. White space around unquoted cells is trimmed, and any kind of line end
 * counts. An escape other than the quote is removed before a quote or before itself, and is text
 * before any other character.
 * @throws FormatError quote_invalid, csv_invalid - csv-parse refuses the text
 */
export const readByCsvParse: RecordParser = (bytes, dialect, from, take) => {
  let row = from.row
  let line = from.line
  let quoted: boolean[] = []
  let hasStrayQuotes = false
  let start = 0
  const keepsEscapes = dialect.escape !== dialect.quote
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
      quote: dialect.quote,
      escape: dialect.escape,
      comment: dialect.comment,
      comment_no_infix: dialect.comment !== null,
      relax_quotes: dialect.strayQuotes === 'text',
      relax_column_count: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      trim: true,
      cast: (text, { quoting, bytes: end }) => {
        const isFirst = quoted.push(quoting) === 1
        if (!quoting && dialect.quote !== null && text.includes(dialect.quote)) hasStrayQuotes = true
        if (!keepsEscapes) return text
        const raw = quoting ? showText(bytes, cell, end) : ''
        cell = end + delimiterSize
        if (!quoting) return text
        const comments = isFirst ? leadingComments(raw, dialect.comment).length : 0
        return unescaped(raw.slice(comments), text, dialect) ?? text
      },
      on_record: collect,
    })
  } catch (error) {
    throw explain(error, { ...from, row, line })
  }
}
