/**
 * How far words are from each other: what somebody meant by a word that is none.
 * @module
 */

/** Returns the word's letters and digits, in lower case. */
export function letters(word: string): string {
  return word.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/** The number of letters to add, drop or change between two words; anything past `limit` counts as `limit + 1`. */
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

/** The fewest letters that stand for a whole word. */
const PART = 3

/**
 * Returns the word that somebody who wrote this one most likely meant, or null: one that differs in case or in what stands
 * between its letters, by a letter or two, or of which the other is a part.
 */
export function nearestWord(written: string, words: Iterable<string>): string | null {
  const wanted = letters(written)
  const limit = Math.min(2, Math.floor(wanted.length / 3))
  let [nearest, least]: [string | null, number] = [null, Number.POSITIVE_INFINITY]
  for (const word of words) {
    const known = letters(word)
    const isPart = wanted.length >= PART && known.includes(wanted)
    const apart = editDistance(wanted, known, limit)
    // a part is the last guess
    const distance = apart <= limit ? apart : isPart ? limit + 1 : Number.POSITIVE_INFINITY
    if (distance < least) [nearest, least] = [word, distance]
  }
  return nearest
}
