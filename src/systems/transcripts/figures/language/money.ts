/**
 * Amounts of money in the words of a text, as whole cents.
 * @module
 */
import { BREAK, type Tokens, type Vocabulary, WordSet } from './tokens.ts'

/** An amount that is said. */
export interface Money {
  /** Its first word, and the one behind its last. */
  readonly from: number
  readonly to: number
  readonly cents: number
  /** Whether it is a price to pay: not a discount, a refund, or what something cost before. */
  readonly isPrice: boolean
}

const DIGITS = /^[$€£]?(\d{1,3}(?:,\d{3})+|\d{1,9})(\.\d{1,2})?$/
const SMALL = [
  ...['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'],
  ...['thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen'],
]
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety']

/** The words that say that a number is money, or what kind of amount it is. */
const UNITS = ['dollar', 'dollars', 'buck', 'bucks', 'euro', 'euros', 'pound', 'pounds', 'quid', 'usd', 'eur', 'gbp']
const CENT_UNITS = ['cent', 'cents', 'pence']
const PERIODS = ['month', 'year', 'week', 'day', 'mo', 'user', 'seat', 'line', 'person', 'guest', 'room', 'visit']
const BEFORE_PRICE = [
  'for',
  'at',
  'only',
  'just',
  'is',
  'costs',
  'cost',
  'another',
  'extra',
  'additional',
  'plus',
  'pay',
]
const BEFORE_NO_PRICE = [
  ...[
    'save',
    'saves',
    'saving',
    'normally',
    'usually',
    'regularly',
    'originally',
    'was',
    'were',
    'worth',
    'than',
    'of',
  ],
  ...['from', 'waive', 'waived', 'refund', 'refunded', 'credit', 'credited', 'charged', 'owe', 'paid', 'deductible'],
  ...['instead', 'regular', 'list', 'knock', 'take', 'first'],
]
const AFTER_NO_PRICE = [
  ...[
    'off',
    'discount',
    'credit',
    'refund',
    'back',
    'less',
    'cheaper',
    'lower',
    'rebate',
    'deductible',
    'bill',
    'cashback',
  ],
  ...['saving', 'savings', 'coupon', 'voucher', 'value'],
]

/** How many words before an amount may say that it is no price; behind it only the next one does. */
const REACH = 2

/** Reads amounts with the words of one vocabulary. */
export class MoneyReader {
  readonly #numbers = new Map<number, number>()
  readonly #numberWords: WordSet
  readonly #hundred: number
  readonly #units: WordSet
  readonly #cents: WordSet
  readonly #periods: WordSet
  readonly #articles: WordSet
  readonly #beforePrice: WordSet
  readonly #beforeNone: WordSet
  readonly #afterNone: WordSet

  constructor(vocabulary: Vocabulary) {
    const set = (words: readonly string[]) => new WordSet(words, vocabulary)
    for (const [value, word] of SMALL.entries()) this.#numbers.set(vocabulary.add(word), value)
    for (const [value, word] of TENS.entries()) if (word !== '') this.#numbers.set(vocabulary.add(word), value * 10)
    this.#numberWords = set([...SMALL, ...TENS.filter((word) => word !== '')])
    this.#hundred = vocabulary.add('hundred')
    this.#units = set(UNITS)
    this.#cents = set(CENT_UNITS)
    this.#periods = set(PERIODS)
    this.#articles = set(['a', 'an', 'per', 'each', 'every'])
    this.#beforePrice = set(BEFORE_PRICE)
    this.#beforeNone = set(BEFORE_NO_PRICE)
    this.#afterNone = set(AFTER_NO_PRICE)
  }

  /** Returns the amounts in the words `[from, to)` of one sentence, in order. */
  find(text: string, tokens: Tokens, from: number, to: number): readonly Money[] {
    const found: Money[] = []
    for (let at = from; at < to; at++) {
      const money = this.#digits(text, tokens, at, from, to) ?? this.#spelled(tokens, at, to)
      if (money === null) continue
      found.push({ ...money, isPrice: this.#isPrice(tokens, money, from, to) })
      at = money.to - 1
    }
    return found
  }

  /** An amount in digits: with a sign, with a unit behind it, or by what stands around it. */
  #digits(text: string, { starts, ends, ids }: Tokens, at: number, from: number, to: number) {
    const unit = text.charCodeAt(starts[at] as number)
    const isSign = unit === 0x24 || unit === 0x20ac || unit === 0xa3
    if (!isSign && (unit < 0x30 || unit > 0x39)) return null
    const match = DIGITS.exec(text.slice(starts[at], ends[at]))
    if (match === null) return null
    const cents = Math.round(Number((match[1] as string).replaceAll(',', '') + (match[2] ?? '')) * 100)
    const next = at + 1 < to ? (ids[at + 1] as number) : -1
    if (this.#units.has(next)) return { from: at, to: at + 2, cents }
    if (!isSign && this.#cents.has(next)) return { from: at, to: at + 2, cents: Math.round(cents / 100) }
    if (isSign) return { from: at, to: at + 1, cents }
    const isPerPeriod = this.#articles.has(next) && at + 2 < to && this.#periods.has(ids[at + 2] as number)
    const isBehindPrice = at > from && this.#beforePrice.has(ids[at - 1] as number)
    const hasCents = match[2]?.length === 3
    return isPerPeriod || (hasCents && isBehindPrice) ? { from: at, to: at + 1, cents } : null
  }

  /** An amount in words with a unit: `twenty five dollars`, `one hundred and ten bucks`. */
  #spelled({ ids }: Tokens, from: number, to: number) {
    if (!this.#numberWords.has(ids[from] as number)) return null
    let at = from
    let value = this.#numbers.get(ids[at] as number)
    if (value === undefined) return null
    at++
    const follow = () => (at < to ? this.#numbers.get(ids[at] as number) : undefined)
    const addUnit = () => {
      const small = follow()
      if (value !== undefined && value >= 20 && value % 10 === 0 && small !== undefined && small > 0 && small < 10) {
        value += small
        at++
      }
    }
    addUnit()
    if (at < to && ids[at] === this.#hundred) {
      let hundreds = value * 100
      at++
      const rest = follow()
      if (rest !== undefined) {
        value = rest
        at++
        addUnit()
        hundreds += value
      }
      value = hundreds
    }
    const next = at < to ? (ids[at] as number) : -1
    if (this.#units.has(next)) return { from, to: at + 1, cents: value * 100 }
    if (this.#cents.has(next)) return { from, to: at + 1, cents: value }
    const isPerPeriod = this.#articles.has(next) && at + 1 < to && this.#periods.has(ids[at + 1] as number)
    return isPerPeriod && value > 1 ? { from, to: at, cents: value * 100 } : null
  }

  #isPrice({ ids, breaks }: Tokens, money: { readonly from: number; readonly to: number }, from: number, to: number) {
    for (let at = money.from - 1; at >= Math.max(from, money.from - REACH); at--) {
      if (this.#beforeNone.has(ids[at] as number)) return false
      if (breaks[at] !== BREAK.none) break
    }
    const isFollowed = money.to < to && breaks[money.to] === BREAK.none
    return !isFollowed || !this.#afterNone.has(ids[money.to] as number)
  }
}
