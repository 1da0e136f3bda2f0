/**
 * The rules of the original program, for comparison with its figures: both speakers count, and the first match decides.
 * @module
 */

import classic from '../rules/classic.json' with { type: 'json' }
import type { Turn } from '../turns.ts'
import type { Analysis, Conversion, Evidence, Mood, MoodFinding, Upsell } from './analysis.ts'
import { phraseOf } from './phrase.ts'
import { speakerAt, talkOf } from './talk.ts'

interface ClassicRule {
  readonly id: string
  /** Expressions that follow each other, with anything between; the last one is the last of the text. */
  readonly parts: readonly (readonly [first: RegExp, all: RegExp])[]
}

/** Each expression takes a bounded look at each place of a text, so that a search is linear. */
const compiled = (rules: readonly { readonly id: string; readonly parts: readonly string[] }[]): ClassicRule[] =>
  rules.map(({ id, parts }) => ({ id, parts: parts.map((part) => [new RegExp(part, 'i'), new RegExp(part, 'gi')]) }))

const CONVERSION = compiled(classic.conversion)
const UPSELL = compiled(classic.upsell)
const POSITIVE: ReadonlySet<string> = new Set(classic.positive)
const NEGATIVE: ReadonlySet<string> = new Set(classic.negative)
const NEGATORS: ReadonlySet<string> = new Set(classic.negators)

/** How near an amount must be to the words of an upsell, in code units. */
const AMOUNT_REACH = 100
const AMOUNT = /\d+(?:,\d{3})*(?:\.\d{2})?/

interface Found {
  readonly id: string
  readonly start: number
  readonly end: number
}

function findRule({ id, parts }: ClassicRule, text: string): Found | null {
  const [[first] = [], [, last] = []] = parts
  const match = first?.exec(text) ?? null
  if (match === null) return null
  const end = match.index + match[0].length
  if (last === undefined) return { id, start: match.index, end }
  let behind = -1
  for (const { 0: words, index } of text.matchAll(last)) if (index >= end) behind = index + words.length
  return behind < 0 ? null : { id, start: match.index, end: behind }
}

/** The match that begins first; of several, that of the first rule. */
function firstOf(rules: readonly ClassicRule[], text: string): Found | null {
  let first: Found | null = null
  for (const rule of rules) {
    const found = findRule(rule, text)
    if (found !== null && (first === null || found.start < first.start)) first = found
  }
  return first
}

function conversionOf(text: string, found: Found | null): Conversion {
  if (found === null) return { isConversion: false, phrase: null, confidence: 0 }
  const confidence = Math.min(1, 0.7 + (0.3 * found.start) / text.length)
  return {
    isConversion: true,
    phrase: phraseOf(text.slice(found.start, found.end).toLowerCase()),
    confidence,
  }
}

/** Each word with a capital, as the original names products: `Include The`. */
const capitals = (words: string): string =>
  words.replace(/\S+/g, (word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()).replace(/\s+/g, ' ')

function upsellsOf(text: string, found: Found | null, turns: readonly Turn[]): readonly Upsell[] {
  if (found === null) return []
  const context = text.slice(Math.max(0, found.start - AMOUNT_REACH), found.end + AMOUNT_REACH)
  const amount = AMOUNT.exec(context)?.[0]
  if (amount === undefined) return []
  const words = text.slice(found.start, found.end)
  const amountCents = Math.round(Number(amount.replaceAll(',', '')) * 100)
  const speaker = speakerAt(turns, found.start)
  return [
    {
      product: capitals(words),
      amountCents,
      isAccepted: true,
      rule: found.id,
      speaker,
      offset: found.start,
      text: words,
    },
  ]
}

const WORD = /[\p{L}\p{N}_]+/gu

function moodOf(text: string, turns: readonly Turn[], evidence: Evidence[]): MoodFinding {
  let [positiveCount, negativeCount] = [0, 0]
  let [before, last] = ['', '']
  for (const { 0: written, index } of text.matchAll(WORD)) {
    const word = written.toLowerCase()
    const isPositive = POSITIVE.has(word)
    if (isPositive || NEGATIVE.has(word)) {
      const isNegated = NEGATORS.has(before) || NEGATORS.has(last)
      const metric = isPositive === isNegated ? 'negative' : 'positive'
      if (metric === 'positive') positiveCount++
      else negativeCount++
      const rule = `classic.${isPositive ? 'positive' : 'negative'}`
      evidence.push({ metric, rule, speaker: speakerAt(turns, index), offset: index, text: written })
    }
    before = last
    last = word
  }
  const all = positiveCount + negativeCount
  if (all === 0) return { label: 'neutral', score: 0, confidence: 0.5, positiveCount, negativeCount }
  const score = (positiveCount - negativeCount) / all
  const label: Mood = score > 0.2 ? 'positive' : score < -0.2 ? 'negative' : 'neutral'
  return { label, score, confidence: Math.min(all / 20, 1), positiveCount, negativeCount }
}

/** Returns what the rules of the original program say about a transcript. */
export function classicAnalysis(text: string, turns: readonly Turn[]): Analysis {
  const evidence: Evidence[] = []
  const committed = firstOf(CONVERSION, text)
  if (committed !== null) {
    const { id, start, end } = committed
    const words = phraseOf(text.slice(start, end))
    evidence.push({ metric: 'conversion', rule: id, speaker: speakerAt(turns, start), offset: start, text: words })
  }
  const upsells = upsellsOf(text, firstOf(UPSELL, text), turns)
  for (const { rule, speaker, offset, text: words } of upsells) {
    evidence.push({ metric: 'upsell', rule, speaker, offset, text: words })
  }
  const mood = moodOf(text, turns, evidence)
  evidence.sort((a, b) => a.offset - b.offset)
  return {
    conversion: conversionOf(text, committed),
    upsells,
    mood,
    scorecard: [],
    talk: talkOf(text, turns),
    evidence,
  }
}
