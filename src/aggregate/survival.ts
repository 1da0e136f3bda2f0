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

/** The times of some cases in order, and of those that ended. A typed array sorts numbers without calls to compare two. */
interface OrderedTimes {
  readonly all: Float64Array
  readonly ended: Float64Array
}

function orderedTimes({ times, hasEnded }: Durations): OrderedTimes {
  const ended = new Float64Array(times.length)
  let count = 0
  for (let at = 0; at < times.length; at++) if (hasEnded[at] !== 0) ended[count++] = times[at] as number
  return { all: times.slice().sort(), ended: ended.slice(0, count).sort() }
}

/** The first place from `at` on whose time is not below a time. */
function skipBelow(sorted: Float64Array, at: number, time: number): number {
  let next = at
  while ((sorted[next] as number) < time) next++
  return next
}

/** The first place from `at` on that has another time. */
function skipEqual(sorted: Float64Array, at: number, time: number): number {
  let next = at
  while (sorted[next] === time) next++
  return next
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
export function endedBy(durations: Durations, shares: readonly number[]): (number | null)[] {
  const found: (number | null)[] = []
  const { all, ended } = orderedTimes(durations)
  let [open, before] = [1, 0]
  for (let at = 0; at < ended.length && found.length < shares.length; ) {
    const time = ended[at] as number
    const next = skipEqual(ended, at, time)
    before = skipBelow(all, before, time)
    open *= 1 - (next - at) / (all.length - before)
    at = next
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

/** The cases of each group that has some, in the order of the groups' numbers. */
function splitByGroup({ times, hasEnded }: Durations, groupOf: Uint8Array): Durations[] {
  const sizes = new Uint32Array(256)
  for (let at = 0; at < groupOf.length; at++) {
    const code = groupOf[at] as number
    sizes[code] = (sizes[code] as number) + 1
  }
  const groups = Array.from(sizes, (size) => ({ times: new Float64Array(size), hasEnded: new Uint8Array(size) }))
  const filled = new Uint32Array(256)
  for (let at = 0; at < groupOf.length; at++) {
    const code = groupOf[at] as number
    const group = groups[code] as (typeof groups)[number]
    const place = filled[code] as number
    filled[code] = place + 1
    group.times[place] = times[at] as number
    group.hasEnded[place] = hasEnded[at] as number
  }
  return groups.filter(({ times: some }) => some.length > 0)
}

/**
 * Returns the log-rank test of whether groups end at the same speed; `groupOf` has the number of each case's group, from 0.
 * Groups without a case are left out.
 *
 * Source: N. Mantel, "Evaluation of survival data and two new rank order statistics arising in its consideration", 1966.
 */
export function logRankTest(durations: Durations, groupOf: Uint8Array): LogRankTest {
  const groups = splitByGroup(durations, groupOf).map(orderedTimes)
  const [observed, expected] = [groups.map(() => 0), groups.map(() => 0)]
  const covariance = groups.map(() => groups.map(() => 0))
  const [before, over, atRisk] = [groups.map(() => 0), groups.map(() => 0), groups.map(() => 0)]
  const { ended: ends } = orderedTimes(durations)
  for (let at = 0; at < ends.length; ) {
    const time = ends[at] as number
    const next = skipEqual(ends, at, time)
    const total = next - at
    at = next
    let all = 0
    for (const [i, group] of groups.entries()) {
      before[i] = skipBelow(group.all, before[i] as number, time)
      atRisk[i] = group.all.length - (before[i] as number)
      all += atRisk[i] as number
      const past = skipEqual(group.ended, over[i] as number, time)
      observed[i] = (observed[i] as number) + past - (over[i] as number)
      over[i] = past
    }
    const spread = all > 1 ? (total * (all - total)) / (all - 1) : 0
    for (let i = 0; i < groups.length; i++) {
      const share = (atRisk[i] as number) / all
      expected[i] = (expected[i] as number) + total * share
      const row = covariance[i] as number[]
      for (let j = 0; j < groups.length; j++) {
        row[j] = (row[j] as number) + spread * share * ((i === j ? 1 : 0) - (atRisk[j] as number) / all)
      }
    }
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
