/**
 * How far a share of few can be trusted.
 * @module
 */
import { refuseUnless } from '../arguments.ts'

/** An interval that holds a share. */
export interface ShareInterval {
  readonly low: number
  readonly high: number
}

/**
 * Returns Wilson's score interval of a share: of 1 of 1 it says little, of 900 of 1,000 much. Null for no trials.
 * `z` is 1.96 for 95 % confidence (default).
 *
 * Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
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
  // none and all are exact, so that agents without a resolved call are equal: the difference of two roundings is not 0
  return {
    low: successes === 0 ? 0 : Math.max(0, middle - reach),
    high: successes === trials ? 1 : Math.min(1, middle + reach),
  }
}
