import { describe, expect, it } from 'vitest'
import { type SupportExtractsOptions, supportExtracts } from '../../../../src/systems/support/sample/extracts.ts'
import { csvRows, type Row, replay, report } from '../reference.ts'

function make(options: SupportExtractsOptions): Map<string, string> {
  return new Map(
    [...supportExtracts(options)].map(({ name, chunks }) => [name, Buffer.concat([...chunks()]).toString()]),
  )
}

const files = make({ interactions: 2000 })
const text = (name: string) => files.get(name) ?? ''
const february = () => csvRows(text('delta/interactions_delta_202502.csv'))
const march = () => csvRows(text('delta/interactions_delta_202503.csv'))
const actions = (rows: Row[]) => Object.groupBy(rows, ({ action }) => action ?? '')

describe('supportExtracts', () => {
  it('names the files as the job expects them, and leaves out the centers of February', () => {
    expect([...files.keys()]).toEqual([
      'initial/agents.csv',
      'initial/contact_centers.csv',
      'initial/service_categories.csv',
      'initial/interactions.csv',
      'delta/agents_delta_202502.csv',
      'delta/service_categories_delta_202502.csv',
      'delta/interactions_delta_202502.csv',
      'delta/agents_delta_202503.csv',
      'delta/contact_centers_delta_202503.csv',
      'delta/service_categories_delta_202503.csv',
      'delta/interactions_delta_202503.csv',
    ])
  })

  it('gives the same bytes for the same seed, in whatever order files are read', () => {
    const backwards = [...supportExtracts({ interactions: 2000 })].reverse()
    for (const { name, chunks } of backwards) expect(Buffer.concat([...chunks()]).toString()).toBe(text(name))
  })

  it('gives other rows for another seed', () => {
    expect(make({ interactions: 2000, seed: 2 }).get('initial/interactions.csv')).not.toBe(
      text('initial/interactions.csv'),
    )
  })

  it('has as many rows as asked for, and a tenth of them in each delta', () => {
    expect(csvRows(text('initial/interactions.csv'))).toHaveLength(2000)
    expect([february(), march()].map((rows) => rows.length)).toEqual([200, 200])
  })

  it('needs about 120 bytes an interaction', () => {
    const bytes = text('initial/interactions.csv').length / 2000
    expect(bytes).toBeGreaterThan(115)
    expect(bytes).toBeLessThan(130)
  })

  it.each([
    { interactions: 100, seed: 1 },
    { interactions: 101, seed: 7, deltas: 9 },
    { interactions: 2345, seed: 3, deltas: 9 },
    { interactions: 10_000, seed: 4_294_967_295, deltas: 3 },
  ])('makes only changes that hit what they name, each key once a month: %o', (options) => {
    expect(replay(make(options)).surprises).toEqual([])
  })

  it('adds, updates, deletes and adds again', () => {
    const deleted = new Set(actions(february()).delete?.map((row) => row.interaction_id))
    const again = actions(march()).add?.filter((row) => deleted.has(row.interaction_id))
    expect([deleted.size, again?.length]).toEqual([20, 20])
    expect(actions(march()).update?.length).toBe(40)
  })

  it('has the irregularities of real exports', () => {
    const changes = text('delta/interactions_delta_202502.csv')
    expect(changes).toMatch(/,add \r\n/)
    expect(changes).toMatch(/\bI\d{8},,,,,,,,,,,delete/)
    expect(changes).toMatch(/,n\/a,n\/a,n\/a,n\/a,,delete/)
    expect(changes.endsWith('\n')).toBe(false)
    expect(text('initial/interactions.csv')).toMatch(/, \r\n/)
    expect(text('initial/agents.csv')).toMatch(/,"[A-Z][a-z]+, [A-Z][a-z]+",/)
    expect(text('initial/service_categories.csv')).toMatch(/,Accounts \r\n/)
    const durations = csvRows(text('initial/interactions.csv')).map((row) => row.call_duration_minutes ?? '')
    for (const spelling of [/^\d+$/, /^\d+\.0$/, /^\d+\.(25|50|75)$/, /^$/]) {
      expect(durations.some((duration) => spelling.test(duration))).toBe(true)
    }
  })

  it('caught calls while they ran, and completes them in February', () => {
    const running = csvRows(text('initial/interactions.csv')).slice(-2)
    expect(running.map((row) => [row.channel, row.interaction_end, row.call_duration_minutes])).toEqual([
      ['phone', '', ''],
      ['phone', '', ''],
    ])
    const completed = february().filter((row) =>
      running.some(({ interaction_id }) => interaction_id === row.interaction_id),
    )
    expect(completed.map((row) => Number(row.call_duration_minutes) > 0)).toEqual([true, true])
  })

  it('names a center and a category before their file adds them, and one after its file deletes it', () => {
    const known = replay(files, '202502').tables
    const used = february()
    expect(used.filter((row) => row.contact_center_id === 'C24').length).toBeGreaterThan(0)
    expect(known.contact_centers.has('C24')).toBe(false)
    expect(used.filter((row) => row.category_id === 'EVCH').length).toBeGreaterThan(0)
    expect(known.service_categories.has('EVCH')).toBe(false)
    const { tables } = replay(files)
    expect([tables.contact_centers.has('C24'), tables.service_categories.has('EVCH')]).toEqual([true, true])
    expect(report(tables).some(([, , department]) => department === 'Unknown')).toBe(true)
  })

  it('has interactions whose month changes with the zone', () => {
    const { tables } = replay(make({ interactions: 100 }))
    expect(report(tables)).not.toEqual(report(tables, { timeZone: 'UTC' }))
  })

  it('gives the center with the longest calls the shortest work', () => {
    const byCenter = new Map<string, { calls: number; minutes: number; handled: number }>()
    for (const row of replay(files).tables.interactions.values()) {
      if (row.channel?.toLowerCase() !== 'phone') continue
      const center = row.contact_center_id ?? ''
      const sums = byCenter.get(center) ?? { calls: 0, minutes: 0, handled: 0 }
      byCenter.set(center, sums)
      sums.calls++
      sums.minutes += Number(row.call_duration_minutes)
      sums.handled += Date.parse(row.agent_resolution_timestamp ?? '') - Date.parse(row.interaction_start ?? '')
    }
    const ranked = (of: (sums: { calls: number; minutes: number; handled: number }) => number) =>
      [...byCenter].sort(([, a], [, b]) => of(b) / b.calls - of(a) / a.calls).map(([center]) => center)
    expect(ranked((sums) => sums.minutes)[0]).toBe('C01')
    expect(ranked((sums) => sums.handled).at(-1)).toBe('C01')
  })

  it.each([
    [{ interactions: 99 }, 'interactions is 99, expected a whole number from 100 to 500000000'],
    [{ interactions: 100.5 }, 'interactions is 100.5, expected'],
    [{ interactions: 100, seed: -1 }, 'seed is -1, expected'],
    [{ interactions: 100, deltas: 10 }, 'deltas is 10, expected a whole number from 0 to 9'],
  ])('refuses %o', (options, message) => {
    expect(() => [...supportExtracts(options)]).toThrow(
      expect.objectContaining({ code: 'invalid_option', message: expect.stringContaining(message) }),
    )
  })
})
