import { describe, expect, it } from 'vitest'
import { wilsonInterval } from '../../../../src/aggregate/intervals.ts'
import { percentiles } from '../../../../src/aggregate/percentiles.ts'
import { callAnomalies } from '../../../../src/systems/calls/figures/anomalies.ts'
import { callsBy } from '../../../../src/systems/calls/figures/breakdown.ts'
import { contactFigures } from '../../../../src/systems/calls/figures/customers.ts'
import { callDurations } from '../../../../src/systems/calls/figures/durations.ts'
import { callHeatMap } from '../../../../src/systems/calls/figures/heat-map.ts'
import { callKpis } from '../../../../src/systems/calls/figures/kpis.ts'
import { agentLeaderboard } from '../../../../src/systems/calls/figures/leaderboard.ts'
import { filterFromQuery, filterToQuery } from '../../../../src/systems/calls/figures/query.ts'
import { selectCalls, selectedRows } from '../../../../src/systems/calls/figures/selection.ts'
import { summarizeCallSet } from '../../../../src/systems/calls/figures/summary.ts'
import { callTimeline, timelineUnit } from '../../../../src/systems/calls/figures/timeline.ts'
import { setOf } from '../tables.ts'

describe('callKpis', () => {
  it('counts, averages and takes percentiles', () => {
    const set = setOf(
      { at: '2025-01-01T10:00:00Z', minutes: 2, resolution: 'Resolved', rating: 5 },
      { at: '2025-01-01T11:00:00Z', minutes: 4, resolution: 'escalated', rating: 2 },
      { at: '2025-01-01T12:00:00Z', minutes: 9, resolution: 'open' },
    )
    expect(callKpis(selectCalls(set)).current).toEqual({
      calls: 3,
      resolved: 1,
      escalations: 1,
      rated: 2,
      resolution_rate: 1 / 3,
      average_handle_minutes: 5,
      median_minutes: 4,
      p90_minutes: 8,
      average_rating: 3.5,
    })
  })

  it('have null, never 0 or NaN, where there is nothing to divide by', () => {
    expect(callKpis(selectCalls(setOf())).current).toEqual({
      calls: 0,
      resolved: 0,
      escalations: 0,
      rated: 0,
      resolution_rate: null,
      average_handle_minutes: null,
      median_minutes: null,
      p90_minutes: null,
      average_rating: null,
    })
  })

  it('compare the last 24 hours with those before them, counted back from the newest call', () => {
    const set = setOf(
      { at: '2024-12-30T12:00:00Z' },
      { at: '2024-12-31T13:00:00Z' },
      { at: '2024-12-31T14:00:00Z' },
      // exactly 24 hours before the newest: in the span before
      { at: '2025-01-01T12:00:00Z' },
      { at: '2025-01-01T12:00:01Z' },
      { at: '2025-01-02T12:00:00Z' },
    )
    const { current, previous, change } = callKpis(selectCalls(set, { period: '24h' }))
    expect([current.calls, previous?.calls]).toEqual([2, 3])
    expect(change?.calls).toMatchObject({ difference: -1, relative: -1 / 3, told: -33.3 })
  })

  it('compare with nothing when the data begins after the previous period does', () => {
    const set = setOf({ at: '2025-01-08T10:00:00Z' }, { at: '2025-01-20T10:00:00Z' }, { at: '2025-01-21T10:00:00Z' })
    const report = (from: string, to: string) => callKpis(selectCalls(set, { period: { from, to } }))
    expect(report('2025-01-15', '2025-01-20').previous).toMatchObject({ calls: 0 })
    expect(report('2025-01-15', '2025-01-20').change?.calls).toMatchObject({
      difference: 1,
      relative: null,
      told: null,
    })
    expect(report('2025-01-14', '2025-01-20').previous).toBeNull()
    expect(callKpis(selectCalls(set)).previous).toBeNull()
  })
})

describe('selectCalls', () => {
  const set = setOf(
    { at: '2025-01-01T09:00:00Z', agent_id: 'A1', issue_type: 'billing', rating: 5 },
    { at: '2025-01-01T10:00:00Z', agent_id: 'A2', issue_type: null, rating: 4.5, minutes: 12 },
    { at: '2025-01-04T10:30:00Z', agent_id: 'A9', issue_type: 'outage', rating: 7 },
  )
  it.each([
    ['nothing', {}, [0, 1, 2]],
    ['an empty list', { region: [] }, [0, 1, 2]],
    ['a region', { region: ['South', 'Unknown'] }, [1, 2]],
    ['no issue', { issue: [null] }, [1]],
    ['an agent', { agent: ['A1'] }, [0]],
    ['a rating, to the nearest star', { rating: ['5'] }, [0, 1]],
    ['a rating that cannot be', { rating: ['other'] }, [2]],
    ['a weekday', { weekday: ['Sat'] }, [2]],
    ['an hour', { hour: ['10'] }, [1, 2]],
    ['minutes from, and without the end', { minutes: { from: 2, to: 12 } }, [0, 2]],
    ['days, both inside', { period: { from: '2025-01-01', to: '2025-01-03' } }, [0, 1]],
    ['several at once', { hour: ['10'], region: ['Unknown'] }, [2]],
    ['a member that is not there', { region: ['West'] }, []],
  ] as const)('narrows by %s', (_, filter, rows) => {
    expect([...selectedRows(selectCalls(set, filter))]).toEqual(rows)
  })

  it('refuses a period that ends before it begins', () => {
    expect(() => selectCalls(set, { period: { from: '2025-01-02', to: '2025-01-01' } })).toThrowError(
      expect.objectContaining({ code: 'invalid_option' }),
    )
  })
})

describe('callsBy', () => {
  it('looks past the filter on its own dimension, so that what is not chosen stays in sight', () => {
    const set = setOf(
      { at: '2025-01-01T09:00:00Z', issue_type: 'billing' },
      { at: '2025-01-01T10:00:00Z', issue_type: 'outage', resolution: 'escalated' },
      { at: '2025-01-01T11:00:00Z', issue_type: 'outage' },
      { at: '2025-01-01T12:00:00Z', issue_type: null, agent_id: 'A2' },
    )
    const figures = callsBy(selectCalls(set, { issue: ['billing'], region: ['North'] }), 'issue')
    expect(figures.map(({ member, calls, share, resolution_rate }) => [member, calls, share, resolution_rate])).toEqual(
      [
        ['outage', 2, 2 / 3, 0.5],
        ['billing', 1, 1 / 3, 1],
        [null, 0, 0, null],
      ],
    )
  })
})

describe('callTimeline', () => {
  it('chooses hours, days, weeks or months by the length of the period', () => {
    expect([1, 2, 3, 124, 125, 731, 732].map(timelineUnit)).toEqual([
      'hour',
      'hour',
      'day',
      'day',
      'week',
      'week',
      'month',
    ])
  })

  it('lays the previous period under the current one, but not under a day that may not be over', () => {
    const set = setOf(
      { at: '2025-01-01T10:00:00Z' },
      { at: '2025-01-03T10:00:00Z' },
      { at: '2025-01-04T10:00:00Z' },
      { at: '2025-01-06T10:00:00Z' },
      { at: '2025-01-06T11:00:00Z' },
    )
    const { unit, buckets } = callTimeline(selectCalls(set, { period: { from: '2025-01-04', to: '2025-01-06' } }))
    expect(unit).toBe('day')
    expect(buckets.map(({ calls, previous, isPartial }) => [calls, previous, isPartial])).toEqual([
      [1, 1, false],
      [0, 0, false],
      [2, null, true],
    ])
  })
})

describe('callDurations', () => {
  it('keeps its bins whatever is filtered, the last one open', () => {
    const set = setOf(
      { at: '2025-01-01T10:00:00Z', minutes: 1 },
      { at: '2025-01-01T11:00:00Z', minutes: 9.5, resolution: 'open' },
    )
    const bins = (filter: object) => callDurations(selectCalls(set, filter))
    expect(bins({}).filter(({ calls }) => calls > 0)).toEqual([
      { from: 1, to: 1.5, calls: 1 },
      { from: 9.5, to: null, calls: 1 },
    ])
    expect(bins({ resolution: ['open'] }).map(({ from }) => from)).toEqual(bins({}).map(({ from }) => from))
  })
})

describe('callHeatMap', () => {
  it('has 168 hours, Monday first', () => {
    const cells = callHeatMap(selectCalls(setOf({ at: '2025-01-06T00:10:00Z' }, { at: '2025-01-05T23:10:00Z' })))
    expect(cells).toHaveLength(168)
    expect(cells.filter(({ calls }) => calls > 0)).toEqual([
      { weekday: 'Mon', hour: '00', calls: 1 },
      { weekday: 'Sun', hour: '23', calls: 1 },
    ])
  })
})

describe('agentLeaderboard', () => {
  it('does not let one lucky call lead', () => {
    const busy = Array.from({ length: 10 }, (_, index) => ({
      at: `2025-01-01T10:0${index}:00Z`,
      agent_id: 'A2',
      resolution: index === 0 ? 'open' : 'resolved',
    }))
    const set = setOf({ at: '2025-01-01T09:00:00Z', agent_id: 'A1' }, ...busy)
    const places = (minimumCalls?: number) =>
      agentLeaderboard(selectCalls(set), minimumCalls === undefined ? {} : { minimumCalls }).map(
        ({ agent_name, place }) => [agent_name, place],
      )
    expect(places()).toEqual([
      ['Ben Cole', 1],
      ['Ada Brook', null],
    ])
    // nor with the minimum taken away: 9 of 10 is surer than 1 of 1
    expect(places(1)).toEqual([
      ['Ben Cole', 1],
      ['Ada Brook', 2],
    ])
  })
})

describe('callAnomalies', () => {
  it('finds the call that ran all night, two calls at once, and the rating that cannot be', () => {
    const usual = Array.from({ length: 40 }, (_, index) => ({
      at: `2025-01-${String((index % 28) + 1).padStart(2, '0')}T${index < 28 ? '10' : '11'}:00:00Z`,
      minutes: 4 + (index % 5),
    }))
    const set = setOf(
      ...usual,
      { at: '2025-02-01T10:00:00Z', minutes: 900, agent_id: 'A2' },
      { at: '2025-02-01T12:00:00Z', agent_id: 'A2' },
      { at: '2025-02-02T12:00:00Z', agent_id: 'A2', rating: 55 },
    )
    expect(callAnomalies(set)).toEqual([
      { anomaly: 'duration_outlier', row: 40, other: null },
      { anomaly: 'agent_overlap', row: 41, other: 40 },
      { anomaly: 'rating_out_of_range', row: 42, other: null },
    ])
  })
})

describe('contactFigures', () => {
  it('counts customers, those who call again within a week, and issues that one call settled', () => {
    const set = setOf(
      { at: '2025-01-01T10:00:00Z', customer_id: 'K1' },
      { at: '2025-01-08T10:00:00Z', customer_id: 'K1' },
      { at: '2025-01-20T10:00:00Z', customer_id: 'K1' },
      { at: '2025-01-02T10:00:00Z', customer_id: 'K2', resolution: 'open' },
      { at: '2025-01-03T10:00:00Z', customer_id: null },
    )
    // K1's second call is a repeat, so the first did not settle it; the third stands alone
    expect(contactFigures(selectCalls(set))).toEqual({
      customers: 2,
      repeat_calls: 1,
      repeat_rate: 0.25,
      first_contact_resolution: 1 / 3,
    })
    expect(contactFigures(selectCalls(set, { issue: ['none'] }))).toEqual({
      customers: 0,
      repeat_calls: 0,
      repeat_rate: null,
      first_contact_resolution: null,
    })
  })
})

describe('percentiles', () => {
  it('are those of sorted numbers, by straight line', () => {
    expect(percentiles(Float64Array.of(7), [0.5, 0.9])).toEqual([7, 7])
    expect(percentiles(Float64Array.of(3, 1, 2), [0, 0.5, 1])).toEqual([1, 2, 3])
    expect(percentiles(new Float64Array(0), [0.5])).toEqual([null])
    const ramp = Float64Array.from({ length: 1001 }, (_, index) => (index * 613) % 1001)
    expect(percentiles(ramp, [0.25, 0.5, 0.9, 0.99])).toEqual([250, 500, 900, 990])
  })
})

describe('wilsonInterval', () => {
  it('says little of few and much of many', () => {
    expect(wilsonInterval(0, 0)).toBeNull()
    expect(wilsonInterval(1, 1)?.low).toBeCloseTo(0.2065, 4)
    expect(wilsonInterval(900, 1000)).toEqual({ low: expect.closeTo(0.8798, 4), high: expect.closeTo(0.9171, 4) })
  })
})

describe('filterFromQuery', () => {
  it('leaves what it does not know alone, and refuses what cannot be', () => {
    expect(filterFromQuery('theme=dark&sort=minutes')).toEqual({})
    expect(filterFromQuery('?period=all&region=North&region=North')).toEqual({ region: ['North'] })
    for (const query of [
      'period=3d',
      'period=2025-02-30..',
      'period=..',
      'minutes=x..1',
      'rating=6',
      'weekday=Someday',
      'hour=24',
    ]) {
      expect(() => filterFromQuery(query), query).toThrowError(expect.objectContaining({ code: 'invalid_option' }))
    }
  })

  it('carries any text of a member', () => {
    const hostile = ['<img src=x>', '&region=x', 'ü 100%', '', '..']
    const region = hostile.map((text) => (text === '' ? null : text))
    expect(filterFromQuery(filterToQuery({ region }))).toEqual({ region })
  })
})

describe('summarizeCallSet', () => {
  it('is plain data without NaN', () => {
    const summary = summarizeCallSet(setOf(), { period: '7d' })
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary)
    expect(summary).toMatchObject({ total_calls: 0, period: null, previous_kpis: null, agents: [] })
  })
})
