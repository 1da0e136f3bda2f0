/**
 * Parsers of timestamps and days in a declared form: by parts at fixed places, step by step, or a number since 1970.
 * @module
 */
import { dayNumber, NO_DAY } from './calendar.ts'
import {
  AM_PM,
  DATE,
  DAY_NAME,
  DIGITS,
  type FormParser,
  FRACTION,
  HALF,
  HOUR,
  halfOfDay,
  isOpen,
  LITERAL,
  MINUTE,
  MONTH,
  MONTHS,
  NAME,
  OFFSET,
  PARTS,
  SECOND,
  SHORT_YEAR,
  type Step,
  UP_TO,
  WEEKDAY,
  WEEKDAYS,
  YEAR,
  ZONE,
} from './form-steps.ts'
import { partParserOf } from './part-parser.ts'
import { HOURS, HUNDREDS, parseOffset, SIXTIES } from './read-stamp.ts'

const DAY = 86_400_000
/** The last instant that a Date holds, in epoch milliseconds. */
const LAST = 8.64e15

/** Names of three letters by these in lower case, low byte first; the numbers of the names begin with `first`. */
function numbersOf(names: readonly string[], first: number): ReadonlyMap<number, number> {
  const lettersOf = (name: string) => name.charCodeAt(0) | (name.charCodeAt(1) << 8) | (name.charCodeAt(2) << 16)
  return new Map(names.map((name, at) => [lettersOf(name), at + first]))
}
const MONTH_OF = numbersOf(MONTHS, 1)
const WEEKDAY_OF = numbersOf(WEEKDAYS, 0)

/** The number of three letters in any case; −1 for no name. */
function numberOfName(names: ReadonlyMap<number, number>, view: DataView, at: number): number {
  const letters = view.getUint8(at) | (view.getUint8(at + 1) << 8) | (view.getUint8(at + 2) << 16)
  return names.get(letters | 0x202020) ?? -1
}

const isDigit = (byte: number) => (byte - 48) >>> 0 <= 9

/** Steps, each with the byte that must follow it; −1 for none. Half as many steps are nearly twice as fast. */
function withFollowers(steps: readonly Step[]): (Step & { readonly follower: number })[] {
  const fused: (Step & { follower: number })[] = []
  for (const step of steps) {
    const last = fused.at(-1)
    if (step.how === LITERAL && last !== undefined && last.follower < 0) last.follower = step.size
    else fused.push({ ...step, follower: -1 })
  }
  return fused
}

/** A parser of the steps, one after the other. It allocates nothing per cell. */
export function steppedParserOf(steps: readonly Step[]): FormParser {
  const fused = withFollowers(steps)
  const count = fused.length
  const hows = Uint8Array.from(fused, ({ how }) => how)
  const fieldsOf = Int8Array.from(fused, ({ field }) => field)
  const sizes = Uint8Array.from(fused, ({ size }) => size)
  const followers = Int16Array.from(fused, ({ follower }) => follower)
  const hasHalf = steps.some(({ how }) => how === AM_PM)
  const hasOffset = steps.some(({ how }) => how === ZONE)
  const shortest = steps.reduce((size, step) => size + (isOpen(step) || step.how === ZONE ? 1 : fixedSize(step)), 0)
  const hasWeekday = steps.some(({ how }) => how === DAY_NAME)
  const fields = new Int32Array(10)
  // a day costs more than the comparison with the day of the cell before
  let [knownYear, knownMonth, knownDate, knownDay] = [Number.NaN, 0, 0, 0]
  return (view, start, end, reading) => {
    if (end - start < shortest) return false
    let at = start
    for (let step = 0; step < count; step++) {
      const size = sizes[step] as number
      const field = fieldsOf[step] as number
      switch (hows[step]) {
        case LITERAL:
          if (at >= end || view.getUint8(at) !== size) return false
          at++
          break
        case DIGITS: {
          if (at + size > end) return false
          let value = HUNDREDS[view.getUint16(at, true)] as number
          if (value < 0) return false
          if (size === 4) {
            const years = HUNDREDS[view.getUint16(at + 2, true)] as number
            if (years < 0) return false
            value = value * 100 + years
          }
          fields[field] = value
          at += size
          break
        }
        case SHORT_YEAR: {
          const years = at + 2 > end ? -1 : (HUNDREDS[view.getUint16(at, true)] as number)
          if (years < 0) return false
          fields[YEAR] = 2000 + years
          at += 2
          break
        }
        case UP_TO: {
          if (at >= end || !isDigit(view.getUint8(at))) return false
          let value = view.getUint8(at++) - 48
          if (at < end && isDigit(view.getUint8(at))) value = value * 10 + view.getUint8(at++) - 48
          fields[field] = value
          break
        }
        case NAME: {
          if (at + 3 > end) return false
          fields[MONTH] = numberOfName(MONTH_OF, view, at)
          at += 3
          break
        }
        case DAY_NAME: {
          if (at + 3 > end) return false
          fields[WEEKDAY] = numberOfName(WEEKDAY_OF, view, at)
          at += 3
          break
        }
        case PARTS: {
          const from = at
          const most = size === 0 ? 9 : size
          let value = 0
          while (at < end && at - from < most && isDigit(view.getUint8(at)))
            value = value * 10 + view.getUint8(at++) - 48
          if (at === from || (size > 0 && at - from !== size)) return false
          for (let digits = at - from; digits < 9; digits++) value *= 10
          fields[FRACTION] = value
          break
        }
        case AM_PM: {
          if (at + 2 > end) return false
          const half = halfOfDay(view, at)
          if (half < 0) return false
          fields[HALF] = half
          at += 2
          break
        }
        default: {
          const offset = at < end ? parseOffset(view, at, end) : Number.NaN
          if (Number.isNaN(offset)) return false
          fields[OFFSET] = offset
          at = end
        }
      }
      const follower = followers[step] as number
      if (follower >= 0 && (at >= end || view.getUint8(at++) !== follower)) return false
    }
    if (at !== end) return false
    const [year, month, date] = [fields[YEAR] as number, fields[MONTH] as number, fields[DATE] as number]
    if (date !== knownDate || month !== knownMonth || year !== knownYear) {
      knownYear = year
      knownMonth = month
      knownDate = date
      knownDay = dayNumber(year, month, date)
    }
    let hour = fields[HOUR] as number
    if (hasHalf) {
      if (hour < 1 || hour > 12) return false
      hour = (hour % 12) + (fields[HALF] as number)
    }
    const minutes = fields[MINUTE] as number
    const seconds = fields[SECOND] as number
    if (knownDay === NO_DAY || hour > 23 || minutes > 59 || seconds > 59) return false
    // a name that the day does not have is a typing error, or a day and month in the other order
    if (hasWeekday && ((knownDay % 7) + 7) % 7 !== fields[WEEKDAY]) return false
    const fraction = fields[FRACTION] as number
    const milliseconds = Math.floor(fraction / 1e6)
    const minute = hour * 60 + minutes - (fields[OFFSET] as number)
    reading.milliseconds = knownDay * DAY + (minute * 60 + seconds) * 1000 + milliseconds
    reading.nanoseconds = fraction - milliseconds * 1e6
    reading.offsetMinutes = hasOffset ? (fields[OFFSET] as number) : null
    return true
  }
}

/**
 * A parser of steps that all have one size and read digits alone, such as `dd/MM/yyyy HH:mm`; null for others.
 * Every part is at a known place, which is three times as fast as step by step.
 */
function fixedParserOf(steps: readonly Step[]): FormParser | null {
  const places = new Int32Array(HALF).fill(-1)
  const literals: number[] = []
  const signs: number[] = []
  let [size, parts] = [0, 0]
  for (const step of steps) {
    const { how, field } = step
    if (how === LITERAL) {
      literals.push(size)
      signs.push(step.size)
    } else if (how === DIGITS || (how === PARTS && step.size > 0)) places[field] = size
    else return null
    if (how === PARTS) parts = step.size
    size += fixedSize(step)
  }
  const [atYear = 0, atMonth = 0, atDate = 0, atHour = -1, atMinute = -1, atSecond = -1, atFraction = -1] = places
  const literalAt = Int32Array.from(literals)
  const sign = Uint8Array.from(signs)
  const count = sign.length
  let [knownYear, knownMonth, knownDate, knownDay] = [-1, 0, 0, 0]
  return (view, start, end, reading) => {
    if (end - start !== size) return false
    for (let i = 0; i < count; i++) if (view.getUint8(start + (literalAt[i] as number)) !== sign[i]) return false
    const century = HUNDREDS[view.getUint16(start + atYear, true)] as number
    const years = HUNDREDS[view.getUint16(start + atYear + 2, true)] as number
    const month = HUNDREDS[view.getUint16(start + atMonth, true)] as number
    const date = HUNDREDS[view.getUint16(start + atDate, true)] as number
    const hour = atHour < 0 ? 0 : (HOURS[view.getUint16(start + atHour, true)] as number)
    const minute = atMinute < 0 ? 0 : (SIXTIES[view.getUint16(start + atMinute, true)] as number)
    const second = atSecond < 0 ? 0 : (SIXTIES[view.getUint16(start + atSecond, true)] as number)
    if ((century | years | month | date | hour | minute | second) < 0) return false
    const year = century * 100 + years
    if (date !== knownDate || month !== knownMonth || year !== knownYear) {
      knownYear = year
      knownMonth = month
      knownDate = date
      knownDay = dayNumber(year, month, date)
    }
    if (knownDay === NO_DAY) return false
    let fraction = 0
    for (let i = 0; i < parts; i++) {
      const byte = view.getUint8(start + atFraction + i)
      if (!isDigit(byte)) return false
      fraction = fraction * 10 + byte - 48
    }
    for (let digits = parts; digits < 9 && parts > 0; digits++) fraction *= 10
    const milliseconds = Math.floor(fraction / 1e6)
    reading.milliseconds = knownDay * DAY + (hour * 3600 + minute * 60 + second) * 1000 + milliseconds
    reading.nanoseconds = fraction - milliseconds * 1e6
    reading.offsetMinutes = null
    return true
  }
}

function fixedSize({ how, size }: Step): number {
  return how === LITERAL ? 1 : size
}

/**
 * Parses a decimal number of seconds, milliseconds or microseconds since 1970. A fraction may have as
 * many digits as nanoseconds need.
 */
export function epochParser(nanoseconds: number): FormParser {
  const perMillisecond = 1e6 / nanoseconds
  return (view, start, end, reading) => {
    let at = start
    const isNegative = at < end && view.getUint8(at) === 0x2d
    if (isNegative) at++
    const from = at
    let whole = 0
    while (at < end && isDigit(view.getUint8(at))) whole = whole * 10 + view.getUint8(at++) - 48
    if (at === from) return false
    let parts = 0
    if (at < end && view.getUint8(at) === 0x2e) {
      const point = ++at
      for (let scale = nanoseconds / 10; at < end && isDigit(view.getUint8(at)); at++, scale /= 10) {
        const digit = view.getUint8(at) - 48
        if (scale < 1 && digit !== 0) return false
        if (scale >= 1) parts += digit * Math.round(scale)
      }
      if (at === point) return false
    }
    if (at !== end || whole > Number.MAX_SAFE_INTEGER) return false
    // whole milliseconds, and nanoseconds beside them
    const milliseconds = perMillisecond > 1 ? Math.floor(whole / perMillisecond) : whole / perMillisecond
    const beside = (perMillisecond > 1 ? (whole % perMillisecond) * nanoseconds : 0) + parts
    const carried = Math.floor(beside / 1e6)
    const rest = beside - carried * 1e6
    const isBefore = isNegative && rest > 0
    reading.milliseconds = isNegative ? -(milliseconds + carried) - (isBefore ? 1 : 0) : milliseconds + carried
    reading.nanoseconds = isBefore ? 1e6 - rest : rest
    reading.offsetMinutes = 0
    // -0 is 0
    reading.milliseconds += 0
    return Math.abs(reading.milliseconds) <= LAST
  }
}

/** Returns the fastest parser of the steps. */
export function parserOf(steps: readonly Step[]): FormParser {
  const stepped = steppedParserOf(steps)
  return fixedParserOf(steps) ?? partParserOf(steps, stepped) ?? stepped
}
