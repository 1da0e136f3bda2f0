/**
 * The parser of the forms that most exports have: a day, then hour and minute, perhaps second and fraction, then AM or PM, or an
 * offset.
 * @module
 */
import { dayReaderOf, MISFIT, NUMBERS, ONE, PAIR, type Part, partsOf, VALUE } from './form-days.ts'
import { type FormParser, FRACTION, HALF, HOUR, MINUTE, OFFSET, SECOND, type Step, UP_TO } from './form-steps.ts'
import { HUNDREDS, parseOffset, SIXTIES } from './read-stamp.ts'

const [NONE, ANY] = [-1, -1] as const

/** What stands behind the hour of a form. */
interface Tail {
  /** The bytes beside the minute, the bits of a word that they fill, and where the minute stands in it. */
  readonly word: number
  readonly mask: number
  readonly shift: number
  /** The bytes of the minute with those beside it. */
  readonly size: number
  readonly hasSecond: boolean
  /** The digits of the fraction: −1 for any number of them, 0 for no fraction. */
  readonly digits: number
  readonly hasHalf: boolean
  readonly hasOffset: boolean
  /** The bytes before the fraction, before AM or PM and before the offset; −1 for none, and for that behind the minute. */
  readonly point: number
  readonly halfSign: number
  readonly offsetSign: number
}

/** The tail of the parts from the hour on; null for parts in another order, or with more bytes between them. */
function tailOf(parts: readonly Part[]): Tail | null {
  const fields = parts.map(({ step }) => step.field)
  const isAscending = fields.every((field, at) => at === 0 || field > (fields[at - 1] as number))
  const isClose = parts.every(({ signs }, at) => signs.length <= (at + 1 < parts.length ? 1 : 0))
  const [hour, minute] = parts
  if (hour?.step.field !== HOUR || minute?.step.field !== MINUTE || !isAscending || !isClose) return null
  const fraction = parts.find(({ step }) => step.field === FRACTION)?.step
  const signBefore = (field: number) => {
    const before = parts[fields.indexOf(field) - 1]
    return before === undefined || before === minute ? NONE : (before.signs[0] ?? NONE)
  }
  const shift = 8 * hour.signs.length
  const beside = [...hour.signs.map((byte) => [byte, 0]), ...minute.signs.map((byte) => [byte, shift + 16])]
  return {
    word: beside.reduce((word, [byte = 0, at = 0]) => word | (byte << at), 0),
    mask: beside.reduce((mask, [, at = 0]) => mask | (0xff << at), 0),
    shift,
    size: 2 + beside.length,
    hasSecond: fields.includes(SECOND),
    digits: fraction === undefined ? 0 : fraction.size || ANY,
    hasHalf: fields.includes(HALF),
    hasOffset: fields.includes(OFFSET),
    point: signBefore(FRACTION),
    halfSign: signBefore(HALF),
    offsetSign: signBefore(OFFSET),
  }
}

const DIGITS_MOST = 9
/** What makes nanoseconds of a fraction, by its number of digits. */
const NANOSECONDS = Array.from({ length: DIGITS_MOST + 1 }, (_, digits) => 10 ** (DIGITS_MOST - digits))

/** Where a fraction of so many digits ends that begins at `at`; negative where fewer stand there, or none. */
function fractionEnd(view: DataView, at: number, end: number, digits: number): number {
  let to = at
  const most = digits === ANY ? Math.min(at + DIGITS_MOST, end) : at + digits
  while (to < most && (view.getUint8(to) - 48) >>> 0 <= 9) to++
  return digits === ANY ? (to === at ? MISFIT : to) : to === most ? to : MISFIT
}

/** The nanoseconds of the digits of a fraction. */
function fractionOf(view: DataView, at: number, to: number): number {
  let value = 0
  for (let digit = at; digit < to; digit++) value = value * 10 + view.getUint8(digit) - 48
  return value * (NANOSECONDS[to - at] as number)
}

/** 0 for AM, 12 for PM, in any case; −1 for other letters. */
function halfAt(view: DataView, at: number): number {
  const letters = view.getUint16(at, true) | 0x2020
  return letters === 0x6d61 ? 0 : letters === 0x6d70 ? 12 : MISFIT
}

/** More bytes than the parser reads before it looks where the cell ends: `Fri, 31-Jan-2025, 12:30:00.123456789, AM, `. */
const MARGIN = 48

/**
 * Returns the parser of a form of a day and then hour, minute, and perhaps second, fraction, AM or PM and an offset; null for
 * other forms. Each part is read by one look-up, without a loop and without a look at the cell's end. Near the end of the bytes,
 * where that cannot be, `otherwise` parses.
 */
export function partParserOf(steps: readonly Step[], otherwise: FormParser): FormParser | null {
  const parts = partsOf(steps)
  const from = parts?.findIndex(({ step }) => step.field === HOUR) ?? -1
  if (parts === null || from < 0) return null
  const [readDay, tail] = [dayReaderOf(parts.slice(0, from)), tailOf(parts.slice(from))]
  if (readDay === null || tail === null) return null
  const leastHour = parts[from]?.step.how === UP_TO ? ONE : PAIR
  const { word, mask, shift, size, hasSecond, digits, hasHalf, hasOffset, point, halfSign, offsetSign } = tail
  return (view, start, end, reading) => {
    if (start + MARGIN > view.byteLength) return otherwise(view, start, end, reading)
    let at = readDay(view, start, reading)
    if (at < 0) return false
    const hours = NUMBERS[view.getUint16(at, true)] as number
    if (hours < leastHour) return false
    at += hours >>> 16
    const beside = view.getInt32(at, true)
    const minute = SIXTIES[(beside >>> shift) & 0xffff] as number
    if (minute < 0 || ((beside ^ word) & mask) !== 0) return false
    at += size
    let second = 0
    let milliseconds = 0
    let nanoseconds = 0
    if (hasSecond) {
      second = SIXTIES[view.getUint16(at, true)] as number
      if (second < 0) return false
      at += 2
    }
    if (digits !== 0) {
      if (point !== NONE && view.getUint8(at++) !== point) return false
      if (digits === 3) {
        const pair = HUNDREDS[view.getUint16(at, true)] as number
        const last = view.getUint8(at + 2) - 48
        if (pair < 0 || last >>> 0 > 9) return false
        milliseconds = pair * 10 + last
        at += 3
      } else {
        const to = fractionEnd(view, at, end, digits)
        if (to < 0) return false
        const fraction = fractionOf(view, at, to)
        milliseconds = Math.floor(fraction / 1e6)
        nanoseconds = fraction - milliseconds * 1e6
        at = to
      }
    }
    let hour = hours & VALUE
    if (hasHalf) {
      if (halfSign !== NONE && view.getUint8(at++) !== halfSign) return false
      const half = halfAt(view, at)
      if (half < 0 || hour < 1 || hour > 12) return false
      hour = (hour === 12 ? 0 : hour) + half
      at += 2
    } else if (hour > 23) return false
    let offset = 0
    if (hasOffset) {
      if (offsetSign !== NONE && view.getUint8(at++) !== offsetSign) return false
      offset = at < end ? parseOffset(view, at, end) : Number.NaN
      if (Number.isNaN(offset)) return false
    } else if (at !== end) return false
    reading.milliseconds += (hour * 3600 + (minute - offset) * 60 + second) * 1000 + milliseconds
    reading.nanoseconds = nanoseconds
    reading.offsetMinutes = hasOffset ? offset : null
    return true
  }
}
