import { type Advice, FormatError } from '../../errors.ts'
import { CELL_LIMIT } from './read/scan.ts'

/** A place in a CSV file: `row` counts data records from 1, 0 is the header. */
export interface CsvPlace {
  readonly file: string | undefined
  readonly row: number
  readonly line: number
}

/** The place in words. It names the line only where the row does not already imply it. */
export function placeText({ file, row, line }: CsvPlace): string {
  const name = file ?? 'input'
  if (row === 0) return `${name} line ${line}`
  return line === row + 1 ? `${name} row ${row}` : `${name} row ${row} (line ${line})`
}

/**
 * The error for a first line that names a delimiter of several characters, where only one
 * character is supported.
 */
export function longSeparator(place: CsvPlace, delimiter: string): FormatError {
  return new FormatError(
    'csv_invalid',
    `${placeText(place)}: the line names the delimiter "${delimiter}", expected one ASCII character; save the file with commas between the cells`,
    { details: { ...place, delimiter } },
  )
}

export type QuoteProblem = 'text_after_quote' | 'quote_in_text' | 'open'

const CURE = 'quote the cell and double the quotes in it'
const AS_TEXT: Advice = { option: 'strayQuotes', value: "'text'" }
const CURES: Record<QuoteProblem, readonly Advice[]> = {
  text_after_quote: [CURE, AS_TEXT],
  quote_in_text: [CURE, AS_TEXT],
  open: ['the file may be cut short', CURE],
}
const QUOTES: Record<QuoteProblem, string> = {
  text_after_quote: `found text after a closing quote, expected the end of the cell`,
  quote_in_text: `found a quote inside an unquoted cell, expected none`,
  open: `found a quote that is never closed, expected its closing quote`,
}

/**
 * The error for a misplaced quote: quotes must enclose the whole cell, and quotes inside it must
 * be doubled.
 */
export function quoteInvalid(place: CsvPlace, problem: QuoteProblem, cause?: unknown): FormatError {
  return new FormatError('quote_invalid', `${placeText(place)}: ${QUOTES[problem]}`, {
    advice: CURES[problem],
    details: { ...place, problem },
    cause,
  })
}

/** The error for a file without bytes, where a header line or lines that are skipped are expected. */
export function emptyFile(file: string | undefined, skipped = 0): FormatError {
  const lines = skipped === 0 ? 'a header line' : `${skipped === 1 ? 'the line' : `the ${skipped} lines`} to skip`
  return new FormatError(
    'empty_file',
    `${file ?? 'input'}: found 0 bytes, expected at least ${lines}; the upload may have been interrupted; send the file again`,
    { details: { file } },
  )
}

export function headerMissing(file: string | undefined, skipped = 0): FormatError {
  const behind = skipped === 0 ? '' : ` behind ${skipped === 1 ? 'the line' : `the ${skipped} lines`} that are skipped`
  return new FormatError(
    'header_missing',
    `${file ?? 'input'}: found blank lines only${behind}, expected a header line with the column names`,
    { details: { file } },
  )
}

export function recordTruncated(place: CsvPlace, found: number, expected: number): FormatError {
  return new FormatError(
    'record_truncated',
    `${placeText(place)}: the last record has ${found} of ${expected} cells and no line end, the file is cut short; send it again, or give the record all its cells`,
    { details: { ...place, found, expected } },
  )
}

export function cellTooLong(place: CsvPlace): FormatError {
  return new FormatError(
    'limit_exceeded',
    `${placeText(place)}: a cell is longer than ${CELL_LIMIT / 1024 / 1024} MiB; look for a quote that is never closed, or shorten the cell`,
    { details: { ...place, limit: CELL_LIMIT } },
  )
}

/** The error for bytes that are not UTF-8, at `offset` of the file. */
export function notUtf8(place: CsvPlace, column: string | null, offset: number): FormatError {
  const where = column === null ? placeText(place) : `${placeText(place)}, column "${column}"`
  return new FormatError(
    'encoding_invalid',
    `${where}: byte ${offset} of the file is not UTF-8; save the file as UTF-8 (it may be Windows-1252 or Latin-1: iconv -f WINDOWS-1252 -t UTF-8), or read it with { encoding: 'windows-1252' }`,
    { details: { ...place, column, offset } },
  )
}

/** The error for a NUL at `offset` of the file; null where the file was recoded, and has it elsewhere. */
export function nulByte(place: CsvPlace, offset: number | null): FormatError {
  const what = offset === null ? 'a character' : `byte ${offset} of the file`
  return new FormatError(
    'encoding_invalid',
    `${placeText(place)}: ${what} is a NUL outside quotes; the file looks like UTF-16 or is binary, expected UTF-8 text; save it as CSV in UTF-8`,
    { details: { ...place, offset } },
  )
}
