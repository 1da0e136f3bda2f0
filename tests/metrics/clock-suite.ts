/** Business hours against a look at the clock every minute. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type BusinessHours, businessCalendar, WEEKDAYS } from '../../src/metrics/business-hours.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** The wall of a zone by another way than the library's: what Intl shows, a minute at a time. */
function wallOf(timeZone: string) {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, hourCycle: 'h23', weekday: 'short' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  })
  return (at: number) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
    const { year, month, day, weekday = '', hour, minute } = parts
    const name = weekday.toLowerCase() as (typeof WEEKDAYS)[number]
    return { day: `${year}-${month}-${day}`, weekday: name, minute: Number(hour) * 60 + Number(minute) }
  }
}

function isOpenBy(hours: BusinessHours, wall: ReturnType<typeof wallOf>, at: number): boolean {
  const { day, weekday, minute } = wall(at)
  const ranges = hours.exceptions?.[day] ?? hours.week[weekday] ?? []
  const minuteOf = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))
  return ranges.some((range) => {
    const [from = '', to = ''] = range.split('-')
    return minute >= minuteOf(from) && minute < minuteOf(to)
  })
}

/** Days around clock changes, and one in the middle of a year; Lord Howe changes by half an hour, Samoa skipped a day. */
const PLACES: readonly (readonly [zone: string, around: string])[] = [
  ['America/New_York', '2025-03-09'],
  ['America/New_York', '2025-11-02'],
  ['Europe/Oslo', '2025-03-30'],
  ['Europe/Oslo', '2025-10-26'],
  ['Australia/Lord_Howe', '2025-04-06'],
  ['Australia/Lord_Howe', '2025-10-05'],
  ['Pacific/Apia', '2011-12-30'],
  ['America/Sao_Paulo', '2018-11-04'],
  ['Asia/Kathmandu', '2025-07-01'],
  ['UTC', '1969-12-31'],
]

const range = fc
  .uniqueArray(fc.integer({ min: 0, max: 96 }), { minLength: 2, maxLength: 4 })
  .map((quarters) => quarters.toSorted((a, b) => a - b))
  .map((quarters) => {
    const text = (quarter: number) =>
      `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`
    const pairs = quarters.length < 4 ? [quarters.slice(0, 2)] : [quarters.slice(0, 2), quarters.slice(2)]
    return pairs.map(([from = 0, to = 0]) => `${text(from)}-${text(to)}`)
  })
const week = fc.record(Object.fromEntries(WEEKDAYS.map((day) => [day, range])), { requiredKeys: [] })

/** Compares random calendars with the clock, so many times for each place. */
export function clockSuite(runs: number): void {
  it.each(PLACES)('counts in %s around %s what a look at the clock every minute counts', (timeZone, around) => {
    const wall = wallOf(timeZone)
    const start = Date.parse(`${around}T00:00:00Z`) - 36 * HOUR
    fc.assert(
      fc.property(week, range, fc.nat(30 * 60), fc.nat(60 * 60), (open, other, first, length) => {
        const hours: BusinessHours = { timeZone, week: open, exceptions: { [around]: other } }
        const calendar = businessCalendar(hours)
        const from = start + first * MINUTE
        let minutes = 0
        for (let at = from; at < from + length * MINUTE; at += MINUTE) {
          const isOpen = isOpenBy(hours, wall, at)
          if (isOpen) minutes++
          if (calendar.isOpen(at) !== isOpen) expect(`${new Date(at).toISOString()} ${isOpen}`).toBe('not so')
        }
        expect(calendar.millisecondsBetween(from, from + length * MINUTE) / MINUTE).toBe(minutes)
      }),
      { numRuns: runs },
    )
  })
}
