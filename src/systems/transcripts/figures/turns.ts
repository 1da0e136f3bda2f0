/**
 * Cuts a transcript into turns: who speaks, and where.
 * @module
 */
import { refuseUnless } from '../../../arguments.ts'

/** Who speaks; `unknown` for words before the first label, and for a transcript without labels. */
export type Speaker = 'agent' | 'customer' | 'unknown'

/** What one speaker says without a break. */
export interface Turn {
  readonly speaker: Speaker
  /** Where its words begin, in UTF-16 code units from the start of the transcript. */
  readonly offset: number
  /** Its words, without the label and without outer spaces. */
  readonly text: string
}

/** The words that name a speaker. */
const AGENT = [
  'agent',
  'advisor',
  'adviser',
  'associate',
  'csr',
  'operator',
  'rep',
  'representative',
  'specialist',
  'support',
]
const CUSTOMER = ['caller', 'client', 'customer', 'member', 'subscriber', 'user']
const SPEAKERS: ReadonlyMap<string, Speaker> = new Map([
  ...AGENT.map((word) => [word, 'agent'] as const),
  ...CUSTOMER.map((word) => [word, 'customer'] as const),
])

/** The longest label with its addition, as in `Representative (Sarah, second line):`. */
const LONGEST_LABEL = 60
/** A label at the end of a text: the word, and perhaps a number, or an addition in brackets. */
const LABEL = /(?<![\p{L}\p{N}_'-])([A-Za-z]{3,14})(?: ?#?\d{1,3}| ?\([^()\n]{1,40}\)| ?\[[^\][\n]{1,40}\])?$/u
/** What a label may end with: a letter, a digit, or a bracket. */
const LABEL_END = /[A-Za-z\d)\]]/
const SENTENCE_END = /[.?!…)\]"”\n]\s{0,3}$/

/** White space before a turn, and the end of a label in bold. */
const OUTER_MARKS = /^[\s*]+/

interface Label {
  readonly speaker: Speaker
  readonly start: number
}

/** Where a label that ends before a colon may begin: a word alone is most often all of it. */
function labelReach(text: string, colon: number): number {
  const furthest = Math.max(0, colon - LONGEST_LABEL)
  let start = colon
  while (start > furthest && isLatin(text.charCodeAt(start - 1))) start--
  // behind a space, nothing before the word belongs to it; what ends otherwise has an addition
  return start < colon && start > furthest && text.charCodeAt(start - 1) === 0x20 ? start : furthest
}

const isLatin = (unit: number): boolean => (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a)

/**
 * The label that ends before a colon; null where the colon belongs to what somebody says. Where `isSmall` holds, labels are in
 * small letters anywhere.
 */
function labelBefore(text: string, colon: number, isSmall: boolean): Label | null {
  if (!LABEL_END.test(text.charAt(colon - 1))) return null
  const from = labelReach(text, colon)
  const match = LABEL.exec(text.slice(from, colon))
  if (match === null) return null
  const word = match[1] as string
  const speaker = SPEAKERS.get(word.toLowerCase())
  if (speaker === undefined) return null
  let start = from + match.index
  // bold in Markdown: "**Agent:** Hello"
  while (start > 0 && text.charAt(start - 1) === '*') start--
  // "Agent:" within a word is no label
  if (start > 0 && /\S/.test(text.charAt(start - 1))) return null
  const isCapital = word.charAt(0) !== word.charAt(0).toLowerCase()
  // "I told your agent: no" is none either
  const mayBeSmall = isSmall || start === 0 || SENTENCE_END.test(text.slice(Math.max(0, start - 4), start))
  return isCapital || mayBeSmall ? { speaker, start } : null
}

/** How much of a transcript shows whether it has punctuation. */
const SHOWN = 500

/** Whether a transcript begins with a label in small letters and has no sentences, as speech recognition may write it. */
function isUnpunctuated(text: string): boolean {
  const word = /^\s{0,9}([a-z]{3,14})\b/.exec(text)?.[1]
  return word !== undefined && SPEAKERS.has(word) && !/[.?!\n]/.test(text.slice(0, SHOWN))
}

/**
 * Returns the turns of a transcript, in order. A turn begins at a label such as `Agent:` or `Customer:`; `Rep`, `Caller` and
 * their like count as well, in capitals, in bold, or with a name in brackets. A label needs a capital, or it begins a line or
 * follows the end of a sentence; where the transcript has no sentences, all labels may be small. Turns
 * without words are left out; turns of one speaker in a row stay apart. The time is linear in the length of the text.
 *
 * @throws ContractError invalid_option - `text` is not a text
 * @example
 * parseTurns('Agent: Hello. Customer: My line is down.')
 * // [{ speaker: 'agent', offset: 7, text: 'Hello.' }, { speaker: 'customer', offset: 24, text: 'My line is down.' }]
 */
export function parseTurns(text: string): readonly Turn[] {
  refuseUnless(typeof text === 'string', 'text', text, 'a text')
  const isSmall = isUnpunctuated(text)
  const turns: Turn[] = []
  let speaker: Speaker = 'unknown'
  let from = 0
  const endTurn = (to: number): void => {
    const words = text.slice(from, to)
    const trimmed = words.replace(OUTER_MARKS, '')
    const said = trimmed.trimEnd()
    if (said !== '') turns.push({ speaker, offset: from + words.length - trimmed.length, text: said })
  }
  for (let colon = text.indexOf(':'); colon >= 0; colon = text.indexOf(':', colon + 1)) {
    const label = labelBefore(text, colon, isSmall)
    if (label === null || label.start < from) continue
    endTurn(label.start)
    speaker = label.speaker
    from = colon + 1
  }
  endTurn(text.length)
  return turns
}
