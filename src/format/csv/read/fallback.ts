import { CsvError, parse } from 'csv-parse/sync'
import { FormatError } from '../../../errors.ts'
import { showText } from '../cells.ts'
import { type CsvPlace, placeText, type QuoteProblem, quoteInvalid } from '../errors.ts'
import { type ForeignReader, type ForeignRecord, isBlankRecord } from './csv-parse-records.ts'

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

/** The lines in front of a record that are comments. */
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

/** How many lines a text ends or spans. */
function countLineEnds(text: string): number {
  return text.match(LINE_END)?.length ?? 0
}

/**
 * Reads CSV of any dialect by csv-parse, the authority on what the fast reader does not recognise.
 * White space around unquoted cells is trimmed, every kind of line end counts.
 * @throws FormatError quote_invalid, csv_invalid - where csv-parse refuses the text
 */
export const readByCsvParse: ForeignReader = (bytes, dialect, from, take) => {
  let row = from.row
  let line = from.line
  let quoted: boolean[] = []
  let start = 0
  const collect = (texts: string[], { bytes: end }: { bytes: number }): null => {
    const span = showText(bytes, start, end)
    const comments = leadingComments(span, dialect.comment)
    line += countLineEnds(comments)
    const record: ForeignRecord = {
      texts,
      quoted,
      text: span.slice(comments.length).replace(/(?:\r\n|\n|\r)$/, ''),
      line,
    }
    take(record)
    if (!isBlankRecord(record)) row++
    line += countLineEnds(span.slice(comments.length))
    start = end
    quoted = []
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
      cast: (text, { quoting }) => {
        quoted.push(quoting)
        return text
      },
      on_record: collect,
    })
  } catch (error) {
    throw explain(error, { ...from, row, line })
  }
}
