import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { localOffsets } from '../../src/time/local.ts'
import { zoneOf } from '../../src/time/zone.ts'

const file = join(import.meta.dirname, '../../../shared/data/conformance/time-zones.json')

/**
 * Morocco gave up its clock changes in the autumn of 2026. Runtimes whose tz database is newer than 2025c know it; the
 * assertions do not, and foretell Ramadans up to 2087.
 */
const isForetold = (zone: string, instant: string) =>
  zone === 'Africa/Casablanca' && instant >= '2026-09-20' && (process.versions.tz ?? '') > '2025c'

describe.skipIf(!existsSync(file))('38,848 assertions about 36 zones', () => {
  // pairs of an instant and minutes west of UTC, with fractions before standard time
  const assertions: Record<string, [string, number][]> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}

  it.for(Object.keys(assertions))('hold for %s, one instant at a time and in bulk', (name, { task }) => {
    const held = (assertions[name] ?? []).filter(([instant]) => !isForetold(name, instant))
    const expected = held.map(([, west]) => Math.round(-west * 60) + 0)
    const instants = Float64Array.from(held, ([instant]) => Date.parse(instant))
    expect(Array.from(instants, (instant) => zoneOf(name).offsetAt(instant) + 0)).toEqual(expected)
    expect(Array.from(localOffsets({ values: instants, unit: 'ms' }, zoneOf(name)))).toEqual(expected)
    task.meta.figures = {
      zones: 1,
      'assertions that hold': held.length,
      'assertions that this zone data is newer than': (assertions[name] ?? []).length - held.length,
    }
  })
})
