import { showText } from '../cells.ts'

/** A first line such as `sep=;`, with which spreadsheets name the delimiter of the file. */
export interface SeparatorLine {
  /** What the line says. */
  readonly delimiter: string
  /** Where the line behind it begins. */
  readonly next: number
}

/** How many bytes a file's byte order mark takes, 0 for none. */
export function bomSize(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
}

/** So many bytes hold the whole line. */
const LONGEST = 32
const LINE = /^"?sep=(\t|[^\w\s"]+)"?[ \t]*(?:\r\n|\n|\r)/i
const encoder = new TextEncoder()

/** Returns what the line at `from` says of the delimiter; null for any other line. The line ends with a line end. */
export function separatorLine(bytes: Uint8Array, from: number): SeparatorLine | null {
  const match = LINE.exec(showText(bytes, from, Math.min(bytes.length, from + LONGEST)))
  if (match === null) return null
  const [line, delimiter = ''] = match
  return { delimiter, next: from + encoder.encode(line).length }
}
