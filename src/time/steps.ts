/**
 * Step functions over many instants. A value that is constant between two instants is looked up,
 * not computed.
 * @module
 */
import { ContractError } from '../errors.ts'
import { LAST_INSTANT, type OffsetStretches, PAGE, pageOf, type Zone } from './zone.ts'

/** The units whose ticks fit a double. A tick is one unit since 1970. */
export type TickUnit = 's' | 'ms' | 'us'

// pairs of whole numbers, because a factor of 0.001 would be inexact
const MILLISECONDS = { s: [1000, 1], ms: [1, 1], us: [1, 1000] } as const

/** Returns ticks as epoch milliseconds, with fractions. */
export function toMilliseconds(ticks: number, unit: TickUnit): number {
  const [times, parts] = MILLISECONDS[unit]
  return (ticks * times) / parts
}

/** Returns epoch milliseconds as ticks, with fractions. */
export function toTicks(milliseconds: number, unit: TickUnit): number {
  const [times, parts] = MILLISECONDS[unit]
  return (milliseconds * parts) / times
}

/** Instants as epoch ticks of one unit; NaN is null. */
export interface Instants {
  readonly values: Float64Array
  readonly unit: TickUnit
}

/** The first and last of a set of instants, in epoch milliseconds. */
export interface InstantRange {
  readonly first: number
  readonly last: number
}

/**
 * A step function: step i is valid from `starts[i]` (epoch milliseconds, sorted) until the next
 * begins.
 */
export interface Steps {
  readonly starts: ArrayLike<number>
  readonly values: ArrayLike<number>
}

/** The steps over the instants' range, and each instant's value. */
export interface Evaluated<S extends Steps> {
  readonly steps: S
  readonly found: Int32Array
  readonly nulls: number
}

/** Returns the range of the instants, or null when all are null. */
function exactRange({ values, unit }: Instants): InstantRange | null {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number
    // comparisons with NaN are false
    if (value < first) first = value
    if (value > last) last = value
  }
  if (last < first) return null
  const range = { first: toMilliseconds(first, unit), last: toMilliseconds(last, unit) }
  if (range.first < -LAST_INSTANT || range.last > LAST_INSTANT) {
    throw new ContractError(
      'timestamp_invalid',
      `a timestamp lies outside the years -271821 to 275760: is its unit really ${unit}?`,
      { details: { first, last, unit } },
    )
  }
  // rounded outwards to whole milliseconds, so that the division's rounding stays inside
  return { first: Math.floor(range.first) - 1, last: Math.ceil(range.last) + 1 }
}

// A few pages are probed outright. Where instants are far apart (a default of 1900 or 9999), only
// pages that hold one are probed.
const DENSE_PAGES = 32
const SAMPLED = 2 ** 14
const EVERY = 2 ** 9

/**
 * Returns the pages around a sample of the instants, which probably contain all of them; null where
 * guessing is not worth it.
 */
function likelyRange({ values, unit }: Instants): InstantRange | null {
  if (values.length < SAMPLED) return null
  const sample = Float64Array.from({ length: Math.floor(values.length / EVERY) }, (_, i) => values[i * EVERY] as number)
  const range = exactRange({ values: sample, unit })
  if (range === null || pageOf(range.last) - pageOf(range.first) >= DENSE_PAGES) return null
  return { first: pageOf(range.first) * PAGE, last: (pageOf(range.last) + 1) * PAGE - 1 }
}

/** Returns the zone's stretches of constant offset that cover the instants. */
export function stretchesOver(instants: Instants, zone: Zone, { first, last }: InstantRange): OffsetStretches {
  const from = pageOf(first)
  const pages = Array.from({ length: pageOf(last) - from + 1 }, (_, page) => from + page)
  if (pages.length <= DENSE_PAGES) return zone.stretches(pages)
  const { values, unit } = instants
  const isHeld = new Uint8Array(pages.length)
  for (let row = 0; row < values.length; row++) {
    const page = pageOf(toMilliseconds(values[row] as number, unit)) - from
    if (page >= 0) isHeld[page] = 1
  }
  return zone.stretches(pages.filter((_, page) => isHeld[page] === 1))
}

const MOST_BUCKETS = 2 ** 20

/** Returns the value of each instant's step, or null when an instant is outside the range. */
function valuesWithin<S extends Steps>(
  { values, unit }: Instants,
  range: InstantRange,
  steps: S,
  missing: number,
): Evaluated<S> | null {
  const [origin, limit] = [toTicks(range.first, unit), toTicks(range.last, unit)]
  // A power of two in the instants' own unit keeps the division exact, so no instant lands in a
  // neighbour's bucket.
  let width = { s: 2 ** 16, ms: 2 ** 26, us: 2 ** 36 }[unit]
  while ((limit - origin) / width >= MOST_BUCKETS) width *= 2
  const { length } = steps.starts
  const starts = new Float64Array(length + 1)
  for (let step = 0; step < length; step++) starts[step] = toTicks(steps.starts[step] as number, unit)
  starts[length] = Number.POSITIVE_INFINITY
  const stepOf = Int32Array.from(steps.values)
  const buckets = new Int32Array(Math.floor((limit - origin) / width) + 1)
  for (let bucket = 0, step = 0; bucket < buckets.length; bucket++) {
    while ((starts[step + 1] as number) <= origin + bucket * width) step++
    buckets[bucket] = step
  }
  const found = new Int32Array(values.length)
  const inverse = 1 / width
  let nulls = 0
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number
    if (!(value >= origin && value <= limit)) {
      if (!Number.isNaN(value)) return null
      found[row] = missing
      nulls++
      continue
    }
    let step = buckets[((value - origin) * inverse) | 0] as number
    while ((starts[step + 1] as number) <= value) step++
    found[row] = stepOf[step] as number
  }
  return { steps, found, nulls }
}

/**
 * Returns the value of each instant's step, `missing` for null instants; null when all are null.
 * `stepsOf` returns steps that cover a range. The result is exact for steps of any length: the
 * table of buckets only says where to start the search. The range is guessed from a sample first.
 * Only if an instant is outside it are all instants read to find the real range.
 * @throws ContractError timestamp_invalid - an instant is beyond a Date's range (often because the
 * column's declared unit is wrong)
 */
export function evaluateSteps<S extends Steps>(
  instants: Instants,
  stepsOf: (range: InstantRange) => S,
  missing: number,
): Evaluated<S> | null {
  const likely = likelyRange(instants)
  const guessed = likely && valuesWithin(instants, likely, stepsOf(likely), missing)
  if (guessed) return guessed
  const range = exactRange(instants)
  return range && valuesWithin(instants, range, stepsOf(range), missing)
}
