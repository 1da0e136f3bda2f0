import { fc, test } from '@fast-check/vitest'
import { Temporal } from '@js-temporal/polyfill'
import { describe, expect } from 'vitest'
import { formatWallTime } from '../../src/time/instant.ts'
import { zoneOf } from '../../src/time/zone.ts'

const zones = fc.constantFrom(
  'America/New_York',
  'America/St_Johns',
  'Africa/Casablanca',
  'Asia/Gaza',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Europe/Dublin',
  'Pacific/Apia',
  'UTC',
)
/** Seconds, and near the clock changes of each year: at the weekends of spring and autumn. */
const instants = fc.integer({ min: Date.UTC(1930, 0, 1) / 1000, max: Date.UTC(2045, 0, 1) / 1000 })
const walls = fc.oneof(
  instants,
  fc
    .tuple(fc.integer({ min: 1950, max: 2040 }), fc.constantFrom(2, 3, 8, 9, 10), fc.integer({ min: 0, max: 31 * 96 }))
    .map(([year, month, quarters]) => Date.UTC(year, month, 1) / 1000 + quarters * 900),
)
const runs = { numRuns: 500 }

describe('zones, with the Temporal of the polyfill as the oracle', () => {
  test.prop([instants, zones], runs)('have its offset and its wall time at every instant', (seconds, name) => {
    const zoned = Temporal.Instant.fromEpochMilliseconds(seconds * 1000).toZonedDateTimeISO(name)
    const zone = zoneOf(name)
    expect(zone.offsetAt(seconds * 1000)).toBe(zoned.offsetNanoseconds / 1e9)
    expect(formatWallTime(zone.wallTime(seconds * 1000))).toBe(
      zoned.toPlainDateTime().toString({ smallestUnit: 'second' }),
    )
  })

  test.prop([walls, zones, fc.constantFrom('compatible' as const, 'earlier' as const, 'later' as const)], runs)(
    'mean the instant that it means by a wall time, in gaps and folds too',
    (seconds, name, disambiguation) => {
      const wall = Temporal.PlainDateTime.from(formatWallTime(seconds * 1000))
      const { epochMilliseconds } = wall.toZonedDateTime(name, { disambiguation })
      expect(zoneOf(name).instant(seconds * 1000, disambiguation)).toBe(epochMilliseconds)
    },
  )
})
