/**
 * How the bytes of a text file are laid out: encoding, line ends, lines before the header, delimiter and quote.
 * @module
 */
import { FAMILIAR_DELIMITERS, resolveDialect } from '../csv/dialect.ts'
import { isBlankLine, lookAtRecord, skipLines } from '../csv/read/record.ts'
import { bomSize, separatorLine } from '../csv/read/separator.ts'
import { markedEncoding, type TextEncoding } from '../text/encodings.ts'
import { findBadUtf8 } from '../text/utf8-check.ts'

/** The encoding that bytes seem to have. */
export interface SeenEncoding {
  readonly encoding: TextEncoding
  readonly hasMark: boolean
  /** What is not certain about it; null where it is certain. */
  readonly doubt: string | null
}

/** The bytes of windows-1252 that have no character. */
const GAPS = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d])
/** Bytes that are looked at for UTF-16 without a mark. */
const HEAD = 4096

function isWide(bytes: Uint8Array): TextEncoding | null {
  const counts = [0, 0]
  const size = Math.min(HEAD, bytes.length)
  for (let at = 0; at < size; at++) if (bytes[at] === 0) counts[at % 2] = (counts[at % 2] ?? 0) + 1
  const [even = 0, odd = 0] = counts
  if (even + odd < size / 8) return null
  return odd > even ? 'utf-16le' : 'utf-16be'
}

/** Returns the encoding that the bytes seem to have. */
export function seenEncoding(bytes: Uint8Array): SeenEncoding {
  const marked = markedEncoding(bytes)
  if (marked !== null) return { encoding: marked, hasMark: true, doubt: null }
  const wide = isWide(bytes)
  if (wide !== null) return { encoding: wide, hasMark: false, doubt: null }
  if (findBadUtf8(bytes, 0, bytes.length) < 0) return { encoding: 'utf-8', hasMark: false, doubt: null }
  const hasGap = bytes.some((byte) => GAPS.has(byte))
  const hasHigh = bytes.some((byte) => byte >= 0x80 && byte < 0xa0)
  const doubt = hasGap
    ? 'the bytes are no UTF-8 and no windows-1252; latin1 has all bytes, and another encoding may be meant'
    : `one byte is one character; ${hasHigh ? 'the bytes fit windows-1252' : 'latin1 and windows-1252 read them alike'}, and so do other encodings of the kind: look at a word with an accent`
  return { encoding: hasGap ? 'latin1' : 'windows-1252', hasMark: false, doubt }
}

/** How the records of a text are cut. */
export interface Layout {
  readonly delimiter: string
  readonly quote: '"' | "'" | null
  /** Lines before the header line, a line `sep=` included. */
  readonly skipped: number
  /** Whether a first line names the delimiter. */
  readonly namesDelimiter: boolean
  /** Cells of most records. */
  readonly width: number
  /** The share of records that have as many. */
  readonly share: number
}

/** Records that decide; more of them decide alike. */
const RECORDS = 2000
/** The most lines before a header that are tried. */
const MOST_SKIPPED = 30

interface Cut {
  readonly width: number
  readonly share: number
}

/** Cuts the records from a position on: the cells of the first record, and the share of records with as many. */
function cutFrom(bytes: Uint8Array, from: number, delimiter: string, quote: '"' | "'" | null): Cut | null {
  const dialect = resolveDialect({ delimiter, quote })
  let [width, same, all] = [0, 0, 0]
  for (let at = from; at < bytes.length && all < RECORDS; ) {
    const look = lookAtRecord(bytes, at, bytes.length, dialect)
    if (look.state !== 'whole') return null
    if (!isBlankLine(look)) {
      if (all === 0) width = look.starts.length
      if (look.starts.length === width) same++
      all++
    }
    at = look.next
  }
  return all === 0 ? null : { width, share: same / all }
}

const LINE_FEED = 0x0a

/** Returns how the records are cut that are more likely than others; `bytes` are UTF-8. Null for text of one column. */
export function seenLayout(given: Uint8Array): Layout | null {
  const last = given.at(-1)
  const text = last === LINE_FEED || last === 0x0d ? given : withLineEnd(given)
  const begin = bomSize(text)
  const separator = separatorLine(text, begin)
  const delimiters = separator === null ? FAMILIAR_DELIMITERS : [separator.delimiter]
  let best: Layout | null = null
  for (const quote of ['"', "'", null] as const) {
    for (const delimiter of delimiters) {
      let at = separator?.next ?? begin
      for (let skipped = separator === null ? 0 : 1; skipped <= MOST_SKIPPED && at < text.length; skipped++) {
        const cut = cutFrom(text, at, delimiter, quote)
        if (cut !== null && cut.width > 1 && cut.share >= 0.9) {
          const found: Layout = { delimiter, quote, skipped, namesDelimiter: separator !== null, ...cut }
          if (best === null || isBetter(found, best)) best = found
          break
        }
        at = skipLines(text, at, text.length, 1).next
      }
    }
    // another quote only where the usual one does not do
    if (best !== null) return best
  }
  return best
}

function withLineEnd(bytes: Uint8Array): Uint8Array {
  const ended = new Uint8Array(bytes.length + 1)
  ended.set(bytes)
  ended[bytes.length] = LINE_FEED
  return ended
}

/** Fewer lines before the header, then more records that are alike, then more cells. */
function isBetter(one: Layout, other: Layout): boolean {
  if (one.skipped !== other.skipped) return one.skipped < other.skipped
  if (one.share !== other.share) return one.share > other.share
  return one.width > other.width
}

/** The line ends of a text, in words. */
export function lineEndsOf(bytes: Uint8Array): 'LF' | 'CRLF' | 'CR' | 'mixed' | 'none' {
  let [feeds, pairs, returns] = [0, 0, 0]
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === 0x0d) {
      if (bytes[at + 1] === LINE_FEED) {
        pairs++
        at++
      } else returns++
    } else if (bytes[at] === LINE_FEED) feeds++
  }
  const kinds = [feeds, pairs, returns].filter((count) => count > 0).length
  if (kinds === 0) return 'none'
  if (kinds > 1) return 'mixed'
  return feeds > 0 ? 'LF' : pairs > 0 ? 'CRLF' : 'CR'
}
