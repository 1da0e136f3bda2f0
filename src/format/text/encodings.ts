/**
 * Encodings other than UTF-8: bytes of a file to UTF-8, strictly and chunk by chunk.
 * @module
 */
import { joinChunks } from '../../table/chunks.ts'

/** An encoding that a file can be declared to have. `latin1` is ISO 8859-1, with control characters from 0x80 to 0x9f. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin1' | 'windows-1252'

export const ENCODINGS: readonly TextEncoding[] = ['utf-8', 'utf-16le', 'utf-16be', 'latin1', 'windows-1252']

/** Bytes that the declared encoding does not have, at `offset` of the file. */
export interface Misfit {
  readonly offset: number
  /** The line, from 1, on which they stand. */
  readonly line: number
  /** What is wrong: `0x81 has no character`. */
  readonly problem: string
}

/** Recodes chunks to UTF-8. */
export interface Recoder {
  /** The number of UTF-8 bytes that a byte of the file becomes, for text in Latin letters. */
  readonly growth: number
  /**
   * Returns the next chunk in UTF-8; a character that spans two chunks waits for the second. The next call overwrites it.
   * @throws EncodingMisfit - bytes that the encoding does not have
   */
  recode(chunk: Uint8Array): Uint8Array
  /** @throws EncodingMisfit - the file ends inside a character */
  end(): void
}

/** Thrown by a {@link Recoder}; the reader that knows the file turns it into its own error. */
export class EncodingMisfit extends Error {
  readonly misfit: Misfit

  constructor(misfit: Misfit) {
    super(misfit.problem)
    this.misfit = misfit
  }
}

/**
 * The characters of windows-1252 from 0x80 to 0x9f; 0 where it has none. `TextDecoder` gives control
 * characters for those, and some versions of Node read all of these as Latin-1.
 */
const WINDOWS_1252 = [
  ...[0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0],
  ...[0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e],
  0x0178,
]

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d

/** Counts lines that end in LF or CRLF; in a file without any LF, those that end in CR. */
class LineCount {
  #feeds = 0
  #returns = 0

  /** The line, from 1, of the next character. */
  get line(): number {
    return 1 + (this.#feeds > 0 ? this.#feeds : this.#returns)
  }

  add(feeds: number, returns: number): void {
    this.#feeds += feeds
    this.#returns += returns
  }
}

/** Memory that is written again by the next chunk. */
class Target {
  #bytes = new Uint8Array(0)

  reserve(size: number): Uint8Array {
    if (this.#bytes.length < size) this.#bytes = new Uint8Array(size)
    return this.#bytes
  }
}

/** Writes a character of up to four UTF-8 bytes and returns the position after it. */
function putCharacter(target: Uint8Array, at: number, code: number): number {
  let put = at
  if (code < 0x80) target[put++] = code
  else {
    if (code < 0x800) target[put++] = 0xc0 | (code >> 6)
    else {
      if (code < 0x10000) target[put++] = 0xe0 | (code >> 12)
      else {
        target[put++] = 0xf0 | (code >> 18)
        target[put++] = 0x80 | ((code >> 12) & 0x3f)
      }
      target[put++] = 0x80 | ((code >> 6) & 0x3f)
    }
    target[put++] = 0x80 | (code & 0x3f)
  }
  return put
}

const hex = (value: number, digits: number) => `0x${value.toString(16).padStart(digits, '0')}`

/** One byte is one character. */
class SingleByteRecoder implements Recoder {
  readonly growth = 1
  readonly #characters: Uint16Array
  #offset = 0
  readonly #lines = new LineCount()
  readonly #target = new Target()

  constructor(high: readonly number[]) {
    // 0x00 to 0x7f and 0xa0 to 0xff are those of Unicode
    this.#characters = Uint16Array.from({ length: 256 }, (_, byte) => byte)
    this.#characters.set(high, 0x80)
  }

  recode(chunk: Uint8Array): Uint8Array {
    const characters = this.#characters
    // no character of these encodings has more than three bytes
    const target = this.#target.reserve(chunk.length * 3)
    let [put, feeds, returns] = [0, 0, 0]
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number
      if (byte < 0x80) {
        target[put++] = byte
        if (byte === LINE_FEED) feeds++
        else if (byte === CARRIAGE_RETURN) returns++
        continue
      }
      const code = characters[byte] as number
      if (code === 0) {
        this.#lines.add(feeds, returns)
        const problem = `${hex(byte, 2)} has no character`
        throw new EncodingMisfit({ offset: this.#offset + at, line: this.#lines.line, problem })
      }
      put = putCharacter(target, put, code)
    }
    this.#offset += chunk.length
    this.#lines.add(feeds, returns)
    return target.subarray(0, put)
  }

  end(): void {}
}

/** Two bytes are a character, four where the first two are the first half of a pair. */
class Utf16Recoder implements Recoder {
  readonly growth = 0.5
  readonly #low: 0 | 1
  #offset = 0
  readonly #lines = new LineCount()
  readonly #target = new Target()
  /** The bytes of a character whose end is in the next chunk. */
  #rest: Uint8Array = new Uint8Array(0)

  constructor(order: 'le' | 'be') {
    this.#low = order === 'le' ? 0 : 1
  }

  recode(chunk: Uint8Array): Uint8Array {
    const bytes = this.#rest.length === 0 ? chunk : joinChunks([this.#rest, chunk])
    const low = this.#low
    const high = 1 - low
    // two bytes of UTF-16 become at most three
    const target = this.#target.reserve((bytes.length >> 1) * 3)
    let [put, at, feeds, returns] = [0, 0, 0, 0]
    for (; at + 1 < bytes.length; at += 2) {
      let code = (bytes[at + low] as number) | ((bytes[at + high] as number) << 8)
      if (code >= 0xd800 && code < 0xe000) {
        if (code < 0xdc00 && at + 3 >= bytes.length) break
        const next = code < 0xdc00 ? (bytes[at + 2 + low] as number) | ((bytes[at + 2 + high] as number) << 8) : 0
        if (next < 0xdc00 || next >= 0xe000) {
          this.#lines.add(feeds, returns)
          throw this.#half(at, code)
        }
        code = 0x10000 + ((code - 0xd800) << 10) + (next - 0xdc00)
        at += 2
      }
      if (code === LINE_FEED) feeds++
      else if (code === CARRIAGE_RETURN) returns++
      put = putCharacter(target, put, code)
    }
    this.#offset += at
    this.#lines.add(feeds, returns)
    this.#rest = bytes.slice(at)
    return target.subarray(0, put)
  }

  #half(at: number, code: number): EncodingMisfit {
    const problem = `${hex(code, 4)} is half of a pair without the other half`
    return new EncodingMisfit({ offset: this.#offset + at, line: this.#lines.line, problem })
  }

  end(): void {
    const { length } = this.#rest
    if (length === 0) return
    const problem = length === 1 ? 'one byte is left, and every character has two' : 'a pair is cut off'
    throw new EncodingMisfit({ offset: this.#offset, line: this.#lines.line, problem })
  }
}

/** Returns a recoder for one file; null for UTF-8, which is read as it is. */
export function recoderOf(encoding: TextEncoding): Recoder | null {
  switch (encoding) {
    case 'utf-8':
      return null
    case 'latin1':
      return new SingleByteRecoder([])
    case 'windows-1252':
      return new SingleByteRecoder(WINDOWS_1252)
    case 'utf-16le':
      return new Utf16Recoder('le')
    case 'utf-16be':
      return new Utf16Recoder('be')
  }
}

/** Byte order marks; that of UTF-8 is no letter sequence that a file in another encoding begins with. */
const MARKS: readonly (readonly [encoding: TextEncoding, mark: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
]

/** Returns the encoding whose byte order mark the bytes begin with; null for none. */
export function markedEncoding(bytes: Uint8Array): TextEncoding | null {
  return MARKS.find(([, mark]) => mark.every((byte, at) => bytes[at] === byte))?.[0] ?? null
}
