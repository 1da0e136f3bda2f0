import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { cleanCalls } from '../../../../src/systems/calls/clean/clean-calls.ts'
import { agents, call, type LogRow, log, rowsOf } from '../tables.ts'

const stamp = fc
  .tuple(fc.integer({ min: 0, max: 200_000_000 }), fc.constantFrom('Z', '+00:00', '', '-05:00', '+05:45'))
  .map(([tenths, zone]) => {
    const wall = new Date(Date.UTC(2025, 0, 1) + tenths * 100).toISOString().slice(0, -1)
    return `${wall}${zone}`
  })
const row: fc.Arbitrary<LogRow> = fc.record({
  call_id: fc.oneof({ weight: 9, arbitrary: fc.constantFrom('c1', 'c2', 'c3', 'é', '_x') }, fc.constant(null)),
  agent_id: fc.constantFrom('A1', 'A2', 'A9', null),
  start_time: fc.oneof({ weight: 9, arbitrary: stamp }, fc.constantFrom(null, 'n/a', '2025-02-29T10:00:00Z')),
  end_time: fc.oneof({ weight: 9, arbitrary: stamp }, fc.constantFrom(null, 'n/a')),
  issue_type: fc.constantFrom('billing', 'outage', null),
  resolution: fc.constantFrom('resolved', 'escalated', null),
  rating: fc.constantFrom(1, 3.5, 5, null),
})
const rows = fc.array(row, { maxLength: 30 })

/** What the platform's own clock makes of a stamp: the reference for those it can read. */
function platformInstant(text: LogRow[string]): number {
  if (typeof text !== 'string' || text === 'n/a' || text.startsWith('2025-02-29')) return Number.NaN
  return Date.parse(/Z|[+-]\d\d:\d\d$/.test(text) ? text : `${text}Z`)
}

/** The specification written down naively, row object by row object. */
function naively(log: readonly LogRow[]) {
  const kept = new Map<string, { start: number; minutes: number; row: LogRow }>()
  let rejected = 0
  for (const row of log) {
    const start = platformInstant(row.start_time)
    const end = platformInstant(row.end_time)
    if (typeof row.call_id !== 'string' || !(end > start)) rejected++
    else kept.set(row.call_id, { start, minutes: Math.round((end - start) / 600) / 100, row })
  }
  return { kept, rejected }
}

describe('cleanCalls', () => {
  test.prop([rows])('agrees with the specification written down naively', (log_) => {
    const { calls, rejects, summary } = cleanCalls(log(...log_.map(call)), agents)
    const { kept, rejected } = naively(log_.map(call))
    expect(summary.rejected).toBe(rejected)
    expect(rejects.numRows()).toBe(rejected)
    const found = rowsOf(calls)
    expect(new Set(found.map(({ call_id }) => call_id))).toEqual(new Set(kept.keys()))
    for (const one of found) {
      const expected = kept.get(one.call_id as string)
      expect((one.start_time as Date).getTime()).toBe(expected?.start)
      expect(one.call_duration_minutes).toBe(expected?.minutes)
      expect(one.rating).toBe(expected?.row.rating ?? null)
    }
  })

  test.prop([rows])('accounts for every row once', (log_) => {
    const { calls, summary } = cleanCalls(log(...log_), agents)
    expect(summary.rows).toBe(log_.length)
    expect(summary.kept + summary.rejected + summary.replaced).toBe(log_.length)
    expect(calls.numRows()).toBe(summary.kept)
    expect(Object.values(summary.rejected_by_reason).reduce((sum, count) => sum + count, 0)).toBe(summary.rejected)
  })

  test.prop([fc.uniqueArray(row, { selector: ({ call_id }) => call_id, maxLength: 6 }), fc.nat()])(
    'gives the same table whatever order a log without repetitions is in',
    (log_, turn) => {
      const at = log_.length === 0 ? 0 : turn % log_.length
      const turned = [...log_.slice(at), ...log_.slice(0, at)].reverse()
      expect(rowsOf(cleanCalls(log(...turned), agents).calls)).toEqual(rowsOf(cleanCalls(log(...log_), agents).calls))
    },
  )

  test.prop([rows, rows])(
    'does not look back: rows of a call that comes again later change nothing',
    (first, second) => {
      const again = new Set(rowsOf(cleanCalls(log(...second), agents).calls).map(({ call_id }) => call_id))
      const needed = first.filter(({ call_id }) => !again.has(call_id ?? null))
      const whole = cleanCalls(log(...first, ...second), agents)
      const short = cleanCalls(log(...needed, ...second), agents)
      expect(rowsOf(whole.calls)).toEqual(rowsOf(short.calls))
    },
  )
})
