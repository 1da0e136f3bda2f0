import { describe, expect, it } from 'vitest'
import { formatWallTime } from '../../src/time/instant.ts'
import { localMonthCodes, localOffsets, localWallTimes } from '../../src/time/local.ts'
import type { TickUnit } from '../../src/time/steps.ts'
import { zoneOf } from '../../src/time/zone.ts'

const ms = (...instants: (string | null)[]) => ({
  values: Float64Array.from(instants, (instant) => (instant === null ? Number.NaN : Date.parse(instant))),
  unit: 'ms' as TickUnit,
})
const monthsOf = (instants: { values: Float64Array; unit: TickUnit }, zone: string) => {
  const { codes, months } = localMonthCodes(instants, zoneOf(zone))
  return Array.from(codes, (code) => months[code] ?? null)
}

describe('localMonthCodes', () => {
  it('begins a month at local midnight', () => {
    const stamps = ms('2025-03-01T04:59:59.999Z', '2025-03-01T05:00Z', '2025-04-01T03:59:59.999Z', '2025-04-01T04:00Z')
    expect(monthsOf(stamps, 'America/New_York')).toEqual(['2025-02', '2025-03', '2025-03', '2025-04'])
    expect(monthsOf(stamps, 'EST')).toEqual(['2025-02', '2025-03', '2025-03', '2025-03'])
  })

  it('is exact for offsets of quarter and half hours', () => {
    const stamps = ms('2025-01-31T18:14:59Z', '2025-01-31T18:15Z', '2025-01-31T18:29:59Z', '2025-01-31T18:30Z')
    expect(monthsOf(stamps, 'Asia/Kathmandu')).toEqual(['2025-01', '2025-02', '2025-02', '2025-02'])
    expect(monthsOf(stamps, 'Asia/Kolkata')).toEqual(['2025-01', '2025-01', '2025-01', '2025-02'])
  })

  it('gives a month twice where the clock goes back over midnight of the first', () => {
    const stamps = ms(
      '2009-11-01T02:59Z',
      '2009-11-01T03:00Z',
      '2009-11-01T03:01Z',
      '2009-11-01T03:59Z',
      '2009-11-01T04:00Z',
    )
    expect(monthsOf(stamps, 'America/Goose_Bay')).toEqual(['2009-10', '2009-11', '2009-10', '2009-10', '2009-11'])
  })

  it('has labels in order of time, even where the clock goes back into the month before', () => {
    const stamps = ms('2009-11-01T03:00:30Z', '2009-11-01T03:30Z')
    expect(localMonthCodes(stamps, zoneOf('America/Goose_Bay'))).toEqual({
      codes: Int32Array.of(1, 0),
      months: ['2009-10', '2009-11'],
      nulls: 0,
    })
  })

  it('is exact before 1970 and at offsets of seconds', () => {
    expect(monthsOf(ms('1969-12-31T23:59:59.999Z', '1970-01-01T00:00Z'), 'UTC')).toEqual(['1969-12', '1970-01'])
    const before = ms('1883-11-01T04:56:01Z', '1883-11-01T04:56:02Z')
    expect(monthsOf(before, 'America/New_York')).toEqual(['1883-10', '1883-11'])
  })

  it('takes seconds and microseconds', () => {
    const zone = 'America/New_York'
    const instant = Date.UTC(2025, 2, 1, 5)
    expect(monthsOf({ values: Float64Array.of(instant / 1000 - 1, instant / 1000), unit: 's' }, zone)).toEqual([
      '2025-02',
      '2025-03',
    ])
    expect(monthsOf({ values: Float64Array.of(instant * 1000 - 1, instant * 1000), unit: 'us' }, zone)).toEqual([
      '2025-02',
      '2025-03',
    ])
  })

  it('has code −1 for null, counted', () => {
    expect(localMonthCodes(ms('2025-02-10T12:00Z', null, null), zoneOf('UTC'))).toEqual({
      codes: Int32Array.of(0, -1, -1),
      months: ['2025-02'],
      nulls: 2,
    })
    expect(localMonthCodes(ms(null), zoneOf('UTC'))).toEqual({ codes: Int32Array.of(-1), months: [], nulls: 1 })
    expect(localMonthCodes(ms(), zoneOf('UTC'))).toEqual({ codes: new Int32Array(0), months: [], nulls: 0 })
  })

  it('probes only the needed pages where instants are millennia apart', () => {
    const stamps = ms('0001-01-01T12:00Z', '2025-07-01T03:59Z', '2025-07-01T04:00Z', '9999-12-31T23:59Z')
    expect(monthsOf(stamps, 'America/New_York')).toEqual(['0001-01', '2025-06', '2025-07', '9999-12'])
    const { months } = localMonthCodes(stamps, zoneOf('America/New_York'))
    expect(months.length).toBeLessThan(100)
    expect(months.filter((month) => !/^\d{4}-\d{2}$/.test(month))).toEqual([])
  })

  it('reaches from the first to the last instant of a date', () => {
    const ends = { values: Float64Array.of(-8.64e15, 8.64e15), unit: 'ms' as const }
    expect(monthsOf(ends, 'America/New_York')).toEqual(['-271821-04', '+275760-09'])
  })

  it('refuses what no date can hold', () => {
    expect(() => localMonthCodes({ values: Float64Array.of(1e16), unit: 'ms' }, zoneOf('UTC'))).toThrow(
      expect.objectContaining({
        code: 'timestamp_invalid',
        message: expect.stringContaining('is its unit really ms?'),
      }),
    )
  })
})

describe('localOffsets', () => {
  it('gives seconds east of UTC, 0 for null', () => {
    const stamps = ms('2025-11-02T05:59Z', '2025-11-02T06:00Z', null)
    expect(localOffsets(stamps, zoneOf('America/New_York'))).toEqual(Int32Array.of(-14_400, -18_000, 0))
    expect(localOffsets(ms(null, null), zoneOf('America/New_York'))).toEqual(Int32Array.of(0, 0))
    expect(localOffsets(ms(), zoneOf('America/New_York'))).toEqual(new Int32Array(0))
  })
})

describe('localWallTimes', () => {
  it('gives the wall clock in the unit of the instants', () => {
    const walls = localWallTimes(ms('2025-03-01T01:30Z', null), zoneOf('America/New_York'))
    expect(formatWallTime(walls[0] ?? 0)).toBe('2025-02-28T20:30:00')
    expect(walls[1]).toBeNaN()
    const micros = { values: Float64Array.of(Date.UTC(2025, 2, 1) * 1000 + 7), unit: 'us' as const }
    expect(localWallTimes(micros, zoneOf('-05:00'))).toEqual(Float64Array.of(Date.UTC(2025, 1, 28, 19) * 1000 + 7))
  })
})
