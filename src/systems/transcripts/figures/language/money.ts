/**
 * Amounts of money in the words of a text, as whole cents.
 * @module
 */
import { NumberReader } from './number-words.ts'
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

const DIGITS = /^[$€£]?(\d{1,3}(?:,\d{3})+|\d{1,9})(\.\d{1,2})?[$€£]?$/

/** The words that say that a number is money, or what kind of amount it is. */
const UNITS = ['dollar', 'dollars', 'buck', 'bucks', 'euro', 'euros', 'pound', 'pounds', 'quid', 'usd', 'eur', 'gbp']
const CODES = ['$', '€', '£', 'usd', 'eur', 'gbp']
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

type Amount = Omit<Money, 'isPrice'>

const isSign = (unit: number): boolean => unit === 0x24 || unit === 0x20ac || unit === 0xa3
const isDigit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39

/** Reads amounts with the words of one vocabulary. */
export class MoneyReader {
  readonly #numbers: NumberReader
  readonly #and: number
  readonly #codes: WordSet
  readonly #units: WordSet
  readonly #cents: WordSet
  readonly #periods: WordSet
  readonly #articles: WordSet
  readonly #beforePrice: WordSet
  readonly #beforeNone: WordSet
  readonly #afterNone: WordSet

  constructor(vocabulary: Vocabulary) {
    const set = (words: readonly string[]) => new WordSet(words, vocabulary)
    this.#numbers = new NumberReader(vocabulary)
    this.#and = vocabulary.add('and')
    this.#codes = set(CODES)
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
      const isSpelled = this.#numbers.begins(tokens, at, to)
      const amount = isSpelled ? this.#spelled(tokens, at, from, to) : this.#digits(text, tokens, at, from, to)
      if (amount !== null) {
        const money = this.#withCents(text, tokens, amount, to)
        found.push({ ...money, isPrice: this.#isPrice(tokens, money, from, to) })
        at = money.to - 1
      } else if (isSpelled) at = this.#numbers.endOfRun(tokens, at, to) - 1
    }
    return found
  }

  /** An amount in digits: with a sign, with a unit behind it, or by what stands around it. */
  #digits(text: string, { starts, ends, ids }: Tokens, at: number, from: number, to: number): Amount | null {
    const [first, last] = [text.charCodeAt(starts[at] as number), text.charCodeAt((ends[at] as number) - 1)]
    if (!isSign(first) && !isDigit(first)) return null
    const match = DIGITS.exec(text.slice(starts[at], ends[at]))
    if (match === null) return null
    const cents = Math.round(Number((match[1] as string).replaceAll(',', '') + (match[2] ?? '')) * 100)
    const next = at + 1 < to ? (ids[at + 1] as number) : -1
    const hasSign = isSign(first) || isSign(last)
    if (this.#units.has(next)) return { from: at, to: at + 2, cents }
    if (!hasSign && this.#cents.has(next)) return { from: at, to: at + 2, cents: Math.round(cents / 100) }
    if (hasSign) return { from: at, to: at + 1, cents }
    // "$ 30", "USD 30"
    if (at > from && this.#codes.has(ids[at - 1] as number)) return { from: at - 1, to: at + 1, cents }
    const hasCents = match[2]?.length === 3
    const isBehindPrice = at > from && this.#beforePrice.has(ids[at - 1] as number)
    return this.#isPerPeriod(ids, at + 1, to) || (hasCents && isBehindPrice) ? { from: at, to: at + 1, cents } : null
  }

  /** An amount in words: `twenty five dollars`, `a hundred and ten bucks`, `thirty a month`, `nineteen ninety-nine`. */
  #spelled(tokens: Tokens, from: number, first: number, to: number): Amount | null {
    const { ids } = tokens
    const number = this.#numbers.read(tokens, from, to)
    if (number === null) return null
    const { value, to: end } = number
    const next = end < to ? (ids[end] as number) : -1
    if (this.#units.has(next)) return { from, to: end + 1, cents: value * 100 }
    if (this.#cents.has(next)) return { from, to: end + 1, cents: value }
    if (value > 1 && this.#isPerPeriod(ids, end, to)) return { from, to: end, cents: value * 100 }
    return this.#dollarsThenCents(tokens, from, first, to)
  }

  /**
   * `nineteen ninety-nine` behind `for` or before `a month`. `nine ninety-nine` needs the month, and `two fifty` is none: it may
   * be 2.50 or 250.
   */
  #dollarsThenCents(tokens: Tokens, from: number, first: number, to: number): Amount | null {
    const { ids } = tokens
    const dollars = this.#numbers.belowHundred(tokens, from, to)
    const cents = dollars === null ? null : this.#numbers.belowHundred(tokens, dollars.to, to)
    if (dollars === null || cents === null || dollars.value === 0 || cents.value < 10) return null
    // "ten twenty thirty": a list
    if (this.#numbers.endOfRun(tokens, from, to) !== cents.to) return null
    const amount = { from, to: cents.to, cents: dollars.value * 100 + cents.value }
    const isPlain = cents.value % 10 !== 0
    if (this.#isPerPeriod(ids, cents.to, to)) return dollars.value >= 10 || isPlain ? amount : null
    const isBehindPrice = from > first && this.#beforePrice.has(ids[from - 1] as number)
    return isBehindPrice && dollars.value >= 10 && isPlain ? amount : null
  }

  /** `ten dollars and fifty cents` is one amount. */
  #withCents(text: string, tokens: Tokens, amount: Amount, to: number): Amount {
    const { ids, starts, ends } = tokens
    if (amount.cents % 100 !== 0) return amount
    const at = ids[amount.to] === this.#and ? amount.to + 1 : amount.to
    if (at >= to) return amount
    const digits = /^\d{1,2}$/.test(text.slice(starts[at], Math.min(ends[at] as number, (starts[at] as number) + 3)))
    const cents = digits
      ? { value: Number(text.slice(starts[at], ends[at])), to: at + 1 }
      : this.#numbers.belowHundred(tokens, at, to)
    if (cents === null || cents.to >= to || !this.#cents.has(ids[cents.to] as number)) return amount
    return { from: amount.from, to: cents.to + 1, cents: amount.cents + cents.value }
  }

  /** Whether `a month`, `per seat` or the like stands at a place. */
  #isPerPeriod(ids: Int32Array, at: number, to: number): boolean {
    return at + 1 < to && this.#articles.has(ids[at] as number) && this.#periods.has(ids[at + 1] as number)
  }

  #isPrice({ ids, breaks }: Tokens, money: Amount, from: number, to: number): boolean {
    for (let at = money.from - 1; at >= Math.max(from, money.from - REACH); at--) {
      if (this.#beforeNone.has(ids[at] as number)) return false
      if (breaks[at] !== BREAK.none) break
    }
    const isFollowed = money.to < to && breaks[money.to] === BREAK.none
    return !isFollowed || !this.#afterNone.has(ids[money.to] as number)
  }
}
