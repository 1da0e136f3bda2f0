/**
 * JSON's tokens, scanned in bytes without a string per token; every error has line and column.
 * @module
 */
import { type ErrorCode, FormatError } from '../../errors.ts'
import { findBadUtf8 } from '../text/utf8-check.ts'
import { ESCAPES, writePoint } from './escapes.ts'

/** The bytes of JSON's syntax. */
export const JSON_BYTES = {
  quote: 0x22,
  comma: 0x2c,
  minus: 0x2d,
  zero: 0x30,
  colon: 0x3a,
  openList: 0x5b,
  closeList: 0x5d,
  openObject: 0x7b,
  closeObject: 0x7d,
} as const

const QUOTE = JSON_BYTES.quote
const BACKSLASH = 0x5c
const MINUS = JSON_BYTES.minus
const POINT = 0x2e

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** The place that errors name. */
export interface JsonPlace {
  /** The file's name, for messages. */
  readonly file?: string | undefined
}

/** Constant bytes to look for repeatedly. */
export interface JsonConstant {
  readonly bytes: Uint8Array
  readonly view: DataView
}

/** Returns the bytes in a form for quick comparison. */
export function constantOf(bytes: Uint8Array): JsonConstant {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) }
}

/** A position in JSON bytes, and the last token. */
export class JsonScanner {
  /**
   * The bytes of the last string or number: the file's own, or, where a string had escapes, an
   * unescaped copy.
   */
  bytes: Uint8Array
  view: DataView
  start = 0
  end = 0
  at = 0
  /** The end of the input: of the bytes, or of the line. */
  limit: number
  readonly #file: Uint8Array
  readonly #fileView: DataView
  readonly #place: JsonPlace
  #scratch = new Uint8Array(256)
  #scratchView = new DataView(this.#scratch.buffer)

  constructor(bytes: Uint8Array, place: JsonPlace = {}) {
    this.#file = bytes
    this.#fileView = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.bytes = bytes
    this.view = this.#fileView
    this.limit = bytes.length
    this.#place = place
    // UTF-8 needs no byte order mark
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.at = 3
  }

  /** The last line with a known begin; later positions are counted from it. */
  #known = { line: 1, at: 0 }

  /** Records that a line begins at a position. */
  beginLine(line: number, at: number): void {
    this.#known = { line, at }
  }

  /** The line and column, in bytes from 1, of a position. */
  placeOf(at: number): { line: number; column: number } {
    const known = at < this.#known.at ? { line: 1, at: 0 } : this.#known
    let { line, at: lineStart } = known
    for (let i = lineStart; i < at; i++) {
      if (this.#file[i] !== 0x0a) continue
      line++
      lineStart = i + 1
    }
    return { line, column: at - lineStart + 1 }
  }

  /** Returns the error that names the place, what was found and what was expected. */
  complain(expected: string, at = this.at, code: ErrorCode = 'json_invalid'): FormatError {
    const { line, column } = this.placeOf(Math.min(at, this.limit))
    const byte = this.#file[at]
    let found = 'the end'
    if (at < this.limit && byte !== undefined) {
      found =
        byte > 0x20 && byte < 0x7f ? `"${String.fromCharCode(byte)}"` : `byte 0x${byte.toString(16).padStart(2, '0')}`
    }
    const where = `${this.#place.file ?? 'input'} line ${line} column ${column}`
    return new FormatError(code, `${where}: found ${found}, expected ${expected}`, { details: { line, column } })
  }

  /** Skips white space and returns the next byte, −1 at the end. */
  peek(): number {
    const file = this.#file
    const { limit } = this
    let at = this.at
    while (at < limit) {
      const byte = file[at] as number
      if (byte > 0x20) break
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break
      at++
    }
    this.at = at
    return at < limit ? (file[at] as number) : -1
  }

  /** Skips white space and takes the byte if it comes next. */
  take(byte: number): boolean {
    if (this.peek() !== byte) return false
    this.at++
    return true
  }

  /** Skips white space and takes the byte; throws if it does not come next. */
  expect(byte: number, what: string): void {
    if (!this.take(byte)) throw this.complain(what)
  }

  /** Takes these bytes if they come next, and returns whether they did. Compares four at a time. */
  takeBytes({ bytes, view }: JsonConstant): boolean {
    const { at } = this
    const size = bytes.length
    if (at + size > this.limit) return false
    let i = 0
    for (; i + 4 <= size; i += 4) if (this.#fileView.getInt32(at + i) !== view.getInt32(i)) return false
    for (; i < size; i++) if (this.#file[at + i] !== bytes[i]) return false
    this.at = at + size
    return true
  }

  /** Reads the string at this position into {@link bytes}, {@link start} and {@link end}. */
  readString(): void {
    const file = this.#file
    const { limit } = this
    const start = this.at + 1
    let at = start
    let seen = 0
    for (; at < limit; at++) {
      const byte = file[at] as number
      if (byte === QUOTE || byte === BACKSLASH || byte < 0x20) break
      seen |= byte
    }
    if (at >= limit) throw this.complain('a closing quote', at)
    if (file[at] !== QUOTE) {
      if (file[at] !== BACKSLASH) throw this.complain('no control character in a string', at)
      this.#readEscaped(start, at)
      return
    }
    if (seen >= 0x80) this.#checkUtf8(start, at)
    this.bytes = file
    this.view = this.#fileView
    this.start = start
    this.end = at
    this.at = at + 1
  }

  #checkUtf8(start: number, end: number): void {
    const bad = findBadUtf8(this.#file, start, end)
    if (bad >= 0) throw this.complain('UTF-8', bad, 'encoding_invalid')
  }

  #readEscaped(start: number, firstEscape: number): void {
    const file = this.#file
    const { limit } = this
    let at = firstEscape
    for (; at < limit && file[at] !== QUOTE; at++) if (file[at] === BACKSLASH) at++
    if (at >= limit) throw this.complain('a closing quote', limit)
    const close = at
    // no escape is shorter than its character's bytes
    if (close - start > this.#scratch.length) {
      this.#scratch = new Uint8Array((close - start) * 2)
      this.#scratchView = new DataView(this.#scratch.buffer)
    }
    const target = this.#scratch
    this.#checkUtf8(start, close)
    let end = 0
    for (at = start; at < close; ) {
      const byte = file[at] as number
      if (byte < 0x20) throw this.complain('no control character in a string', at)
      if (byte !== BACKSLASH) {
        target[end++] = byte
        at++
        continue
      }
      const letter = file[at + 1] as number
      const meant = ESCAPES.get(letter)
      if (meant !== undefined) {
        target[end++] = meant
        at += 2
      } else if (letter === 0x75) {
        const point = this.#codePoint(at, close)
        end = writePoint(point, target, end)
        at += point > 0xffff ? 12 : 6
      } else throw this.complain('an escape: \\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u', at + 1)
    }
    this.bytes = target
    this.view = this.#scratchView
    this.start = 0
    this.end = end
    this.at = close + 1
  }

  #hex(at: number, close: number): number {
    let value = 0
    for (let i = 0; i < 4; i++) {
      const digit = at + i < close ? Number.parseInt(String.fromCharCode(this.#file[at + i] as number), 16) : Number.NaN
      if (Number.isNaN(digit)) throw this.complain('four hexadecimal digits', Math.min(at + i, close))
      value = value * 16 + digit
    }
    return value
  }

  /** The code point of one \u escape, or of two that form a surrogate pair. */
  #codePoint(at: number, close: number): number {
    const unit = this.#hex(at + 2, close)
    if (unit < 0xd800 || unit > 0xdfff) return unit
    if (unit < 0xdc00 && this.#file[at + 6] === BACKSLASH && this.#file[at + 7] === 0x75) {
      const low = this.#hex(at + 8, close)
      if (low >= 0xdc00 && low <= 0xdfff) return ((unit - 0xd800) << 10) + (low - 0xdc00) + 0x10000
    }
    throw this.complain('both halves of a surrogate pair', at)
  }

  /**
   * Reads the number at this position into {@link start} and {@link end}; returns whether it is
   * written as an integer.
   */
  readNumber(): boolean {
    const file = this.#file
    const start = this.at
    let at = file[start] === MINUS ? start + 1 : start
    const first = at
    at = this.#digits(at)
    if (at - first > 1 && file[first] === 0x30) throw this.complain('no digit after a leading zero', first + 1)
    let isInteger = true
    if (at < this.limit && file[at] === POINT) {
      isInteger = false
      at = this.#digits(at + 1)
    }
    if (at < this.limit && ((file[at] as number) | 32) === 0x65) {
      isInteger = false
      at++
      if (at < this.limit && (file[at] === MINUS || file[at] === 0x2b)) at++
      at = this.#digits(at)
    }
    this.bytes = file
    this.view = this.#fileView
    this.start = start
    this.end = at
    this.at = at
    return isInteger
  }

  /** Skips digits, at least one, and returns their end. */
  #digits(from: number): number {
    const file = this.#file
    let at = from
    while (at < this.limit && ((file[at] as number) - 0x30) >>> 0 <= 9) at++
    if (at === from) throw this.complain('a digit', at)
    return at
  }

  /** The text of the last token. */
  text(): string {
    return utf8.decode(this.bytes.subarray(this.start, this.end))
  }

  /** Reads `true`, `false` or `null`. */
  readWord(): boolean | null {
    for (const [bytes, value] of WORDS) if (this.takeBytes(bytes)) return value
    throw this.complain('a value')
  }
}

const wordOf = (text: string) => constantOf(Uint8Array.from(text, (letter) => letter.charCodeAt(0)))
const WORDS: readonly (readonly [JsonConstant, boolean | null])[] = [
  [wordOf('null'), null],
  [wordOf('true'), true],
  [wordOf('false'), false],
]
