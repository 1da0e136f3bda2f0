/**
 * The parser of the forms that most exports have: year, month, day, hour and minute in any order, perhaps seconds, and AM or PM.
 * @module
 */
import { dayNumber, NO_DAY } from './calendar.ts'
import {
  AM_PM,
  DATE,
  DIGITS,
  type FormParser,
  HOUR,
  halfOfDay,
  LITERAL,
  MINUTE,
  MONTH,
  MONTHS,
  NAME,
  SECOND,
  SHORT_YEAR,
  type Step,
  UP_TO,
  YEAR,
} from './form-steps.ts'
import { HUNDREDS } from './read-stamp.ts'

const DAY = 86_400_000

/** How a part is read: as many digits, one or two of them, two of a year of this century, or the name of a month. */
const [TWO, FOUR, ONE_OR_TWO, CENTURY, MONTH_NAME] = [0, 1, 2, 3, 4] as const

/** One part of a form, and the bytes that must follow it: up to two. */
interface Part {
  readonly field: number
  readonly how: number
  readonly signs: readonly number[]
}

/** The number of a month by the lower five bits of the three letters of its name; 0 for other letters. */
const MONTH_OF = new Uint8Array(1 << 15)
for (const [at, name] of MONTHS.entries()) {
  const [first = 0, second = 0, third = 0] = Array.from(name, (letter) => letter.charCodeAt(0) & 31)
  MONTH_OF[(first << 10) | (second << 5) | third] = at + 1
}

/** The letters of ASCII, both cases. */
const LETTER = new Uint8Array(256)
for (let letter = 0x61; letter <= 0x7a; letter++) {
  LETTER[letter] = 1
  LETTER[letter - 0x20] = 1
}

function monthAt(view: DataView, at: number): number {
  const [first, second, third] = [view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2)]
  if (((LETTER[first] as number) & (LETTER[second] as number) & (LETTER[third] as number)) === 0) return 0
  return MONTH_OF[((first & 31) << 10) | ((second & 31) << 5) | (third & 31)] as number
}

/** The bytes of a part in the bits above its value. */
const [ONE, PAIR, THREE, QUAD] = [1 << 16, 2 << 16, 3 << 16, 4 << 16] as const
const VALUE = 0xffff
const MISFIT = -1

/** Reads the part at `at`: its value, with its size above it; negative for another text. */
function readPart(view: DataView, at: number, end: number, how: number): number {
  if (how === ONE_OR_TWO) {
    if (at >= end) return MISFIT
    const first = view.getUint8(at) - 48
    if (first >>> 0 > 9) return MISFIT
    const second = at + 1 < end ? view.getUint8(at + 1) - 48 : -1
    return second >>> 0 > 9 ? ONE | first : PAIR | (first * 10 + second)
  }
  if (how === TWO) {
    const value = at + 2 > end ? -1 : (HUNDREDS[view.getUint16(at, true)] as number)
    return value < 0 ? MISFIT : PAIR | value
  }
  if (how === FOUR) {
    if (at + 4 > end) return MISFIT
    const century = HUNDREDS[view.getUint16(at, true)] as number
    const years = HUNDREDS[view.getUint16(at + 2, true)] as number
    return (century | years) < 0 ? MISFIT : QUAD | (century * 100 + years)
  }
  if (how === CENTURY) {
    const value = at + 2 > end ? -1 : (HUNDREDS[view.getUint16(at, true)] as number)
    return value < 0 ? MISFIT : PAIR | (2000 + value)
  }
  const month = at + 3 > end ? 0 : monthAt(view, at)
  return month === 0 ? MISFIT : THREE | month
}

function howOf({ how, size }: Step): number | null {
  if (how === DIGITS) return size === 4 ? FOUR : TWO
  if (how === UP_TO) return ONE_OR_TWO
  if (how === SHORT_YEAR) return CENTURY
  return how === NAME ? MONTH_NAME : null
}

/** The parts of a form; null for a form with other parts, or with more than two bytes between two of them. */
function partsOf(steps: readonly Step[]): Part[] | null {
  const parts: { field: number; how: number; signs: number[] }[] = []
  for (const step of steps) {
    const last = parts.at(-1)
    if (step.how === LITERAL) {
      if (last === undefined || last.signs.length === 2) return null
      last.signs.push(step.size)
      continue
    }
    const how = howOf(step)
    if (how === null) return null
    parts.push({ field: step.field, how, signs: [] })
  }
  return parts
}

/** Whether the parts are those of a day, in any order, then hour, minute and perhaps second. */
function isDayAndTime(parts: readonly Part[]): boolean {
  const [, , , hour, minute, second] = parts.map(({ field }) => field)
  const isTime = hour === HOUR && minute === MINUTE && (second === undefined || second === SECOND)
  return parts.length >= 5 && parts.length <= 6 && isTime
}

/** The bits of the four bytes from `first` on that belong to a text of so many bytes. */
function maskOf(first: number, size: number): number {
  const bytes = Math.min(4, Math.max(0, size - first))
  return bytes === 4 ? -1 : (1 << (bytes * 8)) - 1
}

/** Bytes of a day that are compared with the day of the cell before. */
const COMPARED = 12

/**
 * Returns the parser of a form of a day and then hour, minute and perhaps second, with AM or PM at its end where it has that; null
 * for other forms. The parts are read without a loop, and a day that the cell before had too is not read again.
 */
export function partParserOf(steps: readonly Step[]): FormParser | null {
  const hasHalf = steps.at(-1)?.how === AM_PM
  const parts = partsOf(hasHalf ? steps.slice(0, -1) : steps)
  if (parts === null || !isDayAndTime(parts)) return null
  const [one, two, three, four, five, six = { field: SECOND, how: TWO, signs: [] }] = parts as [
    Part,
    Part,
    Part,
    Part,
    Part,
    Part?,
  ]
  const hasSecond = parts.length === 6
  const places = parts.map(({ field }) => field)
  const [atYear, atMonth] = [places.indexOf(YEAR), places.indexOf(MONTH)]
  const atDate = places.indexOf(DATE)
  /** The day of the cell before: its bytes, with those that follow it, and how many they are; 0 for no day. */
  let [knownSize, mask0, mask1, mask2] = [0, 0, 0, 0]
  let [word0, word1, word2] = [0, 0, 0]
  let knownDay = NO_DAY as number

  /** Reads the day at `start`; returns where the time begins, negative for another text. */
  function readDay(view: DataView, start: number, end: number): number {
    knownSize = 0
    let at = start
    const first = readPart(view, at, end, one.how)
    if (first < 0) return MISFIT
    at = skip(view, at + (first >>> 16), end, one.signs)
    const second = at < 0 ? MISFIT : readPart(view, at, end, two.how)
    if (second < 0) return MISFIT
    at = skip(view, at + (second >>> 16), end, two.signs)
    const third = at < 0 ? MISFIT : readPart(view, at, end, three.how)
    if (third < 0) return MISFIT
    at = skip(view, at + (third >>> 16), end, three.signs)
    if (at < 0) return MISFIT
    const valueAt = (place: number) => (place === 0 ? first : place === 1 ? second : third) & VALUE
    knownDay = dayNumber(valueAt(atYear), valueAt(atMonth), valueAt(atDate))
    if (knownDay === NO_DAY) return MISFIT
    const size = at - start
    if (size <= COMPARED && start + COMPARED <= end) {
      knownSize = size
      mask0 = maskOf(0, size)
      mask1 = maskOf(4, size)
      mask2 = maskOf(8, size)
      word0 = view.getInt32(start, true) & mask0
      word1 = view.getInt32(start + 4, true) & mask1
      word2 = view.getInt32(start + 8, true) & mask2
    }
    return at
  }

  const [hourHow, minuteHow, secondHow] = [four.how, five.how, six.how]
  const [hourSigns, minuteSigns, secondSigns] = [four.signs, five.signs, six.signs]
  return (view, start, end, reading) => {
    let at: number
    if (
      knownSize > 0 &&
      start + COMPARED <= end &&
      (view.getInt32(start, true) & mask0) === word0 &&
      (view.getInt32(start + 4, true) & mask1) === word1 &&
      (view.getInt32(start + 8, true) & mask2) === word2
    ) {
      at = start + knownSize
    } else {
      at = readDay(view, start, end)
      if (at < 0) return false
    }
    const hours = readPart(view, at, end, hourHow)
    if (hours < 0) return false
    at = skip(view, at + (hours >>> 16), end, hourSigns)
    const minutes = at < 0 ? MISFIT : readPart(view, at, end, minuteHow)
    if (minutes < 0) return false
    at = skip(view, at + (minutes >>> 16), end, minuteSigns)
    if (at < 0) return false
    let second = 0
    if (hasSecond) {
      const seconds = readPart(view, at, end, secondHow)
      if (seconds < 0) return false
      at = skip(view, at + (seconds >>> 16), end, secondSigns)
      if (at < 0) return false
      second = seconds & VALUE
    }
    let hour = hours & VALUE
    if (hasHalf) {
      const half = at + 2 === end ? halfOfDay(view, at) : -1
      if (half < 0 || hour < 1 || hour > 12) return false
      hour = (hour === 12 ? 0 : hour) + half
    } else if (at !== end) return false
    const minute = minutes & VALUE
    if (hour > 23 || minute > 59 || second > 59) return false
    reading.milliseconds = knownDay * DAY + (hour * 3600 + minute * 60 + second) * 1000
    reading.nanoseconds = 0
    reading.offsetMinutes = null
    return true
  }
}

/** The position behind the bytes that must stand at `at`: none, one or two; negative where others stand there. */
function skip(view: DataView, at: number, end: number, signs: readonly number[]): number {
  const count = signs.length
  if (count === 0) return at
  if (at + count > end || view.getUint8(at) !== signs[0]) return MISFIT
  return count === 1 || view.getUint8(at + 1) === signs[1] ? at + count : MISFIT
}
