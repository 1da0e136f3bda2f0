import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { localMonthCodes, localOffsets } from '../../src/time/local.ts'
import { zoneOf } from '../../src/time/zone.ts'

const zone = fc.constantFrom(
  'America/New_York',
  'EST',
  'UTC',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'America/Goose_Bay',
  'Africa/Casablanca',
  'Asia/Gaza',
  'Europe/Dublin',
  '+05:30',
)
const start = Date.UTC(1900, 0, 1)
const end = Date.UTC(2060, 0, 1)
// stamps near the beginning of a UTC month, where local months differ from UTC's, and stamps anywhere
const nearMonth = fc
  .tuple(fc.integer({ min: 0, max: 159 * 12 }), fc.integer({ min: -15 * 3600, max: 15 * 3600 }))
  .map(([month, seconds]) => Date.UTC(1900, month, 1) + seconds * 1000)
const instants = fc.array(fc.oneof(nearMonth, fc.integer({ min: start, max: end })), { minLength: 1, maxLength: 30 })
const unit = fc.constantFrom('s' as const, 'ms' as const, 'us' as const)
const runs = { numRuns: 1000 }

const formats = new Map<string, Intl.DateTimeFormat>()
function monthByIntl(instant: number, timeZone: string): string {
  let format = formats.get(timeZone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit' })
    formats.set(timeZone, format)
  }
  return format.format(instant)
}

describe('law 16: every instant is in exactly one local month', () => {
  test.prop([instants, zone, unit], runs)('which is the one that Intl tells, in every unit', (any, name, unit) => {
    const stamps = unit === 's' ? any.map((stamp) => Math.floor(stamp / 1000) * 1000) : any
    const ticks = { s: 1 / 1000, ms: 1, us: 1000 }[unit]
    const values = Float64Array.from(stamps, (stamp) => Math.round(stamp * ticks))
    const { codes, months } = localMonthCodes({ values, unit }, zoneOf(name))
    expect(Array.from(codes, (code) => months[code])).toEqual(stamps.map((stamp) => monthByIntl(stamp, name)))
    expect(new Set(months).size).toBe(months.length)
  })

  test.prop([instants, zone], runs)('offsets in bulk equal the offset of each instant', (stamps, name) => {
    const offsets = localOffsets({ values: Float64Array.from(stamps), unit: 'ms' }, zoneOf(name))
    expect(Array.from(offsets)).toEqual(stamps.map((stamp) => zoneOf(name).offsetAt(stamp)))
  })

  test.prop([instants, zone, fc.option(fc.integer({ min: -8e15, max: 8e15 }), { nil: null })], { numRuns: 100 })(
    'many instants have the offsets of one at a time, even when one lies far off',
    (stamps, name, outlier) => {
      const values = Float64Array.from({ length: 20_000 }, (_, row) => stamps[row % stamps.length] ?? 0)
      if (outlier !== null) values[12_345] = outlier
      const offsets = localOffsets({ values, unit: 'ms' }, zoneOf(name))
      for (let row = 0; row < values.length; row += 617) {
        expect(offsets[row]).toBe(zoneOf(name).offsetAt(values[row] ?? 0))
      }
      expect(offsets[12_345]).toBe(zoneOf(name).offsetAt(values[12_345] ?? 0))
    },
  )

  test.prop([fc.integer({ min: start, max: end }), zone], runs)(
    'a wall time leads back to its instant',
    (stamp, name) => {
      const local = zoneOf(name)
      const wall = local.wallTime(stamp)
      const found = [local.instant(wall, 'earlier'), local.instant(wall, 'later')]
      expect(found).toContain(stamp)
      expect(found.map((instant) => local.wallTime(instant))).toEqual([wall, wall])
    },
  )
})
