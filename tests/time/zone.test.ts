import { describe, expect, it } from 'vitest'
import { formatInstant } from '../../src/time/instant.ts'
import { intlOffsets, temporalOffsets } from '../../src/time/offset-source.ts'
import { type Disambiguation, zoneOf } from '../../src/time/zone.ts'

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

describe('Zone.instant', () => {
  const instant = (zone: string, wall: string, disambiguation?: Disambiguation) =>
    formatInstant(zoneOf(zone).instant(Date.parse(`${wall}Z`), disambiguation))

  it('is the way back from a wall time', () => {
    expect(instant('America/New_York', '2025-02-28T20:30')).toBe('2025-03-01T01:30:00Z')
    expect(instant('Asia/Kathmandu', '2025-02-28T20:30')).toBe('2025-02-28T14:45:00Z')
  })

  it('takes the first of two in a fold unless told otherwise', () => {
    const fold = '2025-11-02T01:30'
    expect(instant('America/New_York', fold)).toBe('2025-11-02T05:30:00Z')
    expect(instant('America/New_York', fold, 'earlier')).toBe('2025-11-02T05:30:00Z')
    expect(instant('America/New_York', fold, 'later')).toBe('2025-11-02T06:30:00Z')
  })

  it('moves forward out of a gap by its length unless told otherwise', () => {
    const gap = '2025-03-09T02:30'
    expect(instant('America/New_York', gap)).toBe('2025-03-09T07:30:00Z')
    expect(instant('America/New_York', gap, 'later')).toBe('2025-03-09T07:30:00Z')
    expect(instant('America/New_York', gap, 'earlier')).toBe('2025-03-09T06:30:00Z')
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
