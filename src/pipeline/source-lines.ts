/**
 * Records of a source file as they stand in it.
 * @module
 */
import { showText } from '../format/csv/cells.ts'
import { resolveDialect } from '../format/csv/dialect.ts'
import { isBlankLine, lookAtRecord } from '../format/csv/read/record.ts'

/** A record as it stands in its file. */
export interface SourceLine {
  /** The line on which it begins, from 1. */
  readonly line: number
  readonly text: string
}

const BOM_SIZE = 3

function hasBom(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
}

/** The bytes with a line end behind the last record. */
function ended(bytes: Uint8Array): Uint8Array {
  const last = bytes.at(-1)
  if (last === 0x0a || last === 0x0d) return bytes
  const longer = new Uint8Array(bytes.length + 1)
  longer.set(bytes)
  longer[bytes.length] = 0x0a
  return longer
}

/** Returns the wanted data records (from 1) of a CSV file, counted as the reader counts them; those it does not have are left out. */
export function findLines(file: Uint8Array, wanted: ReadonlySet<number>): ReadonlyMap<number, SourceLine> {
  const bytes = ended(file)
  const dialect = resolveDialect({})
  const found = new Map<number, SourceLine>()
  let record = -1
  let line = 1
  let width = 0
  for (let at = hasBom(bytes) ? BOM_SIZE : 0; at < bytes.length && found.size < wanted.size; ) {
    const look = lookAtRecord(bytes, at, bytes.length, dialect)
    // a file that was applied was read to its end; this one is none
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
