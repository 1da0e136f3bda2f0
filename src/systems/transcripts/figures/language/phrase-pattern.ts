/**
 * The notation of phrases: words, some of which may be missing, be one of several, or be any word.
 * @module
 */
import { ContractError } from '../../../../errors.ts'
import { expandWord } from './tokens.ts'

/** One place of a phrase: one of several wordings, or up to a number of any words. */
export type PhrasePart = { readonly wordings: readonly (readonly string[])[] } | { readonly most: number }

/** Limits that bound the work for each word of a text. */
const [MOST_PARTS, MOST_GAP, MOST_GAPS] = [12, 4, 2]

const refusal = (phrase: string, what: string): ContractError =>
  new ContractError('invalid_option', `phrase "${phrase}" ${what}`, { details: { phrase } })

const wordsOf = (text: string): string[] => text.split(/[ -]+/).flatMap((word) => (word === '' ? [] : expandWord(word)))

/**
 * Returns the parts of a phrase. `(a|b c)` is one of several wordings, `[a|b]` may be missing, `@name` is one of a set, and
 * `..2` is up to two words that may be anything. Contractions may be written: `i'll` is `i` and `will`.
 *
 * @throws ContractError invalid_option - the phrase has no words or too many parts, names an unknown set, or begins or ends
 * with what may be missing
 */
export function phraseParts(phrase: string, sets: Readonly<Record<string, readonly string[]>>): readonly PhrasePart[] {
  const parts: PhrasePart[] = []
  for (const text of phrase.match(/\([^()]*\)|\[[^[\]]*\]|\S+/g) ?? []) {
    if (/^\.\.\d$/.test(text)) {
      const most = Number(text.slice(2))
      if (most > MOST_GAP) throw refusal(phrase, `has the gap ${text}; ${MOST_GAP} words at most may be anything`)
      parts.push({ most })
      continue
    }
    const isOptional = text.startsWith('[')
    const inner = text.startsWith('(') || isOptional ? text.slice(1, -1) : text
    if (/[()[\]]/.test(inner)) throw refusal(phrase, 'has brackets in brackets, or one without its other half')
    const wordings = inner.split('|').flatMap((wording) => {
      if (!wording.startsWith('@')) return [wordsOf(wording)]
      const name = wording.slice(1)
      if (!Object.hasOwn(sets, name)) throw refusal(phrase, `names ${wording}, which is not in the sets of the pack`)
      return (sets[name] ?? []).map(wordsOf)
    })
    if (wordings.some((wording) => wording.length === 0)) throw refusal(phrase, 'has an empty part')
    parts.push({ wordings: isOptional ? [...wordings, []] : wordings })
  }
  if (parts.length > MOST_PARTS) throw refusal(phrase, `has ${parts.length} parts; ${MOST_PARTS} are the most`)
  const isGap = (part: PhrasePart | undefined) => part !== undefined && 'most' in part
  const mayBeMissing = (part: PhrasePart) => 'most' in part || part.wordings.some((wording) => wording.length === 0)
  if (parts.every(mayBeMissing)) throw refusal(phrase, 'has no word that must be there')
  if (isGap(parts[0]) || isGap(parts.at(-1)) || parts.filter(isGap).length > MOST_GAPS) {
    throw refusal(phrase, `begins or ends with a gap, or has more than ${MOST_GAPS}`)
  }
  return parts
}
