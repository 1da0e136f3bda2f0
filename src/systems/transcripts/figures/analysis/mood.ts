/**
 * How a customer feels over a call, by what the customer says.
 * @module
 */
import { BREAK, type Tokens } from '../language/tokens.ts'
import type { Evidence, Mood, MoodFinding } from './analysis.ts'
import type { CompiledRules } from './compiled-rules.ts'
import { evidenceAt, type SpokenTurn } from './spoken.ts'

/** How many words before a phrase may turn it. */
const NEGATION_REACH = 3
/** What a phrase in the last turn of a customer counts more than one before the first: the end of a call weighs most. */
const LAST_WEIGHT = 0.5
/** A mood needs so much: a phrase of weight 2 is enough, and so is one of weight 1 in the last turn. */
const LEAST = 1.3

/** Whether one of the words before a phrase turns it: `not`, as in `isn't`, within its clause. */
function isNegated({ ids, breaks }: Tokens, from: number, negators: ReadonlySet<number>): boolean {
  for (let at = from - 1; at >= Math.max(0, from - NEGATION_REACH); at--) {
    if (breaks[at + 1] !== BREAK.none) return false
    if (negators.has(ids[at] as number)) return true
  }
  return false
}

/** Returns the mood, and adds the words behind it to the evidence. */
export function moodOf(
  turns: readonly SpokenTurn[],
  { mood, negators }: CompiledRules,
  evidence: Evidence[],
): MoodFinding {
  const customers = turns.filter(({ speaker }) => speaker === 'customer')
  let [positiveCount, negativeCount, balance, all] = [0, 0, 0, 0]
  for (const [index, turn] of customers.entries()) {
    const { tokens } = turn
    const factor = 1 + (LAST_WEIGHT * (index + 1)) / customers.length
    for (const match of mood.finder.find(tokens, turn.from, turn.to).matches) {
      const { id, polarity, weight, negated } = mood.rules[match.rule] as (typeof mood.rules)[number]
      if (polarity === 'none') continue
      const isTurned = negated !== 'keep' && isNegated(tokens, match.from, negators)
      if (isTurned && negated === 'drop') continue
      const metric = (polarity === 'positive') === isTurned ? 'negative' : 'positive'
      evidence.push(evidenceAt(turn, match, metric, id))
      if (metric === 'positive') positiveCount++
      else negativeCount++
      balance += (metric === 'positive' ? 1 : -1) * weight * factor
      all += weight * factor
    }
  }
  const counted = positiveCount + negativeCount
  const score = counted === 0 ? 0 : (positiveCount - negativeCount) / counted
  const label: Mood = balance >= LEAST ? 'positive' : balance <= -LEAST ? 'negative' : 'neutral'
  return { label, score, confidence: confidenceOf(label, balance, all), positiveCount, negativeCount }
}

/** How sure a label is: by how much of what was said agrees, and how much was said; with two decimals. */
function confidenceOf(label: Mood, balance: number, all: number): number {
  if (all === 0) return 0.5
  const agreement = Math.abs(balance) / all
  const amount = all / (all + LEAST)
  const sure = label === 'neutral' ? 1 - Math.abs(balance) / LEAST : agreement * amount
  return Math.round((0.5 + 0.5 * sure) * 100) / 100
}
