/**
 * Numbers and days as people read them.
 * @module
 */

/** Shown for a figure without a denominator. */
export const NONE = '–'

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const one = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const two = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })
const percent = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 })

export const wholePercent = (share: number) => `${whole.format(share * 100)}%`

const orNone = (format: Intl.NumberFormat) => (value: number | null) => (value === null ? NONE : format.format(value))

export const countText = orNone(whole)
export const shortText = (value: number) => short.format(value)
export const oneDecimal = orNone(one)
export const twoDecimals = orNone(two)
export const percentText = orNone(percent)
export const minutesText = (value: number | null) => (value === null ? NONE : `${one.format(value)} min`)

/** Returns a way to write wall milliseconds, which are read as if they were UTC. */
export function wallFormat(options: Intl.DateTimeFormatOptions): (milliseconds: number) => string {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options })
  return (milliseconds) => format.format(milliseconds)
}

/** A day of wall milliseconds: `5 Jan 2025`. */
export const dayText = wallFormat({ day: 'numeric', month: 'short', year: 'numeric' })

/** A day with its time of day. */
export const momentText = wallFormat({
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})
