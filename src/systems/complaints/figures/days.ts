/**
 * Complaints by the day on which they were opened.
 * @module
 */
import { formatDay } from '../../../time/instant.ts'
import type { ComplaintSet } from './complaint-set.ts'

/** The complaints of a day. */
export interface DayFigures {
  /** In UTC. */
  readonly openedOn: string
  readonly complaints: number
  /** Those that are resolved by now. */
  readonly resolved: number
}

const DAY = 86_400_000

/** Returns the days on which complaints were opened, in order; days without one are left out. */
export function daysOf({ rows, openedAt, resolvedAt }: ComplaintSet): DayFigures[] {
  const days = new Map<number, { complaints: number; resolved: number }>()
  for (let row = 0; row < rows; row++) {
    const day = Math.floor((openedAt[row] as number) / DAY)
    const counts = days.get(day) ?? { complaints: 0, resolved: 0 }
    days.set(day, counts)
    counts.complaints++
    if (!Number.isNaN(resolvedAt[row])) counts.resolved++
  }
  return [...days].sort(([a], [b]) => a - b).map(([day, counts]) => ({ openedOn: formatDay(day), ...counts }))
}
