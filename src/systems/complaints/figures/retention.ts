/**
 * What keeps customers, or drives them away: who waits, and whether as many complaints are resolved as come.
 * @module
 */
import { formatDay } from '../../../time/instant.ts'
import type { ComplaintSet } from './complaint-set.ts'

/** Customers who wait for longer than the service level. */
export interface WaitingFigures {
  /** Customers with an open complaint that is older than the service level. */
  readonly customers: number
  /** Those with two or more. */
  readonly again: number
}

/** Complaints that came, and complaints that were resolved, in the last four weeks in which some came. */
export interface FlowFigures {
  /** Days in UTC, both included; null where there is no complaint. */
  readonly from: string | null
  readonly to: string | null
  readonly days: number
  readonly opened: number
  readonly resolved: number
}

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Four weeks: each weekday counts as often as the others. */
const FLOW_DAYS = 28

/** Returns the customers who wait for longer than the service level. */
export function waitingOf(
  { rows, customer, customers, openedAt, status, seenAt }: ComplaintSet,
  hours: number,
): WaitingFigures {
  const waits = new Int32Array(customers)
  for (let row = 0; row < rows; row++) {
    const who = customer[row] as number
    if (who < 0 || status[row] === 0 || seenAt - (openedAt[row] as number) <= hours * HOUR) continue
    waits[who] = (waits[who] as number) + 1
  }
  const atLeast = (least: number): number => waits.reduce((sum, count) => sum + (count >= least ? 1 : 0), 0)
  return { customers: atLeast(1), again: atLeast(2) }
}

/**
 * Returns what came and what was resolved in the four weeks up to the day of the newest complaint. Deliveries may be later than what
 * they tell of: weeks in which nothing came say nothing.
 */
export function flowOf({ rows, openedAt, resolvedAt }: ComplaintSet): FlowFigures {
  let newest = Number.NEGATIVE_INFINITY
  for (let row = 0; row < rows; row++) newest = Math.max(newest, openedAt[row] as number)
  if (!Number.isFinite(newest)) return { from: null, to: null, days: FLOW_DAYS, opened: 0, resolved: 0 }
  const last = Math.floor(newest / DAY)
  const first = last - FLOW_DAYS + 1
  const isWithin = (at: number): boolean => at >= first * DAY && at < (last + 1) * DAY
  let [opened, resolved] = [0, 0]
  for (let row = 0; row < rows; row++) {
    if (isWithin(openedAt[row] as number)) opened++
    if (isWithin(resolvedAt[row] as number)) resolved++
  }
  return { from: formatDay(first), to: formatDay(last), days: FLOW_DAYS, opened, resolved }
}
