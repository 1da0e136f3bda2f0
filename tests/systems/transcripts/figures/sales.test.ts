import { describe, expect, it } from 'vitest'
import { callOverview } from '../../../../src/systems/transcripts/figures/overview.ts'
import { durationsByOutcome, productSales } from '../../../../src/systems/transcripts/figures/sales.ts'
import { agentCells } from '../../../../src/systems/transcripts/figures/summaries/agent-figures.ts'
import { frameOf } from '../../../../src/table/frame.ts'
import { inferColumn } from '../../../../src/table/infer.ts'

/** A frame of rows of values. */
function frame(names: readonly string[], rows: readonly (readonly unknown[])[]) {
  const columns = names.map(
    (name, at) =>
      [
        name,
        inferColumn(
          rows.map((row) => row[at]),
          name,
          { mixed: 'opaque' },
        ),
      ] as const,
  )
  return frameOf(columns, rows.length)
}

const CALLS = frame(
  [
    ...['agent_name', 'is_conversion', 'upsell_amount', 'sentiment_score', 'positive_keywords_count'],
    ...['negative_keywords_count', 'call_duration_seconds'],
  ],
  [
    ['Ada', true, 0.1, 'positive', 1, 0, 60],
    ['Ada', true, 0.2, 'neutral', 0, 0, 80],
    ['Ben', false, null, 'negative', 0, 2, 30],
    ['Cleo', true, 0.3, 'positive', 2, 0, 100],
  ],
)

describe('productSales', () => {
  it('adds cents exactly, and counts what was left out of the offers', () => {
    const upsells = frame(
      ['product', 'amount', 'is_accepted'],
      [
        ['extended warranty', 0.1, true],
        ['extended warranty', 0.2, true],
        ['extended warranty', 99, false],
        ['sports pack', null, true],
        ['insurance', 5, false],
      ],
    )
    expect(productSales(upsells)).toEqual([
      { product: 'extended warranty', offers: 3, accepted: 2, revenue: 0.3 },
      { product: 'sports pack', offers: 1, accepted: 1, revenue: 0 },
      { product: 'insurance', offers: 1, accepted: 0, revenue: 0 },
    ])
  })
})

describe('durationsByOutcome', () => {
  it('has the median of conversions and of the others', () => {
    expect(durationsByOutcome(CALLS)).toMatchObject([
      { outcome: 'conversion', calls: 3, median_seconds: 80 },
      { outcome: 'no conversion', calls: 1, median_seconds: 30, p90_seconds: 30 },
    ])
  })
})

describe('callOverview', () => {
  it('ranks agents by revenue, and adds up cents and moods', () => {
    expect(callOverview(agentCells(CALLS))).toEqual({
      ...{ calls: 4, agents: 3, conversions: 3, conversion_rate: 75, upsell_revenue: 0.6 },
      moods: { positive: 2, neutral: 1, negative: 1 },
      top_agents: [
        { agent_name: 'Ada', total_calls: 2, conversion_rate: 100, total_upsell_amount: 0.3 },
        { agent_name: 'Cleo', total_calls: 1, conversion_rate: 100, total_upsell_amount: 0.3 },
        { agent_name: 'Ben', total_calls: 1, conversion_rate: 0, total_upsell_amount: 0 },
      ],
    })
  })
})
