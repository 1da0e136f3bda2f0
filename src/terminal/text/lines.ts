/**
 * Text broken into lines that fit a terminal.
 * @module
 */

/** Characters that a terminal obeys instead of showing, or that change the direction of text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is its purpose
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Cs}/gu
const ASCII = /^[ -~]*$/
const INVISIBLE = /[\p{Mn}\p{Me}\p{Cf}]/gu
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/gu
/** Colours and weights: they take no space. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding escape sequences is its purpose
const STYLE = /\u001b\[[0-9;]*m/g

/**
 * Returns text that is safe to print: control characters become escapes such as `\u001b` or `\n`.
 */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => {
    if (character === '\n') return '\\n'
    if (character === '\r') return '\\r'
    if (character === '\t') return '\\t'
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/** The width of a text in terminal columns. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length
  const shown = text.replace(STYLE, '').replace(INVISIBLE, '')
  return [...shown].length + (shown.match(WIDE)?.length ?? 0)
}

/** Characters after which a word may continue on the next line, besides spaces. */
export type Breaks = ReadonlySet<string>

/** Paths and lists. */
export const CELL_BREAKS: Breaks = new Set(['/', ',', ';'])
/** Names of columns. */
export const TITLE_BREAKS: Breaks = new Set(['_', '/'])

/** Returns the width of the longest piece of a text that is not broken. */
export function longestPiece(text: string, breaks: Breaks): number {
  // a text of blanks takes a column, too
  let longest = text === '' ? 0 : 1
  let piece = ''
  for (const character of text) {
    if (character !== ' ') piece += character
    if (character !== ' ' && !breaks.has(character)) continue
    longest = Math.max(longest, displayWidth(piece))
    piece = ''
  }
  return Math.max(longest, displayWidth(piece))
}

/**
 * Returns a text in lines of at most `width` columns. Lines break at a space, else after one of `breaks`, else anywhere; a
 * character that is wider than `width` has a line of its own.
 */
export function brokenLines(text: string, width: number, breaks: Breaks): string[] {
  if (displayWidth(text) <= width) return [text]
  const lines: string[] = []
  let line = ''
  let used = 0
  let [space, soft] = [0, 0]
  for (const character of text) {
    const size = displayWidth(character)
    while (used + size > width && line !== '') {
      const at = character === ' ' ? line.length : space || soft || line.length
      lines.push(line.slice(0, at).trimEnd())
      line = line.slice(at)
      used = displayWidth(line)
      ;[space, soft] = [0, 0]
    }
    // a space at the break would only indent the next line
    if (character === ' ' && line === '' && lines.length > 0) continue
    line += character
    used += size
    if (character === ' ') space = line.length
    else if (breaks.has(character)) soft = line.length
  }
  return [...lines, line]
}

/**
 * Returns a text whose lines of more than `width` columns are broken at spaces and keep their indentation. A word is never
 * broken: paths and command lines are copied whole.
 */
export function fittedText(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => (displayWidth(line) <= width ? line : brokenProse(line, width)))
    .join('\n')
}

function brokenProse(line: string, width: number): string {
  const indent = /^ */.exec(line)?.[0] ?? ''
  const [first = '', ...words] = line.slice(indent.length).split(' ')
  const lines: string[] = []
  let current = first
  let used = displayWidth(first)
  for (const word of words) {
    const size = displayWidth(word)
    if (indent.length + used + 1 + size > width) {
      lines.push(indent + current.trimEnd())
      ;[current, used] = [word, size]
    } else {
      current += ` ${word}`
      used += 1 + size
    }
  }
  return [...lines, indent + current].join('\n')
}
