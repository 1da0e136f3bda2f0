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

/** Zero where all four bytes of a word are digits. */
export function strangeDigits(word: number): number {
  return ((word & 0xf0f0f0f0) ^ 0x30303030) | (((word + 0x06060606) & 0xf0f0f0f0) ^ 0x30303030)
}

/** Days since 1970-01-01 of the ten bytes `YYYY-MM-DD` at `at`, or {@link NO_DAY}. */
export function readDayAt(view: DataView, at: number): number {
  const year = view.getInt32(at, true)
  const month = view.getInt32(at + 4, true)
  const day = view.getInt16(at + 8, true)
  const strange =
    strangeDigits(year) |
    strangeDigits((month & 0x00ffff00) | 0x30000030) |
    strangeDigits((day & 0xffff) | 0x30300000) |
    ((month ^ 0x2d00002d) & 0xff0000ff)
  if (strange !== 0) return NO_DAY
  const y = (year & 15) * 1000 + ((year >> 8) & 15) * 100 + ((year >> 16) & 15) * 10 + ((year >> 24) & 15)
  return dayNumber(y, ((month >> 8) & 15) * 10 + ((month >> 16) & 15), (day & 15) * 10 + ((day >> 8) & 15))
}
