/**
 * Findings of a call as one text, as a table keeps them.
 * @module
 */
import type { Analysis, Evidence, Upsell } from './analysis.ts'

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

// only findingsToText writes the column
const storedIn = (text: string): Stored => JSON.parse(text) as Stored

const evidenceIn = ({ evidence }: Stored): readonly Evidence[] =>
  evidence.map(([metric, rule, speaker, offset, text]) => ({ metric, rule, speaker, offset, text }))

const upsellsIn = ({ upsells }: Stored): readonly Upsell[] =>
  upsells.map(([product, amountCents, isAccepted, rule, speaker, offset, text]) => ({
    ...{ product, amountCents, isAccepted: isAccepted === 1, rule, speaker, offset, text },
  }))

/** Returns the evidence of such a text. */
export const evidenceFromText = (text: string): readonly Evidence[] => evidenceIn(storedIn(text))

/** How a text without upsells says so; a quote within its words has a backslash before it. */
const NO_UPSELLS = '"upsells":[]'

/** Returns the upsells of such a text. Most texts have none, and are not parsed. */
export const upsellsFromText = (text: string): readonly Upsell[] =>
  text.includes(NO_UPSELLS) ? [] : upsellsIn(storedIn(text))
