/**
 * What happens in a made-up call, before anybody says a word.
 * @module
 */
import { cumulate, pick, share } from '../../../sample/chance.ts'
import type { Mood } from '../figures/analysis/analysis.ts'
import { PRODUCTS } from './phrases.ts'

/** Streams of random numbers: each purpose has its own, so that a new one does not change the others. */
export const STREAM = {
  mood: 406,
  silent: 407,
  phrase: 408,
  outcome: 409,
  words: 410,
  upsells: 411,
  product: 412,
  price: 413,
  isAccepted: 414,
  filler: 415,
} as const

/** How the offer of a call ended. */
export type Outcome = 'accepted' | 'refused' | 'delayed' | 'taken_back' | 'no_offer'

/** Something sold with an order, or offered and left. */
export interface PlannedUpsell {
  readonly product: string
  readonly cents: number
  /** How the price is said, such as `$19.99 per month`. */
  readonly price: string
  readonly isAccepted: boolean
  /** Whether the customer asks for it before it is offered. */
  readonly isRequest: boolean
}

/** The plan of one call. */
export interface CallPlan {
  readonly seed: number
  readonly index: number
  readonly mood: Mood
  /** Whether the customer says nothing that shows the mood. */
  readonly isSilent: boolean
  readonly outcome: Outcome
  readonly upsells: readonly PlannedUpsell[]
}

const MOODS: readonly Mood[] = ['positive', 'neutral', 'negative']
const MOOD_WEIGHTS = cumulate([40, 30, 30])
/** Of calls with a mood: 0.7 of all have one, so that 11 % of all labels show in no phrase. */
const SILENT = 0.11 / 0.7

const OUTCOMES: readonly Outcome[] = ['accepted', 'refused', 'delayed', 'taken_back', 'no_offer']
const OUTCOME_WEIGHTS = cumulate([28, 14, 34, 3, 21])

/** Numbers of upsells in a call whose offer was taken, and in another one with an offer. */
const MANY_WEIGHTS = cumulate([40, 40, 20])
const FEW_WEIGHTS = cumulate([85, 15])

function dollars(cents: number): string {
  const whole = Math.floor(cents / 100).toLocaleString('en-US')
  return cents % 100 === 0 ? whole : `${whole}.${String(cents % 100).padStart(2, '0')}`
}

const PRICES: readonly ((cents: number) => string)[] = [
  (cents) => `$${dollars(cents)}`,
  (cents) => `$${dollars(cents)} per month`,
  (cents) => `${dollars(cents)} dollars`,
  (cents) => `$${dollars(cents)} a year`,
]

/** A draw of one call; `at` tells several draws of one purpose apart. */
export function draw({ seed, index }: Pick<CallPlan, 'seed' | 'index'>, stream: number, at = 0): number {
  return share(seed, stream + at * 100, index)
}

/** One of some words. */
export function wordOf<Word>(words: readonly Word[], at: number): Word {
  // at is below 1
  return words[Math.floor(at * words.length)] as Word
}

function upsellsOf(call: Pick<CallPlan, 'seed' | 'index'>, outcome: Outcome): PlannedUpsell[] {
  if (outcome === 'no_offer' || outcome === 'taken_back') return []
  const isSale = outcome === 'accepted'
  const count = pick(isSale ? MANY_WEIGHTS : FEW_WEIGHTS, draw(call, STREAM.upsells))
  const first = Math.floor(draw(call, STREAM.product) * PRODUCTS.length)
  return Array.from({ length: count }, (_, at) => {
    const size = draw(call, STREAM.price, at)
    const isOdd = draw(call, STREAM.price, at + 4) < 0.4
    const cents = (9 + Math.floor(size * size * size * 1900)) * 100 + (isOdd ? 99 : 0)
    const isAccepted = isSale && draw(call, STREAM.isAccepted, at) < 0.7
    return {
      product: PRODUCTS[(first + at * 5) % PRODUCTS.length] as string,
      cents,
      price: wordOf(PRICES, draw(call, STREAM.price, at + 8))(cents),
      isAccepted,
      isRequest: isAccepted && draw(call, STREAM.isAccepted, at + 4) < 0.25,
    }
  })
}

/** Returns the plan of the call with this index; the same seed and index give the same plan. */
export function planCall(seed: number, index: number): CallPlan {
  const call = { seed, index }
  const mood = MOODS[pick(MOOD_WEIGHTS, draw(call, STREAM.mood))] ?? 'neutral'
  const outcome = OUTCOMES[pick(OUTCOME_WEIGHTS, draw(call, STREAM.outcome))] ?? 'no_offer'
  return {
    ...call,
    mood,
    isSilent: mood === 'neutral' || draw(call, STREAM.silent) < SILENT,
    outcome,
    upsells: upsellsOf(call, outcome),
  }
}
