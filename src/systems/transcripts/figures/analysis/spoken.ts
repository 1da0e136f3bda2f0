/**
 * A turn as rules read it: its words, cut into sentences.
 * @module
 */
import { BREAK, type Tokens, tokensOf, type Vocabulary } from '../language/tokens.ts'
import type { Speaker, Turn } from '../turns.ts'
import type { Evidence, EvidenceMetric } from './analysis.ts'

/** The words `[from, to)` of a turn that are one sentence. */
export interface Sentence {
  readonly from: number
  readonly to: number
  readonly isQuestion: boolean
}

/** A turn with its words. */
export interface SpokenTurn {
  readonly speaker: Speaker
  /** The whole transcript, into which the places of words point. */
  readonly text: string
  readonly tokens: Tokens
  readonly sentences: readonly Sentence[]
}

function sentencesOf({ count, breaks, lastBreak }: Tokens): readonly Sentence[] {
  const sentences: Sentence[] = []
  let from = 0
  for (let at = 1; at <= count; at++) {
    const end = at === count ? lastBreak : (breaks[at] as number)
    if (at < count && end < BREAK.sentence) continue
    sentences.push({ from, to: at, isQuestion: end === BREAK.question })
    from = at
  }
  return sentences
}

/** Returns turns with their words. */
export function spokenTurns(text: string, turns: readonly Turn[], vocabulary: Vocabulary): readonly SpokenTurn[] {
  return turns.map(({ speaker, offset, text: words }) => {
    const tokens = tokensOf(text, offset, offset + words.length, vocabulary)
    return { speaker, text, tokens, sentences: sentencesOf(tokens) }
  })
}

/** The words `[from, to)` of a turn as they stand in the transcript. */
export function wordsAt({ text, tokens }: SpokenTurn, from: number, to: number): string {
  return text.slice(tokens.starts[from], tokens.ends[to - 1])
}

/** The words `[from, to)` of a turn as evidence. */
export function evidenceAt(
  turn: SpokenTurn,
  { from, to }: { readonly from: number; readonly to: number },
  metric: EvidenceMetric,
  rule: string,
): Evidence {
  const offset = turn.tokens.starts[from] as number
  return { metric, rule, speaker: turn.speaker, offset, text: wordsAt(turn, from, to) }
}
