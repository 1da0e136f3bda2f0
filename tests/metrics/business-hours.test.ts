import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { businessCalendar } from '../../src/metrics/business-hours.ts'
import { clockSuite } from './clock-suite.ts'

const HOUR = 3_600_000

describe('businessCalendar', () => {
  clockSuite(2)

  it('adds up: a span is the sum of its parts, over years and exceptions', () => {
    const weekday = ['08:00-12:00', '13:00-17:30']
    const calendar = businessCalendar({
      timeZone: 'Europe/Oslo',
      week: { mon: weekday, tue: weekday, wed: weekday, thu: weekday, fri: ['08:00-15:00'] },
      exceptions: { '2025-12-24': ['09:00-12:00'], '2025-12-25': [], '2026-05-17': ['10:00-11:00'] },
    })
    const [first, last] = [Date.UTC(2020, 0, 1), Date.UTC(2030, 0, 1)]
    const instants = fc.array(fc.integer({ min: first, max: last }), { minLength: 3, maxLength: 3 })
    fc.assert(
      fc.property(instants, (all) => {
        const [from = 0, middle = 0, to = 0] = all.toSorted((a, b) => a - b)
        const parts = calendar.millisecondsBetween(from, middle) + calendar.millisecondsBetween(middle, to)
        expect(calendar.millisecondsBetween(from, to)).toBe(parts)
      }),
    )
    expect(calendar.millisecondsBetween(last, first)).toBe(0)
  })

  it('counts an hour that comes twice twice, and one that is skipped not at all', () => {
    const night = { timeZone: 'America/New_York', week: { sun: ['00:00-04:00'] } }
    const calendar = businessCalendar(night)
    const hours = (day: string) => {
      const from = Date.parse(`${day}T00:00:00Z`)
      return calendar.millisecondsBetween(from, from + 24 * HOUR) / HOUR
    }
    expect(['2025-03-09', '2025-11-02', '2025-06-01'].map(hours)).toEqual([3, 5, 4])
  })

  it.each([
    [{ week: { mon: ['9:00-17:00'] } }, 'week.mon[0] is "9:00-17:00"; expected a range'],
    [{ week: { mon: ['17:00-09:00'] } }, 'week.mon[0]'],
    [{ week: { mon: ['09:00-24:01'] } }, 'week.mon[0]'],
    [{ week: { mon: ['09:60-10:00'] } }, 'week.mon[0]'],
    [{ week: { mon: ['09:00-12:00', '11:00-13:00'] } }, 'ranges that do not overlap'],
    [{ week: { mon: '09:00-12:00' } }, 'expected a list of ranges'],
    [{ week: { monday: [] } }, 'there is no option "monday"'],
    [{ exceptions: { '2025-02-30': [] } }, 'expected days such as'],
    [{ exceptions: { tomorrow: [] } }, 'expected days such as'],
    [{ timeZone: 'Mars/Olympus' }, 'is not known'],
    [{ zone: 'UTC' }, 'there is no option "zone"'],
  ])('refuses %j', (wrong, message) => {
    expect(() => businessCalendar({ timeZone: 'UTC', week: {}, ...wrong } as never)).toThrow(message)
  })

  it('refuses what is no instant', () => {
    const { isOpen, millisecondsBetween } = businessCalendar({ timeZone: 'UTC', week: {} })
    expect(() => isOpen(new Date('never'))).toThrow('at is')
    expect(() => millisecondsBetween(0, Number.POSITIVE_INFINITY)).toThrow('to is')
  })
})
