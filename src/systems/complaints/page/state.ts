/**
 * What the complaints page shows, in its address: `/complaints/agents/1004?channel=call&from=2025-11-01&sla=48`.
 * @module
 */
import type { FactFilters } from '../../../page/selection/selection.ts'
import type { AddressForm } from '../../../page/store.ts'
import { CATEGORIES, CHANNELS, PLATFORMS, STATUSES } from '../tables.ts'
import { USUAL_SLA } from './snapshot.ts'

/** What complaints are counted by, and chosen by. */
export const DIMENSIONS = ['channel', 'category', 'status', 'platform'] as const
export type ComplaintDimension = (typeof DIMENSIONS)[number]

/** The part of the state that the page reads and changes. */
export interface ComplaintsState extends Readonly<Record<ComplaintDimension, readonly string[]>> {
  /** Days of opening, both included, in UTC; null for no limit. */
  readonly from: string | null
  readonly to: string | null
  /** The agent whose complaints are shown; null for all. */
  readonly agent: string | null
  /** The service level in hours. */
  readonly sla: number
  /** The table whose rows in quarantine are listed: a cleaned table, a raw one, or `all`; null where the list is not asked for. */
  readonly waits: string | null
}

export const FIRST_STATE: ComplaintsState = {
  ...{ channel: [], category: [], status: [], platform: [] },
  ...{ from: null, to: null, agent: null, sla: USUAL_SLA, waits: null },
}

/** The members of each dimension. */
export const MEMBERS: Readonly<Record<ComplaintDimension, readonly string[]>> = {
  ...{ channel: CHANNELS, category: CATEGORIES, status: STATUSES, platform: PLATFORMS },
}

const DAY = 86_400_000

/** Whether a text is a calendar day, such as `2020-02-29`. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

/** Hours of a service level: 1 to 10,000. */
export function slaOfText(text: string): number | null {
  const hours = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 0
  return hours >= 1 && hours <= 10_000 ? hours : null
}

/** Returns the filters of a state, by column of the complaints. */
export function filtersOf({ from, to, agent, ...state }: ComplaintsState): FactFilters {
  const filters: Record<string, FactFilters[string]> = {}
  for (const name of DIMENSIONS) if (state[name].length > 0) filters[name] = { members: state[name] }
  if (agent !== null) filters.agent_id = { members: [agent] }
  if (from !== null || to !== null) {
    filters.opened_on = {
      ...(from !== null && { from: Date.parse(from) / DAY }),
      ...(to !== null && { to: Date.parse(to) / DAY }),
    }
  }
  return filters
}

/** Whether a state narrows the complaints. */
export const isNarrowed = (state: ComplaintsState): boolean => Object.keys(filtersOf(state)).length > 0

export const complaintsAddress: AddressForm<ComplaintsState> = {
  fromQuery(text, [entity, id] = []) {
    const query = new URLSearchParams(text)
    const problems: string[] = []
    const read = <Value>(name: string, parse: (given: string) => Value | null): Value | null => {
      const given = query.get(name)
      const value = given === null || given === '' ? null : parse(given)
      if (given && value === null) problems.push(`${name} cannot be ${given}`)
      return value
    }
    const members = (name: ComplaintDimension): readonly string[] => {
      const given = [...new Set(query.getAll(name))]
      for (const one of given) if (!MEMBERS[name].includes(one)) problems.push(`${name} cannot be ${one}`)
      return MEMBERS[name].filter((one) => given.includes(one))
    }
    const day = (name: string) => read(name, (given) => (isDay(given) ? given : null))
    const state: ComplaintsState = {
      ...{ channel: members('channel'), category: members('category') },
      ...{ status: members('status'), platform: members('platform') },
      ...{ from: day('from'), to: day('to') },
      // `/complaints/agents/1004` is one agent
      agent: entity === 'agents' && id !== undefined ? id : null,
      sla: read('sla', slaOfText) ?? USUAL_SLA,
      waits: query.get('waits'),
    }
    return { state, problem: problems.length === 0 ? null : problems.join('; ') }
  },
  toQuery({ from, to, sla, waits, ...state }) {
    const query = new URLSearchParams()
    for (const name of DIMENSIONS) for (const member of state[name]) query.append(name, member)
    if (from !== null) query.set('from', from)
    if (to !== null) query.set('to', to)
    if (sla !== USUAL_SLA) query.set('sla', String(sla))
    if (waits !== null) query.set('waits', waits)
    return query.toString()
  },
  toPath: ({ agent }) => (agent === null ? [] : ['agents', agent]),
}
