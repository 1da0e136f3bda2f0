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
  readonly hasHead: boolean
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
  /** Whether it ends the call: what was offered before is over. */
  readonly isClose: boolean
  /** The first price that stands alone: the answer to "how much is it?". */
  readonly loneCents: number | null
}

/** So many words may follow a question that names nothing: "does that work for you?". */
const GENERIC_REST = 3
/** So many products of one turn are read; nobody offers more in one breath. */
export const MOST_OFFERED = 20

/** The products of one sentence, the first ones where there are too many. */
export function productsIn(turn: SpokenTurn, { from, to }: Sentence, rules: CompiledRules, isOffer: boolean) {
  const moneys = rules.money.find(turn.text, turn.tokens, from, to)
  const products = rules.products.find(turn.text, turn.tokens, moneys, from, to, isOffer)
  return { moneys, products: products.slice(0, MOST_OFFERED).map((product) => named(turn, product)) }
}

function named(turn: SpokenTurn, { from, to, cents, hasHead }: Product): NamedProduct {
  const name = wordsAt(turn, from, to).toLowerCase().replace(/\s+/g, ' ')
  return { name, turn, from, to, cents, hasHead, isAccepted: null }
}

/** Returns what a turn of an agent offers. */
export function offerIn(turn: SpokenTurn, rules: CompiledRules): OfferTurn {
  const { rules: deals, finder } = rules.agentDeals
  const products: NamedProduct[] = []
  let [isAsk, isGenericAsk, isOtherQuestion, isOffer, isClose] = [false, false, false, false, false]
  let loneCents: number | null = null
  for (const sentence of turn.sentences) {
    const { matches } = finder.find(turn.tokens, sentence.from, sentence.to)
    const kinds = matches.map(({ rule }) => deals[rule]?.kind)
    const isSale = kinds.includes('ask')
    isOffer ||= kinds.includes('offer')
    isClose = kinds.includes('close') || (isClose && !sentence.isQuestion)
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
      // "shall I?" is generic, and "shall I send the letter to the office?" is not
      const isShort = matches.some(({ to }, at) => kinds[at] === 'generic' && sentence.to - to <= GENERIC_REST)
      const isGeneric = isShort && !kinds.includes('other')
      ;[isAsk, isGenericAsk, isOtherQuestion] = [false, isGeneric, !isGeneric]
    }
  }
  // a name without a price is an offer only where the turn asks
  const offered = products.filter(({ cents }) => cents !== null || isAsk || isGenericAsk || isOffer)
  return { products: offered, isAsk, isGenericAsk, isOtherQuestion, isOffer, isClose, loneCents }
}
