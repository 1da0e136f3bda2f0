/**
 * The words of the transcripts page.
 * @module
 */
import { countText, NONE, twoDecimals } from '../../../page/figure-text.ts'
import type { EvidenceMetric, Mood } from '../figures/analysis/analysis.ts'

/** Amounts as they were said; transcripts name dollars. */
export const dollarText = (amount: number | null): string => (amount === null ? NONE : `$${twoDecimals(amount)}`)

/** An amount where there is little room. */
export const wholeDollarText = (amount: number): string => `$${countText(amount)}`

/** Percent as the tables hold it, on one line. */
export const rateText = (rate: number | null): string => (rate === null ? NONE : `${twoDecimals(rate)}\u00a0%`)

export const secondsText = (seconds: number | null): string => (seconds === null ? NONE : `${countText(seconds)} s`)

export const MOODS: Readonly<Record<Mood, string>> = { positive: 'positive', neutral: 'neutral', negative: 'negative' }

/** What a finding says, for the mark and the list. */
export const METRICS: Readonly<Record<EvidenceMetric, string>> = {
  conversion: 'conversion',
  retraction: 'taken back',
  upsell: 'upsell',
  decline: 'declined',
  positive: 'positive mood',
  negative: 'negative mood',
  scorecard: 'scorecard',
}
