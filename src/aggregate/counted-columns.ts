/**
 * Counts and sums by group as the columns of a report.
 * @module
 */
import { NumberColumn } from '../table/column.ts'
import { measureOverflow } from './exact-sum.ts'

/**
 * Returns the groups' counts as 32-bit integers.
 * @throws ContractError measure_overflow - a count does not fit; `name` is for the message
 */
export function countsAt(name: string, sums: ArrayLike<number>, groups: Int32Array): NumberColumn {
  const counts = new Int32Array(groups.length)
  for (let row = 0; row < counts.length; row++) {
    const sum = sums[groups[row] as number] as number
    counts[row] = sum
    if (counts[row] !== sum) throw measureOverflow(name, '2^31')
  }
  return new NumberColumn('int32', counts)
}

/** Returns the groups' sums, each divided by `unit`. */
export function sumsAt(sums: Float64Array, groups: Int32Array, unit = 1): NumberColumn {
  const picked = new Float64Array(groups.length)
  for (let row = 0; row < picked.length; row++) picked[row] = (sums[groups[row] as number] as number) / unit
  return new NumberColumn('float64', picked)
}
