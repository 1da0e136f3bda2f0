/**
 * 95 % intervals of differences between two samples, and the single value that distorts a mean.
 * @module
 */
import { refuseUnless } from '../arguments.ts'
import { wilsonInterval } from './intervals.ts'
import { percentiles } from './percentiles.ts'

/** An interval that contains the true value for 95 of 100 samples. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/**
 * What a mean's interval needs from a sample: its count, its mean, and the sum of squared distances
 * from the mean.
 */
export interface SampleMoments {
  readonly count: number
  readonly mean: number
  readonly squares: number
}

/**
 * A value that moves its sample's mean by more than the 95 % interval of the other values' mean.
 */
export interface OddValue {
  /** Its position; the first one where the value repeats. */
  readonly index: number
  readonly value: number
  /** The mean of the other values, and its interval. */
  readonly mean_without: number
  readonly interval_without: Interval
}

/** The two-sided 5 % point of the normal distribution. */
const Z = 1.959963984540054
/** The share of the distribution outside a 95 % interval. */
const OUTSIDE = 0.05

/**
 * Returns the t with 95 % of Student's distribution between −t and t. `degrees` may be fractional.
 * Below 2 degrees the value for 1 is used, so the interval is never too narrow.
 *
 * Source: G. W. Hill, "Algorithm 396: Student's t-quantiles", 1970; exact to about six digits.
 */
export function studentQuantile(degrees: number): number {
  const p = OUTSIDE
  if (degrees < 2) return Math.cos((p * Math.PI) / 2) / Math.sin((p * Math.PI) / 2)
  if (degrees === 2) return Math.sqrt(2 / (p * (2 - p)) - 2)
  const a = 1 / (degrees - 0.5)
  const b = 48 / (a * a)
  let c = (((20700 * a) / b - 98) * a - 16) * a + 96.36
  const d = ((94.5 / (b + c) - 3) / b + 1) * Math.sqrt((a * Math.PI) / 2) * degrees
  let y = (d * p) ** (2 / degrees)
  if (y > 0.05 + a) {
    const x = -Z
    y = x * x
    if (degrees < 5) c += 0.3 * (degrees - 4.5) * (x + 0.6)
    c += (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b
    y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
    y = Math.expm1(a * y * y)
  } else {
    const inner = ((degrees + 6) / (degrees * y) - 0.089 * d - 0.822) * (degrees + 2) * 3
    y = ((1 / inner + 0.5 / (degrees + 4)) * y - 1) * ((degrees + 1) / (degrees + 2)) + 1 / y
  }
  return Math.sqrt(degrees * y)
}

/**
 * Returns the moments of the numbers. The mean of no numbers is 0. `except` is a position to leave
 * out.
 */
export function momentsOf(values: Float64Array, except = -1): SampleMoments {
  const count = values.length - (except >= 0 ? 1 : 0)
  let sum = 0
  for (let i = 0; i < values.length; i++) if (i !== except) sum += values[i] as number
  const mean = count === 0 ? 0 : sum / count
  let squares = 0
  for (let i = 0; i < values.length; i++) {
    if (i === except) continue
    const distance = (values[i] as number) - mean
    squares += distance * distance
  }
  return { count, mean, squares }
}

/** The variance of a mean; NaN for fewer than two values. */
function varianceOfMean({ count, squares }: SampleMoments): number {
  return count < 2 ? Number.NaN : squares / (count - 1) / count
}

/** Returns the interval of a difference of two figures that each have an interval. */
function combined(now: number, nowIn: Interval, before: number, beforeIn: Interval): Interval {
  const difference = now - before
  return {
    low: difference - Math.hypot(now - nowIn.low, beforeIn.high - before),
    high: difference + Math.hypot(nowIn.high - now, before - beforeIn.low),
  }
}

/**
 * Returns the 95 % interval of the first share minus the second; null where either has no trials.
 * If the interval contains 0, the difference may be chance.
 *
 * Source: R. G. Newcombe, "Interval estimation for the difference between independent proportions",
 * 1998, method 10.
 * @example
 * const { low, high } = shareDifferenceInterval(56, 70, 48, 80)
 * low.toFixed(4) // '0.0524'
 * high.toFixed(4) // '0.3339'
 */
export function shareDifferenceInterval(
  successes: number,
  trials: number,
  successesBefore: number,
  trialsBefore: number,
): Interval | null {
  refuseUnless(typeof successesBefore === 'number', 'successesBefore', successesBefore, 'a number')
  refuseUnless(typeof trialsBefore === 'number', 'trialsBefore', trialsBefore, 'a number')
  const [now, before] = [wilsonInterval(successes, trials), wilsonInterval(successesBefore, trialsBefore)]
  if (now === null || before === null) return null
  return combined(successes / trials, now, successesBefore / trialsBefore, before)
}

/**
 * Returns the 95 % interval of the first sample's mean minus the second's. The samples may differ
 * in size and spread. Null where a sample has fewer than two numbers, or where neither sample
 * varies: then the spread of their means is unknown.
 *
 * Source: B. L. Welch, "The generalization of Student's problem when several different population
 * variances are involved", 1947.
 * @example
 * const { low, high } = meanDifferenceInterval(Float64Array.of(4, 6, 8), Float64Array.of(1, 2, 3))
 * low.toFixed(2) // '-0.16'
 * high.toFixed(2) // '8.16'
 */
export function meanDifferenceInterval(now: Float64Array, before: Float64Array): Interval | null {
  refuseUnless(now instanceof Float64Array, 'now', now, 'a Float64Array')
  refuseUnless(before instanceof Float64Array, 'before', before, 'a Float64Array')
  const [first, second] = [momentsOf(now), momentsOf(before)]
  const [one, other] = [varianceOfMean(first), varianceOfMean(second)]
  if (!(one + other > 0)) return null
  const degrees = (one + other) ** 2 / (one ** 2 / (first.count - 1) + other ** 2 / (second.count - 1))
  const reach = studentQuantile(degrees) * Math.sqrt(one + other)
  const difference = first.mean - second.mean
  return { low: difference - reach, high: difference + reach }
}

/**
 * Returns the 95 % interval of the difference of two counts of independent calls (Poisson): the
 * spread is the square root of their sum. Null when both counts are 0.
 */
export function countDifferenceInterval(now: number, before: number): Interval | null {
  const reach = Z * Math.sqrt(now + before)
  return reach === 0 ? null : { low: now - before - reach, high: now - before + reach }
}

/**
 * Returns the percentile and its interval, by binomial ranks; null where the sample is too small.
 */
function percentileInterval(values: Float64Array, share: number): readonly [number, Interval] | null {
  const reach = Z * Math.sqrt((share * (1 - share)) / values.length)
  if (!(share - reach >= 0 && share + reach <= 1)) return null
  // a sample that is not empty has percentiles
  const [low, middle, high] = percentiles(values, [share - reach, share, share + reach]) as [number, number, number]
  return [middle, { low, high }]
}

/**
 * Returns the 95 % interval of the difference of two percentiles, by the binomial ranks around
 * each. It assumes nothing about the distribution. Null where either sample is too small (below 4
 * numbers for the median, 35 for the 90th percentile).
 */
export function percentileDifferenceInterval(now: Float64Array, before: Float64Array, share: number): Interval | null {
  const [one, other] = [percentileInterval(now, share), percentileInterval(before, share)]
  return one === null || other === null ? null : combined(...one, ...other)
}

/**
 * Returns the value that moves its sample's mean most, if it moves it by more than the 95 %
 * interval of the other values' mean. Null when no single value does, or for fewer than three
 * values. The interval leaves the value out: an outlier would widen the interval so much that it
 * always fits.
 *
 * @example
 * const minutes = Float64Array.of(9, 10, 11, 10, 9, 11, 10, 10, 1098)
 * const { value, mean_without } = oddValue(minutes)
 * value // 1098
 * mean_without // 10
 * oddValue(Float64Array.of(9, 10, 11, 14)) // null
 */
export function oddValue(values: Float64Array): OddValue | null {
  refuseUnless(values instanceof Float64Array, 'values', values, 'a Float64Array')
  if (values.length < 3) return null
  const { mean } = momentsOf(values)
  let index = 0
  let furthest = -1
  for (let i = 0; i < values.length; i++) {
    const distance = Math.abs((values[i] as number) - mean)
    if (distance > furthest) {
      index = i
      furthest = distance
    }
  }
  const others = momentsOf(values, index)
  const reach = studentQuantile(others.count - 1) * Math.sqrt(varianceOfMean(others))
  if (!(Math.abs(mean - others.mean) > reach)) return null
  return {
    index,
    value: values[index] as number,
    mean_without: others.mean,
    interval_without: { low: others.mean - reach, high: others.mean + reach },
  }
}
