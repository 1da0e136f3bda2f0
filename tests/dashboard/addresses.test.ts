import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { findTable } from '../../src/dashboard/page/data/data-page.ts'
import { type DataState, dataAddress } from '../../src/dashboard/page/data/state.ts'
import { ageText } from '../../src/dashboard/page/head.ts'
import type { Places } from '../../src/page/places.ts'
import { CALL_COLUMNS } from '../../src/systems/calls/figures/order.ts'
import { page as callsPage } from '../../src/systems/calls/page/index.ts'
import { callsAddress } from '../../src/systems/calls/page/state.ts'
import { page as complaintsPage } from '../../src/systems/complaints/page/index.ts'
import { complaintsAddress, filtersOf, MEMBERS } from '../../src/systems/complaints/page/state.ts'
import { SYSTEMS } from '../../src/systems/index.ts'
import { page as interactionsPage } from '../../src/systems/interactions/page/index.ts'
import { interactionsAddress } from '../../src/systems/interactions/page/state.ts'
import { page as supportPage } from '../../src/systems/support/page/index.ts'
import { monthsAddress } from '../../src/systems/support/page/state.ts'
import { page as transcriptsPage } from '../../src/systems/transcripts/page/index.ts'
import { transcriptsAddress } from '../../src/systems/transcripts/page/state.ts'

const name = fc.constantFrom('hall', 'a b', 'from.to', 'is', '__proto', '-x', 'ü&=')
const text = fc.string({ minLength: 1, maxLength: 8 })
const filter = fc
  .record(
    {
      members: fc.uniqueArray(fc.option(text), { minLength: 1, maxLength: 3 }),
      contains: text,
      from: fc.integer(),
      to: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    },
    { requiredKeys: [] },
  )
  .filter((one) => Object.keys(one).length > 0)

describe('the address of the page of data', () => {
  test.prop([
    fc.record({
      at: fc.constantFrom('', 'shop', 'a b/ü'),
      name: fc.option(name),
      filters: fc.dictionary(name, filter, { maxKeys: 3 }),
      sort: fc.option(fc.constantFrom('hall', 'a b', 'is.x')),
      column: fc.option(name),
      isDescending: fc.boolean(),
    }),
  ])('says all that is shown', ({ isDescending, ...rest }) => {
    const direction = isDescending && rest.sort !== null ? 'descending' : 'ascending'
    const state: DataState = { ...rest, direction, page: 0 }
    const { state: read, problem } = dataAddress.fromQuery(dataAddress.toQuery(state), dataAddress.toPath?.(state))
    expect(problem).toBeNull()
    // the order of members and of filters is no part of what is shown
    const sorted = (one: DataState) => ({
      ...one,
      filters: Object.fromEntries(
        Object.entries(one.filters).map(([column, { members, ...others }]) => [
          column,
          { ...others, ...(members && { members: [...members].map(String).sort() }) },
        ]),
      ),
    })
    expect(sorted(read)).toEqual(sorted(state))
  })

  it('leaves out what is no number and what says nothing', () => {
    expect(dataAddress.fromQuery('from.hours=soon&to.hours=&has.hall=&x=1').state.filters).toEqual({})
  })
})

describe('findTable', () => {
  const place = (id: string, ...names: string[]) => ({
    ...{ id, job: 'job', commit: 1, committed_at: '', sha256: id, quarantined: 0 },
    tables: names.map((one) => ({
      name: one,
      kind: 'table',
      rows: 0,
      contract: null,
      file: `${id}/${one}`,
      copies: [],
    })),
  })
  const places = [
    { id: 'broken', problem: 'log_damaged' },
    place('', 'halls'),
    place('shop', 'halls', 'tools'),
  ] as Places
  it.each([
    ['', 'halls', '/halls'],
    ['shop', 'halls', 'shop/halls'],
    ['', 'tools', 'shop/tools'],
    ['broken', 'halls', undefined],
    ['', 'none', undefined],
  ])('in folder "%s" finds %s: %s', (at, wanted, file) => {
    expect(findTable(places, { at, name: wanted })?.table.file).toBe(file)
  })
})

describe('the addresses of entities', () => {
  it('of an agent is the page of calls with the agent chosen', () => {
    const { state } = callsAddress.fromQuery('period=28d', ['agents', 'A12'])
    expect(state.filter).toEqual({ period: '28d', agent: ['A12'] })
    expect(callsAddress.toQuery(state)).toBe('period=28d&agent=A12')
    expect(callsAddress.fromQuery('', ['agents']).state.filter).toEqual({})
    expect(CALL_COLUMNS).toContain(state.sort)
  })

  it('of a month and a contact center is the report of both', () => {
    const { state } = monthsAddress.fromQuery('', ['2025-02', 'Portland ME'])
    expect(state).toEqual({ months: ['2025-02'], center: 'Portland ME' })
    expect(monthsAddress.fromQuery(monthsAddress.toQuery(state)).state).toEqual(state)
    expect(monthsAddress.fromQuery('month=2025-01&month=2025-02').state).toEqual({
      months: ['2025-01', '2025-02'],
      center: null,
    })
  })
})

describe('the address of interactions', () => {
  const names = fc.uniqueArray(fc.constantFrom('Email', 'a b', 'ü&=', '__proto__', '%', ''), { maxLength: 3 })
  const day = fc.option(fc.constantFrom('0001-01-01', '2020-02-29', '9999-12-31'))
  test.prop([
    fc.record({
      ...{ channels: names, types: names, start: day, end: day },
      ...{ customer: fc.option(fc.constantFrom(1, 12, 2_147_483_647)), page: fc.nat(9) },
    }),
  ])('says all that is shown', (state) => {
    const { toQuery, toPath, fromQuery } = interactionsAddress
    expect(fromQuery(toQuery(state), toPath?.(state))).toEqual({ state, problem: null })
  })

  it.each([
    'start_date=2020-9-30',
    'start_date=20200113',
    'end_date=2021-02-29',
    'customer=0',
    'customer=%C2%B2',
    'customer=9999999999',
    'page=-1',
  ])('says that %s cannot be read, and leaves it out', (query) => {
    const { state, problem } = interactionsAddress.fromQuery(query)
    expect(problem).toContain('cannot be')
    expect(state).toEqual(interactionsAddress.fromQuery('').state)
  })
})

describe('the address of a transcript', () => {
  it('names the call in its path, and agent and day in its query', () => {
    const state = { agent: "Siobhan O'Brien", day: '2025-09-02', call: 'CALL_1' }
    expect(transcriptsAddress.toPath?.(state)).toEqual(['CALL_1'])
    expect(transcriptsAddress.fromQuery(transcriptsAddress.toQuery(state), ['CALL_1']).state).toEqual(state)
    expect(transcriptsAddress.fromQuery('').state).toEqual({ agent: null, day: null, call: null })
    expect(transcriptsAddress.toQuery({ agent: null, day: null, call: 'C' })).toBe('')
  })
})

describe('the address of complaints', () => {
  const day = fc.option(fc.constantFrom('2024-02-29', '2025-11-20'))
  const some = (name: keyof typeof MEMBERS) => fc.subarray([...MEMBERS[name]])
  test.prop([
    fc.record({
      ...{ channel: some('channel'), category: some('category'), status: some('status'), platform: some('platform') },
      ...{ from: day, to: day, agent: fc.option(fc.constantFrom('1004', 'a/b', 'ü&=')) },
      ...{ sla: fc.integer({ min: 1, max: 10_000 }), waits: fc.option(fc.constantFrom('all', 'raw_call_logs')) },
    }),
  ])('says all that is shown', (state) => {
    const { toQuery, toPath, fromQuery } = complaintsAddress
    expect(fromQuery(toQuery(state), toPath?.(state))).toEqual({ state, problem: null })
  })

  it('filters by what it names, days as numbers since 1970', () => {
    const { state } = complaintsAddress.fromQuery('channel=call&to=1970-01-03', ['agents', '7'])
    expect(filtersOf(state)).toEqual({
      channel: { members: ['call'] },
      agent_id: { members: ['7'] },
      opened_on: { to: 2 },
    })
  })

  it.each(['channel=pigeon', 'from=2025-02-29', 'sla=0', 'sla=72.5', 'sla=99999'])(
    'says that %s cannot be read, and leaves it out',
    (query) => {
      const { state, problem } = complaintsAddress.fromQuery(query)
      expect(problem).toContain('cannot be')
      expect(state).toEqual(complaintsAddress.fromQuery('').state)
    },
  )
})

describe('the pages of systems', () => {
  it('stand at the name of their system, which the server knows as a route', () => {
    const names = SYSTEMS.map((system) => system.name)
    for (const { route, id } of [callsPage, complaintsPage, interactionsPage, supportPage, transcriptsPage])
      expect([names.includes(route), id]).toEqual([true, route])
  })
})

describe('ageText', () => {
  it.each([
    [-5, 'new'],
    [59_999, 'new'],
    [60_000, '1 minute old'],
    [3_599_999, '59 minutes old'],
    [3_600_000, '1 hour old'],
    [86_400_000 * 40, '40 days old'],
  ])('%d ms is %s', (milliseconds, told) => {
    expect(ageText(milliseconds)).toBe(told)
  })
})
