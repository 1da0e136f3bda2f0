/**
 * Whether the dates of a file are written day first, as declared, or month first: what each row says about it.
 * @module
 */
import { TimestampReading } from '../../../time/read-stamp.ts'
import { compileTimestampForm } from '../../../time/timestamp-form.ts'

/** How the sources write when an interaction began: wall time, day first. */
export const DAY_FIRST = 'dd/MM/yyyy HH:mm'
/** The other order, which looks alike up to the twelfth day of a month. */
export const MONTH_FIRST = 'MM/dd/yyyy HH:mm'

const DAY = 86_400
const monthFirst = compileTimestampForm(MONTH_FIRST)
const encoder = new TextEncoder()

/**
 * Whether a text that is no date in the declared order is one in the other order: `02/17/2020 18:24`.
 *
 * @example
 * isMonthFirst('02/17/2020 18:24') // true
 * isMonthFirst('yesterday') // false
 */
export function isMonthFirst(text: string): boolean {
  const bytes = encoder.encode(text.trim())
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return monthFirst.parse(view, 0, bytes.byteLength, new TimestampReading())
}

/**
 * Whether wall times, as seconds since 1970, show that they were written day first: one of them is after the twelfth of its
 * month. Without such a day every one of them reads the other way round too.
 *
 * @example
 * showsDayFirst([Date.UTC(2020, 1, 17) / 1000]) // true
 * showsDayFirst([Date.UTC(2020, 2, 5) / 1000]) // false
 */
export function showsDayFirst(seconds: Iterable<number>): boolean {
  for (const second of seconds) {
    if (new Date(Math.floor(second / DAY) * DAY * 1000).getUTCDate() > 12) return true
  }
  return false
}
