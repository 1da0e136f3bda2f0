/**
 * The local month of an instant, as a plan. Zones are never left to an engine: the instants at which local months begin are
 * computed here, once, and written into the query, so that every engine gives the same months whatever it knows of zones.
 * @module
 */
import { monthStarts } from '../time/local.ts'
import { zoneOf } from '../time/zone.ts'
import { compare, type Expression, nothing, or, text, when } from './expression.ts'

/** The months that a plan knows. */
export interface MonthRange {
  readonly timeZone: string
  /** The first instant and the last one, in epoch milliseconds. */
  readonly first: number
  readonly last: number
}

/**
 * Returns the month `YYYY-MM` of a timestamp; null where it is null, and `beyond` outside of the range, which no month is called.
 * The comparisons are a tree, so that a row is compared with few of them.
 *
 * @throws ContractError time_zone_unknown - there is no such zone
 */
export function monthPlan(instant: Expression, { timeZone, first, last }: MonthRange): Expression {
  const { starts, months } = monthStarts({ first, last }, zoneOf(timeZone))
  const at = (milliseconds: number): Expression => ({ op: 'instant', milliseconds })
  const among = (from: number, to: number): Expression => {
    if (to - from === 1) return text(months[from] ?? '')
    const middle = (from + to) >> 1
    return when(compare(instant, '<', at(starts[middle] as number)), among(from, middle), among(middle, to))
  }
  const isBeyond = or(compare(instant, '<', at(first)), compare(instant, '>', at(last)))
  return {
    op: 'case',
    branches: [
      { when: { op: 'is null', of: instant }, gives: nothing('text') },
      { when: isBeyond, gives: text(BEYOND) },
    ],
    otherwise: among(0, months.length),
  }
}

/** What a plan writes for an instant that it has no month for. */
export const BEYOND = 'beyond'
