import { describe, expect, it } from 'vitest'
import { centerCallTails, centerHandleTime } from '../../../../src/systems/support/figures/call-times.ts'
import {
  centerCalls,
  centerInteractions,
  centerOfLongestCalls,
  monthOfMost,
} from '../../../../src/systems/support/figures/center-totals.ts'
import { frameOf } from '../../../../src/table/frame.ts'
import { dimensions, type Interaction, interactionsOf, numbers, rowsOf, texts } from './frames.ts'

type ReportRow = readonly [month: string, center: string, interactions: number, calls: number, minutes: number]
const reportOf = (...rows: ReportRow[]) =>
  frameOf([
    ['month', texts(rows.map(([month]) => month))],
    ['contact_center_name', texts(rows.map(([, center]) => center))],
    ['total_interactions', numbers(rows.map((row) => row[2]))],
    ['total_calls', numbers(rows.map((row) => row[3]))],
    ['total_call_duration', numbers(rows.map((row) => row[4]))],
  ])

describe('centerInteractions', () => {
  const report = reportOf(
    ['2025-01', 'Oslo', 2, 0, 0],
    ['2025-01', 'Bergen', 3, 0, 0],
    ['2025-02', 'Unknown', 9, 0, 0],
    ['2025-02', 'Oslo', 1, 0, 0],
  )

  it('lists every center, Unknown too, the largest first and ties by name', () => {
    expect(rowsOf(centerInteractions(report))).toEqual([
      ['Unknown', 9],
      ['Bergen', 3],
      ['Oslo', 3],
    ])
  })

  it('counts only the months named', () => {
    expect(rowsOf(centerInteractions(report, { months: ['2025-01', '2024-01'] }))).toEqual([
      ['Bergen', 3],
      ['Oslo', 2],
    ])
    expect(rowsOf(centerInteractions(report, { months: [] }))).toEqual([])
  })
})

describe('centerCalls', () => {
  it('divides all minutes by all calls, not a mean of means, and null without calls', () => {
    const report = reportOf(
      ['2025-01', 'Oslo', 1, 1, 10],
      ['2025-02', 'Oslo', 3, 3, 60],
      ['2025-02', 'Bergen', 1, 0, 0],
      ['2025-02', 'Bodø', 1, 1, 0],
    )
    expect(rowsOf(centerCalls(report))).toEqual([
      ['Oslo', 4, 70, 17.5],
      ['Bodø', 1, 0, 0],
      ['Bergen', 0, 0, null],
    ])
  })
})

describe('monthOfMost', () => {
  it('takes the earliest of several', () => {
    const report = reportOf(['2025-03', 'Oslo', 2, 0, 0], ['2025-02', 'Oslo', 1, 0, 0], ['2025-02', 'Bergen', 1, 0, 0])
    expect(monthOfMost(report)).toEqual({ month: '2025-02', total_interactions: 2 })
  })

  it('is null for a report without rows', () => {
    expect(monthOfMost(reportOf())).toBeNull()
  })
})

describe('centerOfLongestCalls', () => {
  it('never names Unknown, and takes the first name of several', () => {
    const report = reportOf(
      ['2025-01', 'Unknown', 1, 1, 90],
      ['2025-01', 'Oslo', 1, 2, 30],
      ['2025-01', 'Bergen', 1, 1, 15],
    )
    expect(centerOfLongestCalls(report)).toEqual({
      contact_center_name: 'Bergen',
      total_calls: 1,
      total_call_duration: 15,
      average_call_minutes: 15,
    })
  })

  it('is null when nobody has calls', () => {
    expect(centerOfLongestCalls(reportOf(['2025-01', 'Oslo', 1, 0, 0], ['2025-01', 'Unknown', 1, 1, 2]))).toBeNull()
  })
})

const call: Interaction = {
  start: '2025-02-10T15:00Z',
  resolved: '2025-02-10T15:10Z',
  end: '2025-02-10T15:10Z',
  channel: 'phone',
  center: 'ctr1',
}
const calls = interactionsOf([
  call,
  { ...call, end: '2025-02-10T15:12Z', rating: 5 },
  { ...call, start: '2025-03-10T15:05Z', resolved: '2025-03-10T15:07:30Z', end: '2025-03-10T15:13:30Z' },
  { ...call, resolved: null, rating: 2 },
  { ...call, channel: 'chat', rating: 1 },
  { ...call, center: 'gone', resolved: null },
])

describe('centerHandleTime', () => {
  it('averages from start to resolution, over the calls that have both', () => {
    expect(rowsOf(centerHandleTime(calls, dimensions.contactCenters))).toEqual([
      ['Oslo', 4, 3, 7.5],
      ['Unknown', 1, 0, null],
    ])
  })

  it('counts only the months named', () => {
    expect(rowsOf(centerHandleTime(calls, dimensions.contactCenters, { months: ['2025-03'] }))).toEqual([
      ['Oslo', 1, 1, 2.5],
    ])
  })
})

describe('centerCallTails', () => {
  it('tells the calls that go on after they are resolved, and which are rated', () => {
    expect(rowsOf(centerCallTails(calls, dimensions.contactCenters))).toEqual([
      ['Oslo', 4, 2, 4, 2, 1],
      ['Unknown', 1, 0, null, 0, 0],
    ])
  })
})
