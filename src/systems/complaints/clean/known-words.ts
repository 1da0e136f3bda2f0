/**
 * Words of a closed list, however a source spells them.
 * @module
 */

/** Letters and digits of a word in lower case: `In-Progress`, `in progress` and `IN_PROGRESS` have the same. */
function plain(word: string): string {
  return word.toLowerCase().replace(/[^a-z0-9]+/g, '')
}

/** Finds words of a list. */
export type FindWord<Word extends string> = (text: string) => Word | null

/**
 * Returns a function that finds the word of a list that a text means: case, spaces, hyphens and underscores do not count. It
 * returns null for a text that means none. `also` has further spellings.
 */
export function wordsOf<Word extends string>(
  words: readonly Word[],
  also: Readonly<Record<string, Word>> = {},
): FindWord<Word> {
  const known = new Map<string, Word>(words.map((word) => [plain(word), word]))
  for (const [spelling, word] of Object.entries(also)) known.set(plain(spelling), word)
  return (text) => known.get(plain(text)) ?? null
}

/** A text without outer spaces; null where nothing is left. */
export function trimmed(text: string | null): string | null {
  const inner = text?.trim() ?? ''
  return inner === '' ? null : inner
}
