/**
 * Words of a text as numbers of a vocabulary, with their places and the breaks between them.
 * @module
 */

/** What stands between a word and the one before it. */
export const BREAK = { none: 0, clause: 1, sentence: 2, question: 3 } as const

/** The words of a text. Contractions are two words at one place: `don't` is `do` and `not`. */
export interface Tokens {
  readonly count: number
  /** The number of each word in the vocabulary; −1 for a word that no rule names. */
  readonly ids: Int32Array
  readonly starts: Int32Array
  readonly ends: Int32Array
  /** What ends before each word: one of {@link BREAK}. The first word of a part has a sentence before it. */
  readonly breaks: Uint8Array
}

/** Short forms that are written without an apostrophe, or do not follow from their parts. */
const SHORT_FORMS: readonly (readonly [string, string])[] = [
  ["won't", 'will not'],
  ["can't", 'can not'],
  ["shan't", 'shall not'],
  ['cannot', 'can not'],
  ["let's", 'let us'],
  ['lets', 'let us'],
  ["y'all", 'you all'],
  ["'cause", 'because'],
  ['gonna', 'going to'],
  ['wanna', 'want to'],
  ['gotta', 'got to'],
  ['lemme', 'let me'],
  ['gimme', 'give me'],
  ['dont', 'do not'],
  ['doesnt', 'does not'],
  ['didnt', 'did not'],
  ['isnt', 'is not'],
  ['wasnt', 'was not'],
  ['havent', 'have not'],
  ['hasnt', 'has not'],
  ['wont', 'will not'],
  ['cant', 'can not'],
  ['couldnt', 'could not'],
  ['wouldnt', 'would not'],
  ['shouldnt', 'should not'],
  ['im', 'i am'],
  ['ive', 'i have'],
  ['thats', 'that is'],
  ['whats', 'what is'],
  ['youre', 'you are'],
  ['theyre', 'they are'],
]
const FORMS = new Map(SHORT_FORMS.map(([form, words]) => [form, words.split(' ')]))
const ENDINGS = [
  ["n't", 'not'],
  ["'m", 'am'],
  ["'re", 'are'],
  ["'ve", 'have'],
  ["'ll", 'will'],
  ["'d", 'would'],
  ["'s", 'is'],
] as const

/** A word in small letters as the words that it stands for: `i'd` as `i` and `would`. */
export function expandWord(word: string): readonly string[] {
  const form = FORMS.get(word)
  if (form !== undefined) return form
  if (!word.includes("'")) return [word]
  for (const [ending, second] of ENDINGS) {
    if (word.endsWith(ending) && word.length > ending.length) return [word.slice(0, -ending.length), second]
  }
  return [word]
}

/** The words that rules name, each with its number. */
export class Vocabulary {
  readonly #ids = new Map<string, number>()
  /** Words as they are written, with what they stand for, so that most words of a text are found at once. */
  readonly #known = new Map<string, readonly number[]>()
  /** Words as texts had them, each at the place of its hash: one that comes often is found without a text of its own. */
  readonly #seenLengths = new Uint8Array(PLACES)
  readonly #seenUnits = new Uint16Array(PLACES * LONGEST_SEEN)
  readonly #seenIds: (readonly number[])[] = new Array(PLACES).fill([])

  /** The number of a word in small letters, which is added where it is new. */
  add(word: string): number {
    const known = this.#ids.get(word)
    if (known !== undefined) return known
    const id = this.#ids.size
    this.#ids.set(word, id)
    for (const written of [word, word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase()]) {
      this.#known.set(written, [id])
    }
    return id
  }

  /** How many words there are. */
  get size(): number {
    return this.#ids.size
  }

  /** The number of a word in small letters; −1 where no rule names it. */
  idOf(word: string): number {
    return this.#ids.get(word) ?? -1
  }

  /** Whether a word with a hyphen at `at` is one that rules name as one word. */
  hasHyphened(text: string, start: number, at: number, to: number): boolean {
    if (at - start > LONGEST_HYPHENED) return false
    const written = /^[a-z]+-[a-z]+/i.exec(text.slice(start, Math.min(to, at + LONGEST_HYPHENED)))?.[0]
    return written !== undefined && this.#ids.has(written.toLowerCase())
  }

  /** The numbers of what the word `[start, end)` of a text stands for. */
  idsAt(text: string, start: number, end: number): readonly number[] {
    const length = end - start
    if (length > LONGEST_SEEN) return this.#idsOf(text.slice(start, end))
    let hash = 0
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ text.charCodeAt(at), HASH_FACTOR)
    const place = (hash ^ (hash >>> 15)) & (PLACES - 1)
    const units = place * LONGEST_SEEN
    let at = 0
    if (this.#seenLengths[place] === length) {
      while (at < length && this.#seenUnits[units + at] === text.charCodeAt(start + at)) at++
    }
    if (at === length) return this.#seenIds[place] as readonly number[]
    const ids = this.#idsOf(text.slice(start, end))
    this.#seenLengths[place] = length
    for (at = 0; at < length; at++) this.#seenUnits[units + at] = text.charCodeAt(start + at)
    this.#seenIds[place] = ids
    return ids
  }

  #idsOf(written: string): readonly number[] {
    const known = this.#known.get(written)
    if (known !== undefined) return known
    const plain = written.toLowerCase().replace(/[\u2018\u2019\u02bc]/g, "'")
    return expandWord(plain).map((word) => this.idOf(word))
  }
}

/** How many words are kept as texts have them, a power of two, and how long they may be. */
const [PLACES, LONGEST_SEEN] = [1 << 14, 16]
/** The factor of FNV-1a. */
const HASH_FACTOR = 0x01000193
/** The longest half of a word with a hyphen. */
const LONGEST_HYPHENED = 16

/** Some words of a vocabulary, by their numbers. */
export class WordSet {
  /** 1 for the number of a word plus one. */
  readonly #marks: Uint8Array

  constructor(words: readonly string[], vocabulary: Vocabulary) {
    const ids = words.map((word) => vocabulary.add(word))
    this.#marks = new Uint8Array(vocabulary.size + 1)
    for (const id of ids) this.#marks[id + 1] = 1
  }

  /** Whether a word is one of them; −1 is none. */
  has(id: number): boolean {
    return this.#marks[id + 1] === 1
  }

  /** Whether one of the words `[from, to)` is one of them. */
  hasAny(ids: Int32Array, from: number, to: number): boolean {
    for (let at = from; at < to; at++) if (this.#marks[(ids[at] as number) + 1] === 1) return true
    return false
  }
}

const [OTHER, LETTER, APOSTROPHE, CLAUSE, SENTENCE, QUESTION] = [0, 1, 2, 3, 4, 5]
const KINDS = new Uint8Array(128)
for (let unit = 0; unit < 128; unit++) {
  const letter = String.fromCharCode(unit)
  if (/[a-z0-9$]/i.test(letter)) KINDS[unit] = LETTER
  else if (letter === "'") KINDS[unit] = APOSTROPHE
  else if (',;:()"'.includes(letter)) KINDS[unit] = CLAUSE
  else if ('.!\n'.includes(letter)) KINDS[unit] = SENTENCE
  else if (letter === '?') KINDS[unit] = QUESTION
}

const isWide = /[\p{L}\p{N}\p{M}€£]/u

function kindOf(unit: number): number {
  if (unit < 128) return KINDS[unit] as number
  if (unit === 0x2019 || unit === 0x2018 || unit === 0x02bc) return APOSTROPHE
  if (unit === 0x2014 || unit === 0x2013) return CLAUSE
  if (unit === 0x2026) return SENTENCE
  return isWide.test(String.fromCharCode(unit)) ? LETTER : OTHER
}

const isDigit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39

/** The words of one text after the other: a text's words are valid until the next text is begun. */
export class TokenBuffer implements Tokens {
  count = 0
  ids = new Int32Array(256)
  starts = new Int32Array(256)
  ends = new Int32Array(256)
  breaks = new Uint8Array(256)

  /** Begins a text. A buffer that a long text made large is not kept for short ones. */
  begin(): void {
    this.count = 0
    if (this.ids.length > LARGE_BUFFER) this.#resize(256)
  }

  #resize(size: number): void {
    const resized = <Values extends Int32Array | Uint8Array>(values: Values, next: Values): Values => {
      next.set(values.subarray(0, Math.min(this.count, size)))
      return next
    }
    this.ids = resized(this.ids, new Int32Array(size))
    this.starts = resized(this.starts, new Int32Array(size))
    this.ends = resized(this.ends, new Int32Array(size))
    this.breaks = resized(this.breaks, new Uint8Array(size))
  }

  #add(id: number, start: number, end: number, gap: number): void {
    if (this.count === this.ids.length) this.#resize(2 * this.count)
    const at = this.count++
    this.ids[at] = id
    this.starts[at] = start
    this.ends[at] = end
    this.breaks[at] = gap
  }

  /**
   * Adds the words `[from, to)` of a text, and returns what ends behind the last one: one of {@link BREAK}. The time is linear
   * in their length.
   */
  read(text: string, from: number, to: number, vocabulary: Vocabulary): number {
    let gap: number = BREAK.sentence
    for (let at = from; at < to; ) {
      const kind = kindOf(text.charCodeAt(at))
      if (kind !== LETTER) {
        if (kind === CLAUSE && gap === BREAK.none) gap = BREAK.clause
        if (kind === SENTENCE && gap < BREAK.sentence) gap = BREAK.sentence
        if (kind === QUESTION) gap = BREAK.question
        at++
        continue
      }
      const start = at++
      for (; at < to; at++) {
        const unit = text.charCodeAt(at)
        const next = kindOf(unit)
        if (next === LETTER) continue
        // an apostrophe within a word, or a point or comma within a number
        const isInner = at + 1 < to && kindOf(text.charCodeAt(at + 1)) === LETTER
        if (next === APOSTROPHE && isInner) continue
        // a hyphen within a word that rules name as one: `add-on`
        if (unit === 0x2d && isInner && vocabulary.hasHyphened(text, start, at, to)) continue
        const isPoint = unit === 0x2e || unit === 0x2c
        if (isPoint && isDigit(text.charCodeAt(at - 1)) && isDigit(text.charCodeAt(at + 1)) && isInner) continue
        break
      }
      const words = vocabulary.idsAt(text, start, at)
      for (const id of words) {
        this.#add(id, start, at, gap)
        gap = BREAK.none
      }
    }
    return gap
  }
}

/** A buffer of more words than this is not kept. */
const LARGE_BUFFER = 65_536

/** Returns the words of one text. */
export function tokensOf(text: string, vocabulary: Vocabulary): Tokens {
  const tokens = new TokenBuffer()
  tokens.read(text, 0, text.length, vocabulary)
  return tokens
}
