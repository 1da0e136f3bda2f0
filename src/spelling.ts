/**
 * The distance between words: which known word a misspelt one most likely means.
 * @module
 */

/** Returns the word's letters and digits, in lower case. */
export function letters(word: string): string {
  return word.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/**
 * Returns how many letters to add, drop or change between two words; `limit + 1` for any distance
 * above `limit`.
 */
export function editDistance(first: string, second: string, limit: number): number {
  if (Math.abs(first.length - second.length) > limit) return limit + 1
  let previous = Array.from({ length: second.length + 1 }, (_, column) => column)
  for (let row = 1; row <= first.length; row++) {
    const current = [row]
    for (let column = 1; column <= second.length; column++) {
      const change = (previous[column - 1] ?? 0) + (first[row - 1] === second[column - 1] ? 0 : 1)
      current.push(Math.min(change, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    previous = current
  }
  return Math.min(previous[second.length] ?? 0, limit + 1)
}

/** The fewest letters that are compared as a part of a longer word. */
const PART = 3

/**
 * Returns the known word whose spelling is closest to that of `written`, or null. A match ignores
 * case, spaces and punctuation, and may differ by up to two letters.
 */
export function closestSpelling(written: string, words: Iterable<string>): string | null {
  const wanted = letters(written)
  const limit = Math.min(2, Math.floor(wanted.length / 3))
  let [nearest, least]: [string | null, number] = [null, limit + 1]
  for (const word of words) {
    const distance = editDistance(wanted, letters(word), limit)
    if (distance < least) [nearest, least] = [word, distance]
  }
  return nearest
}

/**
 * Returns the known word that `written` most likely means, or null: the closest spelling, or else
 * the first word that contains the whole of `written`.
 */
export function nearestWord(written: string, words: Iterable<string>): string | null {
  const known = [...words]
  const wanted = letters(written)
  const containing = wanted.length < PART ? undefined : known.find((word) => letters(word).includes(wanted))
  return closestSpelling(written, known) ?? containing ?? null
}
