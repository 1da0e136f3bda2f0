/**
 * On which lines the records of a CSV file begin.
 * @module
 */

import { bomSize, separatorLine } from '../../../format/csv/read/separator.ts'

const QUOTE = 0x22
const LINE_FEED = 0x0a
const RETURN = 0x0d
const SPACE = 0x20

/** Returns the line, from 1, on which each data record begins; blank lines are none, and the header is left out. */
export function recordLines(bytes: Uint8Array): number[] {
  const lines: number[] = []
  const separator = separatorLine(bytes, bomSize(bytes))
  let line = separator === null ? 1 : 2
  let begin = line
  let isQuoted = false
  let isBlank = true
  for (let at = separator?.next ?? 0; at <= bytes.length; at++) {
    const byte = bytes[at]
    const isLineEnd = byte === LINE_FEED || (byte === RETURN && bytes[at + 1] !== LINE_FEED)
    const isEnd = at === bytes.length || (isLineEnd && !isQuoted)
    if (isEnd && !isBlank) lines.push(begin)
    if (byte === QUOTE) isQuoted = !isQuoted
    if (isLineEnd) line++
    if (isEnd) {
      begin = line
      isBlank = true
    } else if (byte === undefined || byte > SPACE) isBlank = false
  }
  return lines.slice(1)
}
