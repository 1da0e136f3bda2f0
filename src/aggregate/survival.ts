/**
 * How long things last where some of them have not ended yet: such cases are censored, never dropped and never taken as ended.
 * @module
 */
import { chiSquareTail } from './chi-square.ts'

/** How long each case lasted, and whether it ended then (1) or was still open when it was looked at (0). */
export interface Durations {
  readonly times: Float64Array
  readonly hasEnded: Uint8Array
}

function byTime(times: Float64Array): Uint32Array {
  return Uint32Array.from(times.keys()).sort((a, b) => (times[a] as number) - (times[b] as number))
}

/**
 * Returns the times until which shares of the cases have ended, after Kaplan and Meier; null for a share that was not reached.
 * Shares ascend.
 *
 * Source: E. L. Kaplan and P. Meier, "Nonparametric estimation from incomplete observations", 1958.
 * @example
 * const times = Float64Array.of(1, 2, 3, 4)
 * endedBy({ times, hasEnded: Uint8Array.of(1, 1, 0, 1) }, [0.5, 0.9]) // [2, 4]
 */
export function endedBy({ times, hasEnded }: Durations, shares: readonly number[]): (number | null)[] {
  const found: (number | null)[] = []
  const order = byTime(times)
  let open = 1
  for (let at = 0; at < order.length && found.length < shares.length; ) {
    const time = times[order[at] as number] as number
    const atRisk = order.length - at
    let ended = 0
    for (; at < order.length && times[order[at] as number] === time; at++)
      ended += hasEnded[order[at] as number] as number
    open *= 1 - ended / atRisk
    // 1 − share has no exact double
    while (found.length < shares.length && open <= 1 - (shares[found.length] as number) + 1e-12) found.push(time)
  }
  while (found.length < shares.length) found.push(null)
  return found
}

/** Whether groups end at different speeds. */
export interface LogRankTest {
  readonly statistic: number
  readonly degrees: number
  readonly p: number
  /** How much faster the fastest group ends than the slowest one: the ratio of their ended cases to those expected; 1 for no difference. */
  readonly effect: number
  /** Whether 5 or more cases would end in each group if there were no difference. */
  readonly hasEnough: boolean
}

/** Solves a small symmetric system, and returns the quadratic form vᵀ M⁻¹ v; NaN for a matrix without an inverse. */
function quadraticForm(matrix: readonly number[][], vector: readonly number[]): number {
  const size = vector.length
  const rows = matrix.map((row, at) => [...row, vector[at] as number])
  for (let pivot = 0; pivot < size; pivot++) {
    const best = rows.slice(pivot).reduce((most, row, at) => {
      return Math.abs(row[pivot] as number) > Math.abs(rows[most]?.[pivot] as number) ? pivot + at : most
    }, pivot)
    const [upper, lower] = [rows[pivot] as number[], rows[best] as number[]]
    rows[pivot] = lower
    rows[best] = upper
    for (let row = 0; row < size; row++) {
      if (row === pivot) continue
      const factor = (rows[row]?.[pivot] as number) / (lower[pivot] as number)
      rows[row] = (rows[row] as number[]).map((cell, column) => cell - factor * (lower[column] as number))
    }
  }
  return vector.reduce((sum, value, at) => sum + (value * (rows[at]?.[size] as number)) / (rows[at]?.[at] as number), 0)
}

/**
 * Returns the log-rank test of whether groups end at the same speed; `groupOf` has the number of each case's group, from 0.
 * Groups without a case are left out.
 *
 * Source: N. Mantel, "Evaluation of survival data and two new rank order statistics arising in its consideration", 1966.
 */
export function logRankTest({ times, hasEnded }: Durations, groupOf: Uint8Array): LogRankTest {
  const sizes: number[] = []
  for (const group of groupOf) sizes[group] = (sizes[group] ?? 0) + 1
  const groups = Object.keys(sizes).map(Number)
  const place = new Map(groups.map((group, at) => [group, at]))
  const atRisk = groups.map((group) => sizes[group] as number)
  const [observed, expected] = [groups.map(() => 0), groups.map(() => 0)]
  const covariance = groups.map(() => groups.map(() => 0))
  const order = byTime(times)
  for (let at = 0; at < order.length; ) {
    const time = times[order[at] as number]
    const all = order.length - at
    const [ended, gone] = [groups.map(() => 0), groups.map(() => 0)]
    let total = 0
    for (; at < order.length && times[order[at] as number] === time; at++) {
      const one = order[at] as number
      const group = place.get(groupOf[one] as number) as number
      gone[group] = (gone[group] as number) + 1
      if (hasEnded[one] === 0) continue
      ended[group] = (ended[group] as number) + 1
      total++
    }
    if (total > 0) {
      const spread = all > 1 ? (total * (all - total)) / (all - 1) : 0
      for (const [i, risk] of atRisk.entries()) {
        const share = risk / all
        observed[i] = (observed[i] as number) + (ended[i] as number)
        expected[i] = (expected[i] as number) + total * share
        const row = covariance[i] as number[]
        for (const [j, other] of atRisk.entries()) {
          row[j] = (row[j] as number) + spread * share * ((i === j ? 1 : 0) - other / all)
        }
      }
    }
    for (const [i, count] of gone.entries()) atRisk[i] = (atRisk[i] as number) - count
  }
  const degrees = groups.length - 1
  const hasEnough = degrees > 0 && expected.every((count) => count >= 5)
  if (!hasEnough) return { statistic: 0, degrees: Math.max(0, degrees), p: 1, effect: 1, hasEnough }
  const differences = observed.map((count, at) => count - (expected[at] as number)).slice(0, degrees)
  const statistic = quadraticForm(
    covariance.slice(0, degrees).map((row) => row.slice(0, degrees)),
    differences,
  )
  const speeds = observed.map((count, at) => count / (expected[at] as number))
  return {
    ...{ statistic, degrees, p: chiSquareTail(statistic, degrees) },
    ...{ effect: Math.max(...speeds) / Math.min(...speeds), hasEnough },
  }
}
