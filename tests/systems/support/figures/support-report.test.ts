import { tableFromIPC, tableToIPC } from 'apache-arrow'
import * as aq from 'arquero'
import { buildSupportReport, busiestMonth, interactionsByContactCenter, supportCube, supportReport } from 'support-etl'
import { describe, expect, it } from 'vitest'
import { toArquero } from '../../../../src/table/arquero/arquero.ts'
import { toArrow } from '../../../../src/table/arrow/arrow.ts'
import { dimensions, type Interaction, interactionsOf } from './frames.ts'

const call: Interaction = {
  start: '2025-02-10T15:00Z',
  channel: 'phone',
  center: 'ctr1',
  category: 'bill',
  minutes: 2.5,
}
const fact = interactionsOf([call, { ...call, start: '2025-03-01T04:59:59Z', channel: 'chat', minutes: null }])
const expected = [
  {
    month: '2025-02',
    contact_center_name: 'Oslo',
    department: 'Accounts',
    total_interactions: 2,
    total_calls: 1,
    total_call_duration: 2.5,
  },
]
const plain = (table: { toArray(): unknown[] }) => table.toArray().map((row) => ({ ...(row as object) }))

describe('buildSupportReport', () => {
  it('gives an Arquero table for an Arquero table, whatever the dimensions are', () => {
    const report = buildSupportReport({
      interactions: toArquero(fact),
      contactCenters: toArrow(dimensions.contactCenters),
      serviceCategories: toArquero(dimensions.serviceCategories),
    })
    expect(report.objects()).toEqual(expected)
  })

  it('gives an Arrow table for an Arrow table', () => {
    const tables = {
      interactions: tableFromIPC(tableToIPC(toArrow(fact))),
      contactCenters: toArquero(dimensions.contactCenters),
      serviceCategories: toArquero(dimensions.serviceCategories),
    }
    expect(plain(buildSupportReport(tables))).toEqual(expected)
  })

  it('refuses an option it does not have, so that a misspelt zone moves nothing', () => {
    const misspelt: object = { timezone: 'UTC' }
    expect(() => supportCube(toArquero(fact), misspelt)).toThrow(
      'there is no option "timezone"; did you mean "timeZone"? The options are timeZone, monthFrom',
    )
  })

  describe('of interactions that cannot be counted', () => {
    const dateless = interactionsOf([call, { ...call, start: null }, { ...call, start: null, minutes: 4 }])
    const tables = {
      interactions: toArquero(dateless),
      contactCenters: toArquero(dimensions.contactCenters),
      serviceCategories: toArquero(dimensions.serviceCategories),
    }

    it('leaves out rows without any month; the cube says how many', () => {
      expect(buildSupportReport(tables).objects()).toMatchObject([{ total_interactions: 1, total_call_duration: 2.5 }])
      expect(supportCube(tables.interactions).monthMissing).toBe(2)
    })

    it('refuses rows without any month when asked to, naming them', () => {
      expect(() => buildSupportReport(tables, { monthMissing: 'error' })).toThrow(
        expect.objectContaining({
          code: 'month_missing',
          message: 'interactions rows 2, 3 are in no month: interaction_start and timestamp are null; fill one of them',
          details: { rows: [2, 3], count: 2 },
        }),
      )
      expect(buildSupportReport({ ...tables, interactions: toArquero(fact) }, { monthMissing: 'error' })).toBeDefined()
    })

    it('refuses a choice that there is not', () => {
      const none = { monthMissing: 'throw' } as object
      expect(() => supportCube(tables.interactions, none)).toThrow(
        'monthMissing is a string; expected "ignore" or "error"',
      )
    })

    it('counts a call whose duration is NaN, and no minutes of it, as of one without', () => {
      const calls = interactionsOf([call, { ...call, minutes: Number.NaN }, { ...call, minutes: null }])
      expect(buildSupportReport({ ...tables, interactions: toArquero(calls) }).objects()).toMatchObject([
        { total_interactions: 3, total_calls: 3, total_call_duration: 2.5 },
      ])
    })
  })

  it('leaves filtered rows out and reads rows of objects with Dates, epoch milliseconds or text', () => {
    const base = { contact_center_id: 'ctr1', category_id: 'bill', channel: 'phone', call_duration_minutes: 2.5 }
    for (const start of [new Date('2025-02-10T15:00Z'), Date.UTC(2025, 1, 10), '2025-02-10T15:00:00']) {
      const interactions = aq
        .from([
          { ...base, n: 1, interaction_start: start },
          { ...base, n: 2, interaction_start: start },
        ])
        .filter(aq.escape((row: { n: number }) => row.n === 1))
      const { contactCenters, serviceCategories } = dimensions
      const report = buildSupportReport({ interactions, contactCenters, serviceCategories })
      expect(report.objects()).toEqual([{ ...expected[0], total_interactions: 1 }])
    }
  })
})

describe('supportReport', () => {
  it('gives the kind of table that the contact centers are', () => {
    const cube = supportCube(toArrow(fact))
    const serviceCategories = toArrow(dimensions.serviceCategories)
    expect(
      supportReport(cube, { contactCenters: toArquero(dimensions.contactCenters), serviceCategories }).objects(),
    ).toEqual(expected)
    expect(
      plain(supportReport(cube, { contactCenters: toArrow(dimensions.contactCenters), serviceCategories })),
    ).toEqual(expected)
  })

  it('answers questions as the kind of table it is', () => {
    const report = toArrow(supportReport(supportCube(fact), dimensions))
    expect(plain(interactionsByContactCenter(report))).toEqual([{ contact_center_name: 'Oslo', total_interactions: 2 }])
    expect(busiestMonth(report)).toEqual({ month: '2025-02', total_interactions: 2 })
  })
})
