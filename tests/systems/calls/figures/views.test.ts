import { describe, expect, it } from 'vitest'
import { wilsonInterval } from '../../../../src/aggregate/intervals.ts'
import { percentiles } from '../../../../src/aggregate/percentiles.ts'
import { callsBy } from '../../../../src/systems/calls/figures/breakdown.ts'
import { contactFigures } from '../../../../src/systems/calls/figures/customers.ts'
import { callDurations } from '../../../../src/systems/calls/figures/durations.ts'
import { callFrame } from '../../../../src/systems/calls/figures/frame.ts'
import { callHeatMap } from '../../../../src/systems/calls/figures/heat-map.ts'
import { average, callKpis, outcomeFlags } from '../../../../src/systems/calls/figures/kpis.ts'
import { agentLeaderboard } from '../../../../src/systems/calls/figures/leaderboard.ts'
import { type CallsManifest, isCallsManifest } from '../../../../src/systems/calls/figures/manifest.ts'
import { summarizeCalls } from '../../../../src/systems/calls/figures/report.ts'
import { selectCalls } from '../../../../src/systems/calls/figures/selection.ts'
import { summarizeCallSet } from '../../../../src/systems/calls/figures/summary.ts'
import { setOf } from '../tables.ts'

const hour = (index: number) => new Date(Date.UTC(2025, 0, 1, index)).toISOString()
/** So many calls an hour apart, all alike but for what `rest` says. */
const calls = (count: number, rest: Partial<Parameters<typeof setOf>[0]> = {}, first = 0) =>
  Array.from({ length: count }, (_, index) => ({ at: hour(first + index), ...rest }))

describe('callsBy', () => {
  it('has every figure of a member', () => {
    const set = setOf(
      { at: hour(0), minutes: 2, rating: 5, resolution: 'RESOLVED' },
      { at: hour(1), minutes: 3, rating: 4, resolution: 'Escalated' },
      { at: hour(2), minutes: 4, resolution: 'resolved' },
      { at: hour(3), minutes: 9, agent_id: 'A2', resolution: 'open', rating: 1 },
    )
    expect(callsBy(selectCalls(set), 'region')).toEqual([
      {
        member: 'North',
        calls: 3,
        share: 0.75,
        resolved: 2,
        escalations: 1,
        resolution_rate: 2 / 3,
        average_handle_minutes: 3,
        rated: 2,
        average_rating: 4.5,
      },
      {
        member: 'South',
        calls: 1,
        share: 0.25,
        resolved: 0,
        escalations: 0,
        resolution_rate: 0,
        average_handle_minutes: 9,
        rated: 1,
        average_rating: 1,
      },
    ])
  })

  it('puts the member with most calls first, equals by name, and none last among equals', () => {
    const issues = ['b', null, 'a', 'c', 'c']
    const set = setOf(...issues.map((issue_type, index) => ({ at: hour(index), issue_type })))
    expect(callsBy(selectCalls(set), 'issue').map(({ member }) => member)).toEqual(['c', 'a', 'b', null])
    const reverse = setOf(...issues.toReversed().map((issue_type, index) => ({ at: hour(index), issue_type })))
    expect(callsBy(selectCalls(reverse), 'issue').map(({ member }) => member)).toEqual(['c', 'a', 'b', null])
  })

  it('keeps ratings, weekdays and hours in their own order, and leaves out what no call has', () => {
    const set = setOf(
      { at: hour(9), rating: 2 },
      { at: hour(33), rating: null },
      { at: hour(4), rating: 5 },
      { at: hour(33 + 96), rating: 5 },
      { at: hour(33 + 144), rating: 5 },
      { at: hour(3), rating: null },
    )
    const membersBy = (dimension: 'rating' | 'weekday' | 'hour') =>
      callsBy(selectCalls(set), dimension).map(({ member, calls }) => [member, calls])
    expect(membersBy('rating')).toEqual([
      ['2', 1],
      ['5', 3],
      [null, 2],
    ])
    expect(membersBy('weekday')).toEqual([
      ['Mon', 1],
      ['Wed', 4],
      ['Thu', 1],
    ])
    expect(membersBy('hour')).toEqual([
      ['03', 1],
      ['04', 1],
      ['09', 4],
    ])
  })

  it('has null for the share of nothing', () => {
    const figures = callsBy(selectCalls(setOf({ at: hour(0) }), { region: ['West'] }), 'issue')
    expect(figures).toMatchObject([{ member: 'billing', calls: 0, share: null, average_handle_minutes: null }])
  })
})

describe('agentLeaderboard', () => {
  it('places agents by what is sure of their rate, then by calls, then by id', () => {
    const set = setOf(
      ...calls(10, { agent_id: 'A2' }),
      ...calls(10, { agent_id: 'A1' }, 10),
      ...calls(20, { agent_id: 'A9' }, 20),
      ...calls(12, { agent_id: 'A7', resolution: 'open' }, 40),
      ...calls(15, { agent_id: 'A5', resolution: 'open' }, 60),
    )
    expect(agentLeaderboard(selectCalls(set)).map(({ member, place }) => [member, place])).toEqual([
      ['A9', 1],
      ['A1', 2],
      ['A2', 3],
      ['A5', 4],
      ['A7', 5],
    ])
  })

  it('shows agents with too few calls behind, most calls first, and none without a call', () => {
    const set = setOf(
      ...calls(9, { agent_id: 'A1', resolution: 'open' }),
      ...calls(3, { agent_id: 'A2' }, 10),
      ...calls(3, { agent_id: null, resolution: 'open' }, 20),
      ...calls(10, { agent_id: 'A9' }, 30),
    )
    const board = agentLeaderboard(selectCalls(set))
    expect(board.map(({ member, calls, place }) => [member, calls, place])).toEqual([
      ['A9', 10, 1],
      ['A1', 9, null],
      ['A2', 3, null],
      [null, 3, null],
    ])
    expect(board[0]).toMatchObject({ agent_name: 'Unknown', region: 'Unknown', share: 0.4 })
    expect(board[0]?.interval).toEqual(wilsonInterval(10, 10))
    const named = agentLeaderboard(selectCalls(set, { agent: ['A1'], region: ['North'] }))
    expect(named.map(({ member }) => member)).toEqual(['A1'])
  })

  it.each([
    ['A1', 'A2'],
    ['A2', 'A1'],
  ])('orders equals by id, %s before %s in the set or not', (first, second) => {
    const equal = setOf(...calls(10, { agent_id: first }), ...calls(10, { agent_id: second }, 10))
    expect(agentLeaderboard(selectCalls(equal)).map(({ member }) => member)).toEqual(['A1', 'A2'])
  })

  it('orders agents with too few calls by how many they have', () => {
    const few = setOf(
      ...calls(1, { agent_id: 'A1' }),
      ...calls(3, { agent_id: 'A2' }, 5),
      ...calls(2, { agent_id: 'A9' }, 9),
    )
    expect(agentLeaderboard(selectCalls(few)).map(({ member }) => member)).toEqual(['A2', 'A9', 'A1'])
  })

  it('asks for as many calls as it is told', () => {
    const set = setOf(...calls(3, { agent_id: 'A1' }), ...calls(2, { agent_id: 'A2' }, 5))
    expect(agentLeaderboard(selectCalls(set), { minimumCalls: 3 }).map(({ place }) => place)).toEqual([1, null])
  })
})

describe('callDurations', () => {
  it('puts a duration on an edge into the bin that begins there', () => {
    const set = setOf(...[0.05, 0.1, 0.15, 0.3, 0.35, 0.6].map((minutes, index) => ({ at: hour(index), minutes })))
    const bins = callDurations(selectCalls(set))
    const held = bins.filter(({ calls }) => calls > 0)
    expect(held.map(({ from }) => from)).toEqual([0.05, 0.1, 0.15, 0.3, 0.35, 0.6])
    expect(bins[0]).toEqual({ from: 0, to: 0.05, calls: 0 })
    expect(bins.at(-1)).toMatchObject({ to: null })
    for (const [index, { to }] of bins.slice(0, -1).entries()) expect(to).toBe(bins[index + 1]?.from)
  })

  it('looks past the filter on minutes, and past no other', () => {
    const set = setOf({ at: hour(0), minutes: 1 }, { at: hour(1), minutes: 2, agent_id: 'A2' })
    const total = (filter: object) => callDurations(selectCalls(set, filter)).reduce((sum, { calls }) => sum + calls, 0)
    expect([total({ minutes: { to: 1.5 } }), total({ region: ['South'] })]).toEqual([2, 1])
  })
})

describe('callHeatMap', () => {
  it('looks past weekday and hour, and past no other filter', () => {
    const set = setOf({ at: hour(0) }, { at: hour(0), agent_id: 'A2' }, { at: hour(25) })
    const held = (filter: object) => callHeatMap(selectCalls(set, filter)).filter((cell) => cell.calls > 0)
    const all = [
      { weekday: 'Wed', hour: '00', calls: 2 },
      { weekday: 'Thu', hour: '01', calls: 1 },
    ]
    expect(held({ weekday: ['Mon'], hour: ['05'] })).toEqual(all)
    expect(held({ region: ['South'] })).toEqual([{ weekday: 'Wed', hour: '00', calls: 1 }])
  })
})

describe('callKpis', () => {
  it('say how each figure changed, null where either period has none', () => {
    const set = setOf(
      { at: '2025-01-01T00:00:00Z' },
      { at: '2025-01-08T10:00:00Z', minutes: 4, resolution: 'escalated', rating: 4 },
      { at: '2025-01-09T10:00:00Z', minutes: 6 },
      { at: '2025-01-09T11:00:00Z', minutes: 2 },
      { at: '2025-01-10T11:00:00Z' },
    )
    const { previous, change } = callKpis(selectCalls(set, { period: { from: '2025-01-09', to: '2025-01-09' } }))
    expect(previous).toMatchObject({ calls: 1, resolved: 0, escalations: 1, average_handle_minutes: 4 })
    expect(change).toMatchObject({
      calls: { difference: 1, relative: 1 },
      resolved: { difference: 2, relative: null },
      escalations: { difference: -1, relative: -1 },
      resolution_rate: { difference: 1, relative: null },
      average_handle_minutes: { difference: 0, relative: 0 },
      average_rating: { difference: null, relative: null },
    })
  })

  it('add durations and ratings as whole millionths, whatever their order', () => {
    const minutes = [0.1, 0.2, 0.3, 0.7, 1.1]
    const mean = (order: readonly number[]) =>
      callKpis(selectCalls(setOf(...order.map((one, index) => ({ at: hour(index), minutes: one, rating: one + 1 })))))
        .current
    expect(mean(minutes)).toMatchObject({ average_handle_minutes: 0.48, average_rating: 1.48 })
    expect(mean(minutes.toReversed())).toMatchObject({ average_handle_minutes: 0.48, average_rating: 1.48 })
  })

  it('tell outcomes by member', () => {
    const set = setOf(
      ...['Resolved', 'open', 'ESCALATED', null].map((resolution, index) => ({ at: hour(index), resolution })),
    )
    expect(set.dimensions.resolution.members).toEqual(['Resolved', 'open', 'ESCALATED', null])
    expect([...outcomeFlags(set, 'resolved')]).toEqual([1, 0, 0, 0])
    expect([...outcomeFlags(set, 'escalated')]).toEqual([0, 0, 1, 0])
    expect([average(3e6, 2), average(0, 0)]).toEqual([1.5, null])
  })
})

describe('contactFigures', () => {
  it('count a customer once, however often they call', () => {
    const set = setOf(...['K1', 'K1', 'K1', 'K2'].map((customer_id, index) => ({ at: hour(index), customer_id })))
    expect(contactFigures(selectCalls(set))).toEqual({
      customers: 2,
      repeat_calls: 2,
      repeat_rate: 0.5,
      first_contact_resolution: 0.5,
    })
    expect(contactFigures(selectCalls(set, { hour: ['01'] }))).toEqual({
      customers: 1,
      repeat_calls: 1,
      repeat_rate: 1,
      first_contact_resolution: null,
    })
  })
})

describe('percentiles', () => {
  it('are those of sorted numbers for every order of a few, equal ones among them', () => {
    const numbers = [5, 1, 4, 1, 3, 3, 2, 9]
    const shares = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1]
    const sorted = numbers.toSorted((a, b) => a - b)
    const expected = shares.map((share) => {
      const place = share * (sorted.length - 1)
      const [low, high] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0]
      return low + (high - low) * (place - Math.floor(place))
    })
    for (let turn = 0; turn < numbers.length; turn++) {
      const turned = [...numbers.slice(turn), ...numbers.slice(0, turn)]
      expect(percentiles(Float64Array.from(turned), shares)).toEqual(expected)
      expect(percentiles(Float64Array.from(turned.toReversed()), shares)).toEqual(expected)
    }
  })

  it('leave the numbers as they are', () => {
    const numbers = Float64Array.of(3, 1, 2)
    percentiles(numbers, [0.5])
    expect(numbers).toEqual(Float64Array.of(3, 1, 2))
  })
})

describe('wilsonInterval', () => {
  it('begins at 0 for none and ends at 1 for all, of however many', () => {
    for (let trials = 1; trials < 500; trials++) {
      expect(wilsonInterval(0, trials)?.low).toBe(0)
      expect(wilsonInterval(trials, trials)?.high).toBe(1)
    }
  })

  it('lies around the share, and narrows with less confidence', () => {
    expect(wilsonInterval(0, 5)?.high).toBeCloseTo(0.4345, 4)
    expect(wilsonInterval(5, 10, 1)).toEqual({ low: expect.closeTo(0.3492, 4), high: expect.closeTo(0.6508, 4) })
  })
})

describe('isCallsManifest', () => {
  const hash = 'a'.repeat(64)
  const manifest: CallsManifest = {
    path: 'calls.parquet',
    file_mtime: '2025-01-01T00:00:00Z',
    file_size: 10,
    sha256: hash,
    row_count: 1,
    columns: ['call_id'],
    time_zone: 'UTC',
    generated_at: '2025-01-01T00:00:00Z',
    content_hash: hash,
  }

  it('takes a whole manifest, whatever else it says', () => {
    expect(isCallsManifest({ ...manifest, by: 'hand' })).toBe(true)
  })

  it.each([null, undefined, 7, 'manifest', [], {}])('takes no %j for one', (value) => {
    expect(isCallsManifest(value)).toBe(false)
  })

  it.each(Object.keys(manifest))('misses %s, and sees that it is of another kind', (name) => {
    expect(isCallsManifest({ ...manifest, [name]: undefined })).toBe(false)
    expect(isCallsManifest({ ...manifest, [name]: true })).toBe(false)
  })

  it.each([
    { sha256: `${hash}b` },
    { sha256: `x${hash}` },
    { content_hash: hash.slice(1) },
    { content_hash: hash.toUpperCase() },
    { columns: ['call_id', 7] },
    { row_count: 0.5 },
    { file_size: Number.NaN },
  ])('refuses %j', (change) => {
    expect(isCallsManifest({ ...manifest, ...change })).toBe(false)
  })
})

describe('summarizeCalls', () => {
  it('is the summary of the calls that a table holds', () => {
    const set = setOf({ at: hour(0) }, { at: hour(1), agent_id: 'A2' })
    const options = { minimumCalls: 1 }
    const filter = { region: ['South'] }
    expect(summarizeCalls(callFrame(set, Int32Array.of(0, 1)), filter, options)).toEqual(
      summarizeCallSet(set, filter, options),
    )
  })
})

describe('summarizeCallSet', () => {
  const set = setOf(
    { at: '2025-01-01T09:00:00Z' },
    { at: '2025-01-02T09:00:00Z', agent_id: 'A2', rating: 3 },
    { at: '2025-01-03T09:00:00.5Z', agent_id: 'A2' },
  )

  it('tells 24 hours in instants and days in days', () => {
    expect(summarizeCallSet(set, { period: '24h' })).toMatchObject({
      total_calls: 3,
      period: { from: '2025-01-02T09:00:00.500Z', to: '2025-01-03T09:00:00.500Z' },
      previous_period: { from: '2025-01-01T09:00:00.500Z', to: '2025-01-02T09:00:00.500Z' } as object,
      kpis: { calls: 1 },
      previous_kpis: { calls: 1 },
      change: { calls: { difference: 0, relative: 0, told: 0, verdict: 'same' } },
    })
    expect(summarizeCallSet(set, { period: { from: '2025-01-02' } })).toMatchObject({
      period: { from: '2025-01-02', to: '2025-01-03' },
      previous_period: null,
    })
    expect(summarizeCallSet(set)).toMatchObject({ period: null, previous_period: null, change: null })
  })

  it('holds every view of the selection', () => {
    const filter = { region: ['South'] }
    const selection = selectCalls(set, filter)
    const summary = summarizeCallSet(set, filter, { minimumCalls: 2 })
    expect(summary).toMatchObject({
      filter,
      contacts: contactFigures(selection),
      durations: callDurations(selection),
      by_region: callsBy(selection, 'region'),
      by_issue: callsBy(selection, 'issue'),
      by_resolution: callsBy(selection, 'resolution'),
      by_rating: callsBy(selection, 'rating'),
      heat_map: callHeatMap(selection),
      agents: [{ member: 'A2', place: 1 }],
    })
    expect(summary.timeline.unit).toBe('day')
    expect(summary.timeline.stretches).toEqual([
      { from: '2025-01-01T00:00:00', calls: 0, previous: null, is_partial: false },
      { from: '2025-01-02T00:00:00', calls: 1, previous: null, is_partial: false },
      { from: '2025-01-03T00:00:00', calls: 1, previous: null, is_partial: true },
    ])
  })
})
