/**
 * Ranks agents by how reliably they resolve calls, so that one lucky call does not lead.
 * @module
 */

import { type ShareInterval, wilsonInterval } from '../../../aggregate/intervals.ts'
import { refuseUnknown } from '../../../arguments.ts'
import { figuresOf, type MemberFigures, sumByMember } from './breakdown.ts'
import { type CallSelection, lookingAt, refuseNoSelection } from './selection.ts'

/** The default number of calls an agent needs to be ranked. */
export const MINIMUM_CALLS = 10

/** One agent's figures and rank. */
export interface AgentFigures extends MemberFigures {
  readonly agent_name: string
  readonly region: string
  /** 95 % interval of the resolution rate; its lower end decides the rank. */
  readonly interval: ShareInterval | null
  /** 1 for the first; null for agents with fewer calls than the minimum. */
  readonly place: number | null
}

function compareAgents(a: AgentFigures, b: AgentFigures): number {
  return (
    (b.interval?.low ?? -1) - (a.interval?.low ?? -1) ||
    b.calls - a.calls ||
    ((a.member ?? '') < (b.member ?? '') ? -1 : 1)
  )
}

/**
 * Returns the agents with a call in the selection, ignoring the filter on agents. Agents with at
 * least `minimumCalls` come first, ordered by the lower end of the 95 % Wilson interval of their
 * resolution rate. The others follow without a place, by number of calls.
 * @example
 * const log = table({
 *   call_id: ['c1', 'c2'],
 *   agent_id: ['A1', 'A1'],
 *   start_time: ['2025-01-01T10:00:00Z', '2025-01-02T10:00:00Z'],
 *   end_time: ['2025-01-01T10:04:00Z', '2025-01-02T10:02:00Z'],
 *   issue_type: ['billing', 'outage'],
 *   resolution: ['resolved', 'escalated'],
 * })
 * const { calls } = cleanCalls(log, table({ agent_id: ['A1'], name: ['Ada'], region: ['North'] }))
 * const selection = selectCalls(callSet(calls))
 * const [ada] = agentLeaderboard(selection, { minimumCalls: 2 })
 * ada.place // 1
 * ada.resolution_rate // 0.5
 */
export function agentLeaderboard(
  selection: CallSelection,
  options: { readonly minimumCalls?: number } = {},
): AgentFigures[] {
  refuseNoSelection(selection)
  refuseUnknown(options, { minimumCalls: true })
  const { minimumCalls = MINIMUM_CALLS } = options
  const { set } = selection
  const sums = sumByMember(selection, 'agent', lookingAt('current', ['agent']))
  const total = sums.calls.reduce((sum, calls) => sum + calls, 0)
  const agents = set.dimensions.agent.members.flatMap((member, code): AgentFigures[] => {
    const figures = figuresOf(member, sums, code, total)
    if (figures.calls === 0) return []
    const [agent_name, region] = [set.agentNames[code] as string, set.agentRegions[code] as string]
    const interval = wilsonInterval(figures.resolved, figures.calls)
    return [{ ...figures, agent_name, region, interval, place: null }]
  })
  const ranked = agents.filter(({ calls }) => calls >= minimumCalls).sort(compareAgents)
  const few = agents
    .filter(({ calls }) => calls < minimumCalls)
    .sort((a, b) => b.calls - a.calls || compareAgents(a, b))
  return [...ranked.map((agent, index) => ({ ...agent, place: index + 1 })), ...few]
}
