/**
 * Recognises the kind of a JSON text from its beginning: an array, lines, one object, several, or
 * an envelope around a list.
 * @module
 */
import { DEPTH_LIMIT } from './value.ts'

/**
 * Kinds of JSON text. `json-lines` has one object per line; the last two kinds have objects across
 * lines.
 */
export type JsonKind = 'json-array' | 'json-lines' | 'json-sequence' | 'json-object' | 'json-concatenated'

/** A kind of JSON text. */
export interface JsonLook {
  readonly kind: JsonKind
  /** For one object around a list of objects: the names that lead to the list, joined by points. */
  readonly list: string | null
}

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_LIST = 0x5b
const BACKSLASH = 0x5c
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const LINE_FEED = 0x0a
const RECORD_SEPARATOR = 0x1e

const isSpace = (byte: number | undefined) => byte === 0x20 || byte === LINE_FEED || byte === 0x0d || byte === 0x09
/** Letters, digits, signs and points: the characters of numbers and words. */
const isScalar = (byte: number) =>
  (byte >= 0x30 && byte <= 0x39) || ((byte | 32) - 0x61) >>> 0 <= 25 || byte === 0x2b || byte === 0x2d || byte === 0x2e

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from
  while (isSpace(bytes[at])) at++
  return at
}

/**
 * The end of the string that begins at `from`: the end of the bytes if it is cut off, −1 if it is
 * invalid.
 */
function stringEnd(bytes: Uint8Array, from: number): number {
  for (let at = from + 1; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (byte === QUOTE) return at + 1
    if (byte < 0x20) return -1
    if (byte === BACKSLASH) at++
  }
  return bytes.length + 1
}

/** How far a value reaches. */
interface Extent {
  /** `cut`: the bytes end inside it. `broken`: it is not JSON. */
  readonly state: 'whole' | 'cut' | 'broken'
  readonly end: number
  readonly list: string | null
}

/** What may come next. */
type Wanted = 'value' | 'value or end' | 'name' | 'name or end' | 'colon' | 'comma or end'

/** Walks over one value without building it, so that one pass examines an envelope of any size. */
class ValueWalk {
  readonly #bytes: Uint8Array
  #at: number
  #wanted: Wanted = 'value'
  /**
   * The closing bytes of the open lists and objects, outermost first, and the names of the members
   * around them.
   */
  readonly #closers: number[] = []
  readonly #names: string[] = []
  #list: string | null = null

  constructor(bytes: Uint8Array, from: number) {
    this.#bytes = bytes
    this.#at = from
  }

  #end(state: Extent['state']): Extent {
    return { state, end: Math.min(this.#at, this.#bytes.length), list: this.#list }
  }

  walk(): Extent {
    do {
      this.#at = skipSpace(this.#bytes, this.#at)
      if (this.#at >= this.#bytes.length) return this.#end('cut')
      if (!this.#step(this.#bytes[this.#at] as number)) return this.#end('broken')
      if (this.#at > this.#bytes.length) return this.#end('cut')
    } while (this.#closers.length > 0)
    return this.#end('whole')
  }

  /** Takes one token; false if it is not allowed here. */
  #step(byte: number): boolean {
    const wantsValue = this.#wanted === 'value' || this.#wanted === 'value or end'
    if (byte === QUOTE) return this.#string(wantsValue)
    if (byte === OPEN_LIST || byte === OPEN_OBJECT) return wantsValue && this.#open(byte)
    if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) return this.#close(byte)
    if (byte === COMMA || byte === COLON) return this.#separate(byte)
    if (!wantsValue || !isScalar(byte)) return false
    while (isScalar(this.#bytes[this.#at] as number)) this.#at++
    this.#wanted = 'comma or end'
    return true
  }

  #string(wantsValue: boolean): boolean {
    const isName = this.#wanted === 'name' || this.#wanted === 'name or end'
    const end = wantsValue || isName ? stringEnd(this.#bytes, this.#at) : -1
    if (end < 0) return false
    if (isName) {
      this.#names[this.#closers.length - 1] = new TextDecoder().decode(this.#bytes.subarray(this.#at + 1, end - 1))
    }
    this.#wanted = isName ? 'colon' : 'comma or end'
    this.#at = end
    return true
  }

  #open(byte: number): boolean {
    const depth = this.#closers.length
    if (depth === DEPTH_LIMIT) return false
    // the first list of objects that is nested only in objects
    const isInList = depth > 1 && this.#closers.indexOf(CLOSE_LIST) === depth - 1
    if (byte === OPEN_OBJECT && isInList) this.#list ??= this.#names.slice(0, depth - 1).join('.')
    this.#closers.push(byte === OPEN_LIST ? CLOSE_LIST : CLOSE_OBJECT)
    this.#wanted = byte === OPEN_LIST ? 'value or end' : 'name or end'
    this.#at++
    return true
  }

  #close(byte: number): boolean {
    const mayEnd = this.#wanted.endsWith('or end')
    if (!mayEnd || this.#closers.pop() !== byte) return false
    this.#wanted = 'comma or end'
    this.#at++
    return true
  }

  #separate(byte: number): boolean {
    if (byte === COLON ? this.#wanted !== 'colon' : this.#wanted !== 'comma or end') return false
    this.#wanted = byte === COMMA && this.#closers.at(-1) === CLOSE_OBJECT ? 'name' : 'value'
    this.#at++
    return true
  }
}

const spansLines = (bytes: Uint8Array, from: number, end: number) => bytes.subarray(from, end).includes(LINE_FEED)

function lookAtObject(bytes: Uint8Array, from: number): JsonLook | null {
  const { state, end, list } = new ValueWalk(bytes, from).walk()
  if (state === 'broken') return null
  const isOneLine = !spansLines(bytes, from, end)
  const next = skipSpace(bytes, end)
  if (state === 'cut' || next === bytes.length) return { kind: isOneLine ? 'json-lines' : 'json-object', list }
  if (isOneLine && spansLines(bytes, end, next)) return { kind: 'json-lines', list: null }
  if (bytes[next] !== OPEN_OBJECT) return null
  // if the next line holds one object, the first line is one bad line of many
  const lineEnd = bytes.indexOf(LINE_FEED, next)
  const isLast = lineEnd < 0 || skipSpace(bytes, lineEnd) === bytes.length
  const areLoose = isOneLine ? isLast : spansLines(bytes, next, new ValueWalk(bytes, next).walk().end)
  return areLoose ? { kind: 'json-concatenated', list: null } : null
}

/**
 * Returns the kind of a JSON text, judged by its first value; null if it is not JSON. The bytes
 * may be cut off anywhere; values after the second are not examined. Null, too, if only the first
 * line of many is damaged, because that is one bad line and not another format.
 */
export function lookAtJson(bytes: Uint8Array): JsonLook | null {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  const from = skipSpace(bytes, hasMark ? 3 : 0)
  const first = bytes[from]
  const second = skipSpace(bytes, from + 1)
  if (first === RECORD_SEPARATOR) {
    return bytes[second] === OPEN_OBJECT || bytes[second] === OPEN_LIST ? { kind: 'json-sequence', list: null } : null
  }
  if (first === OPEN_LIST) {
    const third = bytes[skipSpace(bytes, second + 1)]
    const isArray = bytes[second] === OPEN_OBJECT && (third === QUOTE || third === CLOSE_OBJECT)
    return isArray ? { kind: 'json-array', list: null } : null
  }
  return first === OPEN_OBJECT && bytes[second] === QUOTE ? lookAtObject(bytes, from) : null
}
