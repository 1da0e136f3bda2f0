/**
 * Rule packs: the phrases by which a transcript is read, as data that users may extend.
 * @module
 */
import { isRecord, type OptionNames, refuseUnknown, refuseUnless } from '../../../../arguments.ts'
import { ContractError } from '../../../../errors.ts'
import type { ProductWords } from '../language/products.ts'
import defaults from './default.json' with { type: 'json' }
import scorecard from './scorecard.json' with { type: 'json' }

/** Phrases that say how a customer feels. */
export interface MoodRule {
  readonly id: string
  /** `none` marks phrases that are no mood although they hold a word of one. */
  readonly polarity: 'positive' | 'negative' | 'none'
  /** How much a phrase counts, above 0 and 10 at most. */
  readonly weight: number
  /** What a negator before the phrase does: `flip` turns its mood, `drop` takes it away, `keep` changes nothing. */
  readonly negated: 'flip' | 'drop' | 'keep'
  readonly phrases: readonly string[]
}

/**
 * What a phrase does in a deal. Of customers: `commit` buys, `intent` wants to buy, `accept` and `affirm` accept an offer
 * (`affirm` only right after a question that sells), `request` asks the agent to sell, `all` takes all that was offered, `decline`
 * and `postpone` turn an offer down, `refuse` does so too, or takes the last word back
 * where no offer is open, `retract` takes it back, and `hedge` before another phrase makes it void. Of
 * agents: `ask` is a question that sells, `offer` says what could be bought, `generic` one that sells where a product or price stands before it, `other` one
 * about something else, and `close` ends the call.
 */
export type DealKind =
  | 'commit'
  | 'intent'
  | 'accept'
  | 'affirm'
  | 'request'
  | 'all'
  | 'decline'
  | 'postpone'
  | 'refuse'
  | 'retract'
  | 'hedge'
  | 'ask'
  | 'offer'
  | 'generic'
  | 'other'
  | 'close'

/** Phrases of a deal. */
export interface DealRule {
  readonly id: string
  readonly kind: DealKind
  readonly phrases: readonly string[]
}

/** Phrases by which an agent meets a criterion of the scorecard. */
export interface ScorecardRule {
  readonly id: string
  readonly criterion: string
  /** Where the phrases may stand: anywhere, or in the first or last two turns of the agent. */
  readonly turns: 'any' | 'first' | 'last'
  readonly phrases: readonly string[]
}

/** A rule pack: plain data that JSON can hold. */
export interface RulePack {
  readonly name: string
  /** Another version makes other findings: raise it with the rules. */
  readonly version: string
  /** Words or wordings by a name, to which phrases refer as `@name`. */
  readonly sets: Readonly<Record<string, readonly string[]>>
  readonly mood: {
    /** Words that turn what follows. */
    readonly negators: readonly string[]
    readonly rules: readonly MoodRule[]
  }
  readonly deals: readonly DealRule[]
  readonly products: ProductWords
  readonly scorecard: readonly ScorecardRule[]
}

// the shapes of both files are checked by a test
/** The rules of the profile `default`, with the scorecard. */
export const defaultRules: RulePack = {
  ...(defaults as Omit<RulePack, 'scorecard'>),
  scorecard: scorecard as readonly ScorecardRule[],
}

type Path = string
type Check = (value: unknown, path: Path) => void

const refuse = (path: Path, expected: string): never => {
  throw new ContractError('invalid_option', `rules: ${path} is not ${expected}`, { details: { path } })
}
const text: Check = (value, path) => {
  if (typeof value !== 'string' || value.trim() === '') refuse(path, 'a text')
}
const oneOf =
  (...names: readonly string[]): Check =>
  (value, path) => {
    if (typeof value !== 'string' || !names.includes(value)) refuse(path, `one of ${names.join(', ')}`)
  }
const weight: Check = (value, path) => {
  if (typeof value !== 'number' || !(value > 0 && value <= 10)) refuse(path, 'a number above 0, 10 at most')
}
const list =
  (each: Check): Check =>
  (value, path) => {
    if (!Array.isArray(value)) refuse(path, 'a list')
    for (const [at, entry] of (value as readonly unknown[]).entries()) each(entry, `${path}[${at}]`)
  }
const members =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value, path) => {
    if (!isRecord(value)) return refuse(path, 'an object')
    const unknown = Object.keys(value).find((name) => !Object.hasOwn(checks, name))
    if (unknown !== undefined) refuse(`${path}.${unknown}`, `known; ${path} has ${Object.keys(checks).join(', ')}`)
    for (const [name, check] of Object.entries(checks)) check(value[name], `${path}.${name}`)
  }
const record =
  (each: Check): Check =>
  (value, path) => {
    if (!isRecord(value)) return refuse(path, 'an object')
    for (const [name, entry] of Object.entries(value)) each(entry, `${path}.${name}`)
  }

const texts = list(text)
const rule = { id: text, phrases: texts }
const KINDS = {
  ...{ commit: true, intent: true, accept: true, affirm: true, request: true, all: true, decline: true },
  ...{ postpone: true, refuse: true, retract: true, hedge: true },
  ...{ ask: true, offer: true, generic: true, other: true, close: true },
} satisfies Readonly<Record<DealKind, true>>
const PACK: Readonly<Record<string, Check>> = {
  name: text,
  version: text,
  sets: record(texts),
  mood: members({
    negators: texts,
    rules: list(
      members({
        ...rule,
        polarity: oneOf('positive', 'negative', 'none'),
        weight,
        negated: oneOf('flip', 'drop', 'keep'),
      }),
    ),
  }),
  deals: list(members({ ...rule, kind: oneOf(...Object.keys(KINDS)) })),
  products: members({ heads: texts, generic: texts, breaks: texts, modifiers: texts, openers: texts, links: texts }),
  scorecard: list(members({ ...rule, criterion: text, turns: oneOf('any', 'first', 'last') })),
}

/**
 * Returns a value as a rule pack, as a file of rules holds it.
 *
 * @throws ContractError invalid_option - a member is missing, unknown or of another kind; the message says which one
 * @example
 * checkRulePack(JSON.parse(JSON.stringify(defaultRules))).name // 'default'
 */
export function checkRulePack(rules: unknown): RulePack {
  refuseUnless(isRecord(rules), 'rules', rules, 'an object such as defaultRules')
  members(PACK)(rules, 'pack')
  // the checks above cover every member
  return rules as unknown as RulePack
}

const ADDITION = {
  ...{ sets: true, mood: true, deals: true, products: true, scorecard: true },
} satisfies OptionNames<RuleAddition>

/** What {@link extendRules} adds to a pack. */
export interface RuleAddition extends Partial<Omit<RulePack, 'name' | 'version' | 'mood' | 'products'>> {
  readonly mood?: Partial<RulePack['mood']>
  readonly products?: Partial<ProductWords>
}

/**
 * Returns a pack with further rules. They come before those of the pack, so that of two phrases that are equally long a new
 * one counts. A set of the same name is made longer. The name and version say what was added to what.
 *
 * @throws ContractError invalid_option - the addition does not fit a pack
 * @example
 * const rules = extendRules(defaultRules, 'shop', '1', {
 *   products: { heads: ['serum'] },
 *   mood: { rules: [{ id: 'shop.glow', polarity: 'positive', weight: 2, negated: 'drop', phrases: ['my skin glows'] }] },
 * })
 * analyseTranscript('Customer: My skin glows!', { rules }).mood.label // 'positive'
 */
export function extendRules(pack: RulePack, name: string, version: string, addition: RuleAddition): RulePack {
  const { name: base, version: baseVersion, sets, mood, deals, products, scorecard: card } = checkRulePack(pack)
  for (const [argument, value] of Object.entries({ name, version })) {
    refuseUnless(typeof value === 'string' && value !== '', argument, value, 'a text')
  }
  refuseUnknown(addition, ADDITION)
  const names = new Set([...Object.keys(sets), ...Object.keys(addition.sets ?? {})])
  return checkRulePack({
    name: `${base}+${name}`,
    version: `${baseVersion}+${version}`,
    sets: Object.fromEntries(
      Array.from(names, (set) => [set, [...(addition.sets?.[set] ?? []), ...(sets[set] ?? [])]]),
    ),
    mood: joinLists(addition.mood, mood),
    deals: [...(addition.deals ?? []), ...deals],
    products: joinLists(addition.products, products),
    scorecard: [...(addition.scorecard ?? []), ...card],
  })
}

/** Puts lists before those of the same name; a name that only the first has stays, so that a check can refuse it. */
function joinLists(first: object | undefined, second: object): Readonly<Record<string, readonly unknown[]>> {
  const joined: Record<string, readonly unknown[]> = { ...second }
  for (const [name, list] of Object.entries(first ?? {})) joined[name] = [...list, ...(joined[name] ?? [])]
  return joined
}
