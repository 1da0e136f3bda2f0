import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import {
  answerFigures,
  type CenterCalls,
  callMonthsOf,
  monthsOf,
  newestQuarter,
  rankingOf,
  rankingText,
} from '../../../../src/systems/support/figures/answers.ts'
import {
  centerCallMonths,
  centerCallTails,
  centerHandleTime,
} from '../../../../src/systems/support/figures/call-times.ts'
import {
  centerCalls,
  centerInteractions,
  centerOfLongestCalls,
  monthOfMost,
} from '../../../../src/systems/support/figures/center-totals.ts'
import { reportOf } from '../../../../src/systems/support/figures/cube-report.ts'
import { cubeOf } from '../../../../src/systems/support/figures/support-cube.ts'
import { frameOf } from '../../../../src/table/frame.ts'
import { numbers, rowsOf, stamps, texts } from './frames.ts'

const MONTHS = ['2025-01', '2025-02', '2025-03', '2025-04']
const contactCenters = frameOf([
  ['contact_center_id', texts(['c1', 'c2'])],
  ['contact_center_name', texts(['Oslo', 'Bergen'])],
])
const serviceCategories = frameOf([
  ['category_id', texts(['k1'])],
  ['department', texts(['Accounts'])],
])

const interaction = fc.record({
  channel: fc.constantFrom('phone', 'email'),
  center: fc.constantFrom('c1', 'c2', 'c9', null),
  hour: fc.option(fc.integer({ min: 0, max: 24 * 110 }), { nil: null }),
  handle: fc.option(fc.integer({ min: 1, max: 90 }), { nil: null }),
  tail: fc.integer({ min: -2, max: 9 }),
  minutes: fc.option(
    fc.integer({ min: 1, max: 200 }).map((tenths) => tenths / 10),
    { nil: null },
  ),
  rating: fc.constantFrom(1, 5, null),
})

const tables = fc.array(interaction, { maxLength: 30 }).map((rows) => {
  const base = Date.UTC(2025, 0, 1, 5)
  const text = (at: number | null) => (at === null ? null : new Date(at).toISOString())
  const start = rows.map(({ hour }) => (hour === null ? null : base + hour * 3_600_000))
  const resolved = rows.map(({ handle }, row) => {
    const at = start[row] ?? null
    return at === null || handle === null ? null : at + handle * 60_000
  })
  const interactions = frameOf([
    ['channel', texts(rows.map(({ channel }) => channel))],
    ['contact_center_id', texts(rows.map(({ center }) => center))],
    ['category_id', texts(rows.map(() => 'k1'))],
    ['interaction_start', stamps(start.map(text))],
    ['agent_resolution_timestamp', stamps(resolved.map(text))],
    [
      'interaction_end',
      stamps(
        rows.map(({ tail }, row) => text(resolved[row] == null ? null : (resolved[row] as number) + tail * 60_000)),
      ),
    ],
    ['call_duration_minutes', numbers(rows.map(({ minutes }) => minutes))],
    ['satisfaction_rating', numbers(rows.map(({ rating }) => rating))],
  ])
  return { interactions, report: reportOf(cubeOf(interactions), { contactCenters, serviceCategories }) }
})

describe('answerFigures', () => {
  test.prop([tables, fc.option(fc.subarray(MONTHS, { minLength: 1 }), { nil: null })])(
    'are those of the public questions, asked of the same months',
    ({ interactions, report }, months) => {
      const calls = callMonthsOf(centerCallMonths(interactions, contactCenters))
      const found = answerFigures(report, calls, months)
      const filter = { months: months ?? monthsOf(report) }
      expect(found.interactionsByContactCenter.map((row) => Object.values(row))).toEqual(
        rowsOf(centerInteractions(report, filter)),
      )
      const callRows = rowsOf(centerCalls(report, filter)).filter(([, total]) => Number(total) > 0)
      expect(
        found.calls.map((row) => [
          row.contact_center_name,
          row.total_calls,
          row.total_call_duration,
          row.average_call_minutes,
        ]),
      ).toEqual(callRows)
      const handled = new Map(
        rowsOf(centerHandleTime(interactions, contactCenters, filter)).map((row) => [row[0], row]),
      )
      const tails = new Map(rowsOf(centerCallTails(interactions, contactCenters, filter)).map((row) => [row[0], row]))
      for (const row of found.calls) {
        expect(row.average_handle_minutes).toBe(handled.get(row.contact_center_name)?.[3] ?? null)
        expect([
          row.calls_after_resolution,
          row.average_minutes_after_resolution,
          row.rated_calls,
          row.rated_calls_after_resolution,
        ]).toEqual(tails.get(row.contact_center_name)?.slice(2))
      }
      if (months === null) {
        expect([found.busiestMonth, found.longestAverageCall]).toEqual([
          monthOfMost(report),
          centerOfLongestCalls(report),
        ])
      } else {
        const most = found.interactionsByMonth.toSorted((a, b) => b.total_interactions - a.total_interactions)[0]
        expect(found.busiestMonth).toEqual(most ?? null)
        expect(found.interactionsByMonth.every(({ month }) => months.includes(month))).toBe(true)
      }
    },
  )
})

describe('newestQuarter', () => {
  it.each([
    [['2025-01', '2025-02', '2025-03'], '2025-Q1', true],
    // a quarter that has only begun does not count
    [['2025-01', '2025-02', '2025-03', '2025-04', '2025-05'], '2025-Q1', true],
    [['2024-11', '2025-06'], '2025-Q2', true],
    [['2024-10', '2025-02'], '2024-Q4', true],
    [['2025-02', '2025-03', '2025-04'], '2025-Q2', false],
    [['2025-02'], '2025-Q1', false],
    [['Unknown', '2025-12', '2025-10'], '2025-Q4', true],
  ])('of %j is %s', (months, name, isWhole) => {
    expect(newestQuarter(months)).toMatchObject({ name, isWhole })
  })

  it('is null without months', () => {
    expect([newestQuarter([]), newestQuarter(['Unknown'])]).toEqual([null, null])
  })
})

describe('monthsOf', () => {
  it('are in order of time, and Unknown is none', () => {
    const report = frameOf([['month', texts(['2025-02', 'Unknown', '2025-01', '2025-02'])]])
    expect(monthsOf(report)).toEqual(['2025-01', '2025-02'])
  })
})

describe('rankingOf', () => {
  const calls = (...rows: [name: string, length: number, handle: number | null][]) =>
    rows.map(
      ([contact_center_name, average_call_minutes, average_handle_minutes]): CenterCalls => ({
        contact_center_name,
        total_calls: 1,
        total_call_duration: average_call_minutes,
        average_call_minutes,
        average_handle_minutes,
        calls_after_resolution: 0,
        average_minutes_after_resolution: null,
        rated_calls: 0,
        rated_calls_after_resolution: 0,
      }),
    )

  it.each([
    [
      'reverses',
      calls(['Boston', 12.73, 10], ['Richmond', 12.4, 12.4], ['Atlanta', 10.8, 10.8]),
      'The ranking reverses: Boston is first of 3 by call length and last by handle time; Richmond takes longest.',
    ],
    [
      'stays',
      calls(['Boston', 12, 11], ['Unknown', 11.5, 20], ['Atlanta', 10, 10]),
      'The ranking stays: by handle time the order is the same, Boston, Atlanta.',
    ],
    [
      'changes',
      calls(['A', 12, 11], ['B', 11, 12], ['C', 10, 9]),
      'The ranking changes: A is first of 3 by call length and number 2 by handle time; B takes longest.',
    ],
    [
      'changes',
      calls(['A', 12, 12], ['B', 11, 9], ['C', 10, 10]),
      'The ranking changes below the first: by handle time it is A, C, B.',
    ],
  ] as const)('%s', (outcome, rows, text) => {
    const ranking = rankingOf(rows)
    expect([ranking?.outcome, ranking && rankingText(ranking)]).toEqual([outcome, text])
  })

  it('is null for fewer than two to rank', () => {
    expect(rankingOf(calls(['A', 12, 12], ['B', 11, null], ['Unknown', 9, 9]))).toBeNull()
  })
})
