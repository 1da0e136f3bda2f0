/**
 * Confidence intervals of a share.
 * @module
 */
import { refuseUnless } from '../arguments.ts'

/** An interval around a share. */
export interface ShareInterval {
  readonly low: number
  readonly high: number
}

/**
 * Returns Wilson's score interval of a share, null for no trials. The fewer the trials, the wider
 * the interval: 1 of 1 says little, 900 of 1,000 a lot. `z` is 1.96 for 95 % confidence (default).
 *
 * Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
 * 1927.
 * @example
 * const { low, high } = wilsonInterval(9, 10)
 * low.toFixed(3) // '0.596'
 * high.toFixed(3) // '0.982'
 */
export function wilsonInterval(successes: number, trials: number, z = 1.959963984540054): ShareInterval | null {
  refuseUnless(typeof successes === 'number', 'successes', successes, 'a number')
  refuseUnless(typeof trials === 'number', 'trials', trials, 'a number')
  if (trials === 0) return null
  const share = successes / trials
  const weight = (z * z) / trials
  const middle = (share + weight / 2) / (1 + weight)
  const reach = (z / (1 + weight)) * Math.sqrt((share * (1 - share)) / trials + weight / (4 * trials))
  // Exactly 0 and 1 at the ends, so that agents without a resolved call compare as equal: rounded
  // ends would differ by a tiny amount.
  return {
    low: successes === 0 ? 0 : Math.max(0, middle - reach),
    high: successes === trials ? 1 : Math.min(1, middle + reach),
  }
}
