/**
 * The key figures of all calls: what was sold, how customers felt, and the agents who sold most.
 * @module
 */
import { textOf } from '../../../aggregate/columns.ts'
import type { RollupCells } from '../../../pipeline/job/job.ts'
import { type CallCounts, COUNTERS, countsOfCells, noCalls, roundedQuotient } from './summaries/call-counts.ts'

/** One agent of the ranking. */
export interface RankedAgent {
  readonly agent_name: string
  readonly total_calls: number
  /** Percent, with two decimals. */
  readonly conversion_rate: number
  readonly total_upsell_amount: number
}

/** The key figures of calls. */
export interface CallOverview {
  readonly calls: number
  readonly agents: number
  readonly conversions: number
  /** Percent, with two decimals; null without calls. */
  readonly conversion_rate: number | null
  readonly upsell_revenue: number
  readonly moods: { readonly positive: number; readonly neutral: number; readonly negative: number }
  /** By upsell amount, then conversions, then name; five at most. */
  readonly top_agents: readonly RankedAgent[]
}

const TOP = 5

function percentOf(part: number, calls: number): number | null {
  return calls === 0 ? null : roundedQuotient(100 * part, calls, 2)
}

function ranked([agent_name, counts]: readonly [string, CallCounts]): RankedAgent {
  return {
    agent_name,
    total_calls: counts.calls,
    // an agent of the rollup has calls
    conversion_rate: percentOf(counts.conversions, counts.calls) ?? 0,
    total_upsell_amount: counts.upsellCents / 100,
  }
}

/** Returns the key figures from the cells of `agentCells`. */
export function callOverview({ cells }: RollupCells): CallOverview {
  const names = textOf(cells, 'agent_name')
  // a rollup's key is never null
  const groups = [...countsOfCells(cells, (row) => names.at(row) as string)]
  const all = noCalls()
  for (const [, counts] of groups) for (const name of COUNTERS) all[name] += counts[name]
  const { calls, conversions, upsellCents, positive, negative } = all
  // agents come in order of their names, and sorting keeps the order of equals
  const best = groups.toSorted(([, a], [, b]) => b.upsellCents - a.upsellCents || b.conversions - a.conversions)
  return {
    calls,
    agents: groups.length,
    conversions,
    conversion_rate: percentOf(conversions, calls),
    upsell_revenue: upsellCents / 100,
    moods: { positive, neutral: calls - positive - negative, negative },
    top_agents: best.slice(0, TOP).map(ranked),
  }
}
