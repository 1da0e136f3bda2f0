import { describe, expect, it, vi } from 'vitest'
import { formatInstant } from '../../src/time/instant.ts'
import { intlOffsets, runtimeOffsets, temporalOffsets } from '../../src/time/offset-source.ts'
import { type Disambiguation, PAGE, pageOf, Zone, zoneOf } from '../../src/time/zone.ts'

const hours = (zone: string, instant: string) => zoneOf(zone).offsetAt(Date.parse(instant)) / 3600

describe('zoneOf', () => {
  it('knows winter and summer', () => {
    expect(hours('America/New_York', '2025-01-15T12:00Z')).toBe(-5)
    expect(hours('America/New_York', '2025-07-15T12:00Z')).toBe(-4)
  })

  it('changes at the second', () => {
    expect(hours('America/New_York', '2025-03-09T06:59:59.999Z')).toBe(-5)
    expect(hours('America/New_York', '2025-03-09T07:00:00Z')).toBe(-4)
    expect(hours('Australia/Lord_Howe', '2025-04-05T14:59:59.999Z')).toBe(11)
    expect(hours('Australia/Lord_Howe', '2025-04-05T15:00:00Z')).toBe(10.5)
  })

  it('knows offsets of seconds before standard time', () => {
    expect(zoneOf('America/New_York').offsetAt(Date.UTC(1883, 10, 18, 16, 59, 59))).toBe(-17_762)
    expect(zoneOf('Africa/Monrovia').offsetAt(Date.UTC(1971, 0, 1))).toBe(-2670)
  })

  it('keeps EST five hours behind UTC all year', () => {
    for (let month = 0; month < 12; month++) {
      expect(zoneOf('EST').offsetAt(Date.UTC(2025, month, 15))).toBe(-18_000)
    }
    expect(hours('EST', '2025-04-01T04:30Z')).toBe(-5)
    expect(hours('America/New_York', '2025-04-01T04:30Z')).toBe(-4)
  })

  it('takes names and offsets that never change', () => {
    const offsets = {
      UTC: 0,
      'Etc/UTC': 0,
      GMT: 0,
      'Etc/GMT+5': -5,
      'Etc/GMT-14': 14,
      '+05:30': 5.5,
      '-0330': -3.5,
      '+14': 14,
    }
    for (const [name, offset] of Object.entries(offsets)) expect(hours(name, '2025-07-15T12:00Z'), name).toBe(offset)
  })

  it('reads the instants of the same zone once', () => {
    expect(zoneOf('Asia/Tokyo')).toBe(zoneOf('Asia/Tokyo'))
  })

  it.each([
    ['America/NewYork', 'did you mean "America/New_York"?'],
    ['EDT', 'did you mean "America/New_York" or "EST"?'],
    ['Eastern Standard Time', 'did you mean "America/New_York" or "EST"?'],
    ['PST', 'did you mean "America/Los_Angeles"?'],
    ['Europe/Berln', 'did you mean "Europe/Berlin"?'],
    ['Boston', 'use a name such as "America/New_York" or "UTC"'],
    ['Etc/GMT+13', 'use a name such as'],
    ['+25:00', 'use a name such as'],
    ['2025-01-01T00:00[UTC]', 'use a name such as'],
    ['', 'did you mean "UTC" or "America/New_York"?'],
  ])('refuses "%s" and suggests what is close', (name, cure) => {
    expect(() => zoneOf(name)).toThrow(
      expect.objectContaining({ code: 'time_zone_unknown', message: expect.stringContaining(cure) }),
    )
  })

  it('tells programs the zone that was asked for and what may be meant', () => {
    expect(() => zoneOf('EDT')).toThrow(
      expect.objectContaining({ details: { timeZone: 'EDT', suggestions: ['America/New_York', 'EST'] } }),
    )
    const [wall, zone] = [Date.UTC(2025, 10, 2, 1, 30), zoneOf('America/New_York')]
    expect(() => zone.instant(wall, 'reject')).toThrow(
      expect.objectContaining({ details: { timeZone: 'America/New_York' } }),
    )
  })

  it('knows the offsets of the first and the last instant of a date', () => {
    const zone = zoneOf('America/New_York')
    expect([zone.offsetAt(-8.64e15), zone.offsetAt(8.64e15)].every((seconds) => seconds < -14_000)).toBe(true)
    expect(zoneOf('UTC').instant(8.64e15)).toBe(8.64e15)
    expect(zone.instant(zone.wallTime(-8.64e15))).toBe(-8.64e15)
  })

  it('falls back to Intl where the runtime has no Temporal', () => {
    vi.stubGlobal('Temporal', undefined)
    expect(temporalOffsets('America/New_York')).toBeNull()
    expect(runtimeOffsets('America/New_York')(0)).toBe(-18_000)
    vi.unstubAllGlobals()
    expect(() => intlOffsets('America/Bostn')).toThrow(RangeError)
  })

  it('reads the offsets that Intl writes', () => {
    const offsets = { UTC: 0, 'Asia/Kathmandu': 19_800, 'America/New_York': -18_000, 'Africa/Monrovia': -2670 }
    for (const [name, seconds] of Object.entries(offsets)) expect(intlOffsets(name)(0), name).toBe(seconds)
  })

  it.skipIf(temporalOffsets('UTC') === null)('knows from Temporal what Intl knows', () => {
    for (const name of Intl.supportedValuesOf('timeZone').filter((_, index) => index % 7 === 0)) {
      const [intl, temporal] = [intlOffsets(name), temporalOffsets(name)]
      for (let year = 1840; year < 2100; year += 3) {
        const instant = Date.UTC(year, year % 12, 1)
        expect(temporal?.(instant), `${name} ${formatInstant(instant)}`).toBe(intl(instant))
      }
    }
  })
})

describe('Zone.wallTime', () => {
  it('reads as if it were UTC', () => {
    const wall = zoneOf('America/New_York').wallTime(Date.UTC(2025, 2, 1, 1, 30))
    expect(formatInstant(wall)).toBe('2025-02-28T20:30:00Z')
    expect(zoneOf('+05:45').wallTime(0)).toBe(20_700_000)
  })
})

describe('Zone.stretches', () => {
  const page = (instant: string) => pageOf(Date.parse(instant))
  const told = (zone: string, pages: number[]) => {
    const { starts, seconds } = zoneOf(zone).stretches(pages)
    return starts.map((start, at) => [Number.isFinite(start) ? formatInstant(start) : start, seconds[at]])
  }

  it('are one where an offset holds for ever, whatever pages are asked for', () => {
    expect(told('UTC', [0, 5, 9])).toEqual([[Number.NEGATIVE_INFINITY, 0]])
    expect(told('-05:00', [3])).toEqual([[Number.NEGATIVE_INFINITY, -18_000]])
  })

  it('begin where the first page does and where the offset changes, without two neighbours of one offset', () => {
    const from = page('2024-12-01T00:00Z')
    expect(told('America/New_York', [from, from + 1])).toEqual([
      [formatInstant(from * PAGE), -14_400],
      ['2024-11-03T06:00:00Z', -18_000],
      ['2025-03-09T07:00:00Z', -14_400],
      ['2025-11-02T06:00:00Z', -18_000],
      ['2026-03-08T07:00:00Z', -14_400],
    ])
    const quiet = page('2000-01-01T00:00Z')
    expect(told('Asia/Tokyo', [quiet, quiet + 1, quiet + 2])).toEqual([[formatInstant(quiet * PAGE), 32_400]])
  })

  it('are unknown between pages that were asked for', () => {
    const quiet = page('2000-01-01T00:00Z')
    expect(told('Asia/Tokyo', [quiet, quiet + 2])).toEqual([
      [formatInstant(quiet * PAGE), 32_400],
      [formatInstant((quiet + 1) * PAGE), Number.NaN],
      [formatInstant((quiet + 2) * PAGE), 32_400],
    ])
  })

  it('find every change of a zone that changes on the edge of a page', () => {
    const edge = 125 * PAGE
    const zone = new Zone('Edge', (milliseconds) => (milliseconds < edge ? 0 : 3600))
    expect(zone.stretches([124, 125])).toEqual({ starts: [124 * PAGE, edge], seconds: [0, 3600] })
    expect([zone.offsetAt(edge - 1), zone.offsetAt(edge)]).toEqual([0, 3600])
  })

  it('find two changes within one probe of three days where the offset does not come back', () => {
    const day = 86_400_000
    const zone = new Zone('Twice', (milliseconds) => (milliseconds < day ? 0 : milliseconds < 2 * day ? 60 : 120))
    expect(zone.stretches([0])).toEqual({ starts: [0, day, 2 * day], seconds: [0, 60, 120] })
  })
})

describe('Zone.instant', () => {
  const instant = (zone: string, wall: string, disambiguation?: Disambiguation) =>
    formatInstant(zoneOf(zone).instant(Date.parse(`${wall}Z`), disambiguation))

  it('is the way back from a wall time', () => {
    expect(instant('America/New_York', '2025-02-28T20:30')).toBe('2025-03-01T01:30:00Z')
    expect(instant('Asia/Kathmandu', '2025-02-28T20:30')).toBe('2025-02-28T14:45:00Z')
  })

  it('takes the first of two in a fold by default', () => {
    const fold = '2025-11-02T01:30'
    expect(instant('America/New_York', fold)).toBe('2025-11-02T05:30:00Z')
    expect(instant('America/New_York', fold, 'earlier')).toBe('2025-11-02T05:30:00Z')
    expect(instant('America/New_York', fold, 'later')).toBe('2025-11-02T06:30:00Z')
  })

  it('moves forward out of a gap by its length by default', () => {
    const gap = '2025-03-09T02:30'
    expect(instant('America/New_York', gap)).toBe('2025-03-09T07:30:00Z')
    expect(instant('America/New_York', gap, 'later')).toBe('2025-03-09T07:30:00Z')
    expect(instant('America/New_York', gap, 'earlier')).toBe('2025-03-09T06:30:00Z')
  })

  it('is the same for a wall time that comes once, whatever is asked for', () => {
    for (const asked of ['compatible', 'earlier', 'later', 'reject'] as const) {
      expect(instant('America/New_York', '2025-07-01T12:00', asked)).toBe('2025-07-01T16:00:00Z')
      expect(instant('America/New_York', '2025-03-09T12:00', asked)).toBe('2025-03-09T16:00:00Z')
      expect(instant('+05:30', '2025-03-09T12:00', asked)).toBe('2025-03-09T06:30:00Z')
    }
  })

  it('knows a whole day that never was', () => {
    expect(instant('Pacific/Apia', '2011-12-29T23:59')).toBe('2011-12-30T09:59:00Z')
    expect(instant('Pacific/Apia', '2011-12-30T12:00')).toBe('2011-12-30T22:00:00Z')
    expect(instant('Pacific/Apia', '2011-12-31T00:00')).toBe('2011-12-30T10:00:00Z')
  })

  it.each([
    [
      '2025-03-09T02:30',
      'the wall time 2025-03-09T02:30:00 does not exist in America/New_York; choose "earlier" or "later"',
    ],
    [
      '2025-11-02T01:30',
      'the wall time 2025-11-02T01:30:00 comes twice in America/New_York; choose "earlier" or "later"',
    ],
  ])('rejects %s when asked to', (wall, message) => {
    expect(() => instant('America/New_York', wall, 'reject')).toThrow(
      expect.objectContaining({ code: 'timestamp_invalid', message }),
    )
  })
})
