/**
 * Sums of whole numbers by group: exact, or refused.
 * @module
 */
import { ContractError } from '../errors.ts'

/** Up to here a double counts every whole number exactly. */
const LARGEST_SUM = 2 ** 53

/**
 * Returns the error for a sum that its column cannot hold exactly: a double (2^53), or a 32-bit
 * integer (2^31).
 */
export function measureOverflow(name: string, limit: '2^53' | '2^31' = '2^53'): ContractError {
  return new ContractError(
    'measure_overflow',
    `the sum of ${name} passes ${limit} and would no longer be exact; split the table or correct its outliers`,
    { details: { measure: name } },
  )
}

/**
 * Returns the exact sum of each group's whole numbers, independent of row order. Rows of group −1
 * are left out.
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
  // Below 2^53 no partial sum was rounded. From 2^53 on, adding 1 may change nothing.
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

/** Whole numbers by group, all to be added (1) or subtracted (−1). */
export interface SignedSums {
  readonly sums: ArrayLike<number>
  readonly sign: 1 | -1
}

/**
 * Returns the exact total of several sums for each of `size` groups. Each sum must be exact itself.
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
  // below 2^53 no step was rounded
  if (largest < LARGEST_SUM) return total
  return total.map((_, id) => {
    const exact = terms.reduce((sum, { sums, sign }) => sum + BigInt(sign) * BigInt(sums[id] as number), 0n)
    return toDouble(exact, name)
  })
}
