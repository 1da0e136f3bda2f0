import { describe, expect, it } from 'vitest'
import type { CallFilter } from '../../../../src/systems/calls/figures/filter.ts'
import { filterFromQuery, filterToQuery } from '../../../../src/systems/calls/figures/query.ts'

describe('filterToQuery', () => {
  it.each<[CallFilter, string]>([
    [{}, ''],
    [{ period: '7d' }, 'period=7d'],
    [{ period: {} }, ''],
    [{ period: { from: '2025-03-01' } }, 'period=2025-03-01..'],
    [{ period: { to: '2025-03-31' } }, 'period=..2025-03-31'],
    [{ minutes: {} }, ''],
    [{ minutes: { from: 2 } }, 'minutes=2..'],
    [{ minutes: { to: 0.5 } }, 'minutes=..0.5'],
    [{ minutes: { from: 0, to: 10 } }, 'minutes=0..10'],
    [
      { hour: ['09'], region: ['North', null], period: '24h', minutes: { to: 3 } },
      'period=24h&region=North&region=&hour=09&minutes=..3',
    ],
    [{ region: [] }, ''],
    [{ period: '28d', compare: 'year' }, 'period=28d&compare=year'],
    [{ compare: 'none' }, 'compare=none'],
    [{ period: '91d', compare: 'previous' }, 'period=91d'],
  ])('writes %j', (filter, query) => {
    expect(filterToQuery(filter)).toBe(query)
  })
})

describe('filterFromQuery', () => {
  it.each<[string, CallFilter]>([
    ['', {}],
    ['period=all', {}],
    ...(['24h', '7d', '28d', '30d', '90d', '91d'] as const).map((period): [string, CallFilter] => [
      `period=${period}`,
      { period },
    ]),
    ['compare=year', { compare: 'year' }],
    ['compare=previous', {}],
    ['period=2025-03-01..', { period: { from: '2025-03-01' } }],
    ['period=..2025-03-31', { period: { to: '2025-03-31' } }],
    ['period=2025-03-01..2025-03-31', { period: { from: '2025-03-01', to: '2025-03-31' } }],
    ['minutes=2..', { minutes: { from: 2 } }],
    ['minutes=..0.5', { minutes: { to: 0.5 } }],
    ['minutes=0..12.25', { minutes: { from: 0, to: 12.25 } }],
    [
      'rating=other&rating=&weekday=Sun&hour=00&hour=23',
      { rating: ['other', null], weekday: ['Sun'], hour: ['00', '23'] },
    ],
    ['agent=&agent=A1&agent=A1', { agent: [null, 'A1'] }],
  ])('reads %s', (query, filter) => {
    expect(filterFromQuery(query)).toEqual(filter)
  })

  it.each([
    ['period=toString', 'period', 'period: "toString" is not 7d, 28d, 91d, 24h, 30d, 90d, all, or days such as'],
    ['period=7D', 'period', '"7D" is not'],
    ['period=2025-03-01', 'period', '"2025-03-01" is not'],
    ['period=2025-03-01..2025-03-02..2025-03-03', 'period', 'is not'],
    ['period=2025-03-01..soon', 'period', 'is not'],
    ['compare=month', 'compare', 'compare: "month" is not previous, year or none'],
    ['minutes=..', 'minutes', 'minutes: ".." is not a range such as 2..10, 5.. or ..3'],
    ['minutes=5', 'minutes', '"5" is not'],
    ['minutes=-1..5', 'minutes', 'is not'],
    ['minutes=1e3..', 'minutes', 'is not'],
    ['minutes=x1..', 'minutes', 'is not'],
    ['minutes=1x..', 'minutes', 'is not'],
    ['minutes=1...5', 'minutes', 'is not'],
    ['minutes=1..5..9', 'minutes', 'is not'],
    ['rating=6', 'rating', 'rating: "6" is not one of 1, 2, 3, 4, 5, other, (empty)'],
    ['weekday=', 'weekday', 'weekday: "" is not one of Mon, Tue, Wed, Thu, Fri, Sat, Sun'],
    ['hour=7', 'hour', 'hour: "7" is not one of 00, 01'],
  ])('refuses %s', (query, option, words) => {
    expect(() => filterFromQuery(query)).toThrow(
      expect.objectContaining({ code: 'invalid_option', message: expect.stringContaining(words), details: { option } }),
    )
  })
})
