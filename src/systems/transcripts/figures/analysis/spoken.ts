/**
 * A turn as rules read it: its words, cut into sentences.
 * @module
 */
import { BREAK, type TokenBuffer, type Tokens, type Vocabulary } from '../language/tokens.ts'
import type { Speaker, Turn } from '../turns.ts'
import type { Evidence, EvidenceMetric } from './analysis.ts'

/** The words `[from, to)` that are one sentence. */
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
  /** The words of all turns; this turn's are `[from, to)`. */
  readonly tokens: Tokens
  readonly from: number
  readonly to: number
  readonly sentences: readonly Sentence[]
}

function sentencesOf({ breaks }: Tokens, first: number, to: number, lastBreak: number): readonly Sentence[] {
  const sentences: Sentence[] = []
  let from = first
  for (let at = first + 1; at <= to; at++) {
    const end = at === to ? lastBreak : (breaks[at] as number)
    if (at < to && end < BREAK.sentence) continue
    sentences.push({ from, to: at, isQuestion: end === BREAK.question })
    from = at
  }
  return sentences
}

/** Returns turns with their words, which are valid until the buffer begins another text. */
export function spokenTurns(
  text: string,
  turns: readonly Turn[],
  vocabulary: Vocabulary,
  tokens: TokenBuffer,
): readonly SpokenTurn[] {
  tokens.begin()
  return turns.map(({ speaker, offset, text: words }) => {
    const from = tokens.count
    const lastBreak = tokens.read(text, offset, offset + words.length, vocabulary)
    const to = tokens.count
    return { speaker, text, tokens, from, to, sentences: sentencesOf(tokens, from, to, lastBreak) }
  })
}

/** Words as they stand in the transcript. */
export function wordsAt({ text, tokens }: SpokenTurn, from: number, to: number): string {
  return text.slice(tokens.starts[from], tokens.ends[to - 1])
}

/** Words of a turn as evidence. */
export function evidenceAt(
  turn: SpokenTurn,
  { from, to }: { readonly from: number; readonly to: number },
  metric: EvidenceMetric,
  rule: string,
): Evidence {
  const offset = turn.tokens.starts[from] as number
  return { metric, rule, speaker: turn.speaker, offset, text: wordsAt(turn, from, to) }
}
