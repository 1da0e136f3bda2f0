/**
 * Records of a source file, as text.
 * @module
 */
import { showText } from '../../format/csv/cells.ts'
import { resolveDialect } from '../../format/csv/dialect.ts'
import { isBlankLine, lookAtRecord } from '../../format/csv/read/record.ts'
import { bomSize, separatorLine } from '../../format/csv/read/separator.ts'
import { joinChunks } from '../../table/chunks.ts'

/** The text of a record in its file. */
export interface SourceLine {
  /** The line on which it begins, from 1. */
  readonly line: number
  readonly text: string
}

/** The bytes with a line end behind the last record. */
function ended(bytes: Uint8Array): Uint8Array {
  const last = bytes.at(-1)
  return last === 0x0a || last === 0x0d ? bytes : joinChunks([bytes, Uint8Array.of(0x0a)])
}

/** Returns the wanted data records (from 1) of a CSV file, counted as the reader counts them; those it does not have are left out. */
export function findLines(file: Uint8Array, wanted: ReadonlySet<number>): ReadonlyMap<number, SourceLine> {
  const bytes = ended(file)
  const begin = bomSize(bytes)
  const separator = separatorLine(bytes, begin)
  const dialect = resolveDialect(separator === null ? {} : { delimiter: separator.delimiter })
  const found = new Map<number, SourceLine>()
  let record = -1
  let line = separator === null ? 1 : 2
  let width = 0
  for (let at = separator?.next ?? begin; at < bytes.length && found.size < wanted.size; ) {
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
