/**
 * Durations in a declared form, such as `00:12:30` or `PT12M30S`, as numbers in a declared unit.
 * @module
 */

/** How durations are written: by a clock, as ISO 8601, or as a number of a unit. */
export type DurationWriting = 'hh:mm:ss' | 'hh:mm' | 'mm:ss' | 'iso' | DurationUnit

/** What a number of a column counts. */
export type DurationUnit = 'hours' | 'minutes' | 'seconds' | 'milliseconds'

/** Parses the bytes `[start, end)`: the duration in the declared unit, NaN for what does not have the form. */
export type DurationParser = (bytes: Uint8Array, start: number, end: number) => number

export const DURATION_UNITS: readonly DurationUnit[] = ['hours', 'minutes', 'seconds', 'milliseconds']
export const DURATION_WRITINGS: readonly DurationWriting[] = ['hh:mm:ss', 'hh:mm', 'mm:ss', 'iso', ...DURATION_UNITS]

/** Milliseconds of one of each. */
const SIZES: Readonly<Record<DurationUnit, number>> = {
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1000,
  milliseconds: 1,
}
const DAY_SECONDS = 86_400
/** Digits of a fraction that are read; more of them must be zeros. */
const FRACTION_DIGITS = 9
const POWERS = Float64Array.from({ length: FRACTION_DIGITS + 1 }, (_, power) => 10 ** power)

const [POINT, COMMA, COLON, MINUS] = [0x2e, 0x2c, 0x3a, 0x2d]
const isDigit = (byte: number | undefined) => byte !== undefined && (byte - 48) >>> 0 <= 9

/** Digits at a position, and where they end. */
class Digits {
  at = 0
  value = 0

  /** Reads digits from `at` on; false where there is none, or their number is not exact. */
  read(bytes: Uint8Array, end: number): boolean {
    const from = this.at
    let value = 0
    while (this.at < end && isDigit(bytes[this.at])) value = value * 10 + ((bytes[this.at++] as number) - 48)
    this.value = value
    return this.at > from && value <= Number.MAX_SAFE_INTEGER
  }
}

/** A number of parts, each `whole` and a fraction of `digits` digits, as one exact quotient. */
interface Total {
  whole: number
  fraction: number
  digits: number
}

/** Reads a fraction behind its mark into the total; false where it has no digit, or more than are kept. */
function readFraction(digits: Digits, bytes: Uint8Array, end: number, total: Total): boolean {
  const from = ++digits.at
  while (digits.at < end && isDigit(bytes[digits.at])) {
    const digit = (bytes[digits.at] as number) - 48
    if (digits.at - from < FRACTION_DIGITS) {
      total.fraction = total.fraction * 10 + digit
      total.digits++
    } else if (digit !== 0) return false
    digits.at++
  }
  return digits.at > from
}

/**
 * `total` in units of `from` milliseconds as a number of units of `to` milliseconds. One division of two exact integers
 * gives the nearest double; NaN where the integers are not exact.
 */
function converted({ whole, fraction, digits }: Total, from: number, to: number): number {
  // 12.50 and 12.5 are one number
  let [rest, scale] = [fraction, digits]
  while (scale > 0 && rest % 10 === 0) {
    rest /= 10
    scale--
  }
  const power = POWERS[scale] as number
  // both sizes divide each other or a day evenly: keep the numbers small
  const [up, down] = from >= to ? [from / to, 1] : [1, to / from]
  const numerator = (whole * power + rest) * up
  return numerator <= Number.MAX_SAFE_INTEGER ? numerator / (down * power) : Number.NaN
}

const isMark = (byte: number | undefined) => byte === POINT || byte === COMMA

/** `hh:mm:ss`, `hh:mm` or `mm:ss`: the first number may have any digits, the others are two digits below 60. */
function clockParser(parts: 2 | 3, last: 'minutes' | 'seconds', unit: DurationUnit): DurationParser {
  const digits = new Digits()
  const total: Total = { whole: 0, fraction: 0, digits: 0 }
  return (bytes, start, end) => {
    digits.at = start
    total.fraction = 0
    total.digits = 0
    const isNegative = bytes[start] === MINUS && start < end
    if (isNegative) digits.at++
    if (!digits.read(bytes, end)) return Number.NaN
    total.whole = digits.value
    for (let part = 1; part < parts; part++) {
      if (digits.at >= end || bytes[digits.at] !== COLON) return Number.NaN
      const from = ++digits.at
      if (!digits.read(bytes, end) || digits.at - from !== 2 || digits.value > 59) return Number.NaN
      total.whole = total.whole * 60 + digits.value
    }
    if (digits.at < end) {
      if (last === 'minutes' || !isMark(bytes[digits.at]) || !readFraction(digits, bytes, end, total)) return Number.NaN
      if (digits.at !== end) return Number.NaN
    }
    const value = converted(total, SIZES[last], SIZES[unit])
    return isNegative ? 0 - value : value
  }
}

/** The seconds of an ISO designator, by its lower-case letter, before and behind the `T`. */
const DATE_PARTS: Readonly<Record<string, number>> = { w: 7 * DAY_SECONDS, d: DAY_SECONDS }
const TIME_PARTS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 }

/** `P1DT2H30M5.5S` or `P2W`: years and months have no fixed length and are none; a fraction stands in seconds alone. */
function isoParser(unit: DurationUnit): DurationParser {
  const digits = new Digits()
  const total: Total = { whole: 0, fraction: 0, digits: 0 }
  return (bytes, start, end) => {
    digits.at = start
    total.whole = 0
    total.fraction = 0
    total.digits = 0
    const isNegative = bytes[start] === MINUS && start < end
    if (isNegative) digits.at++
    if (digits.at >= end || ((bytes[digits.at++] as number) | 0x20) !== 0x70) return Number.NaN
    let parts = DATE_PARTS
    let [last, count] = [Number.POSITIVE_INFINITY, 0]
    while (digits.at < end) {
      if (parts === DATE_PARTS && ((bytes[digits.at] as number) | 0x20) === 0x74) {
        parts = TIME_PARTS
        last = Number.POSITIVE_INFINITY
        digits.at++
        // a T has a part behind it
        count = 0
      }
      if (!digits.read(bytes, end)) return Number.NaN
      const whole = digits.value
      const hasFraction = digits.at < end && isMark(bytes[digits.at])
      if (hasFraction && !readFraction(digits, bytes, end, total)) return Number.NaN
      const size = digits.at < end ? parts[String.fromCharCode((bytes[digits.at++] as number) | 0x20)] : undefined
      if (size === undefined || size >= last || (hasFraction && size !== 1)) return Number.NaN
      last = size
      total.whole += whole * size
      count++
    }
    if (count === 0 || !(total.whole <= Number.MAX_SAFE_INTEGER)) return Number.NaN
    const value = converted(total, SIZES.seconds, SIZES[unit])
    return isNegative ? 0 - value : value
  }
}

/** A number of a unit, with the declared decimal mark. */
function numberParser(written: DurationUnit, unit: DurationUnit, decimal: '.' | ','): DurationParser {
  const digits = new Digits()
  const total: Total = { whole: 0, fraction: 0, digits: 0 }
  const mark = decimal.charCodeAt(0)
  return (bytes, start, end) => {
    digits.at = start
    total.fraction = 0
    total.digits = 0
    const isNegative = bytes[start] === MINUS && start < end
    if (isNegative) digits.at++
    if (!digits.read(bytes, end)) return Number.NaN
    total.whole = digits.value
    if (digits.at < end && (bytes[digits.at] !== mark || !readFraction(digits, bytes, end, total))) return Number.NaN
    if (digits.at !== end) return Number.NaN
    const value = converted(total, SIZES[written], SIZES[unit])
    return isNegative ? 0 - value : value
  }
}

/**
 * Returns the parser of durations that are written in a form, as numbers of a unit. `hh:mm:ss` takes any number of hours and a
 * fraction of the seconds; `iso` takes weeks, days, hours, minutes and seconds. What is longer than 2^53 of the smallest digit
 * written does not fit.
 * @example
 * const parse = compileDuration('hh:mm:ss', 'minutes')
 */
export function compileDuration(form: DurationWriting, unit: DurationUnit, decimal: '.' | ',' = '.'): DurationParser {
  switch (form) {
    case 'hh:mm:ss':
      return clockParser(3, 'seconds', unit)
    case 'hh:mm':
      return clockParser(2, 'minutes', unit)
    case 'mm:ss':
      return clockParser(2, 'seconds', unit)
    case 'iso':
      return isoParser(unit)
    default:
      return numberParser(form, unit, decimal)
  }
}
