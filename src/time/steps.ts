/**
 * Step functions over instants, evaluated in bulk: what is constant between two moments is looked up, not computed.
 * @module
 */
import { ContractError } from '../errors.ts'
import { LAST_INSTANT, type OffsetStretches, pageOf, type Zone } from './zone.ts'

/** Ticks a millisecond of the units that fit a double. */
export const TICKS = { s: 0.001, ms: 1, us: 1000 } as const
export type TickUnit = keyof typeof TICKS

/** Instants as epoch ticks of one unit; NaN is null. */
export interface Instants {
  readonly values: Float64Array
  readonly unit: TickUnit
}

/** The first and the last of some instants, in epoch milliseconds, and how many are null. */
export interface InstantRange {
  readonly first: number
  readonly last: number
  readonly nulls: number
}

/**
 * Returns the range of the instants, or null when none is known.
 * @throws ContractError timestamp_invalid - one lies outside what a date can hold (a column in another unit than it says)
 */
export function instantRange({ values, unit }: Instants): InstantRange | null {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  let nulls = 0
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number
    if (value >= first && value <= last) continue
    // NaN is neither
    if (value < first) first = value
    if (value > last) last = value
    if (Number.isNaN(value)) nulls++
  }
  if (last < first) return null
  const range = { first: first / TICKS[unit], last: last / TICKS[unit], nulls }
  if (range.first < -LAST_INSTANT || range.last > LAST_INSTANT) {
    throw new ContractError(
      'timestamp_invalid',
      `a timestamp lies outside the years -271821 to 275760: is its unit really ${unit}?`,
      { details: { first, last, unit } },
    )
  }
  return range
}

// Few pages are probed outright; where stamps lie far apart (a default of 1900 or 9999), only the pages that hold one.
const DENSE_PAGES = 32

/** Returns the zone's stretches of one offset that cover the instants. */
export function stretchesOver(instants: Instants, zone: Zone, { first, last }: InstantRange): OffsetStretches {
  const from = pageOf(first)
  const pages = Array.from({ length: pageOf(last) - from + 1 }, (_, page) => from + page)
  if (pages.length <= DENSE_PAGES) return zone.stretches(pages)
  const { values, unit } = instants
  const scale = TICKS[unit]
  const isHeld = new Uint8Array(pages.length)
  for (let row = 0; row < values.length; row++) {
    const page = pageOf((values[row] as number) / scale) - from
    if (page >= 0) isHeld[page] = 1
  }
  return zone.stretches(pages.filter((_, page) => isHeld[page] === 1))
}

const MOST_BUCKETS = 2 ** 20

/**
 * Returns, for each instant, the value of the step it lies in: the last one that starts (epoch milliseconds, sorted) at
 * or before it; `missing` for null. Exact whatever the steps' lengths: a table of buckets only says where to begin to look.
 */
export function stepValues(
  { values, unit }: Instants,
  range: InstantRange,
  steps: { readonly starts: ArrayLike<number>; readonly values: ArrayLike<number> },
  missing: number,
): Int32Array {
  const ticks = TICKS[unit]
  const origin = range.first * ticks
  // a power of two in the instants' own unit: the division is exact, and no instant falls into its neighbour's bucket
  let width = { s: 2 ** 16, ms: 2 ** 26, us: 2 ** 36 }[unit]
  const span = range.last * ticks - origin
  while (span / width >= MOST_BUCKETS) width *= 2
  const { length } = steps.starts
  const starts = new Float64Array(length + 1)
  for (let step = 0; step < length; step++) starts[step] = (steps.starts[step] as number) * ticks
  starts[length] = Number.POSITIVE_INFINITY
  const stepOf = Int32Array.from(steps.values)
  const buckets = new Int32Array(Math.floor(span / width) + 1)
  for (let bucket = 0, step = 0; bucket < buckets.length; bucket++) {
    while ((starts[step + 1] as number) <= origin + bucket * width) step++
    buckets[bucket] = step
  }
  const found = new Int32Array(values.length)
  const inverse = 1 / width
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number
    if (Number.isNaN(value)) {
      found[row] = missing
      continue
    }
    let step = buckets[((value - origin) * inverse) | 0] as number
    while ((starts[step + 1] as number) <= value) step++
    found[row] = stepOf[step] as number
  }
  return found
}
