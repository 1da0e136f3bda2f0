/**
 * What agents offer: products with their prices, and questions that sell.
 * @module
 */
import type { Product } from '../language/products.ts'
import type { CompiledRules } from './compiled-rules.ts'
import { type Sentence, type SpokenTurn, wordsAt } from './spoken.ts'

/** A product in a call, as it was named first. */
export interface NamedProduct {
  readonly name: string
  readonly turn: SpokenTurn
  readonly from: number
  readonly to: number
  cents: number | null
  /** Null until the customer says something about it. */
  isAccepted: boolean | null
}

/** What one turn of an agent offers. */
export interface OfferTurn {
  readonly products: readonly NamedProduct[]
  /** Whether it asks the customer to buy. */
  readonly isAsk: boolean
  /** Whether it asks so where something is on offer: "shall I?". */
  readonly isGenericAsk: boolean
  /** Whether it asks about something else, which a plain yes then answers. */
  readonly isOtherQuestion: boolean
  /** Whether it says what could be bought, with or without a name or price. */
  readonly isOffer: boolean
  /** The first price that stands alone: the answer to "how much is it?". */
  readonly loneCents: number | null
}

/** The products of one sentence. */
export function productsIn(turn: SpokenTurn, { from, to }: Sentence, rules: CompiledRules, isOffer: boolean) {
  const moneys = rules.money.find(turn.text, turn.tokens, from, to)
  const products = rules.products.find(turn.text, turn.tokens, moneys, from, to, isOffer)
  return { moneys, products: products.map((product) => named(turn, product)) }
}

function named(turn: SpokenTurn, { from, to, cents }: Product): NamedProduct {
  const name = wordsAt(turn, from, to).toLowerCase().replace(/\s+/g, ' ')
  return { name, turn, from, to, cents, isAccepted: null }
}

/** Returns what a turn of an agent offers. */
export function offerIn(turn: SpokenTurn, rules: CompiledRules): OfferTurn {
  const { rules: deals, finder } = rules.agentDeals
  const products: NamedProduct[] = []
  let [isAsk, isGenericAsk, isOtherQuestion, isOffer] = [false, false, false, false]
  let loneCents: number | null = null
  for (const sentence of turn.sentences) {
    const kinds = finder.find(turn.tokens, sentence.from, sentence.to).matches.map(({ rule }) => deals[rule]?.kind)
    const isSale = kinds.includes('ask')
    isOffer ||= kinds.includes('offer')
    const found = productsIn(turn, sentence, rules, isSale || kinds.includes('offer'))
    const price = found.moneys.find((money) => money.isPrice)?.cents ?? null
    if (found.products.length === 0 && price !== null) {
      // "It's $40 a month": the price of what was named before
      const last = products.at(-1)
      if (last !== undefined && last.cents === null) last.cents = price
      else if (last === undefined) loneCents ??= price
    }
    for (const product of found.products)
      if (!products.some(({ name }) => name === product.name)) products.push(product)
    if (isSale) [isAsk, isGenericAsk, isOtherQuestion] = [true, false, false]
    else if (sentence.isQuestion) {
      const isGeneric = kinds.includes('generic') && !kinds.includes('other')
      ;[isAsk, isGenericAsk, isOtherQuestion] = [false, isGeneric, !isGeneric]
    }
  }
  // a name without a price is an offer only where the turn asks
  const offered = products.filter(({ cents }) => cents !== null || isAsk || isGenericAsk || isOffer)
  return { products: offered, isAsk, isGenericAsk, isOtherQuestion, isOffer, loneCents }
}
