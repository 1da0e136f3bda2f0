/**
 * The local month of an instant, as a plan. Zones are never left to an engine: the instants at which local months begin are
 * computed here, once, and written into the query, so that every engine gives the same months whatever it knows of zones.
 * @module
 */
import { type MonthStarts, monthStarts } from '../time/local.ts'
import { type Zone, zoneOf } from '../time/zone.ts'
import { type CaseBranch, compare, type Expression, nothing, or, text, when } from './expression.ts'

/** The months that a plan knows. */
export interface MonthRange {
  readonly timeZone: string
  /** The first instant and the last one, in epoch milliseconds. */
  readonly first: number
  readonly last: number
}

const DAY = 86_400_000
/** Days of two centuries: the months of a longer time are more than a query should have. */
const MANY_DAYS = 73_000

/** Months by the days that instants are in, so that one lost in another millennium costs one month. */
export interface MonthDays extends MonthRange {
  /** Days of UTC since 1970-01-01, ascending, each once. Every instant is in one of them. */
  readonly days: readonly number[]
}

/** Returns the months of instants that are in these days of UTC, in any order. */
export function monthsOfDays(timeZone: string, found: Iterable<number>): MonthDays {
  const days = [...new Set(found)].sort((one, other) => one - other)
  const [first = 0, last = first] = [days[0], days.at(-1)]
  return { timeZone, first: first * DAY, last: (last + 1) * DAY - 1, days }
}

function startsOf(range: MonthRange | MonthDays, zone: Zone): MonthStarts {
  if (!('days' in range) || range.last - range.first <= MANY_DAYS * DAY) return monthStarts(range, zone)
  const starts: number[] = []
  const months: string[] = []
  for (const day of range.days) {
    const found = monthStarts({ first: day * DAY, last: (day + 1) * DAY - 1 }, zone)
    for (const [at, month] of found.months.entries()) {
      if (month === months.at(-1)) continue
      starts.push(found.starts[at] as number)
      months.push(month)
    }
  }
  return { starts, months }
}

/**
 * Returns the month `YYYY-MM` of a timestamp; null where it is null, and `beyond` outside of the range, which no month is called.
 * The comparisons are a tree, so that a row is compared with few of them.
 *
 * @throws ContractError time_zone_unknown - there is no such zone
 */
export function monthPlan(instant: Expression, range: MonthRange | MonthDays): Expression {
  const { timeZone, first, last } = range
  const { starts, months } = startsOf(range, zoneOf(timeZone))
  const at = (milliseconds: number): Expression => ({ op: 'instant', milliseconds })
  const among = (from: number, to: number): Expression => {
    if (to - from === 1) return text(months[from] ?? '')
    const middle = (from + to) >> 1
    return when(compare(instant, '<', at(starts[middle] as number)), among(from, middle), among(middle, to))
  }
  const known: CaseBranch[] = [{ when: { op: 'is null', of: instant }, gives: nothing('text') }]
  // days say where all instants are, up to the last microsecond
  if (!('days' in range)) {
    const isBeyond = or(compare(instant, '<', at(first)), compare(instant, '>', at(last)))
    known.push({ when: isBeyond, gives: text(BEYOND) })
  }
  return {
    op: 'case',
    branches: known,
    otherwise: among(0, months.length),
  }
}

/** What a plan writes for an instant that it has no month for. */
export const BEYOND = 'beyond'
