/**
 * Formulas of contact center measures as values: what is counted, of what, and what is left out.
 * @module
 */
import { isRecord, refuseUnless } from '../arguments.ts'

/** How a contact that reached a queue, or an IVR before it, ended there. */
export type ContactOutcome =
  | 'answered'
  | 'abandoned_in_queue'
  | 'abandoned_in_ivr'
  | 'abandoned_in_voicemail'
  | 'abandoned_on_hold'
  | 'callback_requested'
  | 'flowed_out'
  | 'voicemail'
  | 'missed'

/** Every outcome, and the words for it. */
export const OUTCOME_WORDS: Readonly<Record<ContactOutcome, string>> = {
  answered: 'answered',
  abandoned_in_queue: 'abandoned in the queue',
  abandoned_in_ivr: 'abandoned in the IVR',
  abandoned_in_voicemail: 'abandoned in voicemail',
  abandoned_on_hold: 'abandoned on hold',
  callback_requested: 'left for a callback',
  flowed_out: 'moved on to somewhere else',
  voicemail: 'left in voicemail',
  missed: 'ended without an answer',
}

/** Times of a contact, in seconds. */
export type ContactTime = 'queued_seconds' | 'talk_seconds' | 'hold_seconds' | 'after_seconds'

const TIME_WORDS: Readonly<Record<ContactTime, string>> = {
  queued_seconds: 'time in the queue',
  talk_seconds: 'talk',
  hold_seconds: 'hold',
  after_seconds: 'after-call work',
}

/** What a numerator or a denominator adds up. */
export interface FormulaTerm {
  /** The contacts that count. */
  readonly outcomes: readonly ContactOutcome[]
  /** Only contacts that left the queue within the target. */
  readonly isWithinTarget?: true
  /** Contacts abandoned in the queue within the short-abandon time do not count. */
  readonly isWithoutShortAbandons?: true
  /** Times that are added up; contacts are counted where it is left out. */
  readonly times?: readonly ContactTime[]
}

/** The measures that a profile defines. */
export type ContactMetric = 'service_level' | 'abandonment' | 'handle_time' | 'answer_speed'

/** A measure: numerator divided by denominator. */
export interface MetricFormula {
  readonly metric: ContactMetric
  /** The name that the vendor gives it. */
  readonly title: string
  readonly unit: 'share' | 'seconds'
  readonly numerator: FormulaTerm
  readonly denominator: FormulaTerm
  /** What the formula leaves out, in sentences. */
  readonly exclusions: readonly string[]
  /** Where the vendor documents it. */
  readonly source: string
}

/** The formulas of one vendor. A measure without a published formula is left out: it is not guessed. */
export interface MetricProfile {
  readonly name: string
  readonly title: string
  readonly formulas: readonly MetricFormula[]
}

function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`
}

/**
 * Returns what a numerator or a denominator adds up, in words.
 * @throws ContractError invalid_option - the term is no part of a formula
 * @example
 * import { termText } from 'support-etl/metrics'
 *
 * termText({ outcomes: ['answered'], isWithinTarget: true }) // 'contacts answered, within the target'
 */
export function termText(term: FormulaTerm): string {
  refuseUnless(isRecord(term) && Array.isArray(term.outcomes), 'term', term, 'a numerator or denominator of a formula')
  const { outcomes, isWithinTarget, isWithoutShortAbandons, times } = term
  const contacts = `contacts ${listed(outcomes.map((outcome) => OUTCOME_WORDS[outcome]))}`
  const added = times === undefined ? contacts : `${listed(times.map((time) => TIME_WORDS[time]))} of ${contacts}`
  const within = isWithinTarget ? ', within the target' : ''
  return `${added}${within}${isWithoutShortAbandons ? ', without short abandons' : ''}`
}

/**
 * Returns a formula in words: numerator, denominator, exclusions and source.
 * @throws ContractError invalid_option - what is given is no formula
 * @example
 * import { formulaText, METRIC_PROFILES } from 'support-etl/metrics'
 *
 * const [first] = METRIC_PROFILES['genesys-cloud'].formulas
 * formulaText(first)[0] // 'Service level: contacts answered, within the target / contacts answered and abandoned in the queue, without short abandons'
 */
export function formulaText(formula: MetricFormula): readonly string[] {
  refuseUnless(isRecord(formula), 'formula', formula, 'a formula of a profile')
  const { title, numerator, denominator, exclusions, source } = formula
  return [`${title}: ${termText(numerator)} / ${termText(denominator)}`, ...exclusions, `Source: ${source}`]
}
