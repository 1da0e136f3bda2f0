import { describe, expect, it } from 'vitest'
import { reportOf } from '../../../../src/systems/support/figures/cube-report.ts'
import { countMonthChanges } from '../../../../src/systems/support/figures/interaction-month.ts'
import { cubeOf } from '../../../../src/systems/support/figures/support-cube.ts'
import { frameOf } from '../../../../src/table/frame.ts'
import { dimension, dimensions, type Interaction, interactionsOf, rowsOf, texts } from './frames.ts'

const call: Interaction = {
  start: '2025-02-10T15:00Z',
  channel: 'phone',
  center: 'ctr1',
  category: 'bill',
  minutes: 2.5,
}
const readWith = (rows: readonly Interaction[], names = dimensions) =>
  rowsOf(reportOf(cubeOf(interactionsOf(rows)), names))

describe('reportOf', () => {
  it('gives names to ids, sorted by month, name and department', () => {
    const rows = [
      { ...call, start: '2025-03-10T15:00Z' },
      call,
      { ...call, center: 'ctr2' },
      { ...call, category: 'tech' },
    ]
    expect(readWith(rows)).toEqual([
      ['2025-02', 'Bergen', 'Accounts', 1, 1, 2.5],
      ['2025-02', 'Oslo', 'Accounts', 1, 1, 2.5],
      ['2025-02', 'Oslo', 'Repairs', 1, 1, 2.5],
      ['2025-03', 'Oslo', 'Accounts', 1, 1, 2.5],
    ])
  })

  it('says Unknown where an id is null or in no dimension', () => {
    const rows = [
      { ...call, center: null },
      { ...call, category: 'gone' },
    ]
    expect(readWith(rows).map((row) => row.slice(1, 4))).toEqual([
      ['Oslo', 'Unknown', 1],
      ['Unknown', 'Accounts', 1],
    ])
  })

  it('says Unknown where a name is null or blank, in one row', () => {
    const contactCenters = dimension('contact_center_id', 'contact_center_name', { ctr1: null, ctr2: '  ' })
    expect(readWith([call, { ...call, center: 'ctr2' }], { ...dimensions, contactCenters })).toEqual([
      ['2025-02', 'Unknown', 'Accounts', 2, 2, 5],
    ])
  })

  it('joins ids of one name into one row', () => {
    const contactCenters = dimension('contact_center_id', 'contact_center_name', { ctr1: 'Oslo', ctr2: 'Oslo' })
    expect(readWith([call, { ...call, center: 'ctr2' }], { ...dimensions, contactCenters })).toEqual([
      ['2025-02', 'Oslo', 'Accounts', 2, 2, 5],
    ])
  })

  it('sorts by code unit, not by a locale', () => {
    const contactCenters = dimension('contact_center_id', 'contact_center_name', { ctr1: 'aa', ctr2: 'Zz' })
    const names = readWith([call, { ...call, center: 'ctr2' }], { ...dimensions, contactCenters }).map((row) => row[1])
    expect(names).toEqual(['Zz', 'aa'])
  })

  it('adds durations as integers, so that a tenth thrice is three tenths', () => {
    const tenth = { ...call, minutes: 0.1 }
    expect(readWith([tenth, tenth, tenth])[0]?.[5]).toBe(0.3)
  })

  it('refuses a dimension that names a key twice', () => {
    const contactCenters = frameOf([
      ['contact_center_id', texts(['ctr1', 'ctr1'])],
      ['contact_center_name', texts(['Oslo', 'Bergen'])],
    ])
    expect(() => readWith([call], { ...dimensions, contactCenters })).toThrow(
      expect.objectContaining({
        code: 'dimension_duplicate_key',
        message:
          'dimension rows 1 and 2 have one key (contact_center_id); a dimension has one row per key: remove one of them',
      }),
    )
  })

  it('has no rows for no interactions, and the six columns all the same', () => {
    const report = reportOf(cubeOf(interactionsOf([])), dimensions)
    expect([...report.columns.keys()]).toEqual([
      'month',
      'contact_center_name',
      'department',
      'total_interactions',
      'total_calls',
      'total_call_duration',
    ])
    expect(report.rows).toBe(0)
  })
})

describe('countMonthChanges', () => {
  const rows = interactionsOf([
    call,
    { ...call, start: '2025-03-01T01:30Z', stamp: '2025-03-01T12:00Z' },
    { ...call, start: '2025-04-01T04:30Z', stamp: '2025-04-01T12:00Z' },
    { ...call, start: null },
  ])

  it('counts the interactions that another zone puts into another month', () => {
    expect(countMonthChanges(rows, {}, { timeZone: 'UTC' })).toBe(1)
    expect(countMonthChanges(rows, {}, { timeZone: 'EST' })).toBe(1)
    expect(countMonthChanges(rows, {}, {})).toBe(0)
  })

  it('counts those that another column puts into another month, or into none', () => {
    expect(countMonthChanges(rows, {}, { monthFrom: 'timestamp' })).toBe(2)
  })
})
