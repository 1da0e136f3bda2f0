import { table } from 'arquero'
import { describe, expect, it } from 'vitest'
import { frameCallSet, weekdayOf } from '../../../../src/systems/calls/figures/call-set.ts'
import { dayRange, periodWindows, windowDays } from '../../../../src/systems/calls/figures/filter.ts'
import { callFrame } from '../../../../src/systems/calls/figures/frame.ts'
import { callSet } from '../../../../src/systems/calls/figures/report.ts'
import { lookingAt, selectCalls } from '../../../../src/systems/calls/figures/selection.ts'
import { type NumberColumn, TimestampColumn } from '../../../../src/table/column.ts'
import { type Frame, frameOf } from '../../../../src/table/frame.ts'
import { numbers, texts } from '../../support/figures/frames.ts'
import { setOf } from '../tables.ts'

const set = setOf(
  { at: '2025-01-05T09:00:00Z', minutes: 3, rating: 5, customer_id: 'K1' },
  { at: '2025-01-06T10:00:00.25Z', minutes: 12, agent_id: 'A2', issue_type: null },
  { at: '2025-01-11T10:30:00Z', minutes: 0.5, agent_id: 'A9', rating: 4.5 },
)
const every = Int32Array.of(0, 1, 2)
const replaced = (frame: Frame, name: string, column: NumberColumn | TimestampColumn) =>
  frameOf([...frame.columns].map(([known, was]) => [known, known === name ? column : was] as const))

describe('frameCallSet', () => {
  it('reads what callFrame writes', () => {
    const namesOf = ({ dimensions }: typeof set) =>
      Object.entries(dimensions).map(([name, { codes, members }]) => [name, Array.from(codes, (code) => members[code])])
    const read = frameCallSet(callFrame(set, every))
    expect({ ...read, dimensions: null }).toEqual({ ...set, dimensions: null })
    expect(namesOf(read)).toEqual(namesOf(set))
  })

  it('knows its first and last start, whatever the order of rows', () => {
    const { oldest, newest } = frameCallSet(callFrame(set, Int32Array.of(1, 2, 0)))
    expect([oldest, newest]).toEqual([Date.UTC(2025, 0, 5, 9), Date.UTC(2025, 0, 11, 10, 30)])
    expect(setOf()).toMatchObject({ oldest: Number.NaN, newest: Number.NaN, rows: 0 })
  })

  it('reads stamps of any unit as milliseconds', () => {
    const frame = callFrame(set, every)
    const seconds = new TimestampColumn(
      Float64Array.from(set.start, (start) => Math.floor(start / 1000)),
      { unit: 's' },
    )
    expect([...frameCallSet(replaced(frame, 'start_time', seconds)).start]).toEqual(
      Array.from(set.start, (start) => Math.floor(start / 1000) * 1000),
    )
    const nanos = new TimestampColumn(
      BigInt64Array.from(set.start, (start) => BigInt(start) * 1_000_000n),
      { unit: 'ns' },
    )
    expect([...frameCallSet(replaced(frame, 'start_time', nanos)).start]).toEqual([...set.start])
  })

  it('has NaN for a rating that is not there, and none for one that is 0', () => {
    const { rating } = frameCallSet(replaced(callFrame(set, every), 'rating', numbers([0, null, 5])))
    expect([...rating]).toEqual([0, Number.NaN, 5])
  })

  it('calls an agent what any of their calls does, and what is not in the list Unknown', () => {
    const { agentNames, agentRegions, dimensions } = set
    expect(dimensions.agent.members).toEqual(['A1', 'A2', 'A9'])
    expect(agentNames).toEqual(['Ada Brook', 'Ben Cole', 'Unknown'])
    expect(agentRegions).toEqual(['North', 'South', 'Unknown'])
  })

  it('calls an agent Unknown whose name is null', () => {
    const frame = callFrame(set, every)
    const unnamed = frameOf(
      [...frame.columns].map(([name, was]) => [name, name === 'agent_name' ? texts([null, 'Ben', null]) : was]),
    )
    expect(frameCallSet(unnamed).agentNames).toEqual(['Unknown', 'Ben', 'Unknown'])
  })

  it('has one more member where calls name none', () => {
    const { issue, agent } = set.dimensions
    expect([issue.members, [...issue.codes]]).toEqual([
      ['billing', null],
      [0, 1, 0],
    ])
    expect(agent.members).not.toContain(null)
  })

  it('says which members any call has', () => {
    const { rating, weekday, hour } = set.dimensions
    expect([...rating.isUsed]).toEqual([0, 0, 0, 0, 1, 0, 1])
    expect([...weekday.isUsed]).toEqual([1, 0, 0, 0, 0, 1, 1])
    expect(Array.from(hour.isUsed).flatMap((is, at) => (is === 1 ? [at] : []))).toEqual([9, 10])
  })

  it.each([
    [0.4, 'other'],
    [0.5, '1'],
    [1.5, '2'],
    [5.4, '5'],
    [5.5, 'other'],
    [-2, 'other'],
    [null, null],
  ])('takes a rating of %d for %s', (rating, member) => {
    const { codes, members } = setOf({ at: '2025-01-01T00:00:00Z', rating }).dimensions.rating
    expect(members[codes[0] ?? -1]).toBe(member)
  })

  it.each([
    [[1, 1, 1], { width: 0.05, count: 20 }],
    [[1.2, 1.2], { width: 0.05, count: 24 }],
    [[1.25, 1.25], { width: 0.1, count: 13 }],
    [[24, 24], { width: 1, count: 24 }],
    [[25, 25], { width: 2, count: 13 }],
    [[100_000, 100_000], { width: 100_000 / 24, count: 24 }],
    [[], { width: 0.05, count: 1 }],
  ])('chooses bins for durations of %j', (durations, bins) => {
    const rows = durations.map((minutes, hour) => ({ at: new Date(Date.UTC(2025, 0, 1, hour)).toISOString(), minutes }))
    expect(setOf(...rows).bins).toEqual(bins)
  })

  it('refuses a column of another kind, and a table that lacks one', () => {
    const frame = callFrame(set, every)
    const bare = frameOf([...frame.columns].filter(([name]) => name !== 'region'))
    expect(() => frameCallSet(bare)).toThrow(
      expect.objectContaining({
        code: 'column_not_found',
        message: expect.stringContaining('column of the curated calls "region"'),
      }),
    )
    expect(() => frameCallSet(replaced(frame, 'region', numbers([1, 2, 3])))).toThrow(
      expect.objectContaining({
        code: 'type_mismatch',
        message: expect.stringContaining('column "region" holds float64'),
      }),
    )
    for (const name of ['start_time', 'end_time', 'call_date', 'call_duration_minutes', 'hour_of_day', 'rating']) {
      const wrong = frameOf(
        [...frame.columns].map(([known, was]) => [known, known === name ? texts(['a', 'b', 'c']) : was]),
      )
      expect(() => frameCallSet(wrong), name).toThrow(expect.objectContaining({ code: 'type_mismatch' }))
    }
  })

  it('names the table that is none', () => {
    // callers without types
    expect(() => callSet('calls.csv' as never)).toThrow('calls is not an Arquero or Arrow table')
    expect(() => callSet(table({ call_id: ['a'] }))).toThrow(expect.objectContaining({ code: 'column_not_found' }))
  })
})

describe('callFrame', () => {
  it('gives the rows asked for, in that order, as the curated table has them', () => {
    const { rows, columns } = callFrame(set, Int32Array.of(2, 0))
    expect(rows).toBe(2)
    const first = Object.fromEntries([...columns].map(([name, column]) => [name, column.at(0)]))
    expect(first).toMatchObject({
      call_id: 'c2',
      agent_id: 'A9',
      agent_name: 'Unknown',
      customer_id: null,
      call_duration_minutes: 0.5,
      issue_type: 'billing',
      rating: 4.5,
      call_date: '2025-01-11',
      hour_of_day: 10,
    })
    expect([...columns.keys()]).toHaveLength(13)
    expect(Array.from(callFrame(set, every).columns.get('issue_type') ?? [])).toEqual(['billing', null, 'billing'])
    expect(Array.from(every, (row) => callFrame(set, every).columns.get('issue_type')?.isNull(row))).toEqual([
      false,
      true,
      false,
    ])
    expect((columns.get('start_time') as TimestampColumn).unit).toBe('us')
    expect(callFrame(setOf(), new Int32Array(0)).rows).toBe(0)
  })
})

describe('weekdayOf', () => {
  it('is 0 on Mondays, before 1970 too', () => {
    expect([-7, -4, -3, 0, 3, 4, 11].map(weekdayOf)).toEqual([3, 6, 0, 3, 6, 0, 0])
  })
})

describe('periodWindows', () => {
  const day = (text: string) => Date.parse(`${text}T00:00Z`) / 86_400_000

  it('of 24 hours count back from the newest call', () => {
    const { current, previous } = periodWindows(set, '24h')
    const hours = (count: number) => set.newest - count * 3_600_000
    expect(current).toEqual({ ruler: 'instant', after: hours(24), upTo: hours(0) })
    expect(previous).toEqual({ ruler: 'instant', after: hours(48), upTo: hours(24) })
    expect(periodWindows(set, '24h', 'year')).toMatchObject({ previous: null, gap: 'data_begins_later' })
    const whole = setOf({ at: '2024-01-02T00:00:00Z' }, { at: '2025-01-02T00:00:00Z' })
    expect(periodWindows(whole, '24h').previous).not.toBeNull()
    expect(periodWindows(whole, '24h', 'year').previous).toEqual({
      ruler: 'instant',
      after: Date.UTC(2024, 0, 3),
      upTo: Date.UTC(2024, 0, 4),
    })
  })

  const long = setOf({ at: '2023-01-01T10:00:00Z' }, { at: '2025-06-30T09:00:00Z' })
  const days = (from: string, to: string) => ({ ruler: 'day', from: day(from), to: day(to) })

  it.each([
    ['7d', '2025-06-23', '2025-06-16', '2025-06-22'],
    ['28d', '2025-06-02', '2025-05-05', '2025-06-01'],
    ['91d', '2025-03-31', '2024-12-30', '2025-03-30'],
    ['30d', '2025-05-31', '2025-05-01', '2025-05-30'],
    ['90d', '2025-04-01', '2025-01-01', '2025-03-31'],
  ] as const)('of %s are whole days that end before the newest one', (preset, from, before, beforeTo) => {
    expect(periodWindows(long, preset)).toEqual({
      current: days(from, '2025-06-29'),
      compared: days(from, '2025-06-29'),
      previous: days(before, beforeTo),
      gap: null,
      isWholeWeeks: !preset.includes('0'),
      unfinished: day('2025-06-30'),
    })
  })

  it.each([
    // weekdays match: Monday to Sunday, 52 weeks before
    ['2025-06-23', '2025-06-29', '2024-06-24', '2024-06-30'],
    // whole months are compared with the same months, the leap day with them
    ['2025-03-01', '2025-03-31', '2024-03-01', '2024-03-31'],
    ['2025-02-01', '2025-02-28', '2024-02-01', '2024-02-29'],
    ['2024-02-01', '2024-02-29', '2023-02-01', '2023-02-28'],
    ['2025-01-01', '2025-03-31', '2024-01-01', '2024-03-31'],
  ])('of %s to %s lie a year after the same period', (from, to, before, beforeTo) => {
    expect(periodWindows(long, { from, to }, 'year').previous).toEqual(days(before, beforeTo))
  })

  it('leave the day that may not be over out of the comparison, and its place in the other period', () => {
    expect(periodWindows(long, { from: '2025-06-24', to: '2025-06-30' })).toMatchObject({
      current: days('2025-06-24', '2025-06-30'),
      compared: days('2025-06-24', '2025-06-29'),
      previous: days('2025-06-17', '2025-06-22'),
      isWholeWeeks: true,
    })
    expect(periodWindows(long, { from: '2025-06-01', to: '2025-06-30' }, 'year').previous).toEqual(
      days('2024-06-01', '2024-06-29'),
    )
  })

  it.each([
    [undefined, 'previous', 'no_period'],
    ['7d', 'none', 'not_wanted'],
    ['24h', 'none', 'not_wanted'],
    [{ from: '2025-06-30' }, 'previous', 'not_over'],
    [{ from: '2025-07-02', to: '2025-07-03' }, 'previous', 'not_over'],
    [{ from: '2023-01-01', to: '2023-01-02' }, 'previous', 'data_begins_later'],
    [{ from: '2023-02-01', to: '2023-02-02' }, 'year', 'data_begins_later'],
  ] as const)('compare %j by %s with nothing and say why', (period, compare, gap) => {
    expect(periodWindows(long, period, compare)).toMatchObject({ compared: null, previous: null, gap })
  })

  it('refuse a comparison that is none', () => {
    // callers without types
    expect(() => periodWindows(long, '7d', 'month' as never)).toThrow('expected previous, year or none')
  })

  it.each([
    [{}, '2025-01-05', '2025-01-11'],
    [{ from: '2025-01-07' }, '2025-01-07', '2025-01-11'],
    [{ to: '2025-01-07' }, '2025-01-05', '2025-01-07'],
    [{ from: '2025-02-01' }, '2025-02-01', '2025-02-01'],
    [{ to: '2024-12-01' }, '2024-12-01', '2024-12-01'],
    [{ from: '2025-01-11', to: '2025-01-11' }, '2025-01-11', '2025-01-11'],
  ])('of days reach as far as the data or the other end: %j', (period, from, to) => {
    expect(periodWindows(set, period).current).toEqual({ ruler: 'day', from: day(from), to: day(to) })
  })

  it('compare with as many days right before, where the data goes back so far', () => {
    expect(periodWindows(set, { from: '2025-01-08', to: '2025-01-10' }).previous).toEqual({
      ruler: 'day',
      from: day('2025-01-05'),
      to: day('2025-01-07'),
    })
    expect(periodWindows(set, { from: '2025-01-07', to: '2025-01-09' }).previous).toBeNull()
    expect(periodWindows(setOf(), { from: '2025-01-07', to: '2025-01-09' }).previous).toBeNull()
  })

  it.each([
    [{ from: '2025-02-30' }, '"2025-02-30" is not a calendar day'],
    [{ to: 'soon' }, '"soon" is not a calendar day'],
    [{ from: '2025-01-02', to: '2025-01-01' }, '2025-01-02 is after 2025-01-01'],
  ])('refuse %j', (period, words) => {
    expect(() => periodWindows(set, period)).toThrow(words)
  })

  it('are told as days', () => {
    expect(windowDays({ ruler: 'day', from: 0, to: 31 })).toEqual(['1970-01-01', '1970-02-01'])
    expect(windowDays({ ruler: 'instant', after: -1, upTo: 86_400_000 })).toEqual(['1969-12-31', '1970-01-02'])
  })
})

describe('dayRange', () => {
  it('is from the first to the last day, in any order of rows', () => {
    const days = [Date.UTC(2025, 0, 5), Date.UTC(2025, 0, 11)].map((at) => at / 86_400_000)
    expect(dayRange(frameCallSet(callFrame(set, Int32Array.of(1, 2, 0))))).toEqual(days)
    expect(dayRange(setOf())).toEqual([0, -1])
  })
})

describe('lookingAt', () => {
  it('has one bit for each filter, less those looked past', () => {
    expect(lookingAt('current')).toBe(0b111111111)
    expect(lookingAt('always')).toBe(0b111111110)
    expect(lookingAt('current', ['minutes', 'hour'])).toBe(0b011111101)
    expect(lookingAt('previous')).toBe(0b1111111110)
  })
})

describe('selectCalls', () => {
  it('looks again only at what differs, and never changes the selection before', () => {
    const before = selectCalls(set, { issue: ['billing'], minutes: { from: 1 } })
    const marks = [...before.failed]
    const after = selectCalls(set, { issue: [null], minutes: { from: 1 } }, before)
    expect([...after.failed]).toEqual([...selectCalls(set, { issue: [null], minutes: { from: 1 } }).failed])
    expect([...before.failed]).toEqual(marks)
    const other = setOf({ at: '2025-01-05T09:00:00Z' })
    expect(selectCalls(other, {}, before).failed).toHaveLength(1)
  })
})
