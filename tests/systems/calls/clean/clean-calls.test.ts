import { table } from 'arquero'
import { describe, expect, it } from 'vitest'
import { AGENT_ALIASES, CALL_ALIASES } from '../../../../src/systems/calls/clean/call-columns.ts'
import { cleanCalls } from '../../../../src/systems/calls/clean/clean-calls.ts'
import { callAgents, curatedCalls as contract } from '../../../../src/systems/calls/tables.ts'
import { agents, call, log, rowsOf } from '../tables.ts'

const clean = (...rows: Parameters<typeof log>) => cleanCalls(log(...rows.map(call)), agents)
const reasons = (...rows: Parameters<typeof log>) => rowsOf(clean(...rows).rejects).map(({ reason }) => reason)

describe('cleanCalls', () => {
  it('returns the thirteen columns of the contract in their order', () => {
    const { calls } = clean({ call_id: 'c1', start_time: '2025-01-01T10:00:00Z', end_time: '2025-01-01T10:01:00Z' })
    expect(calls.columnNames()).toEqual(Object.keys(contract.columns))
    expect(calls.columnNames()).toHaveLength(13)
  })

  it.each([
    ['2025-01-01T23:50:00-05:00', '2025-01-02T00:05:30-05:00', 15.5, '2025-01-02', 4],
    ['2025-03-09T06:59:00Z', '2025-03-09T07:01:00Z', 2, '2025-03-09', 6],
    ['2025-01-01T10:00:00Z', '2025-01-01T10:07:07Z', 7.12, '2025-01-01', 10],
    ['2025-01-01T10:00:00.000Z', '2025-01-01T10:00:00.200Z', 0, '2025-01-01', 10],
    ['2025-01-01 10:00:00', '2025-01-01T10:00:30', 0.5, '2025-01-01', 10],
  ])('%s to %s lasts %d minutes and began on %s in hour %d', (start_time, end_time, minutes, day, hour) => {
    const { calls, summary } = clean({ call_id: 'c1', start_time, end_time })
    expect(summary).toMatchObject({ kept: 1, rejected: 0 })
    expect(rowsOf(calls)[0]).toMatchObject({ call_duration_minutes: minutes, call_date: day, hour_of_day: hour })
  })

  it('gives each kind of unusable row a reason of its own', () => {
    const start_time = '2025-01-01T10:00:00Z'
    expect(
      reasons(
        { call_id: 'c1', start_time, end_time: start_time },
        { call_id: 'c2', start_time, end_time: '2025-01-01T09:59:59Z' },
        { call_id: 'c3', start_time },
        { call_id: 'c4', start_time, end_time: 'n/a' },
        { call_id: 'c5', end_time: start_time },
        { call_id: 'c6', start_time: '2025-02-30T10:00:00Z', end_time: start_time },
        { start_time, end_time: '2025-01-01T10:01:00Z' },
      ),
    ).toEqual([
      'end_equals_start',
      'end_before_start',
      'end_missing',
      'end_unreadable',
      'start_missing',
      'start_unreadable',
      'call_id_missing',
    ])
  })

  it('tells line, column, what stood there and what was expected', () => {
    const { rejects } = cleanCalls(
      log(call({ call_id: 'c1', start_time: '2025-01-01T10:00:00Z', end_time: 'soon', _line: 41 })),
      agents,
    )
    expect(rowsOf(rejects)).toEqual([
      {
        line: 41,
        call_id: 'c1',
        reason: 'end_unreadable',
        column: 'end_time',
        found: 'soon',
        expected: 'an ISO 8601 timestamp, or a duration in seconds',
      },
    ])
  })

  it('tests the sign on the exact difference, to the nanosecond', () => {
    const start_time = '2025-01-01T10:00:00.000000100Z'
    expect(reasons({ call_id: 'c1', start_time, end_time: '2025-01-01T10:00:00.000000200Z' })).toEqual([])
    expect(reasons({ call_id: 'c1', start_time, end_time: start_time })).toEqual(['end_equals_start'])
    expect(reasons({ call_id: 'c1', start_time, end_time: '2025-01-01T10:00:00.000000099Z' })).toEqual([
      'end_before_start',
    ])
  })

  it('rounds half away from zero', () => {
    // 0.3 s and 0.9 s are exactly half a hundredth of a minute beyond 0.00 and 0.01
    const minutes = (end: string) =>
      rowsOf(clean({ call_id: 'c', start_time: '2025-01-01T10:00:00Z', end_time: end }).calls)[0]?.call_duration_minutes
    expect(minutes('2025-01-01T10:00:00.300Z')).toBe(0.01)
    expect(minutes('2025-01-01T10:00:00.299999999Z')).toBe(0)
    expect(minutes('2025-01-01T10:00:00.900Z')).toBe(0.02)
  })

  it('keeps the last of the rows with one call_id and counts the others', () => {
    const start_time = '2025-01-01T10:00:00Z'
    const { calls, summary } = clean(
      { call_id: 'c1', start_time, end_time: '2025-01-01T10:01:00Z' },
      { call_id: 'c2', start_time, end_time: '2025-01-01T10:02:00Z' },
      { call_id: 'c1', start_time, end_time: '2025-01-01T10:03:00Z' },
    )
    expect(rowsOf(calls).map((row) => [row.call_id, row.call_duration_minutes])).toEqual([
      ['c1', 3],
      ['c2', 2],
    ])
    expect(summary).toMatchObject({ rows: 3, kept: 2, replaced: 1, rejected: 0 })
  })

  it('lets a refused repetition take nothing away', () => {
    const start_time = '2025-01-01T10:00:00Z'
    const { calls, summary } = clean(
      { call_id: 'c1', start_time, end_time: '2025-01-01T10:01:00Z' },
      { call_id: 'c1', start_time, end_time: 'n/a' },
    )
    expect(calls.numRows()).toBe(1)
    expect(summary).toMatchObject({ kept: 1, replaced: 0, rejected: 1 })
  })

  it('keeps the call of an agent who is not in the list, as Unknown', () => {
    const span = { start_time: '2025-01-01T10:00:00Z', end_time: '2025-01-01T10:01:00Z' }
    const { calls, summary } = clean(
      { call_id: 'c1', ...span, agent_id: 'A2' },
      { call_id: 'c2', ...span, agent_id: 'A9' },
      { call_id: 'c3', ...span, agent_id: null },
    )
    expect(rowsOf(calls).map(({ agent_id, agent_name, region }) => [agent_id, agent_name, region])).toEqual([
      ['A2', 'Ben Cole', 'South'],
      ['A9', 'Unknown', 'Unknown'],
      [null, 'Unknown', 'Unknown'],
    ])
    expect(summary.unknown_agents).toBe(2)
  })

  it('orders calls by start, then by call id', () => {
    const at = (time: string) => ({ start_time: `2025-01-01T${time}Z`, end_time: '2025-01-02T00:00:00Z' })
    const { calls } = clean(
      { call_id: 'b', ...at('11:00:00') },
      { call_id: 'a', ...at('11:00:00') },
      { call_id: 'c', ...at('09:00:00') },
    )
    expect(rowsOf(calls).map(({ call_id }) => call_id)).toEqual(['c', 'a', 'b'])
  })

  it('reads the aliases that occur in the wild, row by row', () => {
    const { calls } = cleanCalls(
      table({
        id: ['c1', null],
        call_id: [null, 'c2'],
        agent_id: ['A1', 'A1'],
        started_at: ['2025-01-01T10:00:00Z', '2025-01-01T11:00:00Z'],
        duration_seconds: [90, null],
        end_time: [null, '2025-01-01T11:00:30Z'],
        issue_type: ['billing', 'outage'],
        resolution_status: ['Resolved', 'Escalated'],
      }),
      table({ agent_id: ['A1'], name: ['Ada Brook'], region: ['North'], skill: [4] }),
    )
    expect(
      rowsOf(calls).map((row) => [row.call_id, row.call_duration_minutes, row.resolution, row.agent_name]),
    ).toEqual([
      ['c1', 1.5, 'Resolved', 'Ada Brook'],
      ['c2', 0.5, 'Escalated', 'Ada Brook'],
    ])
  })

  it('refuses durations that are zero, negative, missing or no number, under the reasons of ends', () => {
    const { rejects } = cleanCalls(
      table({
        call_id: ['c1', 'c2', 'c3', 'c4'],
        agent_id: ['A1', 'A1', 'A1', 'A1'],
        started_at: Array(4).fill('2025-01-01T10:00:00Z'),
        duration_seconds: ['0', '-1', null, 'two'],
        issue_type: Array(4).fill('billing'),
        resolution: Array(4).fill('resolved'),
      }),
      agents,
    )
    expect(rowsOf(rejects).map(({ reason, column, found }) => [reason, column, found])).toEqual([
      ['end_equals_start', 'duration_seconds', '0'],
      ['end_before_start', 'duration_seconds', '-1'],
      ['end_missing', 'end_time', null],
      ['end_unreadable', 'duration_seconds', 'two'],
    ])
  })

  it('takes off outer spaces and reads blank text as null', () => {
    const { calls } = clean({
      call_id: ' c1 ',
      agent_id: ' A1',
      issue_type: ' ',
      resolution: 'resolved ',
      start_time: ' 2025-01-01T10:00:00Z',
      end_time: '2025-01-01T10:01:00Z ',
    })
    expect(rowsOf(calls)[0]).toMatchObject({
      call_id: 'c1',
      agent_name: 'Ada Brook',
      issue_type: null,
      resolution: 'resolved',
    })
  })

  it('reads ratings from numbers and from text, and counts what is neither', () => {
    const span = { start_time: '2025-01-01T10:00:00Z', end_time: '2025-01-01T10:01:00Z' }
    const ratings = (...values: (string | null)[]) =>
      clean(...values.map((rating, index) => ({ call_id: `c${index}`, ...span, rating })))
    const { calls, summary } = ratings('5', ' 4.5 ', 'great', '  ', null, '0x3')
    expect(rowsOf(calls).map(({ rating }) => rating)).toEqual([5, 4.5, null, null, null, null])
    expect(summary.unreadable_ratings).toBe(2)
  })

  it('gives date and hour of the wall clock of the zone it is told', () => {
    const row = call({ call_id: 'c1', start_time: '2025-03-09T06:59:00Z', end_time: '2025-03-09T07:01:00Z' })
    const { calls } = cleanCalls(log(row), agents, { timeZone: 'America/New_York' })
    expect(rowsOf(calls)[0]).toMatchObject({ call_date: '2025-03-09', hour_of_day: 1, call_duration_minutes: 2 })
    const west = cleanCalls(log(row), agents, { timeZone: 'America/Los_Angeles' }).calls
    expect(rowsOf(west)[0]).toMatchObject({ call_date: '2025-03-08', hour_of_day: 22 })
  })

  it('names column, file and aliases when a column is missing', () => {
    const incomplete = table({
      agent_id: ['A1'],
      start_time: ['2025-01-01T10:00:00Z'],
      end_time: ['2025-01-01T10:01:00Z'],
    })
    expect(() => cleanCalls(incomplete, agents, { files: { calls: 'calls.jsonl' } })).toThrowError(
      expect.objectContaining({
        code: 'column_missing',
        message: 'calls.jsonl: column "call_id" (or "id") is missing; it has "agent_id", "start_time", "end_time"',
      }),
    )
    expect(() => cleanCalls(log(), table({ agent_id: ['A1'], agent_name: ['Ada'] }))).toThrow(
      'agents: column "region" is missing',
    )
  })

  it('names both lines when an agent is in the list twice', () => {
    const twice = table({
      agent_id: ['A1', 'A2', 'A1'],
      name: ['Ada', 'Ben', 'Ada'],
      region: ['North', 'South', 'North'],
      _line: [2, 3, 5],
    })
    expect(() => cleanCalls(log(), twice, { files: { agents: 'agents.csv' } })).toThrowError(
      expect.objectContaining({
        code: 'dimension_duplicate_key',
        message: expect.stringContaining('agents.csv lines 2 and 5'),
      }),
    )
  })

  it('cleans a log without a row', () => {
    const { calls, rejects, summary } = clean()
    expect([calls.numRows(), rejects.numRows(), summary.rows]).toEqual([0, 0, 0])
  })

  it('knows every column of its contracts', () => {
    expect(Object.keys(AGENT_ALIASES)).toEqual(Object.keys(callAgents.columns))
    for (const name of Object.keys(contract.columns)) {
      const isDerived = ['agent_name', 'region', 'call_duration_minutes', 'call_date', 'hour_of_day'].includes(name)
      expect(name in CALL_ALIASES, name).toBe(!isDerived)
    }
  })
})
