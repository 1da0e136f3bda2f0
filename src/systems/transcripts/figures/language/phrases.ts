/**
 * Finds phrases in the words of a text: many at once, in time that is linear in the number of words.
 * @module
 */
import { phraseParts } from './phrase-pattern.ts'
import { BREAK, type Tokens, type Vocabulary } from './tokens.ts'

/** A phrase that stands in a text. */
export interface PhraseMatch {
  /** The rule that it belongs to, by position. */
  readonly rule: number
  /** Its first word, and the one behind its last. */
  readonly from: number
  readonly to: number
}

/** What was found, and how often a word was looked at. */
export interface PhraseMatches {
  readonly matches: readonly PhraseMatch[]
  readonly steps: number
}

/** A place within phrases, before one of their words. */
interface Place {
  readonly id: number
  /** Where each word leads. */
  readonly next: Map<number, Place[]>
  /** Where any word leads. */
  any: Place | null
  /** Places that are reached without a word. */
  readonly skip: Place[]
  /** The rule whose phrase ends here; −1 where none does. */
  rule: number
}

/** The places that some words lead to, all at once. What follows is worked out when a text needs it, and kept. */
interface State {
  readonly places: readonly Place[]
  readonly next: Map<number, State | null>
  readonly rule: number
}

/** So many states are kept; a text that needs more has them worked out anew. */
const MOST_STATES = 20_000

/** Phrases of rules, put together so that a text is read once for all of them. */
export class PhraseFinder {
  #places = 0
  readonly #start = this.#place()
  readonly #vocabulary: Vocabulary
  #states = new Map<string, State>()
  #root: State | null = null
  /** What follows the root, by the number of a word plus one: most words of a text begin no phrase. */
  #first: (State | null | undefined)[] = []

  /** @throws ContractError invalid_option - a phrase is not in the notation of {@link phraseParts} */
  constructor(
    rules: readonly { readonly phrases: readonly string[] }[],
    sets: Readonly<Record<string, readonly string[]>>,
    vocabulary: Vocabulary,
  ) {
    this.#vocabulary = vocabulary
    for (const [rule, { phrases }] of rules.entries()) {
      for (const phrase of phrases) this.#add(phrase, sets, rule)
    }
  }

  #place(): Place {
    return { id: this.#places++, next: new Map(), any: null, skip: [], rule: -1 }
  }

  #add(phrase: string, sets: Readonly<Record<string, readonly string[]>>, rule: number): void {
    let from = this.#start
    for (const part of phraseParts(phrase, sets)) {
      const to = this.#place()
      if ('most' in part) {
        for (let words = part.most; words > 0; words--) {
          from.skip.push(to)
          from.any = this.#place()
          from = from.any
        }
        from.skip.push(to)
      } else for (const wording of part.wordings) this.#addWording(from, to, wording)
      from = to
    }
    from.rule = rule
  }

  #addWording(from: Place, to: Place, words: readonly string[]): void {
    if (words.length === 0) from.skip.push(to)
    let at = from
    for (const [index, word] of words.entries()) {
      const id = this.#vocabulary.add(word)
      const place = index === words.length - 1 ? to : this.#place()
      const next = at.next.get(id)
      if (next === undefined) at.next.set(id, [place])
      else next.push(place)
      at = place
    }
  }

  /** The state of some places and those that are reached from them without a word. */
  #stateOf(places: readonly Place[]): State {
    const all = new Set(places)
    for (const place of all) for (const skipped of place.skip) all.add(skipped)
    const held = [...all].sort((a, b) => a.id - b.id)
    const key = held.map(({ id }) => id).join()
    const known = this.#states.get(key)
    if (known !== undefined) return known
    const rules = held.flatMap(({ rule }) => (rule < 0 ? [] : [rule]))
    const state = { places: held, next: new Map(), rule: rules.length === 0 ? -1 : Math.min(...rules) }
    this.#states.set(key, state)
    return state
  }

  #begin(root: State, word: number): State | null {
    const known = this.#first[word + 1]
    if (known !== undefined) return known
    const begun = this.#follow(root, word)
    this.#first[word + 1] = begun
    return begun
  }

  #follow(state: State, word: number): State | null {
    const places = state.places.flatMap(({ next, any }) => [...(next.get(word) ?? []), ...(any === null ? [] : [any])])
    const followed = places.length === 0 ? null : this.#stateOf(places)
    state.next.set(word, followed)
    return followed
  }

  /**
   * Returns the phrases in the words `[from, to)`, in order: at each place the longest one, or of two that are equally long
   * that of the first rule. None of them overlap, and none reaches over the end of a sentence.
   */
  find({ ids, breaks }: Tokens, from: number, to: number): PhraseMatches {
    if (this.#root === null || this.#states.size > MOST_STATES) {
      this.#states = new Map()
      this.#root = this.#stateOf([this.#start])
      this.#first = new Array(this.#vocabulary.size + 1).fill(undefined)
    }
    const root = this.#root
    const matches: PhraseMatch[] = []
    let steps = 0
    for (let start = from; start < to; ) {
      steps++
      let state = this.#begin(root, ids[start] as number)
      let [rule, end] = [state?.rule ?? -1, start + 1]
      for (let at = start + 1; state !== null && at < to && (breaks[at] as number) < BREAK.sentence; at++) {
        steps++
        const word = ids[at] as number
        const next: State | null | undefined = state.next.get(word)
        state = next === undefined ? this.#follow(state, word) : next
        if (state !== null && state.rule >= 0) [rule, end] = [state.rule, at + 1]
      }
      if (rule >= 0) matches.push({ rule, from: start, to: end })
      start = end
    }
    return { matches, steps }
  }
}
