import { showText } from '../cells.ts'

/** A first line such as `sep=;`, in which spreadsheets name the delimiter of the file. */
export interface SeparatorLine {
  /** The delimiter that the line names. */
  readonly delimiter: string
  /** The position after the line. */
  readonly next: number
}

/** The size of the file's byte order mark in bytes, 0 for none. */
export function bomSize(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
}

/** The whole line fits into this many bytes. */
const LONGEST = 32
const LINE = /^"?sep=(\t|[^\w\s"]+)"?[ \t]*(?:\r\n|\n|\r)/i
const encoder = new TextEncoder()

/**
 * Returns the delimiter that the line at `from` names; null for any other line. The line must end
 * with a line end.
 */
export function separatorLine(bytes: Uint8Array, from: number): SeparatorLine | null {
  const match = LINE.exec(showText(bytes, from, Math.min(bytes.length, from + LONGEST)))
  if (match === null) return null
  const [line, delimiter = ''] = match
  return { delimiter, next: from + encoder.encode(line).length }
}
