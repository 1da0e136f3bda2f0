/**
 * Figures per agent and per team, kept as whole numbers and updated from changed calls alone.
 * @module
 */
import { textOf } from '../../../../aggregate/columns.ts'
import type { ChangedRows, RollupCells } from '../../../../pipeline/job/job.ts'
import { NumberColumn } from '../../../../table/column.ts'
import { type Frame, frameOf } from '../../../../table/frame.ts'
import { UNKNOWN } from '../../../../table/unknown-member.ts'
import { codeTexts, compareTexts, encodeTexts } from '../../../../table/utf8.ts'
import {
  amountColumn,
  type CallCounts,
  COUNTERS,
  type CountsByKey,
  countCalls,
  countColumn,
  counterColumns,
  countsOfCells,
  noCalls,
  quotientColumn,
} from './call-counts.ts'

/** Texts in order of their UTF-8 bytes. */
function inByteOrder(texts: readonly string[]): string[] {
  const column = encodeTexts(texts)
  return Array.from(texts.keys())
    .sort((a, b) => compareTexts(column, a, b))
    .map((at) => texts[at] as string)
}

function cellsOf(groups: CountsByKey<string>): RollupCells {
  const held = inByteOrder(Array.from(groups).flatMap(([name, { calls }]) => (calls === 0 ? [] : [name])))
  const counts = held.map((name) => groups.get(name) as CallCounts)
  return { cells: frameOf([['agent_name', codeTexts(held, held.length)], ...counterColumns(counts)]), metadata: {} }
}

function agentAt(calls: Frame): (row: number) => string | null {
  const names = textOf(calls, 'agent_name')
  return (row) => names.at(row)
}

/** Returns the counts per agent of rows of `gold_call_analytics`, in order of the agents' names by their UTF-8 bytes. */
export function agentCells(calls: Frame): RollupCells {
  return cellsOf(countCalls(new Map(), calls, agentAt(calls)))
}

function countsByAgent(cells: Frame): CountsByKey<string> {
  const names = textOf(cells, 'agent_name')
  // a rollup's key is never null
  return countsOfCells(cells, (row) => names.at(row) as string)
}

/** Returns what {@link agentCells} gives for the rows after a change, from the rows that differ. */
export function updateAgentCells({ cells }: RollupCells, { before, after }: ChangedRows): RollupCells {
  const groups = countsByAgent(cells)
  countCalls(groups, before, agentAt(before), -1)
  return cellsOf(countCalls(groups, after, agentAt(after)))
}

/** The columns that agents and teams share. */
function performanceColumns(counts: readonly CallCounts[]) {
  const calls = ({ calls }: CallCounts) => calls
  const percent = { decimals: 2, unit: 1 }
  return [
    ['total_calls', countColumn(counts, calls)],
    ['total_conversions', countColumn(counts, ({ conversions }) => conversions)],
    ['conversion_rate', quotientColumn(counts, ({ conversions }) => 100 * conversions, calls, percent)],
    ['total_upsell_amount', amountColumn(counts)],
    [
      'avg_upsell_per_call',
      quotientColumn(counts, ({ upsellCents }) => upsellCents, calls, { decimals: 2, unit: 100 }),
    ],
    ['positive_sentiment_pct', quotientColumn(counts, ({ positive }) => 100 * positive, calls, percent)],
    ['negative_sentiment_pct', quotientColumn(counts, ({ negative }) => 100 * negative, calls, percent)],
  ] as const
}

/** Returns the rows of `gold_agent_performance` without `last_updated`, from the cells of {@link agentCells}, in their order. */
export function agentPerformance({ cells }: RollupCells): Frame {
  const groups = countsByAgent(cells)
  const counts = [...groups.values()]
  return frameOf([['agent_name', encodeTexts([...groups.keys()])], ...performanceColumns(counts)])
}

interface TeamSum {
  readonly counts: CallCounts
  agents: number
}

/**
 * Returns the rows of `gold_team_performance`, in order of the teams' names by their UTF-8 bytes. Agents without a team, and
 * those who are not in the list, are in the team `Unknown`.
 */
export function teamPerformance({ cells }: RollupCells, agents: Frame): Frame {
  const [names, teams] = [textOf(agents, 'agent_name'), textOf(agents, 'team')]
  const teamOf = new Map(Array.from(names, (name, row) => [name, teams.at(row)]))
  const sums = new Map<string, TeamSum>()
  for (const [agent, counts] of countsByAgent(cells)) {
    const team = teamOf.get(agent) ?? UNKNOWN
    const sum = sums.get(team) ?? { counts: noCalls(), agents: 0 }
    sums.set(team, sum)
    sum.agents++
    for (const name of COUNTERS) sum.counts[name] += counts[name]
  }
  const held = inByteOrder([...sums.keys()])
  const groups = held.map((team) => sums.get(team) as TeamSum)
  return frameOf([
    ['team', encodeTexts(held)],
    [
      'total_agents',
      new NumberColumn(
        'int32',
        Int32Array.from(groups, ({ agents }) => agents),
      ),
    ],
    ...performanceColumns(groups.map(({ counts }) => counts)),
  ])
}
