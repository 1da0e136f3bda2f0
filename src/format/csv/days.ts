import { daysFromCivil } from '../../time/instant.ts'

const FIRST_YEAR = 1900
const LAST_YEAR = 2100

/** Days since 1970-01-01 of the first of each month from 1900 on, and of the month after the last. */
const MONTH_STARTS = Int32Array.from({ length: (LAST_YEAR - FIRST_YEAR + 1) * 12 + 1 }, (_, index) =>
  daysFromCivil(FIRST_YEAR + Math.floor(index / 12), (index % 12) + 1, 1),
)

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

/** Days since 1970-01-01 of the ten bytes `YYYY-MM-DD` at `at`, or {@link NO_DAY}. */
export function readDayAt(view: DataView, at: number): number {
  const year = view.getInt32(at, true)
  // dashes become zeros, so that one look finds what is neither
  const month = view.getInt32(at + 4, true) ^ 0x1d00001d
  const day = view.getUint16(at + 8, true) | 0x30300000
  const strange = ((digitsOf(year) | digitsOf(month) | digitsOf(day)) & STRANGE) | (month & 0x0f00000f)
  return strange === 0 ? dayOfWords(year, month, day) : NO_DAY
}

/** The day of `YYYY`, `?MM?` and `DD??` as they stand in the file, low byte first. */
export function dayOfWords(year: number, month: number, day: number): number {
  const pairs = Math.imul(year & 0x0f0f0f0f, 10) + ((year & 0x0f0f0f0f) >>> 8)
  return dayNumber(
    (pairs & 0xff) * 100 + ((pairs >>> 16) & 0xff),
    ((month >> 8) & 15) * 10 + ((month >> 16) & 15),
    (day & 15) * 10 + ((day >> 8) & 15),
  )
}
