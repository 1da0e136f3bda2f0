/**
 * The words of a conversion as a column keeps them.
 * @module
 */

/** The longest phrase that a column of the original database holds. */
const LONGEST = 255

/** Returns the first 255 code units of words, without half of a character at the end. */
export function phraseOf(words: string): string {
  const cut = words.slice(0, LONGEST)
  return cut.isWellFormed() ? cut : cut.slice(0, -1)
}
