import { describe, expect, it } from 'vitest'
import { rejectTable } from '../../../../src/systems/calls/clean/call-rejects.ts'
import { cleanCallFrames, lineReader } from '../../../../src/systems/calls/clean/clean-call-frames.ts'
import { NumberColumn, TimestampColumn } from '../../../../src/table/column.ts'
import { type Frame, frameOf } from '../../../../src/table/frame.ts'
import { encodeTexts } from '../../../../src/table/utf8.ts'
import { numbers, texts } from '../../support/figures/frames.ts'

const agents = frameOf([
  ['agent_id', texts(['A1', 'A2'])],
  ['name', texts(['Ada', 'Ben'])],
  ['region', texts(['North', 'South'])],
])

interface LogRow {
  readonly id: string | null
  readonly start: string | null
  readonly end?: string | null
  readonly agent?: string | null
  readonly rating?: number | null
  readonly line?: number
}

function log(...rows: readonly LogRow[]): Frame {
  return frameOf([
    ['call_id', encodeTexts(rows.map(({ id }) => id))],
    ['agent_id', texts(rows.map(({ agent }) => agent ?? 'A1'))],
    ['customer_id', texts(rows.map(() => 'K1'))],
    ['start_time', texts(rows.map(({ start }) => start))],
    ['end_time', texts(rows.map(({ end }) => end ?? '2025-02-01T00:00:00Z'))],
    ['issue_type', texts(rows.map(() => 'billing'))],
    ['resolution', texts(rows.map(() => 'resolved'))],
    ['rating', numbers(rows.map(({ rating }) => rating))],
    ['_line', numbers(rows.map(({ line }, row) => line ?? row + 1))],
  ])
}

const columnOf = (frame: Frame, name: string) => Array.from(frame.columns.get(name) ?? [])

describe('the order of calls', () => {
  const at = '2025-01-01T10:00:00Z'

  it.each([
    [['b', 'a']],
    [['a', 'b']],
    [['ab', 'a']],
    [['a', 'ab']],
    [['ba', 'ab', 'b', 'a', 'aa']],
    [['é', 'z', 'Z']],
  ])('of one moment is that of the bytes of their ids: %j', (ids) => {
    const { calls } = cleanCallFrames(log(...ids.map((id) => ({ id, start: at }))), agents)
    expect(columnOf(calls, 'call_id')).toEqual(ids.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))))
  })

  it('is that of their start first, to the microsecond', () => {
    const starts = {
      c: '2025-01-01T10:00:00.000002Z',
      b: '2025-01-01T10:00:00.000003Z',
      a: '2025-01-01T10:00:00.000004Z',
    }
    for (const ids of [
      ['a', 'b', 'c'],
      ['c', 'b', 'a'],
      ['b', 'c', 'a'],
    ] as const) {
      const { calls } = cleanCallFrames(log(...ids.map((id) => ({ id, start: starts[id] }))), agents)
      expect(columnOf(calls, 'call_id')).toEqual(['c', 'b', 'a'])
    }
  })
})

describe('cleanCallFrames', () => {
  it('gives columns of the kinds that the contract has', () => {
    const { calls } = cleanCallFrames(log({ id: 'c1', start: '2025-01-01T10:00:00Z' }), agents)
    const kinds = Object.fromEntries([...calls.columns].map(([name, { kind }]) => [name, kind]))
    expect(kinds).toMatchObject({ start_time: 'timestamp', end_time: 'timestamp', call_date: 'date', call_id: 'text' })
    expect(calls.columns.get('start_time')).toEqual(
      new TimestampColumn(Float64Array.of(Date.UTC(2025, 0, 1, 10) * 1000), { unit: 'us' }),
    )
    expect(calls.columns.get('hour_of_day')).toEqual(new NumberColumn('int32', Int32Array.of(10)))
    expect(calls.columns.get('rating')).toEqual(new NumberColumn('float64', Float64Array.of(0), Uint8Array.of(0)))
    const rated = cleanCallFrames(log({ id: 'c1', start: '2025-01-01T10:00:00Z', rating: 4 }), agents)
    expect(rated.calls.columns.get('rating')).toEqual(new NumberColumn('float64', Float64Array.of(4)))
  })

  it('counts what was refused before among the others', () => {
    const refused = [
      { line: 7, call_id: null, reason: 'json_invalid', column: null, found: '{' },
      { line: 2, call_id: null, reason: 'json_invalid', column: null, found: '[' },
    ] as const
    const rows = log({ id: 'c1', start: '2025-01-01T10:00:00Z' }, { id: null, start: null, line: 5 })
    const { rejects, summary } = cleanCallFrames(rows, agents, { refused })
    expect(columnOf(rejects, 'line')).toEqual([2, 5, 7])
    expect(columnOf(rejects, 'call_id')).toEqual([null, null, null])
    expect(columnOf(rejects, 'column')).toEqual([null, 'call_id', null])
    expect(columnOf(rejects, 'found')).toEqual(['[', null, '{'])
    expect(columnOf(rejects, 'expected')).toEqual(['a JSON object', 'a call id', 'a JSON object'])
    expect(summary).toMatchObject({
      rows: 4,
      kept: 1,
      rejected: 3,
      rejected_by_reason: { json_invalid: 2, call_id_missing: 1 },
    })
  })

  it('takes a rating under the first of its columns that says something', () => {
    const { calls } = cleanCallFrames(
      log({ id: 'a', start: '2025-01-01T10:00:00Z', rating: 0 }, { id: 'b', start: '2025-01-01T11:00:00Z' }),
      agents,
    )
    expect(columnOf(calls, 'rating')).toEqual([0, null])
  })

  it.each(['call_id', 'agent_id', 'start_time', 'issue_type', 'resolution', 'end_time'])(
    'needs a column %s',
    (missing) => {
      const whole = log({ id: 'c1', start: '2025-01-01T10:00:00Z' })
      const frame = frameOf([...whole.columns].filter(([name]) => name !== missing))
      expect(() => cleanCallFrames(frame, agents)).toThrow(`calls: column "${missing}"`)
    },
  )

  it('does without customers and ratings', () => {
    const whole = log({ id: 'c1', start: '2025-01-01T10:00:00Z' })
    const frame = frameOf([...whole.columns].filter(([name]) => !['customer_id', 'rating'].includes(name)))
    const { calls } = cleanCallFrames(frame, agents)
    expect([columnOf(calls, 'customer_id'), columnOf(calls, 'rating')]).toEqual([[null], [null]])
  })

  it('rounds minutes half away from zero, at the very microsecond', () => {
    const minutes = (micros: string) => {
      const end = `2025-01-01T10:00:${micros}Z`
      const { calls } = cleanCallFrames(log({ id: 'c1', start: '2025-01-01T10:00:00Z', end }), agents)
      return columnOf(calls, 'call_duration_minutes')[0]
    }
    expect(['00.299999', '00.300000', '00.899999', '00.900000', '59.7', '59.699999'].map(minutes)).toEqual([
      0, 0.01, 0.01, 0.02, 1, 0.99,
    ])
  })
})

describe('lineReader', () => {
  it('reads the line, or counts rows from 1', () => {
    expect(lineReader(log({ id: 'c1', start: null, line: 41 }))(0)).toBe(41)
    expect(lineReader(frameOf([['call_id', texts(['a', 'b'])]]))(1)).toBe(2)
    expect(lineReader(frameOf([['_line', texts(['41'])]]))(0)).toBe(1)
  })
})

describe('rejectTable', () => {
  it('has the columns of a list of rejects, though it has none', () => {
    const { rows, columns } = rejectTable([])
    expect([rows, [...columns.keys()]]).toEqual([0, ['line', 'call_id', 'reason', 'column', 'found', 'expected']])
    expect(columns.get('line')).toEqual(new NumberColumn('int32', new Int32Array(0)))
  })

  it('has one word for each reason', () => {
    const rejects = [3, 1, 2].map((line) => ({
      line,
      call_id: `c${line}`,
      reason: line === 2 ? ('end_missing' as const) : ('end_unreadable' as const),
      column: 'end_time',
      found: 'soon',
    }))
    const { columns } = rejectTable(rejects)
    expect(columns.get('reason')).toEqual(texts(['end_unreadable', 'end_missing', 'end_unreadable']))
    expect(columns.get('column')).toEqual(texts(['end_time', 'end_time', 'end_time']))
    expect(Array.from(columns.get('call_id') ?? [])).toEqual(['c1', 'c2', 'c3'])
  })
})
