import { joinChunks } from '../../../table/chunks.ts'
import { NO_VALUE } from '../cells.ts'
import type { Dialect } from '../dialect.ts'
import { trimEnd, trimStart } from '../white-space.ts'
import { isCellSpace } from './scan.ts'

/**
 * The state of a record: `whole`, `open` if the window ends inside it, else what is wrong with it.
 */
export type RecordState = 'whole' | 'open' | 'text_after_quote' | 'quote_in_text' | 'nul'

/** One record, examined with as many cells as it has, whatever the file's width. */
export interface RecordLook {
  readonly state: RecordState
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  /**
   * The position after the record's line end; where the examination stopped if the record is not
   * whole.
   */
  readonly next: number
  /** The end of the record's text, before its line end. */
  readonly textEnd: number
  /** Where the last cell, or the problem, begins. */
  readonly cellStart: number
  /** The number of line ends in and after the record. */
  readonly lineEnds: number
}

/** Examines the record that begins at `from`; the last byte before `limit` is a line end. */
export function lookAtRecord(bytes: Uint8Array, from: number, limit: number, dialect: Dialect): RecordLook {
  const { special, delimiterByte, quoteByte } = dialect
  const starts: number[] = []
  const ends: number[] = []
  let at = from
  let lineEnds = 0
  let cellStart = from
  const byteAt = (index: number) => (index < limit ? (bytes[index] as number) : -1)
  const give = (state: RecordState, next: number, textEnd = next): RecordLook => ({
    state,
    starts,
    ends,
    next,
    textEnd,
    cellStart,
    lineEnds,
  })

  for (;;) {
    cellStart = at
    while (at < limit && special[bytes[at] as number] === 0) at++
    if (at >= limit) return give('open', at)
    if (bytes[at] === quoteByte) {
      if (trimStart(bytes, cellStart, at) !== at) return give('quote_in_text', at)
      const start = ++at
      let isDoubled = false
      for (; at < limit; at++) {
        const byte = bytes[at] as number
        if (special[byte] === 0) continue
        if (byte === 0) isDoubled = true
        else if (byte === 0x0a || (byte === 0x0d && byteAt(at + 1) !== 0x0a)) lineEnds++
        else if (byte === quoteByte) {
          if (byteAt(at + 1) !== quoteByte) break
          isDoubled = true
          at++
        }
      }
      if (at >= limit) return give('open', at)
      starts.push(start)
      ends.push(isDoubled ? ~at : at)
      at++
      while (isCellSpace(byteAt(at)) && byteAt(at) !== delimiterByte) at++
    } else {
      const start = trimStart(bytes, cellStart, at)
      starts.push(start)
      ends.push(start === at ? NO_VALUE : trimEnd(bytes, start, at))
    }
    const byte = byteAt(at)
    if (byte === delimiterByte) at++
    else if (byte === 0x0a || byte === 0x0d) {
      lineEnds++
      return give('whole', at + (byte === 0x0d && byteAt(at + 1) === 0x0a ? 2 : 1), at)
    } else if (byte === 0) return give('nul', at)
    else return give(at >= limit ? 'open' : 'text_after_quote', at)
  }
}

/** Whether the record is a blank line: one unquoted cell without text. */
export function isBlankLine(look: RecordLook): boolean {
  return look.state === 'whole' && look.starts.length === 1 && look.ends[0] === NO_VALUE
}

/**
 * The end of the last complete line in the window, 0 for none. A final CR may be half of a CRLF,
 * so it does not count. The bytes after it wait for more.
 */
export function lastLineEnd(bytes: Uint8Array): number {
  const { length } = bytes
  const tail = bytes.subarray(Math.max(0, length - TAIL))
  const inTail = Math.max(tail.lastIndexOf(0x0a), tail.lastIndexOf(0x0d, -2))
  if (inTail >= 0) return length - tail.length + inTail + 1
  if (tail.length === length) return 0
  return Math.max(bytes.lastIndexOf(0x0a), bytes.lastIndexOf(0x0d, -2)) + 1
}

const TAIL = 64 * 1024

/**
 * For a file without a last line end: the end of its last line that is not blank, because white
 * space alone is not a record.
 */
export function lastTextEnd(bytes: Uint8Array, { special }: Dialect): number {
  let start = bytes.length - 1
  while (start > 0 && special[bytes[start - 1] as number] === 0) start--
  const before = start === 0 ? 0x0a : bytes[start - 1]
  const isLine = before === 0x0a || before === 0x0d
  return isLine && trimStart(bytes, start, bytes.length - 1) === bytes.length - 1 ? start : bytes.length
}

/** Whether the last line has text but no line end. */
export function isUnterminated(bytes: Uint8Array, dialect: Dialect): boolean {
  const last = bytes[bytes.length - 1]
  if (last === undefined || last === 0x0a || last === 0x0d) return false
  const closed = joinChunks([bytes, Uint8Array.of(0x0a)])
  return lastTextEnd(closed, dialect) === closed.length
}

/** Skips up to `most` lines, whatever is in them; returns how many were there, and the position of the next line. */
export function skipLines(
  bytes: Uint8Array,
  from: number,
  limit: number,
  most: number,
): { readonly next: number; readonly lines: number } {
  let [next, lines] = [from, 0]
  while (lines < most && next < limit) {
    while (next < limit && bytes[next] !== 0x0a && bytes[next] !== 0x0d) next++
    if (next < limit) next += bytes[next] === 0x0d && bytes[next + 1] === 0x0a ? 2 : 1
    lines++
  }
  return { next, lines }
}
