import { describe, expect, it } from 'vitest'
import { selectCalls } from '../../../../src/systems/calls/figures/selection.ts'
import { callTimeline } from '../../../../src/systems/calls/figures/timeline.ts'
import { setOf } from '../tables.ts'

type Options = Parameters<typeof callTimeline>[1]
type Filter = Parameters<typeof selectCalls>[1]

/** The stretches with their beginnings as text, those that only a part is known of marked. */
function stretches(set: ReturnType<typeof setOf>, filter: Filter, options?: Options) {
  return callTimeline(selectCalls(set, filter), options).buckets.map(({ from, calls, isPartial }) => {
    return [new Date(from).toISOString().slice(0, 13), calls, ...(isPartial ? ['partial'] : [])]
  })
}

const at = (...stamps: string[]) => setOf(...stamps.map((stamp) => ({ at: stamp })))

describe('callTimeline', () => {
  it('is in hours for two days, each with its end where the next begins', () => {
    const set = at('2025-01-01T22:30:00Z', '2025-01-02T00:10:00Z', '2025-01-02T00:50:00Z')
    const { unit, buckets } = callTimeline(selectCalls(set, {}))
    expect([unit, buckets.length]).toEqual(['hour', 48])
    expect(stretches(set, {}).slice(22, 25)).toEqual([
      ['2025-01-01T22', 1],
      ['2025-01-01T23', 0],
      ['2025-01-02T00', 2, 'partial'],
    ])
    for (const { from, to, previous } of buckets) expect([to - from, previous]).toEqual([3_600_000, null])
  })

  it('has weeks that begin on Monday and months that begin on the first', () => {
    const set = at('2025-01-05T10:00:00Z', '2025-01-06T10:00:00Z', '2025-02-01T10:00:00Z')
    expect(stretches(set, {}, { unit: 'week' })).toEqual([
      ['2024-12-30T00', 1, 'partial'],
      ['2025-01-06T00', 1],
      ['2025-01-13T00', 0],
      ['2025-01-20T00', 0],
      ['2025-01-27T00', 1, 'partial'],
    ])
    expect(stretches(set, {}, { unit: 'month' })).toEqual([
      ['2025-01-01T00', 2, 'partial'],
      ['2025-02-01T00', 1, 'partial'],
    ])
  })

  it('counts before 1970 as well', () => {
    const set = at('1969-11-30T23:00:00Z', '1969-12-31T23:00:00Z', '1970-01-01T01:00:00Z')
    expect(stretches(set, {}, { unit: 'month' })).toEqual([
      ['1969-11-01T00', 1, 'partial'],
      ['1969-12-01T00', 1],
      ['1970-01-01T00', 1, 'partial'],
    ])
    expect(stretches(set, {}, { unit: 'week' })).toHaveLength(6)
    expect(stretches(set, {}, { unit: 'day' })).toHaveLength(33)
  })

  it('ends a preset with the newest hour and begins it so many hours before, both known in part', () => {
    const set = at('2025-01-01T09:00:00Z', '2025-01-02T09:40:00Z', '2025-01-03T09:30:00Z')
    const made = stretches(set, { period: '24h' })
    expect(made).toHaveLength(25)
    expect([made[0], made[1], made.at(-1)]).toEqual([
      ['2025-01-02T09', 1, 'partial'],
      ['2025-01-02T10', 0],
      ['2025-01-03T09', 1, 'partial'],
    ])
  })

  it('is in seven whole days, and ends before the one that may not be over', () => {
    const set = at('2024-12-01T00:00:00Z', '2025-01-01T12:30:00Z', '2025-01-08T12:00:00Z')
    const made = stretches(set, { period: '7d' })
    expect([made.length, made[0], made.at(-1)]).toEqual([7, ['2025-01-01T00', 1], ['2025-01-07T00', 0]])
  })

  it('marks the weeks that a period cuts, at both ends', () => {
    const set = at('2025-01-01T10:00:00Z', '2025-03-01T10:00:00Z')
    const period = { from: '2025-01-08', to: '2025-01-22' }
    expect(stretches(set, { period }, { unit: 'week' })).toEqual([
      ['2025-01-06T00', 0, 'partial'],
      ['2025-01-13T00', 0],
      ['2025-01-20T00', 0, 'partial'],
    ])
  })

  it('lays weeks under weeks, where whole weeks lie between the periods', () => {
    const set = at('2024-01-10T10:00:00Z', '2025-01-08T10:00:00Z', '2025-01-20T10:00:00Z')
    const period = { from: '2025-01-06', to: '2025-01-19' }
    const { buckets } = callTimeline(selectCalls(set, { period, compare: 'year' }), { unit: 'week' })
    expect(buckets.map(({ calls, previous }) => [calls, previous])).toEqual([
      [1, null],
      [0, null],
    ])
    const older = at('2024-01-01T10:00:00Z', '2024-01-10T10:00:00Z', '2025-01-08T10:00:00Z', '2025-01-20T10:00:00Z')
    const laid = callTimeline(selectCalls(older, { period, compare: 'year' }), { unit: 'week' })
    expect(laid.buckets.map(({ calls, previous }) => [calls, previous])).toEqual([
      [1, 1],
      [0, 0],
    ])
  })

  it('has nothing to lay under the leap day', () => {
    const set = at('2023-01-01T10:00:00Z', '2023-02-28T10:00:00Z', '2024-02-28T10:00:00Z', '2024-03-05T10:00:00Z')
    const filter = { period: { from: '2024-02-01', to: '2024-02-29' }, compare: 'year' } as const
    const { buckets } = callTimeline(selectCalls(set, filter))
    expect(buckets.slice(-2).map(({ calls, previous }) => [calls, previous])).toEqual([
      [1, 1],
      [0, null],
    ])
  })

  it('lays the day before under the hours of a preset', () => {
    const set = at('2025-01-01T08:00:00Z', '2025-01-01T20:15:00Z', '2025-01-02T20:40:00Z', '2025-01-03T09:30:00Z')
    const { buckets } = callTimeline(selectCalls(set, { period: '24h' }))
    const evening = buckets.find(({ from }) => from === Date.UTC(2025, 0, 2, 20))
    expect(evening).toMatchObject({ calls: 1, previous: 1 })
    expect(buckets.reduce((sum, { previous }) => sum + (previous ?? 0), 0)).toBe(1)
  })

  it('lays the days before under the days of a preset', () => {
    const set = at('2024-12-01T00:00:00Z', '2024-12-30T12:30:00Z', '2025-01-06T12:30:00Z', '2025-01-08T12:00:00Z')
    const { buckets } = callTimeline(selectCalls(set, { period: '7d' }))
    expect(buckets.find(({ from }) => from === Date.UTC(2025, 0, 6))).toMatchObject({ calls: 1, previous: 1 })
  })

  it.each(['week', 'month'] as const)('lays nothing under a %s, which no whole number of days shifts', (unit) => {
    const set = at('2025-01-01T10:00:00Z', '2025-02-10T10:00:00Z')
    const { buckets } = callTimeline(selectCalls(set, { period: { from: '2025-02-01', to: '2025-02-10' } }), { unit })
    expect(buckets.map(({ previous }) => previous)).toEqual(buckets.map(() => null))
  })

  it('shows all time where it is asked to, whatever the period', () => {
    const set = at('2025-01-01T10:00:00Z', '2025-01-03T10:00:00Z', '2025-01-05T10:00:00Z')
    const period = { from: '2025-01-05', to: '2025-01-05' }
    const { buckets, unit } = callTimeline(selectCalls(set, { period }), { span: 'always' })
    expect([unit, buckets.map(({ calls }) => calls)]).toEqual(['day', [1, 0, 1, 0, 1]])
    expect(buckets.every(({ previous }) => previous === null)).toBe(true)
    expect(stretches(set, { period: '24h' }, { span: 'always' })[0]).toEqual(['2025-01-01T00', 1])
  })

  it('reaches to the days of a period that has no calls at its ends', () => {
    const set = at('2025-01-03T10:00:00Z')
    expect(stretches(set, { period: { from: '2025-01-01', to: '2025-01-04' } })).toEqual([
      ['2025-01-01T00', 0],
      ['2025-01-02T00', 0],
      ['2025-01-03T00', 1, 'partial'],
      ['2025-01-04T00', 0, 'partial'],
    ])
  })

  it('has no stretch without calls', () => {
    expect(callTimeline(selectCalls(setOf(), {}))).toEqual({ unit: 'hour', buckets: [] })
    expect(callTimeline(selectCalls(setOf(), { period: '90d' })).buckets).toEqual([])
  })
})
