/** Every rule takes a bounded look at each word of a text, and every reader little time for the worst text. */
import { describe, expect, it } from 'vitest'
import { maskPersonalDetails } from '../../../../src/systems/transcripts/clean/mask-details.ts'
import { transcriptText } from '../../../../src/systems/transcripts/clean/transcript-text.ts'
import { analyseTranscript } from '../../../../src/systems/transcripts/figures/analysis/analyse-transcript.ts'
import { phraseParts } from '../../../../src/systems/transcripts/figures/language/phrase-pattern.ts'
import { PhraseFinder } from '../../../../src/systems/transcripts/figures/language/phrases.ts'
import { tokensOf, Vocabulary } from '../../../../src/systems/transcripts/figures/language/tokens.ts'
import { defaultRules } from '../../../../src/systems/transcripts/figures/rules/rule-pack.ts'
import { parseTurns } from '../../../../src/systems/transcripts/figures/turns.ts'
import { cpuMilliseconds, filled, HOSTILE_TEXTS } from '../hostile-texts.ts'

const rules = [...defaultRules.mood.rules, ...defaultRules.deals, ...defaultRules.scorecard]

/** A wording of a phrase without its last word: it almost matches, again and again. */
function almost(phrase: string): string {
  const words = phraseParts(phrase, defaultRules.sets).flatMap((part) =>
    'most' in part ? Array.from({ length: part.most }, () => 'x') : (part.wordings.at(0) ?? []),
  )
  return `${words.slice(0, -1).join(' ')} `
}

/** The most words that a phrase may have. */
const longest = (phrase: string) =>
  phraseParts(phrase, defaultRules.sets).reduce(
    (sum, part) => sum + ('most' in part ? part.most : Math.max(...part.wordings.map(({ length }) => length))),
    0,
  )

describe('each rule', () => {
  it.each(rules.map((rule) => [rule.id, rule] as const))('%s takes linear steps', (_, rule) => {
    const vocabulary = new Vocabulary()
    const finder = new PhraseFinder([rule], defaultRules.sets, vocabulary)
    const bound = Math.max(...rule.phrases.map(longest)) + 1
    for (const phrase of rule.phrases) {
      const steps = [1_000, 2_000].map((size) => {
        const text = filled(almost(phrase) === ' ' ? 'x ' : almost(phrase), size)
        const tokens = tokensOf(text, vocabulary)
        const found = finder.find(tokens, 0, tokens.count).steps
        expect(found / tokens.count, phrase).toBeLessThanOrEqual(bound)
        return found
      })
      expect((steps[1] ?? 0) / (steps[0] ?? 1), phrase).toBeLessThan(2.2)
    }
  })
})

describe('10 KB of hostile text', () => {
  // what is compiled once is not what is measured
  analyseTranscript('Agent: Hi. Customer: Hi.')

  it.each([
    ['analyseTranscript', (text: string) => analyseTranscript(text)],
    ['analyseTranscript with classic rules', (text: string) => analyseTranscript(text, { profile: 'classic' })],
    ['parseTurns', parseTurns],
    ['maskPersonalDetails', maskPersonalDetails],
    ['transcriptText', transcriptText],
  ] as const)('is read by %s in milliseconds', (_, read) => {
    // the fault test reads all of it, in less than 50 ms
    for (const [name, text] of HOSTILE_TEXTS)
      expect(
        cpuMilliseconds(() => read(text)),
        name,
      ).toBeLessThan(500)
  })
})
