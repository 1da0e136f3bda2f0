import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { cleanCalls } from '../../../../src/systems/calls/clean/clean-calls.ts'
import { callsBy } from '../../../../src/systems/calls/figures/breakdown.ts'
import type { CallSet, Member } from '../../../../src/systems/calls/figures/call-set.ts'
import { callDurations } from '../../../../src/systems/calls/figures/durations.ts'
import type { CallFilter } from '../../../../src/systems/calls/figures/filter.ts'
import { callHeatMap } from '../../../../src/systems/calls/figures/heat-map.ts'
import { callKpis } from '../../../../src/systems/calls/figures/kpis.ts'
import { agentLeaderboard } from '../../../../src/systems/calls/figures/leaderboard.ts'
import { CALL_COLUMNS, orderCalls, pageOfCalls } from '../../../../src/systems/calls/figures/order.ts'
import { filterFromQuery, filterToQuery } from '../../../../src/systems/calls/figures/query.ts'
import { callSet } from '../../../../src/systems/calls/figures/report.ts'
import { selectCalls, selectedRows } from '../../../../src/systems/calls/figures/selection.ts'
import { callTimeline } from '../../../../src/systems/calls/figures/timeline.ts'
import { agents, log } from '../tables.ts'

const minute = 60_000
const call = fc.record({
  agent_id: fc.constantFrom('A1', 'A2', 'A9', null),
  at: fc.integer({ min: 0, max: 40 * 24 * 60 }),
  seconds: fc.oneof(fc.integer({ min: 1, max: 1800 }), fc.integer({ min: 1, max: 90_000 })),
  issue_type: fc.constantFrom('billing', 'outage', null),
  resolution: fc.constantFrom('resolved', 'Resolved', 'escalated', 'open', null),
  rating: fc.constantFrom(1, 2, 3.5, 5, 9, null),
})
const sets: fc.Arbitrary<CallSet> = fc.array(call, { maxLength: 40 }).map((rows) => {
  const base = Date.UTC(2025, 1, 10)
  const text = (milliseconds: number) => new Date(milliseconds).toISOString()
  const table = log(
    ...rows.map(({ at, seconds, ...rest }, index) => ({
      ...rest,
      call_id: `c${index}`,
      start_time: text(base + at * minute),
      end_time: text(base + at * minute + seconds * 1000),
    })),
  )
  return callSet(cleanCalls(table, agents, { timeZone: 'America/New_York' }).calls)
})

const some = (...members: Member[]) => fc.option(fc.subarray(members), { nil: undefined })
const day = fc
  .integer({ min: 0, max: 45 })
  .map((offset) => new Date(Date.UTC(2025, 1, 8 + offset)).toISOString().slice(0, 10))
const filters: fc.Arbitrary<CallFilter> = fc
  .record({
    period: fc.option(
      fc.oneof(
        fc.constantFrom('24h' as const, '7d' as const, '28d' as const, '30d' as const),
        fc.tuple(day, day).map(([a, b]) => (a < b ? { from: a, to: b } : { from: b, to: a })),
        day.map((from) => ({ from })),
        day.map((to) => ({ to })),
      ),
      { nil: undefined },
    ),
    compare: fc.option(fc.constantFrom('year' as const, 'none' as const), { nil: undefined }),
    region: some('North', 'South', 'Unknown'),
    issue: some('billing', 'outage', null),
    agent: some('A1', 'A9', null),
    resolution: some('resolved', 'Resolved', 'escalated', null),
    rating: some('1', '4', 'other', null),
    weekday: some('Mon', 'Sat'),
    hour: some('00', '09', '23'),
    minutes: fc.option(fc.constantFrom({ from: 2 }, { to: 10 }, { from: 0.5, to: 20.25 }), { nil: undefined }),
  })
  // a filter leaves out what it does not narrow
  .map((filter) => Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as CallFilter)

const DAYS = { '7d': 7, '28d': 28, '30d': 30, '90d': 90, '91d': 91 }
const dayText = (days: number) => new Date(days * 86_400_000).toISOString().slice(0, 10)

/** The filter written down naively: one call, one answer. */
function passes(set: CallSet, row: number, filter: CallFilter): boolean {
  const { period, minutes } = filter
  if (period === '24h') {
    if ((set.start[row] as number) <= set.newest - 24 * 3_600_000) return false
  } else if (typeof period === 'string') {
    const before = Math.max(...set.day) - (set.day[row] as number)
    if (before < 1 || before > DAYS[period]) return false
  } else if (period !== undefined) {
    const on = dayText(set.day[row] as number)
    if ((period.from ?? '') > on || on > (period.to ?? '9999')) return false
  }
  const duration = set.minutes[row] as number
  if (duration < (minutes?.from ?? 0) || duration >= (minutes?.to ?? Number.POSITIVE_INFINITY)) return false
  return Object.entries(set.dimensions).every(([name, { codes, members }]) => {
    const chosen = filter[name as keyof typeof set.dimensions]
    return !chosen?.length || chosen.includes(members[codes[row] as number] ?? null)
  })
}

const without = <Name extends keyof CallFilter>(filter: CallFilter, ...names: Name[]): CallFilter =>
  Object.fromEntries(Object.entries(filter).filter(([name]) => !names.includes(name as Name)))
const rowsThat = (set: CallSet, filter: CallFilter) =>
  Array.from({ length: set.rows }, (_, row) => row).filter((row) => passes(set, row, filter))
const memberOf = (set: CallSet, dimension: keyof CallSet['dimensions'], row: number) =>
  set.dimensions[dimension].members[set.dimensions[dimension].codes[row] as number] ?? null
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

function percentile(sorted: readonly number[], share: number): number | null {
  if (sorted.length === 0) return null
  const place = share * (sorted.length - 1)
  const [low, high] = [sorted[Math.floor(place)] as number, sorted[Math.ceil(place)] as number]
  return low + (high - low) * (place - Math.floor(place))
}

describe('selectCalls', () => {
  test.prop([sets, filters])('selects what the filter says, call by call', (set, filter) => {
    expect([...selectedRows(selectCalls(set, filter))]).toEqual(rowsThat(set, filter))
  })

  test.prop([sets, filters, filters])(
    'gives the same selection with and without the one before',
    (set, first, second) => {
      const before = selectCalls(set, first)
      expect(selectCalls(set, second, before).failed).toEqual(selectCalls(set, second).failed)
      expect(before.failed).toEqual(selectCalls(set, first).failed)
    },
  )
})

describe('callKpis', () => {
  test.prop([sets, filters])('are sums, means and percentiles of the selected calls', (set, filter) => {
    const rows = rowsThat(set, filter)
    const durations = rows.map((row) => set.minutes[row] as number).sort((a, b) => a - b)
    const ratings = rows.map((row) => set.rating[row] as number).filter((rating) => !Number.isNaN(rating))
    const outcomes = rows.map((row) => memberOf(set, 'resolution', row)?.toLowerCase())
    const { current } = callKpis(selectCalls(set, filter))
    const resolved = outcomes.filter((outcome) => outcome === 'resolved').length
    expect(current).toMatchObject({
      calls: rows.length,
      resolved,
      escalations: outcomes.filter((outcome) => outcome === 'escalated').length,
      rated: ratings.length,
      resolution_rate: rows.length === 0 ? null : resolved / rows.length,
      median_minutes: percentile(durations, 0.5),
      p90_minutes: percentile(durations, 0.9),
    })
    if (rows.length === 0) expect(current.average_handle_minutes).toBeNull()
    else expect(current.average_handle_minutes).toBeCloseTo(sum(durations) / rows.length, 9)
    if (ratings.length === 0) expect(current.average_rating).toBeNull()
    else expect(current.average_rating).toBeCloseTo(sum(ratings) / ratings.length, 9)
  })

  test.prop([sets, filters])('never hold NaN or an infinite number', (set, filter) => {
    const { current, previous, change } = callKpis(selectCalls(set, filter))
    const told = Object.values(change ?? {}).flatMap(({ unit, verdict, interval, ...numbers }) => [
      numbers,
      interval ?? {},
    ])
    for (const figures of [current, previous ?? {}, ...told]) {
      for (const figure of Object.values(figures)) expect(figure === null || Number.isFinite(figure)).toBe(true)
    }
  })

  test.prop([sets, day, fc.integer({ min: 1, max: 10 }), filters, fc.boolean()])(
    'compares the days before the newest one with as many days of the other period, under the same other filters',
    (set, from, length, { compare, ...other }, isYear) => {
      const start = Date.parse(from) / 86_400_000
      const newest = Math.max(...set.day)
      const compared = Math.min(length, Math.max(0, newest - start))
      const period = (first: number, days: number) => ({ from: dayText(first), to: dayText(first + days - 1) })
      const report = callKpis(
        selectCalls(set, { ...other, period: period(start, length), ...(isYear ? { compare: 'year' as const } : {}) }),
      )
      const shift = isYear ? 364 : length
      const isTold = set.rows > 0 && compared > 0 && Math.min(...set.day) <= start - shift
      expect(report.current).toEqual(callKpis(selectCalls(set, { ...other, period: period(start, length) })).current)
      if (!isTold) {
        expect([report.previous, report.compared, report.change]).toEqual([null, null, null])
        return
      }
      const now = callKpis(selectCalls(set, { ...other, period: period(start, compared) })).current
      const before = callKpis(selectCalls(set, { ...other, period: period(start - shift, compared) })).current
      expect([report.compared, report.previous]).toEqual([now, before])
      expect(report.change?.calls.difference).toBe(now.calls - before.calls)
    },
  )
})

describe('the views', () => {
  test.prop([sets, filters, fc.constantFrom('region', 'issue', 'agent', 'resolution', 'rating', 'weekday', 'hour')])(
    'break down what the other filters leave',
    (set, filter, dimension) => {
      const rows = rowsThat(set, without(filter, dimension))
      const figures = callsBy(selectCalls(set, filter), dimension)
      expect(sum(figures.map(({ calls }) => calls))).toBe(rows.length)
      for (const { member, calls, share, resolution_rate } of figures) {
        expect(calls).toBe(rows.filter((row) => memberOf(set, dimension, row) === member).length)
        expect(share).toBe(rows.length === 0 ? null : calls / rows.length)
        expect(resolution_rate === null).toBe(calls === 0)
      }
    },
  )

  test.prop([sets, filters])('put every call into one bin, one hour and one stretch', (set, filter) => {
    const selection = selectCalls(set, filter)
    const bins = callDurations(selection)
    expect(sum(bins.map(({ calls }) => calls))).toBe(rowsThat(set, without(filter, 'minutes')).length)
    expect(sum(callHeatMap(selection).map(({ calls }) => calls))).toBe(
      rowsThat(set, without(filter, 'weekday', 'hour')).length,
    )
    const always = callTimeline(selection, { span: 'always' }).buckets
    expect(sum(always.map(({ calls }) => calls))).toBe(rowsThat(set, without(filter, 'period')).length)
    const { buckets } = callTimeline(selection)
    expect(sum(buckets.map(({ calls }) => calls))).toBe(rowsThat(set, filter).length)
    for (const [index, bucket] of buckets.entries()) if (index > 0) expect(bucket.from).toBe(buckets[index - 1]?.to)
  })

  test.prop([sets, filters])('turn a bin into a filter that holds its calls', (set, filter) => {
    const open = without(filter, 'minutes')
    for (const { from, to, calls } of callDurations(selectCalls(set, open))) {
      const minutes = to === null ? { from } : { from, to }
      expect(selectedRows(selectCalls(set, { ...open, minutes })).length).toBe(calls)
    }
  })

  test.prop([sets, filters, fc.integer({ min: 1, max: 5 })])(
    'rank only agents with enough calls, surest first',
    (set, filter, minimumCalls) => {
      const board = agentLeaderboard(selectCalls(set, filter), { minimumCalls })
      expect(sum(board.map(({ calls }) => calls))).toBe(rowsThat(set, without(filter, 'agent')).length)
      const ranked = board.filter(({ place }) => place !== null)
      expect(board.slice(0, ranked.length)).toEqual(ranked)
      expect(ranked.map(({ place }) => place)).toEqual(ranked.map((_, index) => index + 1))
      for (const { calls, place, interval, resolution_rate } of board) {
        expect(calls >= minimumCalls).toBe(place !== null)
        // to the last bits of a double
        expect(interval?.low).toBeLessThanOrEqual((resolution_rate ?? 0) + 1e-12)
        expect(interval?.high).toBeGreaterThanOrEqual((resolution_rate ?? 0) - 1e-12)
      }
      for (const [index, { interval }] of ranked.entries()) {
        if (index > 0) expect(ranked[index - 1]?.interval?.low).toBeGreaterThanOrEqual(interval?.low ?? 0)
      }
    },
  )

  test.prop([
    sets,
    filters,
    fc.constantFrom(...CALL_COLUMNS),
    fc.constantFrom('ascending' as const, 'descending' as const),
  ])('page through every selected call once, in order', (set, filter, column, direction) => {
    const selection = selectCalls(set, filter)
    const order = orderCalls(set, column)
    const pages = Array.from({ length: 9 }, (_, page) =>
      pageOfCalls(selection, order, { direction, from: page * 5, size: 5 }),
    )
    expect(pages.flat().toSorted((a, b) => a - b)).toEqual([...selectedRows(selection)])
    const numbers = { start: set.start, minutes: set.minutes, rating: set.rating }[column as 'start']
    if (numbers === undefined) return
    const values = pages.flat().map((row) => numbers[row] as number)
    const known = values.filter((value) => !Number.isNaN(value))
    expect(known).toEqual(known.toSorted((a, b) => (direction === 'ascending' ? a - b : b - a)))
    // nulls are last, or first against the order
    const nulls = values.map(Number.isNaN)
    expect(nulls).toEqual(
      nulls.toSorted((a, b) => (direction === 'ascending' ? Number(a) - Number(b) : Number(b) - Number(a))),
    )
  })
})

describe('a filter as a query', () => {
  test.prop([filters])('comes back as it went', (filter) => {
    const meant = Object.fromEntries(
      Object.entries(filter).filter(([, value]) => !(Array.isArray(value) && value.length === 0)),
    )
    expect(filterFromQuery(filterToQuery(filter))).toEqual(meant)
  })
})
