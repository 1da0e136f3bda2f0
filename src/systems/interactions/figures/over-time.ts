/**
 * Counts of days as a drawing over time has them: by day, month or year, without a gap.
 * @module
 */

/** Counts of one stretch of time. */
export interface TimeBucket {
  /** `2024-02-29`, `2024-02` or `2024`. */
  readonly name: string
  /** Its days of wall time, both included. */
  readonly first: string
  readonly last: string
  readonly count: number
}

/** Counts over time. */
export interface TimeCounts {
  readonly unit: 'day' | 'month' | 'year'
  /** From the first day with an interaction to the last, ascending; those in between without any count 0. */
  readonly buckets: readonly TimeBucket[]
}

const DAY = 86_400_000
/** The longest time that is drawn by day, and by month. */
const LONGEST = { day: 92 * DAY, month: 120 * 31 * DAY }

const LENGTH = { day: 10, month: 7, year: 4 } as const

const timeOf = (day: string): number => Date.parse(`${day}T00:00:00Z`)
const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10)

/** When the bucket of an instant begins, or the one that many after it. */
function beginOf(time: number, unit: TimeCounts['unit'], after = 0): number {
  const day = new Date(time)
  if (unit === 'day') day.setUTCDate(day.getUTCDate() + after)
  else if (unit === 'month') day.setUTCMonth(day.getUTCMonth() + after, 1)
  else day.setUTCFullYear(day.getUTCFullYear() + after, 0, 1)
  return day.getTime()
}

/**
 * Returns counts over time from counts of days, in any order: by day up to a quarter of a year, by month up to ten years, else by
 * year.
 *
 * @example
 * overTime(new Map([['2024-02-28', 3], ['2024-03-01', 1]])).buckets.map(({ name, count }) => [name, count])
 * // [['2024-02-28', 3], ['2024-02-29', 0], ['2024-03-01', 1]]
 */
export function overTime(days: ReadonlyMap<string, number>): TimeCounts {
  const all = [...days.keys()].sort()
  const [first, last] = [all[0], all.at(-1)]
  if (first === undefined || last === undefined) return { unit: 'day', buckets: [] }
  const span = timeOf(last) - timeOf(first)
  const unit = span < LONGEST.day ? 'day' : span < LONGEST.month ? 'month' : 'year'
  const counts = new Map<string, number>()
  for (const [day, count] of days) {
    const name = day.slice(0, LENGTH[unit])
    counts.set(name, (counts.get(name) ?? 0) + count)
  }
  const buckets: TimeBucket[] = []
  let from = beginOf(timeOf(first), unit)
  while (from <= timeOf(last)) {
    const next = beginOf(from, unit, 1)
    const name = dayOf(from).slice(0, LENGTH[unit])
    buckets.push({ name, first: dayOf(from), last: dayOf(next - DAY), count: counts.get(name) ?? 0 })
    from = next
  }
  return { unit, buckets }
}
