/**
 * Numbers that are spelled in words, up to a million.
 * @module
 */
import { BREAK, type Tokens, type Vocabulary, WordSet } from './tokens.ts'

const SMALL = [
  ...['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'],
  ...['thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen'],
]
const TENS = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety']

/** A number, and the place behind its last word. */
export interface SpelledNumber {
  readonly value: number
  readonly to: number
}

/** Reads numbers with the words of one vocabulary. */
export class NumberReader {
  readonly #values = new Map<number, number>()
  readonly #words: WordSet
  readonly #hundred: number
  readonly #thousand: number
  readonly #and: number
  readonly #article: number

  constructor(vocabulary: Vocabulary) {
    for (const [value, word] of SMALL.entries()) this.#values.set(vocabulary.add(word), value)
    for (const [at, word] of TENS.entries()) this.#values.set(vocabulary.add(word), 20 + 10 * at)
    this.#hundred = vocabulary.add('hundred')
    this.#thousand = vocabulary.add('thousand')
    this.#and = vocabulary.add('and')
    this.#article = vocabulary.add('a')
    this.#words = new WordSet([...SMALL, ...TENS, 'hundred', 'thousand'], vocabulary)
  }

  /** Whether a word may begin a number: `ninety`, or the `a` of `a hundred`. */
  begins({ ids }: Tokens, at: number, to: number): boolean {
    const id = ids[at] as number
    return this.#words.has(id) || (id === this.#article && at + 1 < to && this.#isScale(ids[at + 1] as number))
  }

  /** Where the number words that stand together end: those of a year, or of a telephone number, belong to each other. */
  endOfRun({ ids, breaks }: Tokens, from: number, to: number): number {
    let at = from + 1
    while (at < to && breaks[at] === BREAK.none && this.#words.has(ids[at] as number)) at++
    return at
  }

  /** `nine`, `fifteen`, `ninety nine`. */
  belowHundred({ ids, breaks }: Tokens, at: number, to: number): SpelledNumber | null {
    const value = at < to ? this.#values.get(ids[at] as number) : undefined
    if (value === undefined) return null
    const unit = at + 1 < to && breaks[at + 1] === BREAK.none ? this.#values.get(ids[at + 1] as number) : undefined
    if (value >= 20 && unit !== undefined && unit > 0 && unit < 10) return { value: value + unit, to: at + 2 }
    return { value, to: at + 1 }
  }

  /** `a hundred`, `twelve hundred and fifty`, `two thousand three hundred`. */
  read(tokens: Tokens, at: number, to: number): SpelledNumber | null {
    const first = this.#belowThousand(tokens, at, to)
    if (first === null || first.value === 0 || tokens.ids[first.to] !== this.#thousand || first.to >= to) return first
    const thousands = first.value * 1000
    const rest = this.#rest(tokens, first.to + 1, to, (from) => this.#belowThousand(tokens, from, to))
    return rest === null || rest.value >= 1000
      ? { value: thousands, to: first.to + 1 }
      : { value: thousands + rest.value, to: rest.to }
  }

  #belowThousand(tokens: Tokens, at: number, to: number): SpelledNumber | null {
    const { ids } = tokens
    const isArticle = ids[at] === this.#article && at + 1 < to && this.#isScale(ids[at + 1] as number)
    const first = isArticle ? { value: 1, to: at + 1 } : this.belowHundred(tokens, at, to)
    if (first === null || first.value === 0 || first.to >= to || ids[first.to] !== this.#hundred) return first
    const rest = this.#rest(tokens, first.to + 1, to, (from) => this.belowHundred(tokens, from, to))
    const hundreds = first.value * 100
    return rest === null ? { value: hundreds, to: first.to + 1 } : { value: hundreds + rest.value, to: rest.to }
  }

  /** What follows a hundred or a thousand, with or without `and`. */
  #rest({ ids }: Tokens, at: number, to: number, read: (from: number) => SpelledNumber | null): SpelledNumber | null {
    const rest = at < to ? read(ids[at] === this.#and ? at + 1 : at) : null
    return rest === null || rest.value === 0 ? null : rest
  }

  #isScale(id: number): boolean {
    return id === this.#hundred || id === this.#thousand
  }
}
