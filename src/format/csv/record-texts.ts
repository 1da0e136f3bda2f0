import { showText } from './cells.ts'
import { resolveDialect } from './dialect.ts'
import { isBlankLine, lookAtRecord } from './record.ts'
import type { RejectedRecord } from './rows.ts'

const LINE_FEED = 0x0a

/** The bytes with a line end behind the last record, and without a byte order mark in front of the first. */
function wholeLines(bytes: Uint8Array): Uint8Array {
  const text = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
  if (text.length === 0 || text[text.length - 1] === LINE_FEED) return text
  const whole = new Uint8Array(text.length + 1)
  whole.set(text)
  whole[text.length] = LINE_FEED
  return whole
}

/**
 * Returns the records of a file in the usual dialect as they stand in it, by their numbers: 1 is the first behind the
 * header, blank lines do not count. Numbers that the file does not have are left out. Stops behind the last one wanted.
 */
export function recordTexts(file: Uint8Array, wanted: ReadonlySet<number>): ReadonlyMap<number, RejectedRecord> {
  const dialect = resolveDialect({})
  const bytes = wholeLines(file)
  const found = new Map<number, RejectedRecord>()
  let [at, line, row, width] = [0, 1, 0, 0]
  while (at < bytes.length && found.size < wanted.size) {
    const look = lookAtRecord(bytes, at, bytes.length, dialect)
    // what cannot be read any more was refused when the file was applied
    if (look.state !== 'whole') break
    const isHeader = width === 0
    if (!isBlankLine(look) || width === 1) {
      if (isHeader) width = look.starts.length
      else row += 1
      if (!isHeader && wanted.has(row)) found.set(row, { row, line, text: showText(bytes, at, look.textEnd) })
    }
    line += look.lineEnds
    at = look.next
  }
  return found
}
