/**
 * Compares what an analysis finds with what calls are labelled with.
 * @module
 */
import { isRecord, type OptionNames, refuseUnknown, refuseUnless } from '../../../../arguments.ts'
import {
  ANALYSE_OPTIONS,
  type AnalyseOptions,
  analysisOf,
  refuseAnalyseOptions,
} from '../analysis/analyse-transcript.ts'
import type { Analysis, Evidence, Mood } from '../analysis/analysis.ts'
import { type ClassScores, type Confusion, classScores, confusionOf, type Score, shareScore } from './scores.ts'

/** The calls between two calls of `onProgress`. */
const TOLD = 500

/** How calls are analysed, and who is told how far that is. */
export interface EvaluateOptions extends AnalyseOptions {
  /** Called while calls are analysed: those that were, and all of them. */
  readonly onProgress?: (done: number, total: number) => void
}

/** A product that a call is labelled with. */
export interface LabelledUpsell {
  readonly product: string
  /** Null where no price was said. */
  readonly amount_cents: number | null
  readonly is_accepted: boolean
}

/** Words that show a label, with their place in UTF-16 code units. */
export interface LabelledSpan {
  readonly metric: 'positive' | 'negative' | 'conversion'
  readonly offset: number
  readonly text: string
}

/** A call with what is known about it. */
export interface LabelledCall {
  readonly call_id: string
  readonly transcript_text: string
  readonly mood: Mood
  readonly is_conversion: boolean
  readonly upsells: readonly LabelledUpsell[]
  /** Left out where nobody marked words. */
  readonly spans?: readonly LabelledSpan[]
}

/** How the evidence of one rule agrees with the labels, counted in calls. A label has several rules: each finds a part of its calls. */
export interface RuleScore extends Omit<ClassScores, 'name'> {
  readonly rule: string
  readonly metric: Evidence['metric']
}

/** How well an analysis finds what calls are labelled with. */
export interface Evaluation {
  readonly calls: number
  readonly mood: Confusion
  readonly conversion: Confusion
  /** Accepted products: right where name and price are those of a label. Case does not count. */
  readonly upsells: ClassScores
  /** Accepted products by their names alone. */
  readonly upsellProducts: ClassScores
  /** The share of calls whose sum of accepted offers is exactly the labelled one, among those that are labelled with one. */
  readonly upsellAmounts: Score
  /** Marked words that some evidence of their metric touches; null where no call has any. */
  readonly spans: ClassScores | null
  /** In order of the rules' ids. */
  readonly rules: readonly RuleScore[]
  /** Calls whose mood, conversion or accepted products differ from the labels. */
  readonly wrong: readonly { readonly call_id: string; readonly labels: readonly string[] }[]
}

const MOODS = ['negative', 'neutral', 'positive'] as const

/** What a call is sold: `name=cents`, each with the number of times it stands. */
type Sold = ReadonlyMap<string, number>

function countOf(names: readonly string[]): Sold {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

const common = (a: Sold, b: Sold): number =>
  Array.from(a).reduce((sum, [name, count]) => sum + Math.min(count, b.get(name) ?? 0), 0)

const nameOf = (product: string): string => product.trim().toLowerCase()

function soldOf(call: LabelledCall, analysis: Analysis) {
  const labelled = call.upsells.filter(({ is_accepted }) => is_accepted)
  const found = analysis.upsells.filter(({ isAccepted }) => isAccepted)
  const cents = (values: readonly (number | null)[]) => values.reduce<number>((sum, value) => sum + (value ?? 0), 0)
  return {
    labelled: labelled.map(({ product, amount_cents }) => [nameOf(product), amount_cents] as const),
    found: found.map(({ product, amountCents }) => [nameOf(product), amountCents] as const),
    labelledCents: cents(labelled.map(({ amount_cents }) => amount_cents)),
    foundCents: cents(found.map(({ amountCents }) => amountCents)),
  }
}

/** Which calls are labelled as evidence of a metric says; metrics that are not here have no label. */
const LABELS = {
  positive: ({ mood }) => mood === 'positive',
  negative: ({ mood }) => mood === 'negative',
  conversion: (call) => call.is_conversion,
  retraction: (call) => !call.is_conversion,
  upsell: ({ upsells }) => upsells.length > 0,
} as const satisfies Partial<Record<Evidence['metric'], (call: LabelledCall) => boolean>>

const hasLabel = (metric: Evidence['metric']): metric is keyof typeof LABELS => Object.hasOwn(LABELS, metric)

const touches = (span: { offset: number; text: string }, evidence: Evidence): boolean =>
  evidence.offset < span.offset + span.text.length && span.offset < evidence.offset + evidence.text.length

function spanScores(pairs: readonly (readonly [LabelledCall, Analysis])[]): ClassScores | null {
  let [labelled, found, right] = [0, 0, 0]
  for (const [{ spans }, { evidence }] of pairs) {
    if (spans === undefined) continue
    const own = evidence.filter(({ metric }) => ['positive', 'negative', 'conversion'].includes(metric))
    const isFound = (span: LabelledSpan) => own.some((one) => one.metric === span.metric && touches(span, one))
    const isMarked = (one: Evidence) => spans.some((span) => span.metric === one.metric && touches(span, one))
    labelled += spans.length
    right += spans.filter(isFound).length
    // evidence beside all marked words is a finding too many
    found += spans.filter(isFound).length + own.filter((one) => !isMarked(one)).length
  }
  return labelled === 0 ? null : classScores('span', labelled, found, right)
}

function ruleScores(pairs: readonly (readonly [LabelledCall, Analysis])[]): readonly RuleScore[] {
  const rules = new Map<string, { metric: keyof typeof LABELS; rule: string; calls: Set<LabelledCall> }>()
  for (const [call, { evidence }] of pairs) {
    for (const { rule, metric } of evidence) {
      if (!hasLabel(metric)) continue
      const key = `${rule}\n${metric}`
      const known = rules.get(key) ?? { metric, rule, calls: new Set() }
      rules.set(key, known)
      known.calls.add(call)
    }
  }
  const labelled = (metric: keyof typeof LABELS) => pairs.filter(([call]) => LABELS[metric](call)).length
  return Array.from(rules.values())
    .sort((a, b) => (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : a.metric < b.metric ? -1 : 1))
    .map(({ metric, rule, calls }) => {
      const right = Array.from(calls).filter((call) => LABELS[metric](call)).length
      const { name, ...scores } = classScores(rule, labelled(metric), calls.size, right)
      return { rule: name, metric, ...scores }
    })
}

/**
 * Returns how well an analysis finds what calls are labelled with: confusion matrices of mood and conversion, precision, recall
 * and F1 with 95 % intervals, exactness of upsells, and the same of each rule that has a label.
 *
 * Source of the intervals: E. B. Wilson, 1927; F1 is a rising function of the share right / (labelled + found − right).
 * @throws ContractError invalid_option - `calls` is not a list of labelled calls, or an option does not fit
 * @example
 * const evaluation = evaluateCalls([
 *   {
 *     call_id: 'C1',
 *     transcript_text: 'Agent: Would you like the sports pack for $7? Customer: Yes! You are wonderful.',
 *     mood: 'positive',
 *     is_conversion: true,
 *     upsells: [{ product: 'sports pack', amount_cents: 700, is_accepted: true }],
 *   },
 * ])
 * evaluation.mood.accuracy.value // 1
 * evaluation.upsells.f1.value // 1
 * evaluation.wrong // []
 */
export function evaluateCalls(calls: readonly LabelledCall[], options: EvaluateOptions = {}): Evaluation {
  const isCall = (call: unknown) =>
    isRecord(call) && typeof call.transcript_text === 'string' && Array.isArray(call.upsells)
  refuseUnless(Array.isArray(calls) && calls.every(isCall), 'calls', calls, 'a list of labelled calls')
  refuseUnknown(options, { ...ANALYSE_OPTIONS, onProgress: true } satisfies OptionNames<EvaluateOptions>)
  const { onProgress, ...analyse } = options
  refuseUnless(
    onProgress === undefined || typeof onProgress === 'function',
    'onProgress',
    onProgress,
    'a function of the calls done and of all calls',
  )
  refuseAnalyseOptions(analyse)
  const pairs = calls.map((call, at) => {
    if (at % TOLD === 0) onProgress?.(at, calls.length)
    return [call, analysisOf(call.transcript_text, analyse)] as const
  })
  const wordOf = (isConversion: boolean) => (isConversion ? 'conversion' : 'none')
  const sold = pairs.map(([call, analysis]) => soldOf(call, analysis))
  const exact = sold.map(({ labelled, found }) => {
    const text = (list: typeof labelled) => countOf(list.map(([name, cents]) => `${name}=${cents}`))
    return common(text(labelled), text(found))
  })
  const byName = sold.map(({ labelled, found }) =>
    common(countOf(labelled.map(([name]) => name)), countOf(found.map(([name]) => name))),
  )
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0)
  const [labelledCount, foundCount] = [
    sum(sold.map(({ labelled }) => labelled.length)),
    sum(sold.map(({ found }) => found.length)),
  ]
  const priced = sold.filter(({ labelled }) => labelled.length > 0)
  const wrong = pairs.flatMap(([call, { mood, conversion }], at) => {
    const isSoldRight = exact[at] === sold[at]?.labelled.length && exact[at] === sold[at]?.found.length
    const labels = [
      ...(mood.label === call.mood ? [] : ['mood']),
      ...(conversion.isConversion === call.is_conversion ? [] : ['conversion']),
      ...(isSoldRight ? [] : ['upsells']),
    ]
    return labels.length === 0 ? [] : [{ call_id: call.call_id, labels }]
  })
  return {
    calls: calls.length,
    mood: confusionOf(
      MOODS,
      pairs.map(([call, { mood }]) => [call.mood, mood.label]),
    ),
    conversion: confusionOf(
      ['none', 'conversion'],
      pairs.map(([call, { conversion }]) => [wordOf(call.is_conversion), wordOf(conversion.isConversion)]),
    ),
    upsells: classScores('upsell', labelledCount, foundCount, sum(exact)),
    upsellProducts: classScores('product', labelledCount, foundCount, sum(byName)),
    upsellAmounts: shareScore(
      priced.filter(({ labelledCents, foundCents }) => labelledCents === foundCents).length,
      priced.length,
    ),
    spans: spanScores(pairs),
    rules: ruleScores(pairs),
    wrong,
  }
}
