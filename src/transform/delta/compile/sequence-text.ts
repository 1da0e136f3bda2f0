/**
 * What a text represents (an instant, a day, a number or text), and ranks in that order.
 * @module
 */
import { countUp } from '../../../table/take.ts'
import { parseDay, parseTimestamp } from '../../../time/instant.ts'

/** What a sequence consists of. `unreadable` is a date and time that is not ISO 8601. */
export type SequenceKind = 'timestamp' | 'day' | 'number' | 'text' | 'unreadable'

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/
/**
 * `2025-01-05 10:00 EST` or `31/01/2025`: code units would order such text differently than time
 * does.
 */
const LIKE_A_DATE = /^(?:\d{4}-\d\d-\d\d[T ]\d\d:|\d{1,2}[./-]\d{1,2}[./-]\d{4}(?: |$))/

/** Returns what the text represents. */
export function sequenceKind(text: string): SequenceKind {
  if (parseTimestamp(text) !== null) return 'timestamp'
  if (!Number.isNaN(parseDay(text))) return 'day'
  if (/\d/.test(text) && NUMBER.test(text)) return 'number'
  return LIKE_A_DATE.test(text) ? 'unreadable' : 'text'
}

/** A decimal number as ±0.DIGITS × 10^point, without outer zeros. Zero has no digits. */
interface Decimal {
  readonly sign: 1 | 0 | -1
  readonly point: number
  readonly digits: string
}

function decimalOf(text: string): Decimal {
  const [, sign, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? []
  const written = whole + fraction
  let from = 0
  while (written[from] === '0') from++
  let to = written.length
  while (to > from && written[to - 1] === '0') to--
  if (to === from) return { sign: 0, point: 0, digits: '' }
  return {
    sign: sign === '-' ? -1 : 1,
    point: whole.length - from + Number(exponent),
    digits: written.slice(from, to),
  }
}

function compareDecimals(one: Decimal, other: Decimal): number {
  if (one.sign !== other.sign) return one.sign - other.sign
  if (one.point !== other.point) return one.sign * (one.point - other.point)
  return one.sign * (one.digits < other.digits ? -1 : one.digits > other.digits ? 1 : 0)
}

/** Compares two of the texts by their positions. */
type Comparison = (one: number, other: number) => number

function byCodeUnits(texts: readonly string[]): Comparison {
  return (one, other) => {
    const [first, second] = [texts[one] as string, texts[other] as string]
    return first < second ? -1 : first > second ? 1 : 0
  }
}

function byNumber(texts: readonly string[]): Comparison {
  const numbers = texts.map(decimalOf)
  return (one, other) => compareDecimals(numbers[one] as Decimal, numbers[other] as Decimal)
}

function byInstant(texts: readonly string[]): Comparison {
  const milliseconds = new Float64Array(texts.length)
  const nanoseconds = new Int32Array(texts.length)
  for (const [at, text] of texts.entries()) {
    const timestamp = parseTimestamp(text)
    if (timestamp === null) continue
    milliseconds[at] = timestamp.wallMilliseconds - (timestamp.offsetMinutes ?? 0) * 60_000
    nanoseconds[at] = timestamp.subMillisecondNanoseconds
  }
  return (one, other) =>
    (milliseconds[one] as number) - (milliseconds[other] as number) ||
    (nanoseconds[one] as number) - (nanoseconds[other] as number)
}

/**
 * Returns the rank of each text, all of the given kind. Equal values share a rank, however they are
 * written. Instants are exact to the nanosecond, UTC where they name no zone; numbers are exact for
 * any number of digits.
 */
export function rankTexts(texts: readonly string[], kind: SequenceKind): Int32Array {
  // days with four-digit years sort as text
  const compare = {
    timestamp: byInstant,
    number: byNumber,
    day: byCodeUnits,
    text: byCodeUnits,
    unreadable: byCodeUnits,
  }
  const comparison = compare[kind](texts)
  const order = countUp(texts.length).sort(comparison)
  const ranks = new Int32Array(texts.length)
  let rank = 0
  for (let i = 1; i < order.length; i++) {
    if (comparison(order[i - 1] as number, order[i] as number) !== 0) rank++
    ranks[order[i] as number] = rank
  }
  return ranks
}
