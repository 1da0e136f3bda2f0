/**
 * Figures, instants and members as people read them.
 * @module
 */

import { dayText, wallFormat } from '../../../page/figure-text.ts'
import type { CallDimension, CallSet, Member } from '../figures/call-set.ts'
import type { CallPeriod } from '../figures/filter.ts'
import type { TimelineUnit } from '../figures/timeline.ts'

const weekdayText = wallFormat({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })
const monthText = wallFormat({ month: 'long', year: 'numeric' })
const hourText = wallFormat({ weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
const shortDay = wallFormat({ day: 'numeric', month: 'short' })
const shortWeekday = wallFormat({ weekday: 'short', day: 'numeric', month: 'short' })
const shortMonth = wallFormat({ month: 'short', year: 'numeric' })
const shortHour = wallFormat({ hour: '2-digit', minute: '2-digit' })

/** A stretch of a timeline, as short as an axis needs it. */
export function tickText(from: number, unit: TimelineUnit, room: 'wide' | 'narrow'): string {
  if (unit === 'hour') return shortHour(from)
  if (unit === 'month') return shortMonth(from)
  return unit === 'day' && room === 'wide' ? shortWeekday(from) : shortDay(from)
}

/** A stretch of a timeline in words. */
export function stretchText(from: number, unit: TimelineUnit): string {
  if (unit === 'hour') return hourText(from)
  if (unit === 'day') return weekdayText(from)
  return unit === 'week' ? `Week of ${dayText(from)}` : monthText(from)
}

/** A span of days as short as possible; takes milliseconds of wall time of both days. */
export function spanText(from: number, to: number): string {
  if (from === to) return dayText(from)
  const isOneYear = new Date(from).getUTCFullYear() === new Date(to).getUTCFullYear()
  return `${isOneYear ? shortDay(from) : dayText(from)} – ${dayText(to)}`
}

const PERIODS = {
  '24h': 'last 24 hours',
  '7d': 'last 7 days',
  '28d': 'last 28 days',
  '30d': 'last 30 days',
  '90d': 'last 90 days',
  '91d': 'last 91 days',
} as const

/** A period in words, as a chip shows it. */
export function periodText(period: CallPeriod): string {
  if (typeof period === 'string') return PERIODS[period]
  const [from, to] = [period.from, period.to].map((day) => (day === undefined ? undefined : dayText(Date.parse(day))))
  if (from === undefined) return `up to ${to ?? ''}`
  if (to === undefined) return `from ${from}`
  return from === to ? from : `${from} to ${to}`
}

/** A range of minutes in words. */
export function rangeText({
  from,
  to,
}: {
  readonly from?: number | undefined
  readonly to?: number | null | undefined
}): string {
  if (to === undefined || to === null) return `${from ?? 0} min and more`
  return from === undefined ? `under ${to} min` : `${from} to ${to} min`
}

const WEEKDAY_NAMES: Readonly<Record<string, string>> = {
  Mon: 'Monday',
  Tue: 'Tuesday',
  Wed: 'Wednesday',
  Thu: 'Thursday',
  Fri: 'Friday',
  Sat: 'Saturday',
  Sun: 'Sunday',
}

export const DIMENSION_NAMES: Readonly<Record<CallDimension, string>> = {
  region: 'Region',
  issue: 'Issue',
  agent: 'Agent',
  resolution: 'Resolution',
  rating: 'Rating',
  weekday: 'Weekday',
  hour: 'Hour',
}

const NAMELESS: Partial<Record<CallDimension, string>> = { rating: 'Not rated' }

/** Each agent by its name, with the id where several agents share the name. */
export type AgentNames = ReadonlyMap<Member, string>

/** Returns the agents of a set as the page names them. */
export function agentNames({ agentNames: names, dimensions: { agent } }: CallSet): AgentNames {
  const seen = new Set<string>()
  const shared = new Set(names.filter((name) => seen.size === seen.add(name).size))
  return new Map(
    agent.members.map((member, code) => {
      const name = names[code] ?? 'Unknown'
      if (member === null) return [member, 'No agent']
      return [member, name === 'Unknown' || shared.has(name) ? `${name} (${member})` : name]
    }),
  )
}

/** A member of a dimension in words. */
export function memberText(agents: AgentNames, dimension: CallDimension, member: Member): string {
  if (dimension === 'agent') return agents.get(member) ?? member ?? 'No agent'
  if (member === null) return NAMELESS[dimension] ?? 'Not given'
  if (dimension === 'rating')
    return member === 'other' ? 'Outside 1–5' : `${member} ${member === '1' ? 'star' : 'stars'}`
  if (dimension === 'weekday') return WEEKDAY_NAMES[member] ?? member
  return dimension === 'hour' ? `${member}:00–${member}:59` : member
}
