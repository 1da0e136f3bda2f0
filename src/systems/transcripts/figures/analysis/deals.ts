/**
 * What a customer buys: commitments, accepted offers, and what is taken back.
 * @module
 */
import { BREAK } from '../language/tokens.ts'
import type { DealKind, DealRule } from '../rules/rule-pack.ts'
import type { Conversion, Evidence, Upsell } from './analysis.ts'
import type { CompiledRules } from './compiled-rules.ts'
import { MOST_OFFERED, type NamedProduct, offerIn, productsIn } from './offers.ts'
import { phraseOf } from './phrase.ts'
import { clauseEnd, isSameProduct, mentionedIn, stemsIn } from './product-mentions.ts'
import { evidenceAt, type Sentence, type SpokenTurn } from './spoken.ts'

/** So many turns of the customer may answer an offer. */
const WINDOW = 2
/** How many words before a commitment make it void: `don't sign me up`. */
const NEGATION_REACH = 4
/** So many words may stand before a plain yes: "oh, well okay". */
const FILLERS = 2
/** Statements that need no offer before them. */
const FREE_KINDS: ReadonlySet<DealKind> = new Set<DealKind>(['commit', 'intent'])

/** What the agent last offered. */
interface Pending {
  readonly products: readonly NamedProduct[]
  isAsk: boolean
  /** Turns of the customer that may still answer. */
  turns: number
  isAnswered: boolean
  isDeclined: boolean
}

/** One thing that the customer said yes to. */
interface Agreement {
  readonly evidence: Evidence
  readonly turn: SpokenTurn
  readonly products: readonly NamedProduct[]
  /** An intent is void as soon as the customer hesitates; a commitment only where it is taken back. */
  readonly isFirm: boolean
}

/** A phrase of a customer, with its rule. */
interface Statement {
  readonly from: number
  readonly to: number
  readonly rule: DealRule
}

/** Everything that is known about the deals of a call while its turns are read in order. */
class DealBook {
  readonly #rules: CompiledRules
  readonly #named = new Map<string, NamedProduct>()
  /** The products that were named last: a part of a name is looked for among them. */
  #recent: readonly NamedProduct[] = []
  readonly #evidence: Evidence[]
  #agreements: Agreement[] = []
  #intents = 0
  #pending: Pending | null = null
  #isOtherQuestion = false
  /** The words of the turn that was looked at last. */
  #stems: { readonly turn: SpokenTurn; readonly words: ReadonlySet<string> } | null = null

  constructor(rules: CompiledRules, evidence: Evidence[]) {
    this.#rules = rules
    this.#evidence = evidence
  }

  /** A turn of an agent: an offer is pending until the customer's next turns are over. */
  hearAgent(turn: SpokenTurn): void {
    const offer = offerIn(turn, this.#rules)
    const { products, loneCents } = offer
    this.#isOtherQuestion = offer.isOtherQuestion
    const known = products.map((product) => this.#remember(product))
    const before = this.#open()
    if (loneCents !== null) for (const product of before?.products ?? []) product.cents ??= loneCents
    const isOpen = before !== null && !before.isAnswered
    const isAsk = offer.isAsk || (offer.isGenericAsk && (known.length > 0 || isOpen || loneCents !== null))
    if (known.length === 0 && !isAsk && !offer.isOffer && (loneCents === null || isOpen)) {
      if (offer.isClose) this.#pending = null
      return
    }
    // "shall I?" is about what was offered before, if that is open
    const offered = known.length > 0 || !isOpen ? known : before.products
    this.#pending = { products: offered, isAsk, turns: WINDOW, isAnswered: false, isDeclined: false }
  }

  /** A product by its first name: `Gold package` is known again as `the gold`. */
  #remember(product: NamedProduct): NamedProduct {
    const same = this.#named.get(product.name)
    if (same === undefined) {
      this.#named.set(product.name, product)
      this.#recent = [...this.#recent, product].slice(-MOST_OFFERED)
      return product
    }
    same.cents ??= product.cents
    return same
  }

  /** A turn of the customer: its statements count in order, so that the last one wins. */
  hearCustomer(turn: SpokenTurn): void {
    for (const sentence of turn.sentences) {
      const statements = this.#statementsIn(turn, sentence)
      const hedge = statements.find(({ rule }) => rule.kind === 'hedge')?.from ?? Number.POSITIVE_INFINITY
      for (const statement of statements) this.#hear(turn, sentence, statement, hedge)
    }
    if (this.#pending !== null) this.#pending.turns--
    this.#isOtherQuestion = false
  }

  #statementsIn({ tokens }: SpokenTurn, { from, to }: Sentence): readonly Statement[] {
    const { rules, finder } = this.#rules.customerDeals
    return finder.find(tokens, from, to).matches.map((match) => ({ ...match, rule: rules[match.rule] as DealRule }))
  }

  #hear(turn: SpokenTurn, sentence: Sentence, statement: Statement, hedge: number): void {
    const { kind } = statement.rule
    const pending = this.#open()
    const isOpen = pending !== null && !pending.isAnswered
    if (kind === 'retract' || (kind === 'refuse' && !isOpen)) this.#retract(turn, statement)
    if (kind === 'decline' || kind === 'postpone' || kind === 'refuse' || kind === 'retract') {
      if (kind !== 'retract' || isOpen) this.#decline(turn, sentence, statement)
    } else if (kind !== 'hedge' && !this.#isVoid(turn, sentence, statement, hedge)) {
      this.#accept(turn, sentence, statement, kind)
    }
  }

  /** Whether a question, a hedge or a negator makes a statement void. */
  #isVoid({ tokens }: SpokenTurn, sentence: Sentence, { from, rule }: Statement, hedge: number): boolean {
    if (sentence.isQuestion && rule.kind !== 'request') return true
    if (hedge < from) return true
    for (let at = from - 1; at >= Math.max(sentence.from, from - NEGATION_REACH); at--) {
      // "no, go ahead" is no negation
      if (tokens.breaks[at + 1] !== BREAK.none) return false
      if (this.#rules.negators.has(tokens.ids[at] as number)) return true
    }
    return false
  }

  #open(): Pending | null {
    const pending = this.#pending
    return pending === null || pending.turns <= 0 ? null : pending
  }

  #accept(turn: SpokenTurn, sentence: Sentence, statement: Statement, kind: DealKind): void {
    const pending = this.#open()
    const own = this.#ownProducts(turn, sentence, statement, kind)
    if (kind === 'affirm') {
      const isStart = statement.from - sentence.from <= FILLERS
      if (pending === null || !pending.isAsk || pending.isAnswered || this.#isOtherQuestion || !isStart) return
      if (pending.isDeclined) return
    } else if (!FREE_KINDS.has(kind) && pending === null && own.length === 0) return
    const chosen = own.length > 0 ? own : this.#chosen(turn, sentence, statement, pending)
    for (const product of chosen) product.isAccepted = true
    if (pending !== null) pending.isAnswered = true
    const evidence = evidenceAt(turn, statement, 'conversion', statement.rule.id)
    if (kind === 'intent') this.#intents++
    this.#agreements.push({ evidence, turn, products: chosen, isFirm: kind !== 'intent' })
  }

  /** Products that the customer names with the statement: "include the premium support for $75". */
  #ownProducts(
    turn: SpokenTurn,
    sentence: Sentence,
    { from, rule }: Statement,
    kind: DealKind,
  ): readonly NamedProduct[] {
    if (kind === 'affirm' || kind === 'all') return []
    const rest = { ...sentence, from, to: clauseEnd(turn, from, sentence.to) }
    const { products } = productsIn(turn, rest, this.#rules, rule.kind === 'accept')
    return products.flatMap((product) => {
      const known = this.#named.get(product.name) ?? this.#recent.find((other) => isSameProduct(other, product))
      if (known !== undefined) {
        known.cents ??= product.cents
        return [known]
      }
      // a name that nobody offered needs a price; without one it is the order itself
      const isAddition = product.cents !== null || (product.hasHead && kind === 'request')
      return kind !== 'intent' && isAddition ? [this.#remember(product)] : []
    })
  }

  /** Which of the pending products a plain yes is about. */
  #chosen(
    turn: SpokenTurn,
    sentence: Sentence,
    statement: Statement,
    pending: Pending | null,
  ): readonly NamedProduct[] {
    if (pending === null) return []
    const { products } = pending
    const open = products.filter(({ isAccepted }) => isAccepted !== false)
    if (products.length <= 1) return products
    if (statement.rule.kind === 'all') return products.slice(-2)
    const clause = stemsIn(turn, statement.from, clauseEnd(turn, statement.from, sentence.to))
    const mentioned = [clause, this.#stemsOf(turn)].map((stems) => mentionedIn(stems, products))
    const meant = mentioned.find((some) => some.length > 0)?.filter((product) => open.includes(product))
    return meant ?? open.slice(-1)
  }

  #stemsOf(turn: SpokenTurn): ReadonlySet<string> {
    if (this.#stems?.turn !== turn) this.#stems = { turn, words: stemsIn(turn, turn.from, turn.to) }
    return this.#stems.words
  }

  #decline(turn: SpokenTurn, sentence: Sentence, statement: Statement): void {
    const isPlain = statement.rule.kind !== 'postpone'
    this.#dropIntents()
    const pending = this.#open()
    if (pending === null || (isPlain && this.#isOtherQuestion)) return
    const last = this.#agreements.at(-1)
    const { products } = pending
    const end = clauseEnd(turn, statement.from, sentence.to)
    const named = products.length > 1 ? mentionedIn(stemsIn(turn, statement.from, end), products) : []
    if (pending.isAnswered && (isPlain || last?.turn !== turn)) {
      // "I'll have the bag. No belt." keeps the bag
      for (const product of named) product.isAccepted = false
      return
    }
    const declined = named.length > 0 ? named : products
    for (const product of declined) product.isAccepted = false
    if (pending.isAnswered) this.#takeBack()
    pending.isDeclined = named.length === 0
    if (declined.length > 0) this.#evidence.push(evidenceAt(turn, statement, 'decline', statement.rule.id))
  }

  #retract(turn: SpokenTurn, statement: Statement): void {
    if (this.#agreements.length === 0) return
    this.#takeBack()
    this.#evidence.push(evidenceAt(turn, statement, 'retraction', statement.rule.id))
    const pending = this.#open()
    if (pending !== null) [pending.isAnswered, pending.isDeclined] = [false, true]
  }

  /** Takes back what the customer last agreed to: "okay, sign me up" is one agreement, in two phrases. */
  #takeBack(): void {
    const last = this.#agreements.at(-1)
    while (last !== undefined && this.#agreements.at(-1)?.turn === last.turn) {
      const taken = this.#agreements.pop()
      for (const product of taken?.products ?? []) product.isAccepted = false
    }
  }

  /** An intent is void as soon as the customer hesitates. */
  #dropIntents(): void {
    if (this.#intents === 0) return
    this.#agreements = this.#agreements.filter(({ isFirm }) => isFirm)
    this.#intents = 0
  }

  /** The deals when the call is over. */
  close(): { readonly conversion: Conversion; readonly upsells: readonly Upsell[] } {
    const upsells = Array.from(this.#named.values()).flatMap(
      ({ name, turn, from, to, cents, isAccepted }): Upsell[] => {
        if (isAccepted === null) return []
        const { offset, text, rule, speaker } = evidenceAt(turn, { from, to }, 'upsell', 'product')
        return [{ product: name, amountCents: cents, isAccepted, rule, speaker, offset, text }]
      },
    )
    for (const { rule, speaker, offset, text } of upsells) {
      this.#evidence.push({ metric: 'upsell', rule, speaker, offset, text })
    }
    upsells.sort((a, b) => a.offset - b.offset)
    for (const { evidence } of this.#agreements) this.#evidence.push(evidence)
    const first = this.#agreements[0]
    if (first === undefined) return { conversion: { isConversion: false, phrase: null, confidence: 0 }, upsells }
    const isFirm = this.#agreements.some((agreement) => agreement.isFirm)
    const phrase = phraseOf(first.evidence.text)
    return { conversion: { isConversion: true, phrase, confidence: isFirm ? 0.95 : 0.7 }, upsells }
  }
}

/** Returns what the customer buys in a call, and adds the words behind it to the evidence. */
export function dealsOf(turns: readonly SpokenTurn[], rules: CompiledRules, evidence: Evidence[]) {
  const book = new DealBook(rules, evidence)
  for (const turn of turns) {
    if (turn.speaker === 'agent') book.hearAgent(turn)
    if (turn.speaker === 'customer') book.hearCustomer(turn)
  }
  return book.close()
}
