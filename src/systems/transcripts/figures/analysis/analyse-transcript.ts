/**
 * Reads a transcript: what was sold, how the customer felt, and by which words.
 * @module
 */
import { type OptionNames, refuseUnknown, refuseUnless } from '../../../../arguments.ts'
import { defaultRules, type RulePack } from '../rules/rule-pack.ts'
import { parseTurns } from '../turns.ts'
import type { Analysis, Evidence, Profile } from './analysis.ts'
import { classicAnalysis } from './classic-analysis.ts'
import { compiledRules } from './compiled-rules.ts'
import { dealsOf } from './deals.ts'
import { moodOf } from './mood.ts'
import { scorecardOf } from './scorecard.ts'
import { spokenTurns } from './spoken.ts'
import { talkOf } from './talk.ts'

/** How a transcript is read. */
export interface AnalyseOptions {
  /** `classic` reproduces the rules of the original program. Default 'default'. */
  readonly profile?: Profile
  /** The rules of the profile `default`: a pack of {@link RulePack}. Default `defaultRules`. */
  readonly rules?: RulePack
}

export const ANALYSE_OPTIONS = { profile: true, rules: true } satisfies OptionNames<AnalyseOptions>

/** @throws ContractError invalid_option - an option is unknown or does not fit */
export function refuseAnalyseOptions(options: AnalyseOptions): void {
  refuseUnknown(options, ANALYSE_OPTIONS)
  const { profile = 'default', rules } = options
  refuseUnless(profile === 'default' || profile === 'classic', 'profile', profile, 'default or classic')
  refuseUnless(rules === undefined || profile === 'default', 'rules', rules, 'left out with the profile classic')
}

/** Reads one transcript, with options that fit. */
export function analysisOf(text: string, { profile = 'default', rules = defaultRules }: AnalyseOptions): Analysis {
  const turns = parseTurns(text)
  if (profile === 'classic') return classicAnalysis(text, turns)
  const compiled = compiledRules(rules)
  const spoken = spokenTurns(text, turns, compiled.vocabulary, compiled.tokens)
  const evidence: Evidence[] = []
  const mood = moodOf(spoken, compiled, evidence)
  const deals = dealsOf(spoken, compiled, evidence)
  const scorecard = scorecardOf(spoken, compiled, evidence)
  evidence.sort((a, b) => a.offset - b.offset)
  return { ...deals, mood, scorecard, talk: talkOf(text, turns), evidence }
}

/**
 * Returns what a transcript says: whether the customer committed to something that is sold, the products that were offered or
 * asked for, the mood, the scorecard of the agent, and the words behind each of them. Customers' turns decide the mood and what
 * is accepted, agents' turns what is offered. An offer may be answered in the customer's next two turns; the last statement
 * wins, a question accepts nothing. Words without a speaker say nothing. The time is linear in the length of the text.
 *
 * @throws ContractError invalid_option - `text` is not a text, or an option does not fit
 * @example
 * const { conversion, upsells, mood } = analyseTranscript(
 *   "Agent: Would you like the extended warranty for $29.99? Customer: Yes please. You've been so helpful!",
 * )
 * conversion.phrase // 'Yes please'
 * upsells.map(({ product, amountCents, isAccepted }) => [product, amountCents, isAccepted]) // [['extended warranty', 2999, true]]
 * mood.label // 'positive'
 */
export function analyseTranscript(text: string, options: AnalyseOptions = {}): Analysis {
  refuseUnless(typeof text === 'string', 'text', text, 'a text')
  refuseAnalyseOptions(options)
  return analysisOf(text, options)
}
