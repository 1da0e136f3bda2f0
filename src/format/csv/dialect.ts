import { FormatError } from '../../errors.ts'

/** How a CSV file differs from RFC 4180. */
export interface CsvDialect {
  /**
   * What separates cells: one ASCII character for the fast reader, any text for csv-parse. Default
   * `,`.
   */
  readonly delimiter?: string
  /** The quote, one ASCII character; null where quotes are ordinary text. Default `"`. */
  readonly quote?: string | null
  /**
   * The character that makes a quote inside a quoted cell ordinary; default the quote itself
   * (`""`). With another one, such as `\\`, csv-parse reads the file: it is removed before a quote
   * or before itself, and is text before any other character.
   */
  readonly escape?: string
  /** Lines that begin with this text are skipped; csv-parse reads the file. */
  readonly comment?: string
  /**
   * `text`: a quote inside an unquoted cell is text; csv-parse reads the file. `error` (default):
   * quote_invalid.
   */
  readonly strayQuotes?: 'error' | 'text'
}

/** A dialect with its defaults, and the byte tables of the fast reader. */
export interface Dialect {
  readonly delimiter: string
  readonly quote: string | null
  readonly escape: string | null
  readonly comment: string | null
  readonly strayQuotes: 'error' | 'text'
  readonly delimiterByte: number
  /** −1 where quotes are ordinary text. */
  readonly quoteByte: number
  /** 1 for bytes that end or open a cell. */
  readonly special: Uint8Array
  /** No byte from this one on is special, so one comparison settles most bytes. */
  readonly plainFrom: number
  /** Whether no timestamp `YYYY-MM-DDTHH:mm:ss.SSSZ` can contain the delimiter or the quote. */
  readonly isOutsideTimestamps: boolean
  /** Whether only csv-parse can read it. */
  readonly needsCsvParse: boolean
}

/** The delimiters of most files. */
export const FAMILIAR_DELIMITERS = [',', ';', '\t', '|'] as const

/** A delimiter as messages show it. */
export function shownDelimiter(delimiter: string): string {
  return delimiter === '\t' ? '\\t' : delimiter
}

/** Whether the text is one ASCII character other than a line end. */
export function isAsciiCharacter(text: string): boolean {
  const code = text.length === 1 ? text.charCodeAt(0) : 0
  return code > 0 && code < 0x80 && code !== 0x0a && code !== 0x0d
}

function refuse(option: string, expected: string): never {
  throw new FormatError('invalid_option', `option ${option} must be ${expected}`)
}

/**
 * Returns the dialect with its defaults.
 * @throws FormatError invalid_option - no file can be read with this delimiter, quote, escape or
 *   comment
 */
export function resolveDialect(options: CsvDialect): Dialect {
  const { delimiter = ',', quote = '"', comment = null, strayQuotes = 'error' } = options
  const escaping = options.escape ?? quote
  if (delimiter === '' || /[\r\n]/.test(delimiter)) refuse('delimiter', 'text without a line end')
  if (quote !== null && !isAsciiCharacter(quote)) refuse('quote', 'one ASCII character or null')
  if (quote !== null && delimiter.includes(quote)) refuse('quote', 'another character than the delimiter')
  if (escaping !== null && !isAsciiCharacter(escaping)) refuse('escape', 'one ASCII character')
  if (comment === '') refuse('comment', 'text that is not empty')
  const needsCsvParse = !isAsciiCharacter(delimiter) || escaping !== quote || comment !== null
  const delimiterByte = delimiter.charCodeAt(0) & 0x7f
  const quoteByte = quote === null ? -1 : quote.charCodeAt(0)
  const special = new Uint8Array(256)
  special[0] = 1
  special[0x0a] = 1
  special[0x0d] = 1
  special[delimiterByte] = 1
  if (quoteByte >= 0) special[quoteByte] = 1
  const isOutsideTimestamps = !/[\dTZ.:-]/.test(delimiter + quote)
  const plainFrom = special.lastIndexOf(1) + 1
  return {
    delimiter,
    quote,
    escape: escaping,
    comment,
    strayQuotes,
    delimiterByte,
    quoteByte,
    special,
    plainFrom,
    isOutsideTimestamps,
    needsCsvParse,
  }
}
