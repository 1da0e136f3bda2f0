import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { overTime } from '../../../src/systems/interactions/figures/over-time.ts'

const DAY = 86_400_000
const FIRST = Date.parse('0001-01-01T00:00:00Z')
const LAST = Date.parse('9999-12-31T00:00:00Z')
const textOf = (time: number) => new Date(time).toISOString().slice(0, 10)

/** Days of any years, near each other or not. */
const anyDays = fc
  .tuple(fc.integer({ min: 0, max: (LAST - FIRST) / DAY }), fc.constantFrom(1, 40, 95, 2000, 9000, 4_000_000))
  .chain(([start, span]) =>
    fc.array(fc.tuple(fc.nat(span), fc.integer({ min: 1, max: 9 })), { maxLength: 30 }).map((all) => {
      const days = new Map<string, number>()
      for (const [after, count] of all) days.set(textOf(Math.min(LAST, FIRST + (start + after) * DAY)), count)
      return days
    }),
  )

describe('overTime', () => {
  test.prop([anyDays])('has each day in one bucket, and no gap between buckets', (days) => {
    const { buckets } = overTime(days)
    const names = new Set(buckets.map(({ name }) => name))
    const wrong = buckets.filter(({ name, first, last }, at) => {
      const next = buckets[at + 1]
      const isJoined = next === undefined || Date.parse(next.first) - Date.parse(last) === DAY
      return !first.startsWith(name) || !last.startsWith(name) || first > last || !isJoined
    })
    expect([wrong, names.size]).toEqual([[], buckets.length])
    const counted = new Map(buckets.filter(({ count }) => count > 0).map(({ name, count }) => [name, count]))
    const expected = new Map<string, number>()
    for (const [day, count] of days) {
      const name = [...day.matchAll(/-|$/g)].map(({ index }) => day.slice(0, index)).find((one) => names.has(one)) ?? ''
      expected.set(name, (expected.get(name) ?? 0) + count)
    }
    expect(counted).toEqual(expected)
    expect([buckets[0]?.count, buckets.at(-1)?.count].includes(0)).toBe(false)
  })

  it.each([
    ['2024-03-31', 'day', 91],
    ['2024-04-01', 'day', 92],
    ['2024-04-02', 'month', 4],
    ['2034-02-28', 'month', 122],
    ['2034-04-01', 'year', 11],
  ])('goes from 2024-01-01 to %s by %s, in %i buckets', (last, unit, count) => {
    const found = overTime(
      new Map([
        ['2024-01-01', 1],
        [last, 1],
      ]),
    )
    expect([found.unit, found.buckets.length]).toEqual([unit, count])
  })

  it('of nothing is empty', () => {
    expect(overTime(new Map())).toEqual({ unit: 'day', buckets: [] })
  })
})
