/**
 * Random choices that depend only on a seed, a stream and an index.
 * @module
 */
import { chance } from './extract-bytes.ts'

/** A number from 0 (inclusive) to 1 (exclusive). Each purpose has its own stream, so that a new one does not change the others. */
export function share(seed: number, stream: number, index: number): number {
  return chance(seed, stream, index) / 4_294_967_296
}

/** The index in cumulative weights at which a share of their sum falls. */
export function pick(cumulative: readonly number[], at: number): number {
  const target = at * (cumulative.at(-1) as number)
  const found = cumulative.findIndex((sum) => target < sum)
  return found < 0 ? cumulative.length - 1 : found
}

/** Running sums. */
export function cumulate(weights: readonly number[]): number[] {
  let sum = 0
  return weights.map((weight) => {
    sum += weight
    return sum
  })
}
