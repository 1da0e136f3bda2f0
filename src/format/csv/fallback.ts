import { CsvError, parse } from 'csv-parse/sync'
import { FormatError } from '../../errors.ts'
import { type CsvPlace, placeText, type QuoteProblem, quoteInvalid } from './damage.ts'
import type { ForeignReader, ForeignRecord } from './foreign.ts'

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

/** What csv-parse's option raw makes of a record. */
interface Raw {
  readonly record: string[]
  readonly raw: string
}

/** How many lines a text ends or spans. */
function countLineEnds(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0
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
  const collect = ({ record: texts, raw }: Raw): null => {
    const record: ForeignRecord = { texts, quoted, text: raw.replace(/(?:\r\n|\n|\r)$/, ''), line }
    quoted = []
    take(record)
    if (texts.length > 1 || texts[0] !== '' || record.quoted[0] === true) row++
    line += countLineEnds(raw)
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
      raw: true,
      info: false,
      cast: (text, { quoting }) => {
        quoted.push(quoting)
        return text
      },
      // with raw, records come in an envelope that the types do not know
      on_record: (record) => collect(record as unknown as Raw),
    })
  } catch (error) {
    throw explain(error, { ...from, row, line })
  }
}
