/**
 * Local months, offsets and wall times of many instants at once.
 * @module
 */
import { firstDayOf, formatDay, monthOfDay } from './instant.ts'
import { evaluateSteps, type InstantRange, type Instants, type Steps, stretchesOver, toTicks } from './steps.ts'
import { type OffsetStretches, pageOf, type Zone } from './zone.ts'

const DAY = 86_400_000

/** Months as codes into labels. */
export interface MonthCodes {
  /** −1 is null. */
  readonly codes: Int32Array
  /** `YYYY-MM` */
  readonly months: readonly string[]
  /** The number of null instants. */
  readonly nulls: number
}

/** Steps whose values are codes into months. */
interface MonthSteps extends Steps {
  readonly months: readonly number[]
}

/**
 * Cuts stretches of one offset where the local month changes. A fold at midnight may list a month
 * twice.
 */
function monthSteps({ starts, seconds }: OffsetStretches, { first, last }: InstantRange): MonthSteps {
  const cuts: number[] = []
  const monthOfCut: number[] = []
  for (let stretch = 0; stretch < starts.length; stretch++) {
    const offset = (seconds[stretch] as number) * 1000
    if (Number.isNaN(offset)) continue
    const from = Math.max(starts[stretch] as number, first)
    const to = Math.min(starts[stretch + 1] ?? last, last)
    if (to < from) continue
    let month = monthOfDay(Math.floor((from + offset) / DAY))
    for (let at = from; at <= to; at = firstDayOf(month) * DAY - offset) {
      cuts.push(at)
      monthOfCut.push(month++)
    }
  }
  const months = [...new Set(monthOfCut)].sort((one, other) => one - other)
  const codeOf = new Map(months.map((month, code) => [month, code]))
  return { starts: cuts, values: monthOfCut.map((month) => codeOf.get(month) ?? -1), months }
}

const labelOf = (month: number): string => formatDay(firstDayOf(month)).slice(0, -3)

/** Where local months begin. */
export interface MonthStarts {
  /** Epoch milliseconds, ascending; the first is that of the range. */
  readonly starts: readonly number[]
  /** The month from each start to the next one, `YYYY-MM`. One may come twice, where a clock is set back over midnight. */
  readonly months: readonly string[]
}

/**
 * Returns the instants of a range at which a local month begins.
 * @example
 * monthStarts({ first: Date.UTC(2025, 1, 10), last: Date.UTC(2025, 2, 10) }, zoneOf('America/New_York')).months // ['2025-02', '2025-03']
 */
export function monthStarts(range: InstantRange, zone: Zone): MonthStarts {
  const pages = Array.from(
    { length: pageOf(range.last) - pageOf(range.first) + 1 },
    (_, at) => pageOf(range.first) + at,
  )
  const { starts, values, months } = monthSteps(zone.stretches(pages), range)
  const found: { starts: number[]; months: string[] } = { starts: [], months: [] }
  for (let step = 0; step < starts.length; step++) {
    const month = labelOf(months[values[step] as number] as number)
    // clocks change in the midst of a month
    if (month === found.months.at(-1)) continue
    found.starts.push(starts[step] as number)
    found.months.push(month)
  }
  return found
}

/**
 * Returns the local month of each instant as codes into labels in order of time; null has code −1.
 * Labels are unique. Some may be unused.
 *
 * @throws ContractError timestamp_invalid - an instant is beyond a Date's range
 * @example
 * const stamps = Float64Array.of(Date.UTC(2025, 2, 1, 1, 30), Date.UTC(2025, 2, 1, 5))
 * localMonthCodes({ values: stamps, unit: 'ms' }, zoneOf('America/New_York')).months // ['2025-02', '2025-03']
 */
export function localMonthCodes(instants: Instants, zone: Zone): MonthCodes {
  const { length } = instants.values
  const evaluated = evaluateSteps(instants, (range) => monthSteps(stretchesOver(instants, zone, range), range), -1)
  if (evaluated === null) return { codes: new Int32Array(length).fill(-1), months: [], nulls: length }
  const { found, steps, nulls } = evaluated
  return { codes: found, months: steps.months.map(labelOf), nulls }
}

/** Returns the offset of each instant in seconds east of UTC; 0 where the instant is null. */
export function localOffsets(instants: Instants, zone: Zone): Int32Array {
  const offsets = (range: InstantRange) => {
    const { starts, seconds } = stretchesOver(instants, zone, range)
    return { starts, values: seconds }
  }
  return evaluateSteps(instants, offsets, 0)?.found ?? new Int32Array(instants.values.length)
}

/**
 * Returns the wall time of each instant in the instants' unit, as if it were UTC; NaN stays NaN.
 */
export function localWallTimes(instants: Instants, zone: Zone): Float64Array {
  const { values, unit } = instants
  const offsets = localOffsets(instants, zone)
  const second = toTicks(1000, unit)
  const walls = new Float64Array(values.length)
  for (let row = 0; row < values.length; row++) walls[row] = (values[row] as number) + (offsets[row] as number) * second
  return walls
}
