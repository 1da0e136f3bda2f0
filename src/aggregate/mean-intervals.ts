/**
 * How far a difference of two samples can be trusted: 95 % intervals of differences, and the one value that moves a mean.
 * @module
 */
import { refuseUnless } from '../arguments.ts'
import { wilsonInterval } from './intervals.ts'
import { percentiles } from './percentiles.ts'

/** An interval that holds the true value in 95 of 100 samples. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/** What the interval of a mean needs of a sample: how many, their mean, and the sum of squared distances from it. */
export interface SampleMoments {
  readonly count: number
  readonly mean: number
  readonly squares: number
}

/** A value that moves the mean of its sample by more than the 95 % interval of the mean of all others. */
export interface OddValue {
  /** Its position, the first of several. */
  readonly index: number
  readonly value: number
  /** The mean of all others, and its interval. */
  readonly mean_without: number
  readonly interval_without: Interval
}

/** The two-sided 5 % point of the normal distribution. */
const Z = 1.959963984540054
/** The part of the distribution outside a 95 % interval. */
const OUTSIDE = 0.05

/**
 * Returns the t for which 95 % of Student's distribution lie between −t and t. `degrees` need not be whole;
 * between 1 and 2 they count as 1, which makes the interval wider and never narrower.
 *
 * Source: G. W. Hill, "Algorithm 396: Student's t-quantiles", 1970; right to some six digits.
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

/** Returns the moments of numbers; the mean of none is 0. `except` is a position to leave out. */
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

/** The ends of a difference whose two figures have intervals of their own. */
function combined(now: number, nowIn: Interval, before: number, beforeIn: Interval): Interval {
  const difference = now - before
  return {
    low: difference - Math.hypot(now - nowIn.low, beforeIn.high - before),
    high: difference + Math.hypot(nowIn.high - now, before - beforeIn.low),
  }
}

/**
 * Returns the 95 % interval of the difference of two shares, of the first less the second; null where either has no trials.
 * A difference whose interval holds 0 may be chance.
 *
 * Source: R. G. Newcombe, "Interval estimation for the difference between independent proportions", 1998, method 10.
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
 * Returns the 95 % interval of the difference of two means, of the first sample's less the second's. The samples may differ in
 * size and spread. Null where either has fewer than two numbers, or where neither has two that differ: then nothing tells how
 * far their means vary.
 *
 * Source: B. L. Welch, "The generalization of Student's problem when several different population variances are involved", 1947.
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
 * Returns the 95 % interval of the difference of two counts of calls, which come as they come (Poisson): their difference
 * varies with the square root of their sum. Null when there was nothing to count.
 */
export function countDifferenceInterval(now: number, before: number): Interval | null {
  const reach = Z * Math.sqrt(now + before)
  return reach === 0 ? null : { low: now - before - reach, high: now - before + reach }
}

/** The values between which the percentile of all calls lies, by their ranks; null where the sample is too small for that. */
function percentileInterval(values: Float64Array, share: number): readonly [number, Interval] | null {
  const reach = Z * Math.sqrt((share * (1 - share)) / values.length)
  if (!(share - reach >= 0 && share + reach <= 1)) return null
  // numbers that are there have percentiles
  const [low, middle, high] = percentiles(values, [share - reach, share, share + reach]) as [number, number, number]
  return [middle, { low, high }]
}

/**
 * Returns the 95 % interval of the difference of two percentiles, without an assumption about how the numbers are spread: by
 * the binomial ranks around each. Null where either sample is too small (4 numbers for the median, 35 for the 90th).
 */
export function percentileDifferenceInterval(now: Float64Array, before: Float64Array, share: number): Interval | null {
  const [one, other] = [percentileInterval(now, share), percentileInterval(before, share)]
  return one === null || other === null ? null : combined(...one, ...other)
}

/**
 * Returns the value that moves the mean of its sample most, when it moves it by more than the 95 % interval of the mean of all
 * others; null when no single value does, or for fewer than three values. The interval is that of the others, because a value
 * that is far off widens the interval of the whole so much that it always fits in.
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
