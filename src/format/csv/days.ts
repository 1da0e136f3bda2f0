import { daysFromCivil } from '../../time/instant.ts'

const FIRST_YEAR = 1900
const LAST_YEAR = 2100

/** Days since 1970-01-01 of the first of each month from 1900 on, and of the month after the last. */
const MONTH_STARTS = Int32Array.from({ length: (LAST_YEAR - FIRST_YEAR + 1) * 12 + 1 }, (_, index) =>
  daysFromCivil(FIRST_YEAR + Math.floor(index / 12), (index % 12) + 1, 1),
)

/** The number that two digits as they stand in a file, low byte first, are; −1 for other bytes and numbers from `end` on. */
function pairTable(end: number): Int8Array {
  const table = new Int8Array(0x10000).fill(-1)
  for (let value = 0; value < end; value++) {
    table[0x3030 + Math.floor(value / 10) + ((value % 10) << 8)] = value
  }
  return table
}

export const HOURS = pairTable(24)
export const SIXTIES = pairTable(60)

/** What {@link dayNumber} gives for a date that no calendar has. */
export const NO_DAY = -2_147_483_648

/** Days since 1970-01-01 of a Gregorian date, or {@link NO_DAY}. */
export function dayNumber(year: number, month: number, day: number): number {
  if ((month - 1) >>> 0 > 11 || (day - 1) >>> 0 > 30) return NO_DAY
  const index = (year - FIRST_YEAR) * 12 + month - 1
  let start: number
  let next: number
  if (index >= 0 && index < MONTH_STARTS.length - 1) {
    start = MONTH_STARTS[index] as number
    next = MONTH_STARTS[index + 1] as number
  } else {
    start = daysFromCivil(year, month, 1)
    next = month === 12 ? daysFromCivil(year + 1, 1, 1) : daysFromCivil(year, month + 1, 1)
  }
  const days = start + day - 1
  return days < next ? days : NO_DAY
}

/** The bits of {@link digitsOf} that are zero where all four bytes of a word are digits. */
export const STRANGE = 0x80808080 | 0

/** A word whose {@link STRANGE} bits are zero if, and only if, its four bytes are digits; several may be or-ed. */
export function digitsOf(word: number): number {
  return (word - 0x30303030) | (word + 0x46464646)
}

/** Days since 1970-01-01 of the words `YYYY`, `-MM-` and `DD` as they stand in a file, low byte first, or {@link NO_DAY}. */
export function dayOfWords(year: number, monthWord: number, dayWord: number): number {
  // dashes become zeros, so that one look finds what is neither
  const month = monthWord ^ 0x1d00001d
  const day = dayWord | 0x30300000
  const strange = ((digitsOf(year) | digitsOf(month) | digitsOf(day)) & STRANGE) | (month & 0x0f00000f)
  if (strange !== 0) return NO_DAY
  const pairs = Math.imul(year & 0x0f0f0f0f, 10) + ((year & 0x0f0f0f0f) >>> 8)
  return dayNumber(
    (pairs & 0xff) * 100 + ((pairs >>> 16) & 0xff),
    ((month >> 8) & 15) * 10 + ((month >> 16) & 15),
    (day & 15) * 10 + ((day >> 8) & 15),
  )
}

/** Days since 1970-01-01 of the ten bytes `YYYY-MM-DD` at `at`, or {@link NO_DAY}. */
export function readDayAt(view: DataView, at: number): number {
  return dayOfWords(view.getInt32(at, true), view.getInt32(at + 4, true), view.getUint16(at + 8, true))
}

/** The epoch milliseconds at which the day of {@link dayOfWords} begins, NaN for no day. */
export function startOfDay(year: number, monthWord: number, dayWord: number): number {
  const days = dayOfWords(year, monthWord, dayWord)
  return days === NO_DAY ? Number.NaN : days * 86_400_000
}
