import { describe, expect, it } from 'vitest'
import { closestSpelling, editDistance, nearestWord } from '../src/spelling.ts'

describe('nearestWord', () => {
  it.each([
    ['timezone', 'timeZone'],
    ['time_zone', 'timeZone'],
    ['timeZnoe', 'timeZone'],
    ['zone', 'timeZone'],
    ['month', 'monthFrom'],
    ['act', 'action'],
    ['actions', 'action'],
  ])('finds what %j was to be: %j', (written, meant) => {
    expect(nearestWord(written, ['monthFrom', 'timeZone', 'action'])).toBe(meant)
  })

  it.each(['interaction', 'ac', 'on', '', 'delimiter'])('finds nothing for %j', (written) => {
    expect(nearestWord(written, ['monthFrom', 'timeZone', 'action'])).toBeNull()
  })

  it('takes the nearest of several', () => {
    expect(nearestWord('updates', ['updateMissing', 'update'])).toBe('update')
  })
})

describe('closestSpelling', () => {
  it.each([
    ['timeZnoe', 'timeZone'],
    ['actions', 'action'],
    ['time_zone', 'timeZone'],
  ])('finds what %j was to be: %j', (written, meant) => {
    expect(closestSpelling(written, ['monthFrom', 'timeZone', 'action'])).toBe(meant)
  })

  it.each(['zone', 'month', 'act', ''])('finds no word that only contains %j', (written) => {
    expect(closestSpelling(written, ['monthFrom', 'timeZone', 'action'])).toBeNull()
  })
})

describe('editDistance', () => {
  it('counts letters that are added, dropped or changed, up to a limit', () => {
    expect([
      editDistance('zone', 'zones', 2),
      editDistance('zone', 'tone', 2),
      editDistance('zone', 'area', 2),
    ]).toEqual([1, 1, 3])
  })
})
