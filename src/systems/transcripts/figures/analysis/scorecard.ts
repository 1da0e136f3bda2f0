/**
 * Which criteria of a scorecard an agent meets, with the words that show it.
 * @module
 */
import type { Evidence, ScorecardFinding } from './analysis.ts'
import type { CompiledRules } from './compiled-rules.ts'
import { evidenceAt, type SpokenTurn } from './spoken.ts'

/** How many turns are the first, or the last, ones of an agent. */
const EDGE = 2

/** Returns each criterion in order of the rules; the first words that meet one become evidence. */
export function scorecardOf(
  turns: readonly SpokenTurn[],
  { scorecard }: CompiledRules,
  evidence: Evidence[],
): readonly ScorecardFinding[] {
  const { rules, finder } = scorecard
  const met = new Map(rules.map(({ criterion }) => [criterion, false]))
  const agents = turns.filter(({ speaker }) => speaker === 'agent')
  for (const [index, turn] of agents.entries()) {
    for (const match of finder.find(turn.tokens, turn.from, turn.to).matches) {
      const rule = rules[match.rule] as (typeof rules)[number]
      const isFar = (rule.turns === 'first' && index >= EDGE) || (rule.turns === 'last' && index < agents.length - EDGE)
      if (isFar || met.get(rule.criterion) === true) continue
      met.set(rule.criterion, true)
      evidence.push(evidenceAt(turn, match, 'scorecard', rule.id))
    }
  }
  return Array.from(met, ([criterion, isMet]) => ({ criterion, isMet }))
}
