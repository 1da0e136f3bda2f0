/**
 * Analyses of many calls, on frames: the analytics, the evidence and the upsells.
 * @module
 */
import type { DerivedRows } from '../../../../pipeline/job/job.ts'
import { BooleanColumn, NumberColumn } from '../../../../table/column.ts'
import { columnOf, type Frame, frameOf, selectColumns } from '../../../../table/frame.ts'
import { countUp, takeColumn } from '../../../../table/take.ts'
import { codeTexts, encodeTexts } from '../../../../table/utf8.ts'
import { goldCallAnalytics } from '../../tables.ts'
import { type AnalyseOptions, analysisOf } from './analyse-transcript.ts'
import type { Analysis, Upsell } from './analysis.ts'
import { evidenceFromText, findingsToText, upsellsFromText } from './finding-text.ts'

const int32s = (values: ArrayLike<number>) => new NumberColumn('int32', Int32Array.from(values))

/** Numbers of two decimals, with nulls. */
function amounts(values: readonly (number | null)[]): NumberColumn {
  const valid = Uint8Array.from(values, (value) => Number(value !== null))
  return new NumberColumn(
    'float64',
    Float64Array.from(values, (value) => (value ?? 0) / 100),
    valid.includes(0) ? valid : null,
  )
}

const booleans = (values: readonly boolean[]) => new BooleanColumn(Uint8Array.from(values, Number))

/** The sum of the accepted offers whose price is known; null where there is none. */
function soldCents(upsells: readonly Upsell[]): number | null {
  const known = upsells.flatMap(({ isAccepted, amountCents }) =>
    isAccepted && amountCents !== null ? [amountCents] : [],
  )
  return known.length === 0 ? null : known.reduce((sum, cents) => sum + cents, 0)
}

function soldProducts(upsells: readonly Upsell[]): string | null {
  const names = upsells.flatMap(({ isAccepted, product }) => (isAccepted ? [product] : []))
  return names.length === 0 ? null : names.join('; ')
}

/**
 * Returns the rows of `call_findings`, one for each row of `silver_call_records`, in their order. Each row depends on itself
 * alone: this is the `rows` of a derived table.
 */
export function findingRows(records: Frame, options: AnalyseOptions = {}): DerivedRows {
  const texts = columnOf(records, 'transcript_text')
  const length = records.rows
  const analyses: Pick<Analysis, 'conversion' | 'mood'>[] = []
  const [cents, products, findings]: [(number | null)[], (string | null)[], string[]] = [[], [], []]
  for (let row = 0; row < length; row++) {
    const analysis = analysisOf(String(texts.at(row) ?? ''), options)
    analyses.push({ conversion: analysis.conversion, mood: analysis.mood })
    cents.push(soldCents(analysis.upsells))
    products.push(soldProducts(analysis.upsells))
    findings.push(findingsToText(analysis))
  }
  const frame = frameOf(
    [
      ['call_id', columnOf(records, 'call_id')],
      ['agent_name', columnOf(records, 'agent_name')],
      ['call_timestamp', columnOf(records, 'call_timestamp')],
      ['is_conversion', booleans(analyses.map(({ conversion }) => conversion.isConversion))],
      [
        'conversion_phrase',
        codeTexts(
          analyses.map(({ conversion }) => conversion.phrase),
          length,
        ),
      ],
      ['upsell_amount', amounts(cents)],
      ['upsell_product', codeTexts(products, length)],
      [
        'sentiment_score',
        codeTexts(
          analyses.map(({ mood }) => mood.label),
          length,
        ),
      ],
      [
        'sentiment_confidence',
        new NumberColumn(
          'float64',
          Float64Array.from(analyses, ({ mood }) => mood.confidence),
        ),
      ],
      ['positive_keywords_count', int32s(analyses.map(({ mood }) => mood.positiveCount))],
      ['negative_keywords_count', int32s(analyses.map(({ mood }) => mood.negativeCount))],
      ['transcript_length', columnOf(records, 'transcript_length')],
      ['call_duration_seconds', columnOf(records, 'call_duration_seconds')],
      ['findings', encodeTexts(findings, 'findings')],
    ],
    length,
  )
  return { frame, parents: countUp(length), issues: [] }
}

/** Returns the rows of `gold_call_analytics` from rows of `call_findings`: the `rows` of a derived table. */
export function analyticsRows(findings: Frame): DerivedRows {
  const frame = selectColumns(findings, Object.keys(goldCallAnalytics.columns))
  return { frame, parents: countUp(findings.rows), issues: [] }
}

/** A call and which of its findings a row is about. */
function manyRows<Finding>(findings: Frame, pick: (text: string) => readonly Finding[]) {
  const texts = columnOf(findings, 'findings')
  const [calls, numbers, found]: [number[], number[], Finding[]] = [[], [], []]
  for (let row = 0; row < findings.rows; row++) {
    for (const [at, finding] of pick(String(texts.at(row))).entries()) {
      calls.push(row)
      numbers.push(at + 1)
      found.push(finding)
    }
  }
  const ids = takeColumn(columnOf(findings, 'call_id'), Int32Array.from(calls))
  return { ids, numbers: int32s(numbers), found }
}

/** Returns the rows of `gold_call_evidence` from rows of `call_findings`: in order of the calls, then of the text. */
export function evidenceRows(findings: Frame): Frame {
  const { ids, numbers, found } = manyRows(findings, evidenceFromText)
  const length = found.length
  return frameOf(
    [
      ['call_id', ids],
      ['evidence_number', numbers],
      [
        'metric',
        codeTexts(
          found.map(({ metric }) => metric),
          length,
        ),
      ],
      [
        'rule_id',
        codeTexts(
          found.map(({ rule }) => rule),
          length,
        ),
      ],
      [
        'speaker',
        codeTexts(
          found.map(({ speaker }) => speaker),
          length,
        ),
      ],
      ['text_offset', int32s(found.map(({ offset }) => offset))],
      [
        'matched_text',
        encodeTexts(
          found.map(({ text }) => text),
          'matched_text',
        ),
      ],
    ],
    length,
  )
}

/** Returns the rows of `gold_call_upsells` from rows of `call_findings`: in order of the calls, then of the text. */
export function upsellRows(findings: Frame): Frame {
  const { ids, numbers, found } = manyRows(findings, upsellsFromText)
  const length = found.length
  return frameOf(
    [
      ['call_id', ids],
      ['upsell_number', numbers],
      [
        'product',
        codeTexts(
          found.map(({ product }) => product),
          length,
        ),
      ],
      ['amount', amounts(found.map(({ amountCents }) => amountCents))],
      ['is_accepted', booleans(found.map(({ isAccepted }) => isAccepted))],
      [
        'rule_id',
        codeTexts(
          found.map(({ rule }) => rule),
          length,
        ),
      ],
      ['text_offset', int32s(found.map(({ offset }) => offset))],
      [
        'matched_text',
        encodeTexts(
          found.map(({ text }) => text),
          'matched_text',
        ),
      ],
    ],
    length,
  )
}
