/**
 * Figures of complaints in words: the same on the command line, on the page and in the deck.
 * @module
 */
import type { Comparison, Effect } from './comparison.ts'
import type { ReconciledDelivery } from './reconciled-delivery.ts'

/** Shown for a share of nothing. */
const NONE = '–'

/** A share in percent, with one decimal. */
export const shareText = (share: number | null): string => (share === null ? NONE : `${(share * 100).toFixed(1)} %`)

/** Hours as people say them: minutes below two hours, days above three. */
export function durationText(hours: number | null): string {
  if (hours === null) return 'not reached'
  if (hours < 2) return `${(hours * 60).toFixed(0)} min`
  return hours < 72 ? `${hours.toFixed(1)} h` : `${(hours / 24).toFixed(1)} d`
}

const EFFECTS: Readonly<Record<Effect['kind'], (value: number) => string>> = {
  cramers_v: (value) => `V ${value.toFixed(3)}`,
  speed_ratio: (value) => `× ${value.toFixed(2)}`,
  dispersion: (value) => `${value.toFixed(2)} × chance`,
}

/** How large a difference is, in its own measure. */
export const effectText = ({ effect }: Pick<Comparison, 'effect'>): string => EFFECTS[effect.kind](effect.value)

/** A corrected probability, with three decimals. */
export const chanceText = ({ pAdjusted }: Pick<Comparison, 'pAdjusted'>): string =>
  pAdjusted < 0.001 ? '< 0.001' : pAdjusted.toFixed(3)

/** What a comparison says. */
export function answerText({ verdict, effect }: Pick<Comparison, 'verdict' | 'effect'>): string {
  if (verdict === 'different') return `yes, ${effect.size}`
  return verdict === 'too_few' ? 'too few cases' : 'no significant difference'
}

const rowsText = (rows: number): string => (rows === 1 ? '1 row' : `${rows.toLocaleString('en')} rows`)

/** Rows of a delivery that are in no account; empty where every row is. */
export function lossText({ table, day, lost }: Pick<ReconciledDelivery, 'table' | 'day' | 'lost'>): string {
  const hops = Object.entries(lost).filter(([, rows]) => rows !== 0)
  if (hops.length === 0) return ''
  const words = hops.map(([hop, rows]) => {
    const count = rowsText(Math.abs(rows))
    return rows > 0 ? `${count} lost in ${hop}` : `${count} too many after ${hop}`
  })
  return `${table}${day === null ? '' : ` of ${day}`}: ${words.join(', ')}`
}
