import { describe, expect, it } from 'vitest'
import { compactMonth, compareMonths, nextMonth, parseMonth, readMonth } from '../../../src/pipeline/job/month.ts'

describe('months', () => {
  it.each([
    ['202503', '2025-03'],
    ['2025-03', '2025-03'],
    [' 202512 ', '2025-12'],
    ['202513', null],
    ['202500', null],
    ['2025', null],
    ['march', null],
  ])('reads %j as %j', (text, month) => {
    expect(parseMonth(text)).toBe(month)
  })

  it('refuses what is no month, naming the option', () => {
    expect(() => readMonth('2025-3', 'months')).toThrow('months "2025-3" is no month; write it as 202503 or 2025-03')
  })

  it('goes over the end of the year', () => {
    expect([nextMonth('2025-11'), nextMonth('2025-12')]).toEqual(['2025-12', '2026-01'])
  })

  it('puts the extract before every month', () => {
    expect(['2025-03', null, '2025-02', null].sort(compareMonths)).toEqual([null, null, '2025-02', '2025-03'])
  })

  it('stands without a dash in file names', () => {
    expect(compactMonth('2025-03')).toBe('202503')
  })
})
