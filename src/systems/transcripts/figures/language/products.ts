/**
 * Names of products in the words of a text, and the prices that stand with them.
 * @module
 */
import type { Money } from './money.ts'
import { BREAK, type Tokens, type Vocabulary, WordSet } from './tokens.ts'

/** A product that is named. */
export interface Product {
  /** Its first word, and the one behind its last. */
  readonly from: number
  readonly to: number
  /** Its price in cents; null where none stands with it. */
  readonly cents: number | null
  /** Whether it ends with a word that ends names: `plan`, `warranty`. */
  readonly hasHead: boolean
}

/** Which words make names of products. */
export interface ProductWords {
  /** Words that end a name: `plan`, `warranty`. */
  readonly heads: readonly string[]
  /** Heads that are no name on their own, such as `plan`. */
  readonly generic: readonly string[]
  /** Words that no name holds: articles, verbs, prepositions. */
  readonly breaks: readonly string[]
  /** Words that may begin a name before another word of it, although no name holds them otherwise: `annual`. */
  readonly modifiers: readonly string[]
  /** Words that a name follows: `add`, `recommend`. */
  readonly openers: readonly string[]
  /** Words between a name and its price: `is`, `for`. */
  readonly links: readonly string[]
}

const MOST_WORDS = 4

/** Finds names of products with the words of one vocabulary. */
export class ProductReader {
  readonly #heads: WordSet
  readonly #generic: WordSet
  readonly #breaks: WordSet
  readonly #modifiers: WordSet
  readonly #openers: WordSet
  readonly #links: WordSet
  readonly #articles: WordSet

  constructor(words: ProductWords, vocabulary: Vocabulary) {
    const set = (list: readonly string[]) => new WordSet(list, vocabulary)
    this.#heads = set([...words.heads, ...words.generic])
    this.#generic = set(words.generic)
    this.#breaks = set([...words.breaks, ...words.openers, ...words.links])
    this.#modifiers = set(words.modifiers)
    this.#openers = set(words.openers)
    this.#links = set(words.links)
    this.#articles = set(['a', 'an', 'the', 'our', 'your', 'some', 'my', 'one', 'that', 'this'])
  }

  /**
   * Returns the products in the words `[from, to)` of one sentence, in order. Where `isOffer` holds, whatever follows an
   * opener is one; otherwise a name needs a head or a price.
   */
  find(
    text: string,
    tokens: Tokens,
    moneys: readonly Money[],
    from: number,
    to: number,
    isOffer: boolean,
  ): readonly Product[] {
    const hasPrice = moneys.some(({ isPrice }) => isPrice)
    const isOpened = isOffer || hasPrice
    if (!isOpened && !this.#heads.hasAny(tokens.ids, from, to)) return []
    const taken = new Uint8Array(to - from)
    for (const money of moneys) taken.fill(1, money.from - from, money.to - from)
    const names: { from: number; to: number }[] = []
    const isPart = (at: number): boolean => taken[at - from] === 0 && !this.#breaks.has(tokens.ids[at] as number)
    const add = (start: number, end: number): void => {
      if (end - start > MOST_WORDS || start >= end) return
      const first = text.charCodeAt(tokens.starts[start] as number)
      // a number is no name
      if (first < 0x41) return
      if (end - start === 1 && this.#generic.has(tokens.ids[start] as number)) return
      for (let at = start; at < end; at++) if (taken[at - from] === 1) return
      taken.fill(1, start - from, end - from)
      names.push({ from: start, to: end })
    }
    const isHyphen = (at: number): boolean => text.charAt(tokens.ends[at] as number) === '-'
    const runStart = (end: number): number => {
      let start = end - 1
      while (start > from && end - start < MOST_WORDS && tokens.breaks[start] === BREAK.none) {
        const isFree = taken[start - 1 - from] === 0
        const mayStand =
          isPart(start - 1) || isHyphen(start - 1) || this.#modifiers.has(tokens.ids[start - 1] as number)
        if (!isFree || !mayStand) break
        start--
      }
      return start
    }
    for (let at = from; at < to; at++) {
      if (!this.#heads.has(tokens.ids[at] as number) || taken[at - from] === 1) continue
      let end = at + 1
      while (end < to && tokens.breaks[end] === BREAK.none && this.#heads.has(tokens.ids[end] as number)) end++
      add(runStart(end), end)
      at = end - 1
    }
    for (const money of moneys) {
      if (!money.isPrice) continue
      let at = money.from - 1
      while (at > from && this.#links.has(tokens.ids[at] as number)) at--
      // "a case $15" has no link; "order 4417 $15" has no article
      const start = at < from || !isPart(at) ? -1 : runStart(at + 1)
      if (
        start >= 0 &&
        (start === from || this.#articles.has(tokens.ids[start - 1] as number) || tokens.breaks[start] !== 0)
      ) {
        add(start, at + 1)
      }
    }
    if (isOpened) this.#addOpened(tokens, from, to, isPart, add)
    names.sort((a, b) => a.from - b.from)
    return pricesOf(names, moneys).map((product) => ({
      ...product,
      hasHead: this.#heads.has(tokens.ids[product.to - 1] as number),
    }))
  }

  #addOpened(
    { ids, breaks }: Tokens,
    from: number,
    to: number,
    isPart: (at: number) => boolean,
    add: (start: number, end: number) => void,
  ): void {
    for (let at = from; at < to; at++) {
      if (!this.#openers.has(ids[at] as number)) continue
      let start = at + 1
      while (
        start < to &&
        breaks[start] === BREAK.none &&
        (this.#articles.has(ids[start] as number) || this.#openers.has(ids[start] as number))
      )
        start++
      let end = start
      while (end < to && (end === start || breaks[end] === BREAK.none) && isPart(end)) end++
      if (start < to && breaks[start] === BREAK.none) add(start, end)
      at = Math.max(at, end - 1)
    }
  }
}

/** Gives each name the nearest price behind it and before the next name, or else the nearest before it; a price belongs to one name. */
function pricesOf(
  names: readonly { from: number; to: number }[],
  moneys: readonly Money[],
): readonly Omit<Product, 'hasHead'>[] {
  const prices = moneys.filter(({ isPrice }) => isPrice)
  const used = new Uint8Array(prices.length)
  // both are in order: one walk over both finds the first price behind each name
  let at = 0
  const behind = names.map(({ to }, index) => {
    const next = names[index + 1]?.from ?? Number.POSITIVE_INFINITY
    while (at < prices.length && (prices[at] as Money).from < to) at++
    const price = prices[at]
    if (price === undefined || price.from >= next) return null
    used[at++] = 1
    return price.cents
  })
  const open: number[] = []
  at = 0
  return names.map(({ from, to }, index) => {
    for (; at < prices.length && (prices[at] as Money).to <= from; at++) if (used[at] === 0) open.push(at)
    const own = behind[index] ?? null
    if (own !== null) return { from, to, cents: own }
    const before = open.pop()
    return { from, to, cents: before === undefined ? null : (prices[before] as Money).cents }
  })
}
