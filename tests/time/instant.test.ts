import { describe, expect, it } from 'vitest'
import {
  civilFromDays,
  daysFromCivil,
  firstDayOf,
  formatDay,
  formatInstant,
  formatWallTime,
  monthOfDay,
  parseDay,
  parseInstant,
  parseTimestamp,
} from '../../src/time/instant.ts'

const DAY = 86_400_000

describe('days since 1970-01-01', () => {
  it.each([1599, 1899, 1969, 1999, 2023, 2099])('equal those of Date for every day of six years from %i', (year) => {
    const first = Date.UTC(year, 0, 1) / DAY
    for (let days = first; days < first + 6 * 365; days++) {
      const date = new Date(days * DAY)
      const civil = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
      expect(daysFromCivil(civil.year, civil.month, civil.day)).toBe(days)
      expect(civilFromDays(days)).toEqual(civil)
    }
  })

  it.each([
    [0, 1, 1, -719_528],
    [0, 2, 29, -719_469],
    [0, 3, 1, -719_468],
    [400, 2, 29, -573_372],
    [400, 3, 1, -573_371],
    [-1, 12, 31, -719_529],
    [9999, 12, 31, 2_932_896],
  ])('of %i-%i-%i are exact at the edges of an era', (year, month, day, days) => {
    expect(daysFromCivil(year, month, day)).toBe(days)
    expect(civilFromDays(days)).toEqual({ year, month, day })
  })
})

describe('months since January of the year 0', () => {
  it.each([
    ['0000-01-01', 0, '0000-01-01'],
    ['-000001-12-31', -1, '-000001-12-01'],
    ['1970-01-31', 1970 * 12, '1970-01-01'],
    ['2024-02-29', 2024 * 12 + 1, '2024-02-01'],
    ['2025-12-31', 2025 * 12 + 11, '2025-12-01'],
  ])('of %s are %i, and begin on %s', (day, month, first) => {
    const days = day.startsWith('-') ? -719_529 : parseDay(day)
    expect(monthOfDay(days)).toBe(month)
    expect(formatDay(firstDayOf(month))).toBe(first)
  })
})

describe('parseDay', () => {
  it.each(['2024-02-29', '2000-02-29', '2025-01-31', '2025-04-30', '2025-12-31', '0001-01-01'])('reads %s', (text) => {
    expect(parseDay(text)).toBe(Date.parse(`${text}T00:00Z`) / DAY)
  })

  it.each([
    '2025-02-29',
    '1900-02-29',
    '2025-04-31',
    '2025-01-32',
    '2025-00-10',
    '2025-13-10',
    '2025-01-00',
    '2025-1-10',
    '25-01-10',
    ' 2025-01-10',
    '2025-01-10 ',
    '2025-01-10T00:00',
    '',
  ])('knows no day "%s"', (text) => {
    expect(parseDay(text)).toBeNaN()
  })
})

describe('parseTimestamp', () => {
  it.each([
    ['2025-02-28T20:30', '2025-02-28T20:30:00Z'],
    ['2025-02-28 20:30', '2025-02-28T20:30:00Z'],
    ['2025-02-28T20:30:15', '2025-02-28T20:30:15Z'],
    ['2025-02-28T20:30:15.25', '2025-02-28T20:30:15.250Z'],
    ['2025-02-28T20:30:15,007', '2025-02-28T20:30:15.007Z'],
    ['2025-02-28T23:59:59', '2025-02-28T23:59:59Z'],
    ['2025-02-28T00:00:00', '2025-02-28T00:00:00Z'],
  ])('reads %s as it stands, without a zone', (text, wall) => {
    expect(parseTimestamp(text)).toEqual({
      wallMilliseconds: Date.parse(wall),
      subMillisecondNanoseconds: 0,
      offsetMinutes: null,
    })
  })

  it.each([
    ['Z', 0],
    ['z', 0],
    [' Z', 0],
    ['+05:30', 330],
    ['-0330', -210],
    ['+14', 840],
    [' -05:00', -300],
    ['+00:00', 0],
    ['+23:59', 1439],
  ])('reads the zone %s', (zone, offsetMinutes) => {
    expect(parseTimestamp(`2025-02-28T20:30${zone}`)?.offsetMinutes).toBe(offsetMinutes)
  })

  it('keeps what is finer than a millisecond, up to nine digits', () => {
    const { wallMilliseconds, subMillisecondNanoseconds } = parseTimestamp('1970-01-01T00:00:01.234567891Z') ?? {}
    expect([wallMilliseconds, subMillisecondNanoseconds]).toEqual([1234, 567_891])
  })

  it.each([
    '2025-02-30T10:00',
    '2025-02-28T24:00',
    '2025-02-28T20:60',
    '2025-02-28T20:30:60',
    '2025-02-28T20:30+24:00',
    '2025-02-28T20:30+05:60',
    '2025-02-28T20:30:15.1234567890',
    '2025-02-28T20:30:15.',
    '2025-02-28T20:30.5',
    '2025-02-28T20:30  Z',
    '2025-02-28T20:30+5',
    '2025-02-28T20:30/05',
    '2025-02-28T20:30:5',
    '2025-02-28_20:30',
    '2025-02-28T8:30',
    '2025-02-28',
    'at 2025-02-28T20:30',
    '2025-02-28T20:30Z!',
  ])('knows no moment "%s"', (text) => {
    expect(parseTimestamp(text)).toBeNull()
    expect(parseInstant(text)).toBeNaN()
  })
})

describe('parseInstant', () => {
  it('takes the offset away, and text without one for UTC', () => {
    expect(parseInstant('2025-02-28T20:30:00-05:00')).toBe(Date.UTC(2025, 2, 1, 1, 30))
    expect(parseInstant('2025-03-01T01:30+05:45')).toBe(Date.UTC(2025, 1, 28, 19, 45))
    expect(parseInstant('2025-02-28 20:30')).toBe(Date.UTC(2025, 1, 28, 20, 30))
  })

  it('takes a fraction of milliseconds and nothing finer', () => {
    expect(parseInstant('1970-01-01T00:00:00.123000Z')).toBe(123)
    expect(parseInstant('1970-01-01T00:00:00.123001Z')).toBeNaN()
  })
})

describe('text of an instant', () => {
  it('has a fraction only where there is one', () => {
    expect(formatInstant(Date.UTC(2025, 1, 3, 4, 5, 6))).toBe('2025-02-03T04:05:06Z')
    expect(formatInstant(Date.UTC(2025, 1, 3, 4, 5, 6, 7))).toBe('2025-02-03T04:05:06.007Z')
    expect(formatWallTime(Date.UTC(2025, 11, 31, 23, 59, 59, 999))).toBe('2025-12-31T23:59:59.999')
  })

  it('is that of Date before 1970 too', () => {
    for (const milliseconds of [-1, -1000, -DAY, -DAY - 1, Date.UTC(1883, 10, 18, 16, 59, 59)]) {
      expect(formatInstant(milliseconds)).toBe(new Date(milliseconds).toISOString().replace('.000Z', 'Z'))
    }
  })

  it.each([
    ['0000-01-01', -719_528],
    ['9999-12-31', 2_932_896],
    ['+010000-01-01', 2_932_897],
    ['-000001-12-31', -719_529],
    ['+275760-09-13', 100_000_000],
    ['-271821-04-20', -100_000_000],
  ])('writes the day %s as ISO 8601 does', (text, days) => {
    expect(formatDay(days)).toBe(text)
  })
})
