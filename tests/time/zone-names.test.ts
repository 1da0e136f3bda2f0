import { describe, expect, it } from 'vitest'
import { intlOffsets } from '../../src/time/offset-source.ts'
import { zoneOf } from '../../src/time/zone.ts'
import { fixedOffset, isZoneName, suggestZones } from '../../src/time/zone-names.ts'

describe('isZoneName', () => {
  it.each([
    'CET CST6CDT Cuba EET EST EST5EDT Egypt Eire GB GB-Eire GMT GMT+0 GMT-0 GMT0 Greenwich HST Hongkong Iceland Iran Israel',
    'Jamaica Japan Kwajalein Libya MET MST MST7MDT NZ NZ-CHAT Navajo PRC PST8PDT Poland Portugal ROC ROK Singapore Turkey',
    'UCT UTC Universal W-SU WET Zulu',
  ])("takes the tz database's names without a region, in any case: %s", (names) => {
    for (const name of names.split(' ')) {
      expect([isZoneName(name), isZoneName(name.toLowerCase())], name).toEqual([true, true])
      expect(() => zoneOf(name), name).not.toThrow()
    }
  })

  it('takes every name that the runtime has with a region', () => {
    const names = Intl.supportedValuesOf('timeZone').filter((name) => name.includes('/'))
    expect(names.length).toBeGreaterThan(300)
    expect(names.filter((name) => !isZoneName(name))).toEqual([])
    expect(isZoneName('America/Argentina/ComodRivadavia')).toBe(true)
    expect(isZoneName('Etc/GMT+5')).toBe(true)
  })

  it.each([
    'PST',
    'IST',
    'ACT',
    'EDT',
    'Boston',
    'SystemV/EST5EDT',
    'systemv/EST5',
    '+05:30',
    '5',
    '',
    'America/',
    '/New_York',
    'America//New_York',
    'America/New York',
    ' UTC',
    'UTC ',
    'America/New_York\n',
    '1merica/New_York',
    'Amé/Rica',
  ])('takes no "%s"', (name) => {
    expect(isZoneName(name)).toBe(false)
  })
})

describe('fixedOffset', () => {
  it.each<[string, number]>([
    ['UTC', 0],
    ['utc', 0],
    ['UCT', 0],
    ['GMT', 0],
    ['GMT0', 0],
    ['GMT+0', 0],
    ['GMT-0', 0],
    ['Greenwich', 0],
    ['Universal', 0],
    ['Zulu', 0],
    ['Etc/UTC', 0],
    ['etc/greenwich', 0],
    ['Etc/GMT+1', -3600],
    ['Etc/GMT+12', -43_200],
    ['Etc/GMT-1', 3600],
    ['Etc/GMT-9', 32_400],
    ['Etc/GMT-10', 36_000],
    ['Etc/GMT-14', 50_400],
    ['+00:00', 0],
    ['-00:00', 0],
    ['+05:30', 19_800],
    ['-0330', -12_600],
    ['+14', 50_400],
    ['-23:59', -86_340],
    ['+19', 68_400],
  ])('of %s is %d seconds', (name, seconds) => {
    expect(fixedOffset(name)).toBe(seconds)
  })

  it.each([
    'EST',
    'Etc/GMT+13',
    'Etc/GMT+14',
    'Etc/GMT-15',
    'Etc/GMT+05',
    'Etc/GMT-20',
    'Etc/GMT5',
    'GMT+5',
    'GMT+00',
    'xUTC',
    'UTCx',
    'Etc/Etc/UTC',
    '+24',
    '+24:00',
    '+5',
    '+05:60',
    '+05:3',
    '+053',
    '05:30',
    '+05:30:00',
    '+05 30',
    ' +05:30',
    'x+05:30',
    'xEtc/GMT+5',
    'Etc/GMT+5x',
    'America/New_York',
    '',
  ])('is none for "%s"', (name) => {
    expect(fixedOffset(name)).toBeNull()
  })

  it('is what the runtime says of the same name', () => {
    const names = ['Etc/UTC', 'Etc/GMT+5', 'Etc/GMT-14', 'Etc/GMT+12', 'Etc/Zulu', 'Etc/Greenwich']
    for (const name of names) expect(intlOffsets(name)(0) + 0, name).toBe(fixedOffset(name))
  })
})

describe('suggestZones', () => {
  it.each<[string, readonly string[]]>([
    ['ET', ['America/New_York', 'EST']],
    ['EDT', ['America/New_York', 'EST']],
    ['Eastern', ['America/New_York', 'EST']],
    ['eastern daylight time', ['America/New_York', 'EST']],
    ['US Eastern', ['America/New_York', 'EST']],
    ['CT', ['America/Chicago']],
    ['CST', ['America/Chicago', 'Asia/Shanghai']],
    ['CDT', ['America/Chicago']],
    ['Central Standard Time', ['America/Chicago']],
    ['MT', ['America/Denver']],
    ['MDT', ['America/Denver']],
    ['Mountain Time', ['America/Denver', 'MST']],
    ['PT', ['America/Los_Angeles']],
    ['PST', ['America/Los_Angeles']],
    ['PDT', ['America/Los_Angeles']],
    ['Pacific', ['America/Los_Angeles']],
    ['BST', ['Europe/London']],
    ['CEST', ['Europe/Berlin', 'CET']],
    ['IST', ['Asia/Kolkata', 'Europe/Dublin']],
    ['JST', ['Asia/Tokyo']],
    ['Z', ['UTC']],
    ['local', ['UTC']],
    ['', ['UTC', 'America/New_York']],
    [' - ', ['UTC', 'America/New_York']],
  ])('knows what "%s" may mean', (name, zones) => {
    expect(suggestZones(name).filter((zone) => zones.includes(zone))).toEqual(zones)
    for (const zone of suggestZones(name)) expect(() => zoneOf(zone)).not.toThrow()
  })

  it.each([
    ['America/NewYork', 'America/New_York'],
    ['new york', 'America/New_York'],
    ['Europe/Berln', 'Europe/Berlin'],
    ['Europe/Brelin', 'Europe/Berlin'],
    ['Berlinn', 'Europe/Berlin'],
    ['Asia/Tokio', 'Asia/Tokyo'],
    ['USA/Chicago', 'America/Chicago'],
    ['Los Angles', 'America/Los_Angeles'],
  ])('finds what is close to "%s"', (name, zone) => {
    expect(suggestZones(name)[0]).toBe(zone)
  })

  it.each([
    ['ondon', ['Europe/London']],
    ['Lond', []],
    ['Pariss', ['Europe/Paris']],
    ['xParis', ['Europe/Paris']],
    ['Paxxris', []],
    ['Europe/Pxris', ['Europe/Paris']],
    ['Europe/Pxrxs', ['Europe/Paris']],
    ['Europe/Pxrxx', []],
  ])('forgives a letter in five, two at most: "%s"', (name, zones) => {
    expect(suggestZones(name)).toEqual(zones)
  })

  it('counts letters that are missing at the front', () => {
    expect(suggestZones('arisx')).toEqual([])
  })

  it.each([
    ['Malta', ['Europe/Malta', 'America/Argentina/Salta']],
    ['Mawson', ['Antarctica/Mawson', 'America/Dawson']],
    ['Vladivostok', ['Asia/Vladivostok', 'Antarctica/Vostok']],
  ])('puts the closest to "%s" first, not the first of the alphabet', (name, zones) => {
    expect(suggestZones(name)).toEqual(zones)
  })

  it('gives three at most, the likeliest first', () => {
    const close = suggestZones('America/Indianapoli')
    expect(close.length).toBeLessThanOrEqual(3)
    expect(close[0]).toMatch(/Indianapolis$/)
  })

  it.each(['Boston', 'Xyz', 'Timbuktu/Nowhere', 'qq'])('has no idea what "%s" may be', (name) => {
    expect(suggestZones(name)).toEqual([])
  })
})
