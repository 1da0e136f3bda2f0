/**
 * Decimals, instants, clock times and durations to exact text and back, where a number or a Date
 * would round.
 * @module
 */
import { daysFromCivil, formatDay } from '../../time/instant.ts'

/** The digits of a fraction of a second, by unit: s, ms, us, ns. */
const FRACTIONS = [0, 3, 6, 9]
const DAY_SECONDS = 86_400n

/** Returns the quotient and the remainder, which is never negative. */
function divide(value: bigint, by: bigint): [bigint, bigint] {
  const rest = ((value % by) + by) % by
  return [(value - rest) / by, rest]
}

const ticksOf = (unit: number) => 10n ** BigInt(FRACTIONS[unit] ?? 0)

/** Returns `.` and three, six or nine digits, without trailing groups of zeros; empty for 0. */
function fractionText(fraction: bigint, unit: number): string {
  if (fraction === 0n) return ''
  let digits = String(fraction).padStart(FRACTIONS[unit] ?? 0, '0')
  while (digits.length > 3 && digits.endsWith('000')) digits = digits.slice(0, -3)
  return `.${digits}`
}

function clockText(seconds: bigint): string {
  const pad = (value: bigint) => String(value).padStart(2, '0')
  return `${pad(seconds / 3600n)}:${pad((seconds / 60n) % 60n)}:${pad(seconds % 60n)}`
}

/**
 * Returns ticks since 1970 as `YYYY-MM-DDTHH:mm:ss[.fraction]`, with `Z` for an instant. A tick is
 * one unit; `unit` is 0 to 3: s, ms, us, ns.
 *
 * @example
 * formatTicks(1740792600000001n, 2, 'instant') // '2025-03-01T01:30:00.000001Z'
 */
export function formatTicks(ticks: bigint, unit: number, kind: 'instant' | 'wall'): string {
  const [seconds, fraction] = divide(ticks, ticksOf(unit))
  const [days, clock] = divide(seconds, DAY_SECONDS)
  return `${formatDay(Number(days))}T${clockText(clock)}${fractionText(fraction, unit)}${kind === 'instant' ? 'Z' : ''}`
}

/** Returns ticks since midnight as `HH:mm:ss[.fraction]`. */
export function formatClock(ticks: bigint, unit: number): string {
  const [seconds, fraction] = divide(ticks < 0n ? -ticks : ticks, ticksOf(unit))
  return `${ticks < 0n ? '-' : ''}${clockText(seconds)}${fractionText(fraction, unit)}`
}

/** Returns the seconds of a duration, with their fraction. */
function secondsText(ticks: bigint, unit: number): string {
  const [seconds, fraction] = divide(ticks, ticksOf(unit))
  return `${seconds}${fractionText(fraction, unit)}S`
}

/** Returns ticks as an ISO 8601 duration of hours, minutes and seconds, such as `PT12M30S`. */
export function formatDuration(ticks: bigint, unit: number): string {
  if (ticks < 0n) return `-${formatDuration(-ticks, unit)}`
  const perMinute = ticksOf(unit) * 60n
  const minutes = ticks / perMinute
  const rest = ticks % perMinute
  const hours = minutes / 60n
  const parts = `${hours > 0n ? `${hours}H` : ''}${minutes % 60n > 0n ? `${minutes % 60n}M` : ''}`
  return `PT${parts}${rest > 0n || parts === '' ? secondsText(rest, unit) : ''}`
}

/**
 * Returns months, days and nanoseconds, each with its own sign, as an ISO 8601 duration such as
 * `P1M-2DT3S`.
 */
export function formatInterval(months: number, days: number, nanoseconds: bigint): string {
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds
  const seconds = nanoseconds === 0n ? '' : `T${nanoseconds < 0n ? '-' : ''}${secondsText(size, 3)}`
  const text = `${months === 0 ? '' : `${months}M`}${days === 0 ? '' : `${days}D`}${seconds}`
  return text === '' ? 'PT0S' : `P${text}`
}

/** Returns the decimal `unscaled` × 10^−scale with all its digits. */
export function formatDecimal(unscaled: bigint, scale: number): string {
  if (scale <= 0) return String(unscaled * 10n ** BigInt(-scale))
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0')
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/**
 * Returns the digits as an integer with `places` decimal places; null where a digit would be lost.
 */
function shifted(digits: string, places: number): bigint | null {
  const value = BigInt(digits)
  if (places >= 0) return value * 10n ** BigInt(places)
  const by = 10n ** BigInt(-places)
  return value % by === 0n ? value / by : null
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/

/**
 * Returns a decimal text, or a number's shortest text, times 10^scale; null where it is not a
 * decimal or has more digits.
 */
export function parseDecimal(text: string, scale: number): bigint | null {
  const [, sign, whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? []
  if (sign === undefined) return null
  const value = shifted(whole + fraction, scale - fraction.length + Number(exponent))
  return value !== null && sign === '-' ? -value : value
}

const DAY = /^([+-]?\d{4,})-(\d\d)-(\d\d)$/

/** Parses the text of `formatDay` to days since 1970; null for any other text. */
export function parseAnyDay(text: string): number | null {
  const match = DAY.exec(text)
  return match === null ? null : daysFromCivil(Number(match[1]), Number(match[2]), Number(match[3]))
}

/**
 * Returns the ticks of a match of sign, hours, minutes, seconds and fraction; null for no match, or
 * a value finer than the unit.
 */
function ticksOfClock(found: RegExpExecArray | null, unit: number): bigint | null {
  if (found === null) return null
  const [, sign, hours = '0', minutes = '0', seconds = '0', fraction = ''] = found
  const whole = BigInt(hours) * 3600n + BigInt(minutes) * 60n + BigInt(seconds)
  const ticks = shifted(`${whole}${fraction}`, (FRACTIONS[unit] ?? 0) - fraction.length)
  return ticks !== null && sign === '-' ? -ticks : ticks
}

const CLOCK = /^(-?)(\d{2,}):(\d\d):(\d\d)(?:\.(\d+))?$/

/** Parses a clock text to ticks; null where it is not one, or is finer than the unit. */
export function parseClock(text: string, unit: number): bigint | null {
  return ticksOfClock(CLOCK.exec(text), unit)
}

/**
 * Parses the text of {@link formatTicks} to ticks since 1970; null for any other text or a finer
 * one.
 */
export function parseTicks(text: string, unit: number): bigint | null {
  const [day = '', clock = ''] = text.replace(/Z$/, '').split('T')
  const days = parseAnyDay(day)
  const ticks = parseClock(clock, unit)
  return days === null || ticks === null ? null : BigInt(days) * DAY_SECONDS * ticksOf(unit) + ticks
}

const DURATION = /^(-?)PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d+))?S)?$/

/** Parses the text of {@link formatDuration} to ticks; null for any other text or a finer one. */
export function parseDuration(text: string, unit: number): bigint | null {
  return ticksOfClock(DURATION.exec(text), unit)
}

const INTERVAL = /^P(?:(-?\d+)M)?(?:(-?\d+)D)?(?:T(-?)(\d+)(?:\.(\d+))?S)?$/

/**
 * Parses the text of {@link formatInterval} to months, days and nanoseconds; null for any other
 * text.
 */
export function parseInterval(text: string): readonly [months: number, days: number, nanoseconds: bigint] | null {
  const match = INTERVAL.exec(text)
  if (match === null) return null
  const [, months = '0', days = '0', sign = '', seconds = '0', fraction = ''] = match
  const size = shifted(`${seconds}${fraction}`, 9 - fraction.length) ?? 0n
  return [Number(months), Number(days), sign === '-' ? -size : size]
}
