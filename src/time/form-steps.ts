/**
 * What a declared form of timestamps is made of: its steps, and the words that all parsers of forms share.
 * @module
 */
import type { TimestampReading } from './read-stamp.ts'

/** Parses the bytes `[start, end)` into `reading`; false for what does not have the form. */
export type FormParser = (view: DataView, start: number, end: number, reading: TimestampReading) => boolean

/** Places in the fields of a timestamp. */
export const [YEAR, MONTH, DATE, HOUR, MINUTE, SECOND, FRACTION] = [0, 1, 2, 3, 4, 5, 6] as const
export const [HALF, OFFSET, WEEKDAY] = [7, 8, 9] as const
/** What one step of a form reads. */
export const [LITERAL, DIGITS, UP_TO, SHORT_YEAR, NAME, PARTS, AM_PM, ZONE, DAY_NAME] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8,
] as const

/** One step of a form: how it reads, which field it gives, and the byte or number of digits. */
export interface Step {
  readonly how: number
  readonly field: number
  readonly size: number
}

/** Whether a step may read fewer bytes than it could: what follows must tell where it ends. */
export const isOpen = ({ how, size }: Step) => how === UP_TO || (how === PARTS && size === 0)
/** The names of months, in lower case. */
export const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
/** Days of the week; 1 January 1970 was a Thursday. */
export const WEEKDAYS = ['thu', 'fri', 'sat', 'sun', 'mon', 'tue', 'wed']

/** 0 for AM, 12 for PM, in any case; −1 for other letters. */
export function halfOfDay(view: DataView, at: number): number {
  if ((view.getUint8(at + 1) | 0x20) !== 0x6d) return -1
  const first = view.getUint8(at) | 0x20
  return first === 0x61 ? 0 : first === 0x70 ? 12 : -1
}
