import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/connect/memory.ts'
import { parquetFrame } from '../../src/format/parquet/parquet.ts'
import { frameCallSet } from '../../src/systems/calls/figures/call-set.ts'
import type { CallFilter } from '../../src/systems/calls/figures/filter.ts'
import { orderCalls } from '../../src/systems/calls/figures/order.ts'
import { selectCalls } from '../../src/systems/calls/figures/selection.ts'
import { summarizeCallSet } from '../../src/systems/calls/figures/summary.ts'
import { runCalls } from '../../src/systems/calls/job/run-calls.ts'
import { callsFigures, callsRows, overviewOf } from '../../src/systems/calls/page/calls-figures.ts'
import { FIRST_STATE } from '../../src/systems/calls/page/state.ts'
import { callLog } from '../../src/systems/calls/sample/call-log.ts'
import { bytesOf, filesIn } from '../systems/calls/places.ts'
import { setOf } from '../systems/calls/tables.ts'

const store = memoryStore()
for (const { name, chunks } of callLog({ calls: 2000, seed: 5 })) await store.write(name, chunks())
await runCalls(filesIn(store))
const set = frameCallSet(await parquetFrame(await bytesOf(store, 'cleaned_calls.parquet')))
const overview = overviewOf(set)
const shown = (filter: CallFilter) => callsFigures(selectCalls(set, filter), overview)
const rows = (filter: CallFilter, order: Partial<typeof FIRST_STATE> = {}) =>
  callsRows(selectCalls(set, filter), overview, { ...FIRST_STATE, ...order }, (column) => orderCalls(set, column))

const FILTERS: readonly CallFilter[] = [
  {},
  { period: '28d' },
  { period: '7d', compare: 'year', issue: ['Billing'] },
  { period: { from: '2025-05-01', to: '2025-05-31' }, region: ['North'], minutes: { from: 2, to: 12 } },
  { region: ['nowhere'] },
]

describe('what the page of calls is told by its worker', () => {
  it.each(FILTERS)('is what the command line says of %j', (filter) => {
    const figures = shown(filter)
    const told = summarizeCallSet(set, filter)
    expect(figures.kpis).toMatchObject({ current: told.kpis, previous: told.previous_kpis, change: told.change })
    expect(figures.contacts).toEqual(told.contacts)
    expect(figures.timeline.buckets.map(({ calls, previous }) => [calls, previous])).toEqual(
      told.timeline.stretches.map(({ calls, previous }) => [calls, previous]),
    )
    expect(figures.durations).toEqual(told.durations)
    expect(figures.heat).toEqual(told.heat_map)
    expect(figures.members).toMatchObject({
      region: told.by_region,
      issue: told.by_issue,
      resolution: told.by_resolution,
      rating: told.by_rating,
    })
    expect(rows(filter).agents).toEqual(told.agents)
    expect(rows(filter).total).toBe(told.kpis.calls)
  })

  it('goes through a message unchanged, and is small', () => {
    for (const filter of FILTERS) {
      for (const answer of [shown(filter), rows(filter), overview]) expect(structuredClone(answer)).toEqual(answer)
      expect(JSON.stringify(shown(filter)).length).toBeLessThan(150_000)
    }
  })

  it('has pages of rows in any order, the last one where an address names a later one', () => {
    const first = rows({}, { sort: 'minutes', direction: 'ascending' })
    expect([first.from, first.rows.length]).toEqual([0, 20])
    const minutes = first.rows.map((cells) => Number(cells[7]))
    expect(minutes).toEqual(minutes.toSorted((a, b) => a - b))
    const last = rows({}, { tablePage: 1_000_000 })
    expect(last.from + last.rows.length).toBe(last.total)
    expect(rows({ region: ['nowhere'] })).toEqual({ total: 0, from: 0, rows: [], agents: [] })
  })

  it('is nothing of a file without calls', () => {
    const none = setOf()
    expect(overviewOf(none)).toEqual({ rows: 0, days: [0, -1], unknownAgents: 0, agents: new Map() })
    expect(callsFigures(selectCalls(none), overviewOf(none)).kpis.current.calls).toBe(0)
  })

  it('finds the same calls worth a second look whatever was asked before, and only those in view', () => {
    const [all] = shown({}).anomalies
    const [some] = shown({ period: '28d' }).anomalies
    expect(all?.count).toBeGreaterThan(some?.count ?? 0)
    expect(all?.examples.length).toBe(Math.min(4, all?.count ?? 0))
    expect(shown({}).anomalies[0]).toEqual(all)
  })
})
