/**
 * Findings of a call as one text, as a table keeps them.
 * @module
 */
import type { Analysis, Evidence, ScorecardFinding, Talk, Upsell } from './analysis.ts'

/** The findings that have no columns of their own in `gold_call_analytics`. */
export type Findings = Pick<Analysis, 'evidence' | 'upsells' | 'scorecard' | 'talk'>

type EvidenceCells = readonly [Evidence['metric'], string, Evidence['speaker'], number, string]
type UpsellCells = readonly [string, number | null, 0 | 1, string, Upsell['speaker'], number, string]

/** JSON of lists without names: 100,000 calls have a million findings. */
interface Stored {
  readonly evidence: readonly EvidenceCells[]
  readonly upsells: readonly UpsellCells[]
  readonly scorecard: Readonly<Record<string, 0 | 1>>
  readonly talk: readonly [number, number, number, number]
}

/** Returns findings as a text. */
export function findingsToText({ evidence, upsells, scorecard, talk }: Findings): string {
  const stored: Stored = {
    evidence: evidence.map(({ metric, rule, speaker, offset, text }) => [metric, rule, speaker, offset, text]),
    upsells: upsells.map(({ product, amountCents, isAccepted, rule, speaker, offset, text }) => [
      ...([product, amountCents, isAccepted ? 1 : 0, rule, speaker, offset, text] as const),
    ]),
    scorecard: Object.fromEntries(scorecard.map(({ criterion, isMet }) => [criterion, isMet ? 1 : 0])),
    talk: [talk.agentTurns, talk.customerTurns, talk.agentWords, talk.customerWords],
  }
  return JSON.stringify(stored)
}

/** Returns the findings of such a text. */
export function findingsFromText(text: string): Findings {
  // only findingsToText writes the column
  const { evidence, upsells, scorecard, talk } = JSON.parse(text) as Stored
  const [agentTurns, customerTurns, agentWords, customerWords] = talk
  const words = agentWords + customerWords
  const talked: Talk = {
    ...{ agentTurns, customerTurns, agentWords, customerWords },
    agentShare: words === 0 ? null : agentWords / words,
  }
  return {
    evidence: evidence.map(([metric, rule, speaker, offset, words]) => ({
      metric,
      rule,
      speaker,
      offset,
      text: words,
    })),
    upsells: upsells.map(
      ([product, amountCents, isAccepted, rule, speaker, offset, words]): Upsell => ({
        ...{ product, amountCents, isAccepted: isAccepted === 1, rule, speaker, offset, text: words },
      }),
    ),
    scorecard: Object.entries(scorecard).map(
      ([criterion, isMet]): ScorecardFinding => ({ criterion, isMet: isMet === 1 }),
    ),
    talk: talked,
  }
}
