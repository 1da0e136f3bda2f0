/**
 * The text of a transcript in one form, and how long the call was.
 * @module
 */

// what cannot be seen: controls, soft hyphens, zero-width characters and those that turn the direction of writing
const INVISIBLE = /\ufeff|(?![\s\u0085])[\p{Cc}\p{Cf}]/gu
const UNUSUAL = /[^ -~]| {2}/
const LINE_END = /[\n\r\u0085\u2028\u2029]/

/** White space as one space, control characters removed: the text as the original program keeps it. */
export function classicText(text: string): string {
  if (!UNUSUAL.test(text)) return text.trim()
  return text
    .replace(/\s+/gu, ' ')
    .replace(/\p{Cc}/gu, '')
    .trim()
}

/**
 * Returns the text with straight quotes and without characters that cannot be seen. White space becomes one space, and one
 * line end where it holds one: a label may begin a line.
 */
export function transcriptText(text: string): string {
  // most texts are plain
  if (!UNUSUAL.test(text)) return text.trim()
  return text
    .replace(INVISIBLE, '')
    .replace(/[\u2018\u2019\u201a\u201b\u02bc\u00b4`]/g, "'")
    .replace(/[\u201c-\u201f]/g, '"')
    .replace(/[\s\u0085]+/gu, (space) => (LINE_END.test(space) ? '\n' : ' '))
    .trim()
}

/** The seconds of a call by its number of words, at 52 seconds for 100 words, rounded down. Labels count as words. */
export function durationSeconds(text: string): number {
  let words = 0
  let isWord = false
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    // the text is clean: there is no other white space
    const isSpace = unit === 0x20 || unit === 0x0a
    if (!isSpace && !isWord) words++
    isWord = !isSpace
  }
  return Math.floor((52 * words) / 100)
}
