/**
 * The parts of a form with the bytes between them, and the reader of those that make a day.
 * @module
 */
import { dayNumber, NO_DAY } from './calendar.ts'
import {
  DATE,
  DAY_NAME,
  DIGITS,
  LITERAL,
  MONTH,
  MONTHS,
  NAME,
  SHORT_YEAR,
  type Step,
  UP_TO,
  WEEKDAYS,
  YEAR,
} from './form-steps.ts'
import { HUNDREDS, type TimestampReading } from './read-stamp.ts'

const DAY = 86_400_000

/** The bytes of a part in the bits above its value. */
export const [ONE, PAIR, THREE, QUAD] = [1 << 16, 2 << 16, 3 << 16, 4 << 16] as const
export const VALUE = 0xffff
export const MISFIT = -1

/**
 * The size and value of the number that two bytes begin with, low byte first: two digits, or one before another byte; −1 for
 * no digit. One look-up takes the place of a branch that a processor cannot foresee.
 */
export const NUMBERS = new Int32Array(1 << 16).fill(MISFIT)
for (let digit = 0; digit < 10; digit++) {
  for (let byte = 0; byte < 256; byte++) {
    const isDigit = byte >= 48 && byte <= 57
    NUMBERS[(byte << 8) | (digit + 48)] = isDigit ? PAIR | (digit * 10 + byte - 48) : ONE | digit
  }
}

/** Three letters as a number of 15 bits, by the lower five bits of each; `word` has them in its lower three bytes. */
const lettersOf = (word: number) => ((word & 31) << 10) | (((word >>> 8) & 31) << 5) | ((word >>> 16) & 31)

/** A table from {@link lettersOf} names of three letters to their numbers; 0 for other letters. */
function nameTable(names: readonly string[], first: number): Uint8Array {
  const table = new Uint8Array(1 << 15)
  for (const [at, name] of names.entries()) {
    const word = name.charCodeAt(0) | (name.charCodeAt(1) << 8) | (name.charCodeAt(2) << 16)
    table[lettersOf(word)] = at + first
  }
  return table
}
const MONTH_OF = nameTable(MONTHS, 1)
/** 1 for a Thursday, as 1 January 1970 was. */
const WEEKDAY_OF = nameTable(WEEKDAYS, 1)

/** The number of the name in the lower three bytes of a word, in any case; 0 for no name. */
function nameOf(word: number, table: Uint8Array): number {
  return (word & 0xc0c0c0) === 0x404040 ? (table[lettersOf(word)] as number) : 0
}

/** Up to two bytes that must follow a part: their number, and what two bytes are compared with. */
interface Signs {
  /** Their number, in the bits above a part's value. */
  readonly size: number
  readonly mask: number
  readonly sign: number
}

function signsOf(bytes: readonly number[]): Signs {
  const [first = 0, second = 0] = bytes
  return { size: bytes.length * ONE, mask: [0, 0xff, 0xffff][bytes.length] as number, sign: first | (second << 8) }
}

function isOther(view: DataView, at: number, mask: number, sign: number): boolean {
  return mask !== 0 && ((view.getUint16(at, true) ^ sign) & mask) !== 0
}

/** One part of a form, and the bytes that follow it. */
export interface Part {
  readonly step: Step
  readonly signs: number[]
}

/** The parts of a form; null for one that begins with another byte, or has more than two between two parts. */
export function partsOf(steps: readonly Step[]): Part[] | null {
  const parts: Part[] = []
  for (const step of steps) {
    const last = parts.at(-1)
    if (step.how !== LITERAL) parts.push({ step, signs: [] })
    else if (last === undefined || last.signs.length === 2) return null
    else last.signs.push(step.size)
  }
  return parts
}

/** How a part of a day is read: a number, four digits, two of a year of this century, or the name of a month. */
const [NUMBER, FOUR, CENTURY, MONTH_NAME] = [0, 1, 2, 3] as const

interface DayPart extends Signs {
  readonly how: number
  /** The least size and value that a number may have. */
  readonly least: number
}

function dayPartOf({ step, signs }: Part): DayPart {
  const isNumber = step.how === UP_TO || (step.how === DIGITS && step.size === 2)
  const how = isNumber ? NUMBER : step.how === NAME ? MONTH_NAME : step.how === SHORT_YEAR ? CENTURY : FOUR
  return { how, least: step.how === UP_TO ? ONE : PAIR, ...signsOf(signs) }
}

/**
 * Reads the part at `at` and the bytes that must follow it: its value, with the size of all that above it; negative for another
 * text. It takes numbers alone: an object's fields would be read again in each cell.
 */
function readPart(
  view: DataView,
  at: number,
  how: number,
  least: number,
  mask: number,
  sign: number,
  size: number,
): number {
  const word = view.getInt32(at, true)
  if (how === NUMBER) {
    const number = NUMBERS[word & 0xffff] as number
    // shifted by the bits of one byte or two
    return number < least || (((word >>> (number >>> 13)) ^ sign) & mask) !== 0 ? MISFIT : number + size
  }
  if (how === FOUR) {
    const years = HUNDREDS[word & 0xffff] as number
    const year = HUNDREDS[word >>> 16] as number
    return (years | year) < 0 || isOther(view, at + 4, mask, sign) ? MISFIT : QUAD + size + years * 100 + year
  }
  if (how === CENTURY) {
    const year = HUNDREDS[word & 0xffff] as number
    return year < 0 || (((word >>> 16) ^ sign) & mask) !== 0 ? MISFIT : PAIR + size + 2000 + year
  }
  const month = nameOf(word, MONTH_OF)
  return month === 0 || isOther(view, at + 3, mask, sign) ? MISFIT : THREE + size + month
}

/** The bits of a word that belong to a text of which so many bytes begin with it. */
function maskOf(bytes: number): number {
  return bytes >= 4 ? -1 : bytes <= 0 ? 0 : (1 << (bytes * 8)) - 1
}

/** The bytes of a day that are compared with the day of the cell before. A day has more than four. */
const COMPARED = 12

/** Reads the day at `at` into `reading`: returns where the time begins, negative for another text. */
type DayReader = (view: DataView, at: number, reading: TimestampReading) => number

/** The reader of a year, month and day in any order, perhaps behind the day of the week; null for other parts. */
export function dayReaderOf(parts: readonly Part[]): DayReader | null {
  const [head] = parts
  const named = head?.step.how === DAY_NAME ? head : null
  const own = named === null ? parts : parts.slice(1)
  const fields = own.map(({ step }) => step.field)
  const [atYear, atMonth, atDate] = [YEAR, MONTH, DATE].map((field) => fields.indexOf(field)) as [
    number,
    number,
    number,
  ]
  if (own.length !== 3 || atYear < 0 || atMonth < 0 || atDate < 0) return null
  const [one, two, three] = own.map(dayPartOf) as [DayPart, DayPart, DayPart]
  const { how: how1, least: least1, mask: mask1, sign: sign1, size: size1 } = one
  const { how: how2, least: least2, mask: mask2, sign: sign2, size: size2 } = two
  const { how: how3, least: least3, mask: mask3, sign: sign3, size: size3 } = three
  const hasName = named !== null
  const { mask: nameMask, sign: nameSign, size: nameSize } = signsOf(named?.signs ?? [])
  /** The day of the cell before: its bytes, with those that follow it, and how many they are; 0 for no day. */
  let [knownSize, knownDay] = [0, NO_DAY as number]
  let [word0, word1, word2, bits1, bits2] = [0, 0, 0, 0, 0]

  function readDay(view: DataView, start: number): number {
    knownSize = 0
    let at = start
    let weekday = 0
    if (hasName) {
      weekday = nameOf(view.getInt32(at, true), WEEKDAY_OF)
      if (weekday === 0 || isOther(view, at + 3, nameMask, nameSign)) return MISFIT
      at += 3 + (nameSize >>> 16)
    }
    const first = readPart(view, at, how1, least1, mask1, sign1, size1)
    if (first < 0) return MISFIT
    at += first >>> 16
    const second = readPart(view, at, how2, least2, mask2, sign2, size2)
    if (second < 0) return MISFIT
    at += second >>> 16
    const third = readPart(view, at, how3, least3, mask3, sign3, size3)
    if (third < 0) return MISFIT
    at += third >>> 16
    const year = (atYear === 0 ? first : atYear === 1 ? second : third) & VALUE
    const month = (atMonth === 0 ? first : atMonth === 1 ? second : third) & VALUE
    const date = (atDate === 0 ? first : atDate === 1 ? second : third) & VALUE
    knownDay = dayNumber(year, month, date)
    if (knownDay === NO_DAY) return MISFIT
    // a name that the day does not have is a typing error, or a day and month in the other order
    if (hasName && ((knownDay % 7) + 7) % 7 !== weekday - 1) return MISFIT
    const size = at - start
    if (size > COMPARED) return at
    knownSize = size
    bits1 = maskOf(size - 4)
    bits2 = maskOf(size - 8)
    word0 = view.getInt32(start, true)
    word1 = view.getInt32(start + 4, true) & bits1
    word2 = view.getInt32(start + 8, true) & bits2
    return at
  }

  return (view, start, reading) => {
    let at = start + knownSize
    if (
      knownSize === 0 ||
      view.getInt32(start, true) !== word0 ||
      (view.getInt32(start + 4, true) & bits1) !== word1 ||
      (view.getInt32(start + 8, true) & bits2) !== word2
    ) {
      at = readDay(view, start)
      if (at < 0) return MISFIT
    }
    reading.milliseconds = knownDay * DAY
    return at
  }
}
