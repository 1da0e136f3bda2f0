/**
 * What a customer buys: commitments, accepted offers, and what is taken back.
 * @module
 */
import { BREAK } from '../language/tokens.ts'
import type { DealKind, DealRule } from '../rules/rule-pack.ts'
import type { Conversion, Evidence, Upsell } from './analysis.ts'
import type { CompiledRules } from './compiled-rules.ts'
import { type NamedProduct, offerIn, productsIn } from './offers.ts'
import { evidenceAt, type Sentence, type SpokenTurn, wordsAt } from './spoken.ts'

/** So many turns of the customer may answer an offer. */
const WINDOW = 2
/** How many words before a commitment make it void: `don't sign me up`. */
const NEGATION_REACH = 4
const LONGEST_PHRASE = 255
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
  readonly #named: NamedProduct[] = []
  readonly #evidence: Evidence[]
  #agreements: Agreement[] = []
  #pending: Pending | null = null
  #isOtherQuestion = false

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
    if (known.length === 0 && !isAsk && !offer.isOffer && (loneCents === null || isOpen)) return
    // "shall I?" is about what was offered before, if that is open
    const offered = known.length > 0 || !isOpen ? known : before.products
    this.#pending = { products: offered, isAsk, turns: WINDOW, isAnswered: false, isDeclined: false }
  }

  /** A product by its first name: `Gold package` is known again as `the gold`. */
  #remember(product: NamedProduct): NamedProduct {
    const same = this.#named.find(({ name }) => name === product.name)
    if (same === undefined) {
      this.#named.push(product)
      return product
    }
    same.cents ??= product.cents
    return same
  }

  /** A turn of the customer: its statements count in order, so that the last one wins. */
  hearCustomer(turn: SpokenTurn): void {
    for (const sentence of turn.sentences) {
      const statements = this.#statementsIn(turn, sentence)
      for (const statement of statements) this.#hear(turn, sentence, statement, statements)
    }
    if (this.#pending !== null) this.#pending.turns--
    this.#isOtherQuestion = false
  }

  #statementsIn({ tokens }: SpokenTurn, { from, to }: Sentence): readonly Statement[] {
    const { rules, finder } = this.#rules.customerDeals
    return finder.find(tokens, from, to).matches.map((match) => ({ ...match, rule: rules[match.rule] as DealRule }))
  }

  #hear(turn: SpokenTurn, sentence: Sentence, statement: Statement, all: readonly Statement[]): void {
    const { kind } = statement.rule
    if (kind === 'retract') this.#retract(turn, statement)
    else if (kind === 'decline' || kind === 'postpone') this.#decline(turn, sentence, statement)
    else if (kind !== 'hedge' && !this.#isVoid(turn, sentence, statement, all)) {
      this.#accept(turn, sentence, statement, kind)
    }
  }

  /** Whether a question, a hedge or a negator makes a statement void. */
  #isVoid({ tokens }: SpokenTurn, sentence: Sentence, { from, rule }: Statement, all: readonly Statement[]): boolean {
    if (sentence.isQuestion && rule.kind !== 'request') return true
    if (all.some((other) => other.rule.kind === 'hedge' && other.from < from)) return true
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
      const known = this.#named.find((other) => isSameProduct(other, product))
      if (known !== undefined) {
        known.cents ??= product.cents
        return [known]
      }
      // a name that nobody offered needs a price, or a word that ends a name
      return kind === 'intent' || (product.cents === null && this.#named.length > 0) ? [] : [this.#remember(product)]
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
    const clause = mentionedIn(turn, statement.from, clauseEnd(turn, statement.from, sentence.to), open, products)
    if (clause.length > 0) return clause
    const mentioned = mentionedIn(turn, 0, turn.tokens.count, open, products)
    return mentioned.length > 0 ? mentioned : open.slice(-1)
  }

  #decline(turn: SpokenTurn, sentence: Sentence, statement: Statement): void {
    const isPlain = statement.rule.kind === 'decline'
    this.#agreements = this.#agreements.filter(({ isFirm }) => isFirm)
    const pending = this.#open()
    if (pending === null || (isPlain && this.#isOtherQuestion)) return
    const last = this.#agreements.at(-1)
    if (pending.isAnswered && (isPlain || last?.turn !== turn)) return
    const { products } = pending
    const end = clauseEnd(turn, statement.from, sentence.to)
    const named = products.length > 1 ? mentionedIn(turn, statement.from, end, products, products) : []
    const declined = named.length > 0 ? named : products
    for (const product of declined) product.isAccepted = false
    if (pending.isAnswered) this.#agreements.pop()
    pending.isDeclined = named.length === 0
    if (declined.length > 0) this.#evidence.push(evidenceAt(turn, statement, 'decline', statement.rule.id))
  }

  #retract(turn: SpokenTurn, statement: Statement): void {
    const last = this.#agreements.pop()
    if (last === undefined) return
    for (const product of last.products) product.isAccepted = false
    this.#evidence.push(evidenceAt(turn, statement, 'retraction', statement.rule.id))
    const pending = this.#open()
    if (pending !== null) [pending.isAnswered, pending.isDeclined] = [false, true]
  }

  /** The deals when the call is over. */
  close(): { readonly conversion: Conversion; readonly upsells: readonly Upsell[] } {
    const upsells = this.#named.flatMap(({ name, turn, from, to, cents, isAccepted }): Upsell[] => {
      if (isAccepted === null) return []
      const { offset, text, rule, speaker } = evidenceAt(turn, { from, to }, 'upsell', 'product')
      return [{ product: name, amountCents: cents, isAccepted, rule, speaker, offset, text }]
    })
    for (const { rule, speaker, offset, text } of upsells) {
      this.#evidence.push({ metric: 'upsell', rule, speaker, offset, text })
    }
    upsells.sort((a, b) => a.offset - b.offset)
    for (const { evidence } of this.#agreements) this.#evidence.push(evidence)
    const first = this.#agreements[0]
    if (first === undefined) return { conversion: { isConversion: false, phrase: null, confidence: 0 }, upsells }
    const isFirm = this.#agreements.some((agreement) => agreement.isFirm)
    const phrase = first.evidence.text.slice(0, LONGEST_PHRASE)
    return { conversion: { isConversion: true, phrase, confidence: isFirm ? 0.95 : 0.7 }, upsells }
  }
}

/** Where the clause of a word ends. */
function clauseEnd({ tokens }: SpokenTurn, from: number, to: number): number {
  let end = from + 1
  while (end < to && tokens.breaks[end] === BREAK.none) end++
  return end
}

/** A word without its plural. */
const stem = (word: string): string => word.replace(/s$/, '')

/** Which products some words mention: by a word that no other product of the offer has. */
function mentionedIn(
  turn: SpokenTurn,
  from: number,
  to: number,
  candidates: readonly NamedProduct[],
  offered: readonly NamedProduct[],
): readonly NamedProduct[] {
  const said = new Set(
    wordsAt(turn, from, to)
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .map(stem),
  )
  const own = (product: NamedProduct) => {
    const others = new Set(offered.flatMap((other) => (other === product ? [] : wordsOf(other))))
    return wordsOf(product).filter((word) => !others.has(word))
  }
  return candidates.filter((product) => own(product).some((word) => said.has(word)))
}

const wordsOf = ({ name }: NamedProduct): readonly string[] => name.split(/[ -]/).map(stem)

/** Whether the words of one name are the last or first words of the other. */
function isSameProduct(known: NamedProduct, said: NamedProduct): boolean {
  if (known.name === said.name) return true
  return (
    known.name.endsWith(` ${said.name}`) ||
    said.name.endsWith(` ${known.name}`) ||
    known.name.startsWith(`${said.name} `)
  )
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
