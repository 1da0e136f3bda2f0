import { findBadUtf8 } from '../../text/utf8-check.ts'
import { NO_VALUE, showText, unescapeCell } from '../cells.ts'
import { type Dialect, FAMILIAR_DELIMITERS, resolveDialect } from '../dialect.ts'
import { type CsvPlace, emptyFile, notUtf8, nulByte, placeText } from '../errors.ts'
import { otherDelimiter } from './header.ts'
import type { CsvReaderOptions } from './reading.ts'
import { lookAtRecord, type RecordLook } from './record.ts'

/**
 * Returns the names in a header line; `offset` is the position of `bytes` in the file.
 * @throws FormatError encoding_invalid - a name is not UTF-8 or holds a NUL
 */
export function headerNames(
  bytes: Uint8Array,
  { starts, ends }: RecordLook,
  { quoteByte }: Dialect,
  place: CsvPlace,
  offset: number,
): string[] {
  return starts.map((start, cell) => {
    const end = ends[cell] as number
    if (end === NO_VALUE) return ''
    const stop = end < 0 ? ~end : end
    const bad = findBadUtf8(bytes, start, stop)
    if (bad >= 0) throw notUtf8(place, null, offset + bad)
    const nul = bytes.subarray(start, stop).indexOf(0)
    if (nul >= 0) throw nulByte(place, offset + start + nul)
    if (end >= 0) return showText(bytes, start, end)
    const target = new Uint8Array(stop - start)
    return showText(target, 0, unescapeCell(bytes, start, stop, quoteByte, target))
  })
}

/**
 * Returns the names of the columns of a file without bytes: those that are declared. `skipped` is the
 * number of lines that should be there.
 * @throws FormatError empty_file - no header is declared, or lines that should be there are missing
 */
export function namesOfEmptyFile(
  { header, file }: Pick<CsvReaderOptions, 'header' | 'file'>,
  skipped: number,
): readonly string[] {
  if (header === undefined || skipped > 0) throw emptyFile(file, skipped)
  return header
}

/**
 * Refuses a header line whose quotes are misplaced only because the file has another delimiter.
 * @throws FormatError csv_invalid - the line is a header with another delimiter
 */
export function refuseMisplacedQuotes(
  bytes: Uint8Array,
  at: number,
  limit: number,
  { delimiter, quote, strayQuotes }: Dialect,
  place: CsvPlace,
): void {
  const other = FAMILIAR_DELIMITERS.find((one) => {
    if (one === delimiter || one === quote) return false
    const { state, starts } = lookAtRecord(bytes, at, limit, resolveDialect({ delimiter: one, quote, strayQuotes }))
    return state === 'whole' && starts.length > 1
  })
  if (other !== undefined) throw otherDelimiter(placeText(place), 'has quotes out of place', other)
}
