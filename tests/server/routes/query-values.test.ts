import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { calendarDay, calendarMonth, listOf, wholeNumber } from '../../../src/server/routes/query-values.ts'

const text = (year: number, month: number, day: number) =>
  [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-')

describe('calendarDay', () => {
  it('takes the days that the calendar has, and no other', () => {
    const schema = calendarDay()
    for (const year of [1000, 1600, 1700, 1896, 1900, 1904, 1999, 2000, 2020, 2023, 2024, 2100, 2400, 9996, 9999]) {
      for (let month = 0; month <= 13; month++) {
        for (let day = 0; day <= 32; day++) {
          const found = new Date(Date.UTC(year, month - 1, day))
          const isDay = month >= 1 && month <= 12 && day >= 1 && found.getUTCDate() === day
          const given = text(year, month, day)
          expect([given, schema.safeParse(given).success]).toEqual([given, isDay])
        }
      }
    }
  })

  it.each([
    '',
    '2020-9-30',
    '20200113',
    '0999-01-01',
    '12020-01-01',
    ' 2020-01-01',
    '2020-01-01T00:00',
    '2020-01-01\n',
    '²020-01-01',
  ])('refuses %j', (given) => {
    expect(calendarDay().safeParse(given).success).toBe(false)
  })
})

describe('calendarMonth', () => {
  it.each([
    ...(['2025-01', '1000-12', '9999-09'] as const).map((given) => [given, true] as const),
    ...(['2025-00', '2025-13', '2025-1', '202501', '0999-01', ''] as const).map((given) => [given, false] as const),
  ])('of %j is %s', (given, isMonth) => {
    expect(calendarMonth().safeParse(given).success).toBe(isMonth)
  })
})

describe('wholeNumber', () => {
  const schema = wholeNumber({ least: 1 })
  it.each(['1', '2147483647'])('takes %s', (given) => {
    expect(schema.safeParse(given).data).toBe(Number(given))
  })
  it.each([
    '0',
    '-1',
    '01',
    '1.0',
    '1e1',
    '0x1',
    '2147483648',
    '9999999999',
    '99999999999',
    ' 1',
    '1 ',
    '',
    '²',
    '１',
    'abc',
  ])('refuses %j', (given) => {
    expect(schema.safeParse(given).success).toBe(false)
  })
})

describe('listOf', () => {
  it('takes a name once, several times, or not at all', () => {
    const schema = listOf(z.enum(['a', 'b']))
    expect([undefined, 'a', ['a', 'b']].map((given) => schema.safeParse(given).data)).toEqual([[], ['a'], ['a', 'b']])
    expect(schema.safeParse(['a', 'c']).success).toBe(false)
    expect(schema.safeParse(Array.from({ length: 101 }, () => 'a')).success).toBe(false)
  })
})

describe('patterns of values', () => {
  it('take no longer for long text', () => {
    for (const given of ['9'.repeat(100_000), '2020-'.repeat(20_000), `2020-02-29${' '.repeat(100_000)}`]) {
      const began = performance.now()
      for (const schema of [calendarDay(), calendarMonth(), wholeNumber({ least: 0 })]) schema.safeParse(given)
      expect(performance.now() - began).toBeLessThan(50)
    }
  })
})
