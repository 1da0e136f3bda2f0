/**
 * A rule pack made ready to read texts.
 * @module
 */
import { MoneyReader } from '../language/money.ts'
import { PhraseFinder } from '../language/phrases.ts'
import { ProductReader } from '../language/products.ts'
import { TokenBuffer, Vocabulary } from '../language/tokens.ts'
import type { DealKind, DealRule, RulePack } from '../rules/rule-pack.ts'

/** Kinds of phrases that agents say; the others are customers'. */
const AGENT_KINDS: ReadonlySet<DealKind> = new Set<DealKind>(['ask', 'offer', 'generic', 'other', 'close'])

/** Rules with the finder of their phrases; a match has a rule by its position. */
export interface RuleFinder<Rule> {
  readonly rules: readonly Rule[]
  readonly finder: PhraseFinder
}

/** A pack with one vocabulary for all that reads by it. */
export interface CompiledRules {
  readonly pack: RulePack
  readonly vocabulary: Vocabulary
  /** The words of the text that is read; one text is read at a time. */
  readonly tokens: TokenBuffer
  readonly mood: RuleFinder<RulePack['mood']['rules'][number]>
  readonly negators: ReadonlySet<number>
  readonly customerDeals: RuleFinder<DealRule>
  readonly agentDeals: RuleFinder<DealRule>
  readonly scorecard: RuleFinder<RulePack['scorecard'][number]>
  readonly money: MoneyReader
  readonly products: ProductReader
}

function compile(pack: RulePack): CompiledRules {
  const vocabulary = new Vocabulary()
  const finderOf = <Rule extends { readonly phrases: readonly string[] }>(
    rules: readonly Rule[],
  ): RuleFinder<Rule> => ({
    rules,
    finder: new PhraseFinder(rules, pack.sets, vocabulary),
  })
  return {
    pack,
    vocabulary,
    tokens: new TokenBuffer(),
    mood: finderOf(pack.mood.rules),
    negators: new Set(pack.mood.negators.map((word) => vocabulary.add(word))),
    customerDeals: finderOf(pack.deals.filter(({ kind }) => !AGENT_KINDS.has(kind))),
    agentDeals: finderOf(pack.deals.filter(({ kind }) => AGENT_KINDS.has(kind))),
    scorecard: finderOf(pack.scorecard),
    money: new MoneyReader(vocabulary),
    products: new ProductReader(pack.products, vocabulary),
  }
}

const compiled = new WeakMap<RulePack, CompiledRules>()

/**
 * Returns a pack made ready, which takes some milliseconds once for each pack.
 * @throws ContractError invalid_option - a phrase is not in the notation of phrases
 */
export function compiledRules(pack: RulePack): CompiledRules {
  const known = compiled.get(pack)
  if (known !== undefined) return known
  const rules = compile(pack)
  compiled.set(pack, rules)
  return rules
}
