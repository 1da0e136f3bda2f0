/**
 * What was sold by product, and how long calls are by their outcome.
 * @module
 */
import { textOf } from '../../../aggregate/columns.ts'
import { percentiles } from '../../../aggregate/percentiles.ts'
import { columnOf, type Frame } from '../../../table/frame.ts'

/** One product. */
export interface ProductSales {
  readonly product: string
  readonly offers: number
  readonly accepted: number
  /** What the accepted offers with a known price add up to. */
  readonly revenue: number
}

/** Returns the products of rows of `gold_call_upsells`: by revenue, then accepted offers, then name. */
export function productSales(upsells: Frame): readonly ProductSales[] {
  const products = textOf(upsells, 'product')
  const [amounts, answers] = [columnOf(upsells, 'amount'), columnOf(upsells, 'is_accepted')]
  const sums = new Map<string, { offers: number; accepted: number; cents: number }>()
  for (let row = 0; row < upsells.rows; row++) {
    const product = products.at(row) ?? ''
    const sum = sums.get(product) ?? { offers: 0, accepted: 0, cents: 0 }
    sums.set(product, sum)
    sum.offers += 1
    if (answers.at(row) !== true) continue
    sum.accepted += 1
    // amounts have two decimals: rounding gives their cents exactly
    sum.cents += Math.round(Number(amounts.at(row) ?? 0) * 100)
  }
  return Array.from(sums, ([product, { offers, accepted, cents }]) => ({
    product,
    offers,
    accepted,
    revenue: cents / 100,
  })).sort((a, b) => b.revenue - a.revenue || b.accepted - a.accepted || (a.product < b.product ? -1 : 1))
}

/** Calls with one outcome. */
export interface OutcomeDurations {
  readonly outcome: 'conversion' | 'no conversion'
  readonly calls: number
  /** Seconds; null without calls. */
  readonly median_seconds: number | null
  readonly p90_seconds: number | null
}

/** Returns the durations of rows of `gold_call_analytics`, of conversions and of the others. */
export function durationsByOutcome(calls: Frame): readonly OutcomeDurations[] {
  const [seconds, sold] = [columnOf(calls, 'call_duration_seconds'), columnOf(calls, 'is_conversion')]
  return (['conversion', 'no conversion'] as const).map((outcome) => {
    const values: number[] = []
    for (let row = 0; row < calls.rows; row++) {
      if ((sold.at(row) === true) === (outcome === 'conversion')) values.push(Number(seconds.at(row)))
    }
    const [median = null, p90 = null] = percentiles(Float64Array.from(values), [0.5, 0.9])
    return { outcome, calls: values.length, median_seconds: median, p90_seconds: p90 }
  })
}
