/**
 * A JSON column without a declared kind: its values decide whether it holds numbers, text,
 * booleans, or several kinds.
 * @module
 */
import {
  BigIntColumn,
  BooleanColumn,
  type Column,
  DictionaryColumn,
  NullColumn,
  NumberColumn,
  OpaqueColumn,
  Utf8Column,
} from '../../table/column.ts'
import { grown } from '../../table/headroom.ts'
import { takeColumn } from '../../table/take.ts'
import { encodeTexts } from '../../table/utf8.ts'
import { TextDictionary } from '../text/dictionary.ts'
import { type CellColumn, capacityFor, type Token } from './columns.ts'
import { areDoubles, type ExpectedNumbers, exactNumber, holds, numberOf, spellDoubles } from './numbers.ts'

/** Numbers that JSON cannot write as digits, in our writer's spelling. */
const NUMBER_WORDS = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
])
const LONGEST_WORD = '-Infinity'.length

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
const textOf = ({ bytes, start, end }: Token) => utf8.decode(bytes.subarray(start, end))

function numberWord(token: Token): number | undefined {
  return token.end - token.start > LONGEST_WORD ? undefined : NUMBER_WORDS.get(textOf(token))
}

/**
 * With at most this many digits, an integer and its power of ten are exact, so their quotient is
 * the nearest double.
 */
const EXACT_DIGITS = 15
const POWERS = Float64Array.from({ length: EXACT_DIGITS + 1 }, (_, power) => 10 ** power)

/**
 * Returns the number of a short token without an exponent, which a double can hold; NaN for other
 * tokens.
 */
function readShort({ bytes, start, end }: Token): number {
  if (end - start > EXACT_DIGITS) return Number.NaN
  const isNegative = bytes[start] === 0x2d
  let number = 0
  let point = -1
  for (let at = isNegative ? start + 1 : start; at < end; at++) {
    const digit = (bytes[at] as number) - 0x30
    if (digit >>> 0 <= 9) number = number * 10 + digit
    else if (bytes[at] === 0x2e) point = at
    else return Number.NaN
  }
  if (point >= 0) number /= POWERS[end - point - 1] as number
  return isNegative ? -number : number
}

/** Takes numbers, and the words for NaN and the infinities. */
class Numbers {
  readonly #expected: ExpectedNumbers
  #values = new Float64Array(0)
  #valid = new Uint8Array(0)
  #isWhole = true
  /** Numbers that a double may not hold exactly. */
  readonly #odd = { rows: [] as number[], texts: [] as string[] }

  constructor(expected: ExpectedNumbers) {
    this.#expected = expected
  }

  set(value: number, row: number): void {
    if (row >= this.#values.length) {
      this.#values = grown(this.#values, capacityFor(row + 1, this.#values.length))
      this.#valid = grown(this.#valid, this.#values.length)
    }
    this.#values[row] = value
    this.#valid[row] = 1
  }

  add(token: Token, isInteger: boolean, row: number): void {
    let value = readShort(token)
    if (Number.isNaN(value)) {
      const text = textOf(token)
      value = Number(text)
      if (!holds(text, value, this.#expected)) {
        this.#odd.rows.push(row)
        this.#odd.texts.push(text)
      }
    }
    this.set(value, row)
    if (!isInteger || Object.is(value, -0)) this.#isWhole = false
  }

  addWord(value: number, row: number): void {
    this.set(value, row)
    this.#isWhole = false
  }

  /**
   * The rows' values one by one. A number that a double cannot hold is a bigint, or text if it has
   * a fraction or exponent.
   */
  list(rows: number): unknown[] {
    const { rows: oddRows, texts } = this.#odd
    const values: unknown[] = Array.from({ length: rows }, (_, row) =>
      this.#valid[row] === 1 ? this.#values[row] : null,
    )
    for (const [at, row] of oddRows.entries()) values[row] = exactNumber(texts[at] as string)
    return values
  }

  finish(rows: number): Column {
    const values = grown(this.#values, rows).subarray(0, rows)
    const mask = grown(this.#valid, rows).subarray(0, rows)
    const valid = mask.includes(0) ? mask : null
    if (this.#odd.rows.length === 0) return new NumberColumn('float64', values, valid)
    if (areDoubles(this.#expected)) return new OpaqueColumn(this.list(rows))
    if (this.#isWhole) return this.#integers(values, valid) ?? this.#texts(rows)
    const areSpellings = this.#expected === 'any' && spellDoubles(values, this.#odd)
    return areSpellings ? new NumberColumn('float64', values, valid) : this.#texts(rows)
  }

  /** All values as 64-bit integers; null if one is too large. */
  #integers(values: Float64Array, valid: Uint8Array | null): Column | null {
    const { rows: oddRows, texts } = this.#odd
    const exact = new BigInt64Array(values.length)
    let next = 0
    for (let row = 0; row < values.length; row++) {
      const isOdd = row === oddRows[next]
      const integer = BigInt(isOdd ? (texts[next++] as string) : (values[row] as number))
      exact[row] = integer
      if (exact[row] !== integer) return null
    }
    return new BigIntColumn('int64', exact, valid)
  }

  /**
   * All values as text: the original digits where a double cannot hold the number, the shortest
   * text otherwise.
   */
  #texts(rows: number): Column {
    const { rows: oddRows, texts: oddTexts } = this.#odd
    const texts = Array.from({ length: rows }, (_, row) => {
      if (this.#valid[row] !== 1) return null
      const value = this.#values[row] as number
      return Object.is(value, -0) ? '-0' : String(value)
    })
    for (const [at, row] of oddRows.entries()) texts[row] = oddTexts[at] as string
    return encodeTexts(texts, 'number')
  }
}

/** Texts of at most this many bytes without NUL are compared as words. */
const SHORT = 8
/** From this many rows on, mostly distinct text becomes plain bytes. */
const MANY_ROWS = 1024

class Texts {
  #codes = new Int32Array(0)
  readonly #dictionary = new TextDictionary()

  add({ bytes, view, start, end }: Token, row: number): void {
    let isShort = end - start <= SHORT
    for (let at = start; isShort && at < end; at++) isShort = bytes[at] !== 0
    this.#reserve(row + 1)
    this.#codes[row] = isShort
      ? this.#dictionary.codeOfShort(bytes, view, start, end)
      : this.#dictionary.codeOfLong(bytes, view, start, end)
  }

  #reserve(rows: number): void {
    const used = this.#codes.length
    if (rows > used) this.#codes = grown(this.#codes, capacityFor(rows, used)).fill(-1, used)
  }

  /** Whether every text is `NaN` or an infinity. */
  get areNumberWords(): boolean {
    return (
      this.#dictionary.size <= NUMBER_WORDS.size && this.#dictionary.texts().every((text) => NUMBER_WORDS.has(text))
    )
  }

  finish(rows: number): DictionaryColumn | Utf8Column {
    this.#reserve(rows)
    const codes = this.#codes.subarray(0, rows)
    if (rows < MANY_ROWS || this.#dictionary.size * 2 <= rows) {
      return new DictionaryColumn(codes, this.#dictionary.texts())
    }
    const { bytes, offsets } = this.#dictionary.entries
    // taking rows of a Utf8Column gives a Utf8Column
    return takeColumn(new Utf8Column(bytes, offsets), codes) as Utf8Column
  }
}

class Booleans {
  #values = new Uint8Array(0)
  #valid = new Uint8Array(0)

  add(value: boolean, row: number): void {
    if (row >= this.#values.length) {
      this.#values = grown(this.#values, capacityFor(row + 1, this.#values.length))
      this.#valid = grown(this.#valid, this.#values.length)
    }
    this.#values[row] = value ? 1 : 0
    this.#valid[row] = 1
  }

  finish(rows: number): Column {
    const mask = grown(this.#valid, rows).subarray(0, rows)
    return new BooleanColumn(grown(this.#values, rows).subarray(0, rows), mask.includes(0) ? mask : null)
  }
}

type Holder =
  | { readonly kind: 'none' }
  | { readonly kind: 'number'; readonly numbers: Numbers }
  | { readonly kind: 'text'; readonly texts: Texts }
  | { readonly kind: 'boolean'; readonly booleans: Booleans }
  | { readonly kind: 'mixed'; readonly values: unknown[] }

/**
 * Takes any value. Numbers become float64; int64 if all are integers and a double cannot hold one
 * of them; text if neither can hold one. Text is dictionary-coded, or plain bytes when more than
 * half of at least 1,024 rows differ. Values of several kinds, lists and objects become opaque.
 */
export class LooseColumn implements CellColumn {
  readonly #expected: ExpectedNumbers
  #holder: Holder

  /**
   * If doubles are expected, `NaN` and the infinities are numbers even in a column without other
   * numbers.
   */
  constructor(expected: ExpectedNumbers = 'any') {
    this.#expected = expected
    this.#holder = areDoubles(expected) ? { kind: 'number', numbers: new Numbers(expected) } : { kind: 'none' }
  }

  addString(token: Token, row: number): boolean {
    const { kind } = this.#holder
    if (kind === 'none') this.#holder = { kind: 'text', texts: new Texts() }
    const holder = this.#holder
    if (holder.kind === 'text') holder.texts.add(token, row)
    else {
      const word = holder.kind === 'number' ? numberWord(token) : undefined
      if (holder.kind === 'number' && word !== undefined) holder.numbers.addWord(word, row)
      else this.#mix(row)[row] = textOf(token)
    }
    return true
  }

  addNumber(token: Token, isInteger: boolean, row: number): boolean {
    if (this.#holder.kind === 'none') this.#holder = { kind: 'number', numbers: new Numbers(this.#expected) }
    if (this.#holder.kind === 'text' && this.#holder.texts.areNumberWords) this.#holder = this.#toNumbers(row)
    const holder = this.#holder
    if (holder.kind === 'number') holder.numbers.add(token, isInteger, row)
    else this.#mix(row)[row] = numberOf(textOf(token), this.#expected)
    return true
  }

  addOther(value: unknown, row: number): boolean {
    if (typeof value === 'boolean' && this.#holder.kind === 'none') {
      this.#holder = { kind: 'boolean', booleans: new Booleans() }
    }
    if (typeof value === 'boolean' && this.#holder.kind === 'boolean') {
      this.#holder.booleans.add(value, row)
      return true
    }
    this.#mix(row)[row] = value
    return true
  }

  /** Turns the words so far into numbers: a column may begin with NaN. */
  #toNumbers(rows: number): Holder {
    const numbers = new Numbers(this.#expected)
    let row = 0
    for (const text of this.finish(rows)) {
      const word = typeof text === 'string' ? NUMBER_WORDS.get(text) : undefined
      if (word !== undefined) numbers.addWord(word, row)
      row++
    }
    return { kind: 'number', numbers }
  }

  /** The values so far, as a list that takes values of any kind. */
  #mix(rows: number): unknown[] {
    const holder = this.#holder
    if (holder.kind === 'mixed') return holder.values
    const values = holder.kind === 'number' ? holder.numbers.list(rows) : Array.from(this.finish(rows))
    this.#holder = { kind: 'mixed', values }
    return values
  }

  finish(rows: number): Column {
    const holder = this.#holder
    switch (holder.kind) {
      case 'none':
        return new NullColumn(rows)
      case 'number':
        return holder.numbers.finish(rows)
      case 'text':
        return holder.texts.finish(rows)
      case 'boolean':
        return holder.booleans.finish(rows)
      case 'mixed':
        return new OpaqueColumn(Array.from({ length: rows }, (_, row) => holder.values[row] ?? null))
    }
  }
}
