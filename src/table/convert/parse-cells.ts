/**
 * Parses text to values of other kinds, only where the text survives the way back.
 * @module
 */
import type { Instant } from '../../time/instant.ts'
import type { TimeUnit } from '../column.ts'

/**
 * How much of a text must survive. A `value` may lose its spelling ('5.0' is 5, a timestamp's
 * offset becomes UTC); a `key` may not ('01' and '1.0' are not 1).
 */
export type Strictness = 'value' | 'key'

const DAY = 86_400_000
const DECIMAL = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE][+-]?\d+)?$/
const INTEGER = /^(-?(?:0|[1-9]\d*))(\.0+)?$/
/** The most digits that a double is written with. */
const MOST_DIGITS = 100

/**
 * Parses a text to a number. Returns NaN where the number, written with as many digits, differs
 * from the text.
 */
export function parseNumber(text: string, narrow: (value: number) => number, strictness: Strictness): number {
  const value = narrow(Number(text))
  if (!Number.isFinite(value)) return Number.NaN
  if (String(value) === text) return value
  if (strictness === 'key') return Number.NaN
  const match = DECIMAL.exec(text)
  if (match === null) return Number.NaN
  const digits = `${match[2]}${match[3] ?? ''}`.replace(/^0+/, '')
  if (digits === '') return value
  if (digits.length > MOST_DIGITS) return Number.NaN
  const written = Math.abs(value).toExponential(digits.length - 1)
  return written.slice(0, written.indexOf('e')).replace('.', '') === digits ? value : Number.NaN
}

const INT64 = [-(2n ** 63n), 2n ** 63n - 1n] as const
const UINT64 = [0n, 2n ** 64n - 1n] as const

/** Parses a text to a 64-bit integer, or null. */
export function parseBigInt(text: string, kind: 'int64' | 'uint64', strictness: Strictness): bigint | null {
  const match = INTEGER.exec(text)
  if (match === null || (strictness === 'key' && (match[2] !== undefined || text === '-0'))) return null
  const value = BigInt(match[1] as string)
  const [least, most] = kind === 'int64' ? INT64 : UINT64
  return value >= least && value <= most ? value : null
}

/** Parses 'true' or 'false' to 1 or 0, or null. For a value, case does not matter. */
export function parseBoolean(text: string, strictness: Strictness): 0 | 1 | null {
  const word = strictness === 'value' ? text.toLowerCase() : text
  return word === 'true' ? 1 : word === 'false' ? 0 : null
}

/**
 * Returns the instant in microseconds, NaN where no double holds them. A double holds every
 * microsecond of the years 1685 to 2254, and some of other years.
 */
function toMicroseconds({ milliseconds, nanoseconds }: Instant): number {
  const value = milliseconds * 1000 + nanoseconds / 1000
  if (nanoseconds % 1000 !== 0) return Number.NaN
  if (Number.isSafeInteger(value)) return value
  // dates such as 9999-12-31 mean "never", and most of them are exact
  return nanoseconds === 0 && BigInt(value) === BigInt(milliseconds) * 1000n ? value : Number.NaN
}

/**
 * Returns the instant in ticks of a unit; NaN where the unit is too coarse, or no double holds the
 * number. For nanoseconds see {@link toNanoseconds}.
 */
export function toTicks({ milliseconds, nanoseconds }: Instant, unit: Exclude<TimeUnit, 'ns'>): number {
  if (unit === 'us') return toMicroseconds({ milliseconds, nanoseconds })
  if (nanoseconds !== 0) return Number.NaN
  if (unit === 'ms') return milliseconds
  return milliseconds % 1000 === 0 ? milliseconds / 1000 : Number.NaN
}

/** Returns the instant in nanoseconds, or null outside the years 1677 to 2262. */
export function toNanoseconds({ milliseconds, nanoseconds }: Instant): bigint | null {
  const value = BigInt(milliseconds) * 1_000_000n + BigInt(nanoseconds)
  return value > INT64[0] && value <= INT64[1] ? value : null
}

/** Returns the day that begins at the instant, NaN where it is not midnight. */
export function instantToDay({ milliseconds, nanoseconds }: Instant): number {
  return nanoseconds === 0 && milliseconds % DAY === 0 ? milliseconds / DAY : Number.NaN
}
