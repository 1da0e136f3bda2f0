/**
 * Decides which JSON numbers a double can hold. The others are kept exactly or refused, never
 * rounded.
 * @module
 */
import { parseNumber } from '../../table/convert/parse-cells.ts'
import type { JsonScanner } from './scan.ts'

/**
 * What a contract says of a column of numbers: nothing, that it holds text, 64-bit integers, doubles, or
 * doubles as keys. A declared double takes the nearest double of a fraction; two keys must never become one, so a key takes
 * only what a double holds.
 */
export type ExpectedNumbers = 'any' | 'text' | 'integers' | 'doubles' | 'double keys'

/** Whether a contract declares doubles. */
export function areDoubles(expected: ExpectedNumbers): boolean {
  return expected === 'doubles' || expected === 'double keys'
}

const INTEGER = /^-?\d+$/
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/

/**
 * Returns the sign, significant digits and power of ten of a JSON number: equal for all spellings
 * of one decimal.
 */
function decimalOf(text: string): string {
  const [, sign, whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? []
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  let end = digits.length
  while (end > 0 && digits[end - 1] === '0') end--
  const significant = digits.slice(0, end)
  if (significant === '') return '0'
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`
}

/** Whether the text spells the same decimal as the double's shortest text. */
function isShortest(text: string, value: number): boolean {
  const shortest = String(value)
  return text === shortest || (Number.isFinite(value) && decimalOf(text) === decimalOf(shortest))
}

/** Whether the double, written with as many significant digits as the text, has the same digits. */
function isSpelling(text: string, value: number): boolean {
  // trailing zeros do not change the number
  return parseNumber(decimalOf(text), () => value, 'value') === value
}

/** Whether the double nearest to a JSON number may represent it in a column. */
export function holds(text: string, value: number, expected: ExpectedNumbers): boolean {
  if (Number.isInteger(value)) {
    const isInteger = INTEGER.test(text)
    if (isInteger && Number.isSafeInteger(value)) return true
    // 2^60 is written 1152921504606847000, which is a different integer
    if (isInteger && !areDoubles(expected)) return text === String(value) && BigInt(text) === BigInt(value)
    // 400000000000.08e7 has another integer's double, although that double is written with these digits
    if (expected === 'integers' && !Number.isSafeInteger(value)) {
      return Number.isFinite(value) && decimalOf(text) === decimalOf(String(BigInt(value)))
    }
  } else if (expected === 'doubles' && Number.isFinite(value)) return true
  return isShortest(text, value) || (expected === 'doubles' && isSpelling(text, value))
}

/** The original text of numbers that is not the shortest text of their double, in row order. */
export interface OddNumbers {
  readonly rows: readonly number[]
  readonly texts: readonly string[]
}

/**
 * Whether a column of odd and other numbers can still be doubles. Each odd number must have the
 * digits of its double at that length (0.10000000000000001 is how some writers write 0.1), and no
 * other number of the column may give the same double.
 */
export function spellDoubles(values: Float64Array, odd: OddNumbers): boolean {
  const spellings = new Map<number, string>()
  for (const [at, text] of odd.texts.entries()) {
    const value = values[odd.rows[at] as number] as number
    if (INTEGER.test(text) || !isSpelling(text, value)) return false
    const decimal = decimalOf(text)
    if ((spellings.get(value) ?? decimal) !== decimal) return false
    spellings.set(value, decimal)
  }
  let next = 0
  for (let row = 0; row < values.length; row++) {
    if (row === odd.rows[next]) next++
    else if (spellings.has(values[row] as number)) return false
  }
  return true
}

/** Returns the integer in a text as a bigint; a number with a fraction or exponent stays text. */
export function exactNumber(text: string): bigint | string {
  return INTEGER.test(text) ? BigInt(text) : text
}

/** Returns a single number: a double that holds it, else {@link exactNumber}. */
export function numberOf(text: string, expected: ExpectedNumbers): number | bigint | string {
  const value = Number(text)
  return holds(text, value, expected) ? value : exactNumber(text)
}

/**
 * Parses the number at the scanner's position; integers beyond 2^53 become bigints.
 * @throws FormatError json_invalid - not a number; type_mismatch - it has a fraction or exponent,
 *   and a double cannot hold it
 */
export function readExactNumber(scanner: JsonScanner): number | bigint {
  const { at } = scanner
  const isInteger = scanner.readNumber()
  const text = scanner.text()
  const value = Number(text)
  if (isInteger) return Number.isSafeInteger(value) ? value : BigInt(text)
  if (isShortest(text, value) || isSpelling(text, value)) return value
  throw scanner.complain('a number that a double can hold; put it in quotes to keep its digits', at, 'type_mismatch')
}
