import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import {
  agentCells,
  agentPerformance,
  teamPerformance,
  updateAgentCells,
} from '../../../../src/systems/transcripts/figures/summaries/agent-figures.ts'
import {
  dailyMetrics,
  dayCells,
  updateDayCells,
} from '../../../../src/systems/transcripts/figures/summaries/day-figures.ts'
import { BooleanColumn, NumberColumn, TimestampColumn } from '../../../../src/table/column.ts'
import { type Frame, frameOf } from '../../../../src/table/frame.ts'
import { codeTexts, encodeTexts } from '../../../../src/table/utf8.ts'

interface Call {
  readonly id: string
  readonly agent: string
  readonly hour: number
  readonly isConversion: boolean
  readonly cents: number | null
  readonly mood: string
  readonly positive: number
  readonly negative: number
}

const call = fc.record({
  id: fc.constantFrom(...Array.from({ length: 40 }, (_, at) => `C${at}`)),
  agent: fc.constantFrom('Ann', 'Émile', 'Bob', 'ann', '__proto__'),
  hour: fc.integer({ min: 0, max: 200 }),
  isConversion: fc.boolean(),
  cents: fc.option(fc.integer({ min: 0, max: 10_000_000 })),
  mood: fc.constantFrom('positive', 'neutral', 'negative'),
  positive: fc.integer({ min: 0, max: 9 }),
  negative: fc.integer({ min: 0, max: 9 }),
})
const calls = fc.uniqueArray(call, { selector: ({ id }) => id, maxLength: 40 })

function frame(rows: readonly Call[]): Frame {
  const counts = (name: 'positive' | 'negative') =>
    new NumberColumn(
      'int32',
      Int32Array.from(rows, (row) => row[name]),
    )
  return frameOf([
    ['call_id', encodeTexts(rows.map(({ id }) => id))],
    [
      'agent_name',
      codeTexts(
        rows.map(({ agent }) => agent),
        rows.length,
      ),
    ],
    [
      'call_timestamp',
      new TimestampColumn(
        Float64Array.from(rows, ({ hour }) => hour * 3.6e9),
        { unit: 'us' },
      ),
    ],
    ['is_conversion', new BooleanColumn(Uint8Array.from(rows, ({ isConversion }) => Number(isConversion)))],
    [
      'upsell_amount',
      new NumberColumn(
        'float64',
        Float64Array.from(rows, ({ cents }) => (cents ?? 0) / 100),
        Uint8Array.from(rows, ({ cents }) => Number(cents !== null)),
      ),
    ],
    [
      'sentiment_score',
      codeTexts(
        rows.map(({ mood }) => mood),
        rows.length,
      ),
    ],
    ['positive_keywords_count', counts('positive')],
    ['negative_keywords_count', counts('negative')],
  ])
}

const rowsOf = ({ rows, columns }: Frame) =>
  Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(Array.from(columns, ([name, column]) => [name, column.at(row)])),
  )

/** What changed between two lists of calls, as the pipeline hands it over. */
function changed(before: readonly Call[], after: readonly Call[]) {
  const same = (a: Call | undefined, b: Call) => JSON.stringify(a) === JSON.stringify(b)
  const old = new Map(before.map((row) => [row.id, row]))
  const now = new Map(after.map((row) => [row.id, row]))
  return {
    before: frame(before.filter((row) => !same(now.get(row.id), row))),
    after: frame(after.filter((row) => !same(old.get(row.id), row))),
  }
}

const cents = (rows: readonly Call[]) => rows.reduce((sum, { cents }) => sum + (cents ?? 0), 0)
/** Half away from zero, by text: an independent way to round. */
const percent = (share: number, all: number) => Number((Math.floor((share * 1e4) / all + 0.5) / 100).toFixed(2))

describe('figures of agents and days', () => {
  test.prop([calls, calls])('are the same after a change as made anew', (before, after) => {
    const change = changed(before, after)
    const agents = agentCells(frame(after))
    const days = dayCells(frame(after), { timeZone: 'Asia/Kolkata' })
    expect(rowsOf(updateAgentCells(agentCells(frame(before)), change).cells)).toEqual(rowsOf(agents.cells))
    const updated = updateDayCells(dayCells(frame(before), { timeZone: 'Asia/Kolkata' }), change)
    expect([rowsOf(updated.cells), updated.metadata]).toEqual([rowsOf(days.cells), days.metadata])
  })

  test.prop([calls])('are those of a plain count', (rows) => {
    for (const row of rowsOf(agentPerformance(agentCells(frame(rows))))) {
      const own = rows.filter(({ agent }) => agent === row.agent_name)
      expect(row).toEqual({
        agent_name: row.agent_name,
        total_calls: own.length,
        total_conversions: own.filter(({ isConversion }) => isConversion).length,
        conversion_rate: percent(own.filter(({ isConversion }) => isConversion).length, own.length),
        total_upsell_amount: cents(own) / 100,
        avg_upsell_per_call: Math.floor(cents(own) / own.length + 0.5) / 100,
        positive_sentiment_pct: percent(own.filter(({ mood }) => mood === 'positive').length, own.length),
        negative_sentiment_pct: percent(own.filter(({ mood }) => mood === 'negative').length, own.length),
      })
    }
    for (const row of rowsOf(dailyMetrics(dayCells(frame(rows))))) {
      const own = rows.filter(({ hour }) => new Date(hour * 3.6e6).toISOString().startsWith(String(row.metric_date)))
      const scores = own.map(({ positive, negative }) =>
        positive + negative === 0 ? 0 : (positive - negative) / (positive + negative),
      )
      expect(row).toMatchObject({
        total_calls: own.length,
        total_upsell_amount: cents(own) / 100,
        neutral_calls: own.filter(({ mood }) => mood === 'neutral').length,
      })
      expect(row.avg_sentiment_score).toBeCloseTo(scores.reduce((sum, score) => sum + score, 0) / own.length, 3)
    }
  })

  test.prop([calls])('sum up to all calls in teams', (rows) => {
    const agents = frameOf([
      ['agent_name', encodeTexts(['Ann', 'Bob', 'Émile'])],
      ['team', encodeTexts(['North', 'North', null])],
    ])
    const teams = rowsOf(teamPerformance(agentCells(frame(rows)), agents))
    const total = (name: string) => teams.reduce((sum, row) => sum + Number(row[name]), 0)
    expect(total('total_calls')).toBe(rows.length)
    expect(total('total_agents')).toBe(new Set(rows.map(({ agent }) => agent)).size)
    expect(Math.round(total('total_upsell_amount') * 100)).toBe(cents(rows))
    expect(teams.every(({ team }) => team === 'North' || team === 'Unknown')).toBe(true)
  })
})
