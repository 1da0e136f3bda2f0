/**
 * The Gregorian calendar as days since 1970-01-01. It repeats every 400 years, so a table of 400
 * years is enough.
 * @module
 */

const CYCLE_YEARS = 400
const CYCLE_DAYS = 146_097
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
/** 0000-01-01 */
const FIRST_DAY = -719_528

function monthStarts(): Int32Array {
  const starts = new Int32Array(CYCLE_YEARS * 12 + 1)
  let start = FIRST_DAY
  for (let month = 0; month < starts.length; month++) {
    starts[month] = start
    const year = Math.floor(month / 12)
    const isLeap = year % 4 === 0 && (year % 100 !== 0 || year === 0)
    start += isLeap && month % 12 === 1 ? 29 : (MONTH_DAYS[month % 12] as number)
  }
  return starts
}

/** The first day of each month of the years 0 to 399, and of the month after them. */
const MONTH_STARTS = monthStarts()

/**
 * Returns the first day of a month in days since 1970-01-01. `month` is 1–12, or 13 for the next
 * January.
 */
export function firstOfMonth(year: number, month: number): number {
  const cycle = Math.floor(year / CYCLE_YEARS)
  return cycle * CYCLE_DAYS + (MONTH_STARTS[(year - cycle * CYCLE_YEARS) * 12 + month - 1] as number)
}

/** What {@link dayNumber} returns for a date that does not exist. */
export const NO_DAY = -2_147_483_648

/** Returns a date in days since 1970-01-01, or {@link NO_DAY}. */
export function dayNumber(year: number, month: number, day: number): number {
  if (month < 1 || month > 12 || day < 1) return NO_DAY
  const days = firstOfMonth(year, month) + day - 1
  return days < firstOfMonth(year, month + 1) ? days : NO_DAY
}
