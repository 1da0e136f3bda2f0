/**
 * Which of the offered products a customer's words are about.
 * @module
 */
import { BREAK } from '../language/tokens.ts'
import type { NamedProduct } from './offers.ts'
import { type SpokenTurn, wordsAt } from './spoken.ts'

/** So many words behind a statement may name its product. */
const CLAUSE_REACH = 16

/** Where the clause that a word begins ends. */
export function clauseEnd({ tokens }: SpokenTurn, from: number, to: number): number {
  const last = Math.min(to, from + CLAUSE_REACH)
  let end = from + 1
  while (end < last && tokens.breaks[end] === BREAK.none) end++
  return end
}

/** A word without its plural. */
const stem = (word: string): string => word.replace(/s$/, '')

/** The words `[from, to)` of a turn, without their plurals. */
export function stemsIn(turn: SpokenTurn, from: number, to: number): ReadonlySet<string> {
  return new Set(
    wordsAt(turn, from, to)
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .map(stem),
  )
}

const wordsOf = ({ name }: NamedProduct): readonly string[] => name.split(/[ -]/).map(stem)

/** Which products some words mention: by a word that no other product of the offer has. */
export function mentionedIn(stems: ReadonlySet<string>, offered: readonly NamedProduct[]): readonly NamedProduct[] {
  const counts = new Map<string, number>()
  for (const product of offered)
    for (const word of new Set(wordsOf(product))) counts.set(word, (counts.get(word) ?? 0) + 1)
  return offered.filter((product) => wordsOf(product).some((word) => counts.get(word) === 1 && stems.has(word)))
}

/** Whether the words of one name are the last or first words of the other: `gold` and `gold package`. */
export function isSameProduct(known: NamedProduct, said: NamedProduct): boolean {
  const [a, b] = [known.name, said.name]
  return a === b || a.endsWith(` ${b}`) || b.endsWith(` ${a}`) || a.startsWith(`${b} `)
}
