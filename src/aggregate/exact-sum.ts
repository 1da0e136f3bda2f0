/**
 * Sums of whole numbers by group that are exact, or refused.
 * @module
 */
import { ContractError } from '../errors.ts'

/** The largest sum that a double still counts exactly. */
const LARGEST_SUM = 2 ** 53

/** The error for a sum that its column cannot hold exactly: a double, or an integer of 32 bits. */
export function measureOverflow(name: string, limit: '2^53' | '2^31' = '2^53'): ContractError {
  return new ContractError(
    'measure_overflow',
    `the sum of ${name} passes ${limit} and would no longer be exact; split the table or correct its outliers`,
    { details: { measure: name } },
  )
}

/**
 * Returns the exact sum of whole numbers of each group, whatever the order of the rows; rows of group −1 are left out.
 * @throws ContractError measure_overflow - a sum passes 2^53; `name` is for the message
 */
export function sumExactly(ids: Int32Array, values: ArrayLike<number>, size: number, name: string): Float64Array {
  const sums = new Float64Array(size)
  let magnitude = 0
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row] as number
    if (id < 0) continue
    const value = values[row] as number
    sums[id] = (sums[id] as number) + value
    magnitude += Math.abs(value)
  }
  // while all of it together stays below, no part of it was rounded; at 2^53 a further 1 is lost without a trace
  if (magnitude < LARGEST_SUM) return sums
  const exact = Array.from(sums, () => 0n)
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row] as number
    if (id < 0) continue
    const value = values[row] as number
    if (!Number.isFinite(value)) throw measureOverflow(name)
    exact[id] = (exact[id] as bigint) + BigInt(value)
  }
  return Float64Array.from(exact, (sum) => toDouble(sum, name))
}

function toDouble(sum: bigint, name: string): number {
  const rounded = Number(sum)
  if (Math.abs(rounded) > LARGEST_SUM || BigInt(rounded) !== sum) throw measureOverflow(name)
  return rounded
}

/** Whole numbers by group, each with the same sign before it. */
export interface SignedSums {
  readonly sums: ArrayLike<number>
  readonly sign: 1 | -1
}

/**
 * Returns the exact sum of several sums of each of `size` groups; each of them is exact itself.
 * @throws ContractError measure_overflow - a sum passes 2^53; `name` is for the message
 */
export function addExactly(terms: readonly SignedSums[], size: number, name: string): Float64Array {
  const total = new Float64Array(size)
  let largest = 0
  for (const { sums, sign } of terms) {
    for (let id = 0; id < size; id++) {
      const sum = (total[id] as number) + sign * (sums[id] as number)
      total[id] = sum
      largest = Math.max(largest, Math.abs(sum))
    }
  }
  // as long as no step passes it, none was rounded
  if (largest < LARGEST_SUM) return total
  return total.map((_, id) => {
    const exact = terms.reduce((sum, { sums, sign }) => sum + BigInt(sign) * BigInt(sums[id] as number), 0n)
    return toDouble(exact, name)
  })
}
