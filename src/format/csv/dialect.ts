import { type OptionNames, refuseUnknown, refuseUnless } from '../../arguments.ts'
import { FormatError } from '../../errors.ts'
import { ENCODINGS, type TextEncoding } from '../text/encodings.ts'
import { type BooleanWords, type CellForms, type DurationForm, resolveForms, type TimestampForm } from './forms.ts'

/**
 * How a CSV file differs from RFC 4180 in UTF-8 with ISO timestamps. Nothing of it is guessed; what
 * is declared applies to the whole file, and a cell that does not fit is an issue of its row.
 */
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
   * `text`: a quote inside an unquoted cell is text, and a cell with text behind its closing quote is
   * text as written, with all its quotes; csv-parse reads the file. `error` (default): quote_invalid.
   */
  readonly strayQuotes?: 'error' | 'text'
  /** Names in the file, with the names of the contract for them. */
  readonly columnAliases?: Readonly<Record<string, string>> | undefined
  /**
   * The encoding; default `utf-8`. A byte that it does not have ends the reading with
   * encoding_invalid. A byte order mark is left out, and one of another encoding is refused.
   */
  readonly encoding?: TextEncoding
  /** How timestamps are written; default ISO 8601, and UTC where they name no zone. */
  readonly timestamps?: TimestampForm
  /**
   * The form of days, such as `dd.MM.yyyy`; default `yyyy-MM-dd`. Letters as in
   * {@link TimestampForm}.
   */
  readonly dates?: string
  /** What stands before the fraction of a number; default `.`. */
  readonly decimal?: '.' | ','
  /** What stands between the thousands of a number: a point, comma, space or apostrophe; default nothing. */
  readonly thousands?: string
  /** Words that mean no value, such as `NULL` or `\\N`, in every column, in quotes or not. */
  readonly nulls?: readonly string[]
  /** The words for true and false; default `true` and `false`, in any case. */
  readonly booleans?: BooleanWords
  /** How durations are written, by column of numbers; the names are those that aliases lead to. Default: plain numbers. */
  readonly durations?: Readonly<Record<string, DurationForm>>
  /** How many lines before the header line are not read. A line `sep=` is one of them. Default 0. */
  readonly skipLines?: number
  /** The number of the header line, from 1, in place of `skipLines`. */
  readonly headerRow?: number
  /** The names of the columns of a file whose first line is a record. */
  readonly header?: readonly string[] | undefined
  /**
   * `pad`: a record with fewer cells than the header gets empty ones; such records are counted in a note. `reject`
   * (default): it is the issue record_length. A record with more cells is an issue either way.
   */
  readonly ragged?: 'reject' | 'pad'
  /** `name`: a column without a name is `column_3`, by its place from 1. `drop` (default): it must be empty. */
  readonly unnamedColumns?: 'drop' | 'name'
  /** `number`: the second column `team` is `team_2`, the third `team_3`. `error` (default): column_duplicate. */
  readonly repeatedColumns?: 'error' | 'number'
  /** `drop`: columns that the contract does not have are left out. `contract` (default): as its `unknownColumns` says. */
  readonly extraColumns?: 'contract' | 'drop'
}

/** The options of a dialect. */
export const DIALECT = {
  ...{ delimiter: true, quote: true, escape: true, comment: true, strayQuotes: true, columnAliases: true },
  ...{ encoding: true, timestamps: true, dates: true, decimal: true, thousands: true, nulls: true, booleans: true },
  ...{ durations: true, skipLines: true, headerRow: true, header: true, ragged: true },
  ...{ unnamedColumns: true, repeatedColumns: true, extraColumns: true },
} as const satisfies OptionNames<CsvDialect>

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
  readonly encoding: TextEncoding
  /** Lines before the header. */
  readonly skipLines: number
  readonly padsRecords: boolean
  /** How cells are written; null where all are as the fast reader expects them. */
  readonly forms: CellForms | null
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

function refuseChoice(option: string, found: string | undefined, choices: readonly string[]): void {
  const isFit = found === undefined || choices.includes(found)
  refuseUnless(isFit, option, found, choices.join(' or '), FormatError)
}

function isCount(value: unknown, least: number): boolean {
  return value === undefined || (Number.isSafeInteger(value) && (value as number) >= least)
}

/** The number of lines before the header. */
function skippedLines({ skipLines, headerRow, header }: CsvDialect): number {
  refuseUnless(isCount(skipLines, 0), 'skipLines', skipLines, 'a whole number of lines', FormatError)
  refuseUnless(isCount(headerRow, 1), 'headerRow', headerRow, 'a line number from 1', FormatError)
  if (headerRow === undefined) return skipLines ?? 0
  const other = skipLines === undefined ? 'header' : 'skipLines'
  refuseUnless(
    skipLines === undefined && header === undefined,
    'headerRow',
    headerRow,
    `no ${other} beside it`,
    FormatError,
  )
  return headerRow - 1
}

function refuseHeader(header: readonly string[] | undefined): void {
  const isFit =
    header === undefined ||
    (Array.isArray(header) && header.length > 0 && header.every((name) => typeof name === 'string'))
  refuseUnless(isFit, 'header', header, 'a list of the names of all columns', FormatError)
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
  const { encoding = 'utf-8' } = options
  refuseUnless(ENCODINGS.includes(encoding), 'encoding', encoding, `one of ${ENCODINGS.join(', ')}`, FormatError)
  refuseHeader(options.header)
  refuseChoice('strayQuotes', strayQuotes, ['error', 'text'])
  refuseChoice('ragged', options.ragged, ['reject', 'pad'])
  refuseChoice('unnamedColumns', options.unnamedColumns, ['drop', 'name'])
  refuseChoice('repeatedColumns', options.repeatedColumns, ['error', 'number'])
  refuseChoice('extraColumns', options.extraColumns, ['contract', 'drop'])
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
    encoding,
    skipLines: skippedLines(options),
    padsRecords: options.ragged === 'pad',
    forms: resolveForms(options),
  }
}

/**
 * Returns the declaration of how CSV files are written, checked and frozen. It is the value that
 * `readCsv` and `checkCsv` take as options, and that `csv()` takes for the files of a source.
 *
 * @throws FormatError invalid_option - an option that it does not have, or that no file can be read with
 * @throws ContractError time_zone_unknown - the zone of its timestamps
 * @example
 * const german = dialect({ delimiter: ';', encoding: 'windows-1252', decimal: ',', dates: 'dd.MM.yyyy' })
 * const agents = defineTable('agents', { agent_id: key(string()), hire_date: date(), rate: float64() })
 * const file = new TextEncoder().encode('agent_id;hire_date;rate\nA1;31.01.2025;12,5\n')
 * readCsv(file, agents, german).objects() // [{ agent_id: 'A1', hire_date: '2025-01-31', rate: 12.5 }]
 */
export function dialect(options: CsvDialect): CsvDialect {
  refuseUnknown(options, DIALECT, FormatError)
  resolveDialect(options)
  return Object.freeze({ ...options })
}
