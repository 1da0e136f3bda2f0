/**
 * The words of a made-up call, and what they mean.
 * @module
 */
import type { Mood } from '../figures/analysis/analysis.ts'
import { type CallPlan, draw, type PlannedUpsell, STREAM, wordOf } from './call-plan.ts'
import {
  ACCEPTANCES,
  AGENT_FILLER,
  CLOSINGS,
  CONFIRMATIONS,
  CUSTOMER_FILLER,
  DELAYS,
  EXPLANATIONS,
  FAREWELLS,
  GREETINGS,
  NEGATIVE,
  OFFERS,
  POSITIVE,
  REFUSALS,
  SECOND_THOUGHTS,
  TOPICS,
  UPSELL_ACCEPTANCES,
  UPSELL_OFFERS,
  UPSELL_REFUSALS,
  UPSELL_REQUESTS,
} from './phrases.ts'

/** Something offered beside the order. */
export interface UpsellTruth {
  /** In the words of the call, such as `premium support`. */
  readonly product: string
  /** The price as it was said, in cents. */
  readonly amount_cents: number
  readonly is_accepted: boolean
}

/** What is true of a made-up call. */
export interface CallTruth {
  readonly call_id: string
  /** The mood that the customer has. */
  readonly mood: Mood
  /** The words that show it; null for a neutral customer, and for one who says nothing of it. */
  readonly mood_phrase: string | null
  readonly is_conversion: boolean
  /** The words by which the customer took the offer, for good. */
  readonly conversion_phrase: string | null
  readonly upsells: readonly UpsellTruth[]
}

/** The text of a call, and what is true of it but for its id. */
export interface CallScript {
  readonly text: string
  readonly truth: Omit<CallTruth, 'call_id'>
}

const ANSWERS = { refused: REFUSALS, delayed: DELAYS } as const

type Speaker = 'Agent' | 'Customer'

/** The text of a call as it grows. A speaker who goes on is not named again. */
class Talk {
  #text = ''
  #speaker: Speaker | null = null

  say(speaker: Speaker, words: string): void {
    this.#text += `${this.#text === '' ? '' : ' '}${speaker === this.#speaker ? '' : `${speaker}: `}${words}`
    this.#speaker = speaker
  }

  get text(): string {
    return this.#text
  }
}

/** Says the turns about one upsell. */
function sayUpsell(talk: Talk, { product, price, isAccepted, isRequest }: PlannedUpsell, at: number): void {
  const filled = (pattern: string): string => pattern.replace('{product}', product).replace('{price}', price)
  if (isRequest) {
    talk.say('Customer', filled(wordOf(UPSELL_REQUESTS, at)))
    talk.say('Agent', wordOf(CONFIRMATIONS, at))
    return
  }
  talk.say('Agent', filled(wordOf(UPSELL_OFFERS, at)))
  talk.say('Customer', wordOf(isAccepted ? UPSELL_ACCEPTANCES : UPSELL_REFUSALS, at))
  if (isAccepted) talk.say('Agent', wordOf(CONFIRMATIONS, at))
}

/** Says the main offer and its answer; returns the words by which it was taken for good. */
function sayOffer(talk: Talk, plan: CallPlan): string | null {
  const { outcome } = plan
  if (outcome === 'no_offer') return null
  talk.say('Agent', wordOf(OFFERS, draw(plan, STREAM.words, 1)))
  const at = draw(plan, STREAM.words, 2)
  if (outcome === 'refused' || outcome === 'delayed') {
    talk.say('Customer', wordOf(ANSWERS[outcome], at))
    return null
  }
  const accepted = wordOf(ACCEPTANCES, at)
  talk.say('Customer', accepted)
  if (outcome === 'accepted') return accepted
  talk.say('Agent', 'One moment, please.')
  talk.say('Customer', wordOf(SECOND_THOUGHTS, draw(plan, STREAM.words, 3)))
  return null
}

/** Returns the words that a call of this plan has. The whole text stands in one line, as exports have it. */
export function scriptCall(plan: CallPlan): CallScript {
  const { mood, isSilent, upsells } = plan
  const words = (phrases: readonly string[], at: number): string => wordOf(phrases, draw(plan, STREAM.words, at))
  const talk = new Talk()
  talk.say('Agent', words(GREETINGS, 4))
  talk.say('Customer', words(TOPICS, 5))
  talk.say('Agent', words(EXPLANATIONS, 6))
  const moodPhrase = isSilent ? null : words(mood === 'positive' ? POSITIVE : NEGATIVE, 7)
  const lines = 2 + Math.floor(draw(plan, STREAM.filler) * 4)
  const moodLine = Math.floor(draw(plan, STREAM.phrase) * lines)
  for (let line = 0; line < lines; line++) {
    const said = wordOf(CUSTOMER_FILLER, draw(plan, STREAM.filler, line + 1))
    talk.say('Customer', moodPhrase !== null && line === moodLine ? `${moodPhrase} ${said}` : said)
    talk.say('Agent', wordOf(AGENT_FILLER, draw(plan, STREAM.filler, line + 8)))
  }
  const conversionPhrase = sayOffer(talk, plan)
  for (const [at, upsell] of upsells.entries()) sayUpsell(talk, upsell, draw(plan, STREAM.words, 8 + at))
  talk.say('Agent', words(CLOSINGS, 12))
  talk.say('Customer', words(FAREWELLS, 13))
  return {
    text: talk.text,
    truth: {
      mood,
      mood_phrase: moodPhrase,
      is_conversion: conversionPhrase !== null,
      conversion_phrase: conversionPhrase,
      upsells: upsells.map(({ product, cents, isAccepted }) => ({
        product,
        amount_cents: cents,
        is_accepted: isAccepted,
      })),
    },
  }
}
