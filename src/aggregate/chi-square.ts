/**
 * Whether counts differ by more than chance: chi-square tests, how large a difference is, and Holm's correction.
 * @module
 */

/** Lanczos' coefficients for g = 7. */
const LANCZOS = [
  ...[0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059],
  ...[12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7],
] as const

/** The logarithm of the gamma function, for positive numbers. */
function logGamma(x: number): number {
  const z = x - 1
  const sum = LANCZOS.reduce((total, coefficient, at) => (at === 0 ? coefficient : total + coefficient / (z + at)), 0)
  const t = z + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum)
}

/** The share of a gamma distribution above x, by the series below the mean and the continued fraction above it. */
function gammaTail(a: number, x: number): number {
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a))
  if (x < a + 1) {
    let term = 1 / a
    let sum = term
    for (let n = 1; n < 10_000 && term > sum * 1e-16; n++) {
      term *= x / (a + n)
      sum += term
    }
    return Math.max(0, 1 - sum * scale)
  }
  // Lentz's method
  let b = x + 1 - a
  let c = Number.MAX_VALUE
  let d = 1 / b
  let fraction = d
  for (let n = 1; n < 10_000; n++) {
    const an = -n * (n - a)
    b += 2
    d = 1 / (an * d + b)
    c = b + an / c
    const step = c * d
    fraction *= step
    if (Math.abs(step - 1) < 1e-15) break
  }
  return scale * fraction
}

/** Degrees of freedom above which the distribution is taken as a normal one, after Wilson and Hilferty: exact to 1e-6. */
const MANY_DEGREES = 5000

/**
 * Returns the probability that a chi-square variable with some degrees of freedom is greater than a value.
 *
 * @example
 * chiSquareTail(3.841458820694124, 1).toFixed(6) // '0.050000'
 */
export function chiSquareTail(value: number, degrees: number): number {
  if (!(value > 0)) return 1
  if (degrees <= MANY_DEGREES) return gammaTail(degrees / 2, value / 2)
  const variance = 2 / (9 * degrees)
  const z = ((value / degrees) ** (1 / 3) - (1 - variance)) / Math.sqrt(variance)
  // half of the outside of ±z of a normal distribution
  const outside = gammaTail(0.5, (z * z) / 2) / 2
  return z > 0 ? outside : 1 - outside
}

/** Whether rows of counts differ. */
export interface IndependenceTest {
  readonly statistic: number
  readonly degrees: number
  /** The probability of a difference like this, or a greater one, by chance alone. */
  readonly p: number
  /** Cramér's V: 0 for no difference, 1 for the greatest possible one. */
  readonly effect: number
  /** Whether each cell would have 5 or more by chance; the test says nothing where one has fewer. */
  readonly hasEnough: boolean
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0)

/**
 * Returns Pearson's chi-square test of whether rows of counts have the same shares. Rows and columns without a count are left out.
 *
 * Source: K. Pearson, "On the criterion that a given system of deviations …", 1900; H. Cramér, Mathematical Methods of Statistics, 1946.
 * @example
 * independenceTest([[10, 20], [20, 10]]).statistic.toFixed(3) // '6.667'
 */
export function independenceTest(counts: readonly (readonly number[])[]): IndependenceTest {
  const columns = (counts[0] ?? []).map((_, column) => sumOf(counts.map((row) => row[column] ?? 0)))
  const rows = counts.filter((row) => sumOf(row) > 0)
  const used = columns.flatMap((sum, column) => (sum > 0 ? [column] : []))
  const total = sumOf(columns)
  const degrees = Math.max(0, rows.length - 1) * Math.max(0, used.length - 1)
  if (degrees === 0) return { statistic: 0, degrees: 0, p: 1, effect: 0, hasEnough: false }
  let statistic = 0
  let least = Number.POSITIVE_INFINITY
  for (const row of rows) {
    const share = sumOf(row) / total
    for (const column of used) {
      const expected = share * (columns[column] as number)
      statistic += ((row[column] ?? 0) - expected) ** 2 / expected
      least = Math.min(least, expected)
    }
  }
  const effect = Math.sqrt(statistic / (total * Math.min(rows.length - 1, used.length - 1)))
  return { statistic, degrees, p: chiSquareTail(statistic, degrees), effect, hasEnough: least >= 5 }
}

/**
 * Returns probabilities corrected for their number, in their order: of all that are below 0.05 then, at most 5 % of such lists hold one
 * by chance.
 *
 * Source: S. Holm, "A simple sequentially rejective multiple test procedure", 1979.
 * @example
 * holmAdjusted([0.01, 0.04, 0.03]) // [0.03, 0.06, 0.06]
 */
export function holmAdjusted(probabilities: readonly number[]): number[] {
  const order = probabilities
    .map((_, at) => at)
    .sort((a, b) => (probabilities[a] as number) - (probabilities[b] as number))
  const adjusted = new Array<number>(probabilities.length)
  let least = 0
  for (const [rank, at] of order.entries()) {
    least = Math.max(least, Math.min(1, (probabilities[at] as number) * (probabilities.length - rank)))
    adjusted[at] = least
  }
  return adjusted
}
