/**
 * Counts and amounts of calls by a key, as whole numbers, so that sums can be added and taken back exactly.
 * @module
 */
import { numbersOf, textOf } from '../../../../aggregate/columns.ts'
import { type Column, NumberColumn } from '../../../../table/column.ts'
import { columnOf, type Frame } from '../../../../table/frame.ts'

/** The counters of a group of calls. Amounts are in cents, scores in billionths. */
export interface CallCounts {
  calls: number
  conversions: number
  upsellCents: number
  positive: number
  negative: number
  scores: number
}

/** The names under which counters stand in the cells of a rollup, in order. */
export const COUNTERS = ['calls', 'conversions', 'upsellCents', 'positive', 'negative', 'scores'] as const

/** Scores are rounded to billionths, so that their sum is a whole number. */
export const SCORE_UNIT = 1e9

export const noCalls = (): CallCounts => ({
  calls: 0,
  conversions: 0,
  upsellCents: 0,
  positive: 0,
  negative: 0,
  scores: 0,
})

/** Groups of calls by their key. */
export type CountsByKey<Key> = Map<Key, CallCounts>

/** Adds the calls of `gold_call_analytics` to their groups, or takes them back with a `sign` of −1. */
export function countCalls<Key>(
  groups: CountsByKey<Key>,
  calls: Frame,
  keyOf: (row: number) => Key | null,
  sign: 1 | -1 = 1,
): CountsByKey<Key> {
  const isConversion = columnOf(calls, 'is_conversion')
  const amounts = columnOf(calls, 'upsell_amount')
  const moods = textOf(calls, 'sentiment_score')
  const [positives, negatives] = [
    numbersOf(calls, 'positive_keywords_count'),
    numbersOf(calls, 'negative_keywords_count'),
  ]
  for (let row = 0; row < calls.rows; row++) {
    const key = keyOf(row)
    if (key === null) continue
    let counts = groups.get(key)
    if (counts === undefined) {
      counts = noCalls()
      groups.set(key, counts)
    }
    const mood = moods.at(row)
    const [positive, negative] = [positives.at(row) ?? 0, negatives.at(row) ?? 0]
    const score = positive + negative === 0 ? 0 : (positive - negative) / (positive + negative)
    counts.calls += sign
    if (isConversion.at(row) === true) counts.conversions += sign
    // amounts have two decimals: rounding gives their cents exactly
    counts.upsellCents += sign * Math.round(Number(amounts.at(row) ?? 0) * 100)
    if (mood === 'positive') counts.positive += sign
    if (mood === 'negative') counts.negative += sign
    counts.scores += sign * Math.round(score * SCORE_UNIT)
  }
  return groups
}

/** The groups of a rollup's cells, by the texts of its first column. */
export function countsOfCells<Key>(cells: Frame, keyAt: (row: number) => Key): CountsByKey<Key> {
  const columns = COUNTERS.map((name) => columnOf(cells, name))
  const groups: CountsByKey<Key> = new Map()
  for (let row = 0; row < cells.rows; row++) {
    const counts = noCalls()
    for (const [at, name] of COUNTERS.entries()) counts[name] = Number(columns[at]?.at(row))
    groups.set(keyAt(row), counts)
  }
  return groups
}

/** The counters as columns, in the order of the groups. */
export function counterColumns(groups: readonly CallCounts[]): (readonly [string, Column])[] {
  return COUNTERS.map((name) => [
    name,
    new NumberColumn(
      'float64',
      Float64Array.from(groups, (counts) => counts[name]),
    ),
  ])
}

/** Whole numbers as a column of a report. */
export function countColumn(groups: readonly CallCounts[], count: (counts: CallCounts) => number): NumberColumn {
  return new NumberColumn('int32', Int32Array.from(groups, count))
}

/**
 * A quotient of whole numbers with some decimals, half away from zero; null where the divisor is 0. `unit` is what the number
 * above is counted in.
 */
export function quotientColumn(
  groups: readonly CallCounts[],
  above: (counts: CallCounts) => number,
  below: (counts: CallCounts) => number,
  { decimals, unit = 1 }: { readonly decimals: number; readonly unit?: number },
): NumberColumn {
  const values = new Float64Array(groups.length)
  const valid = new Uint8Array(groups.length)
  for (const [row, counts] of groups.entries()) {
    const divisor = below(counts)
    if (divisor === 0) continue
    values[row] = roundedQuotient(above(counts), divisor * unit, decimals)
    valid[row] = 1
  }
  return new NumberColumn('float64', values, valid.includes(0) ? valid : null)
}

/** `above / below` with some decimals, half away from zero: in whole numbers, so that no half is lost. */
export function roundedQuotient(above: number, below: number, decimals: number): number {
  const scale = 10n ** BigInt(decimals)
  const [numerator, divisor] = [BigInt(Math.abs(above)) * scale, BigInt(below)]
  const rounded = Number((2n * numerator + divisor) / (2n * divisor)) / Number(scale)
  return above < 0 && rounded !== 0 ? -rounded : rounded
}

/** Amounts in cents as a column of dollars, or whatever the currency is. */
export function amountColumn(groups: readonly CallCounts[]): NumberColumn {
  return new NumberColumn(
    'float64',
    Float64Array.from(groups, ({ upsellCents }) => upsellCents / 100),
  )
}
