import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { cleanCalls } from '../../../../src/systems/calls/clean/clean-calls.ts'
import type { CallSet } from '../../../../src/systems/calls/figures/call-set.ts'
import { callKpis } from '../../../../src/systems/calls/figures/kpis.ts'
import { callSet } from '../../../../src/systems/calls/figures/report.ts'
import { selectCalls, selectedRows } from '../../../../src/systems/calls/figures/selection.ts'
import { agents, log } from '../tables.ts'

const HOUR = 3_600_000
const PRESETS = { '7d': 7, '28d': 28, '91d': 91, '30d': 30, '90d': 90 } as const

/** Zones with a change of the clock at midnight, by half an hour, of a whole day, and without one. */
const zones = fc.constantFrom(
  'UTC',
  'America/New_York',
  'America/Santiago',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Asia/Kathmandu',
)

/** The local day of an instant, by the calendar of the JavaScript engine. */
function localDay(instant: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(instant)
}

/** The day so many days before, by the calendar of the JavaScript engine. */
function daysBefore(day: string, count: number): string {
  const date = new Date(`${day}T12:00:00Z`)
  date.setUTCDate(date.getUTCDate() - count)
  return date.toISOString().slice(0, 10)
}

interface Case {
  readonly set: CallSet
  readonly timeZone: string
  readonly starts: readonly number[]
}

/** Calls around the changes of the clock in March and at the end of 2011, when Apia lost a day, and hours apart. */
const cases: fc.Arbitrary<Case> = fc
  .record({
    timeZone: zones,
    base: fc.constantFrom(Date.UTC(2025, 2, 9), Date.UTC(2025, 3, 6), Date.UTC(2012, 0, 1)),
    hours: fc.array(fc.integer({ min: -24 * 420, max: 60 }), { minLength: 1, maxLength: 60 }),
    near: fc.array(fc.integer({ min: -24 * 14, max: 60 }), { maxLength: 40 }),
  })
  .map(({ timeZone, base, hours, near }) => {
    const starts = [...hours, ...near].map((hour) => base + hour * HOUR)
    const rows = starts.map((start, index) => ({
      call_id: `c${index}`,
      agent_id: 'A1',
      start_time: new Date(start).toISOString(),
      end_time: new Date(start + 120_000).toISOString(),
      issue_type: 'billing',
      resolution: index % 3 === 0 ? 'resolved' : 'open',
    }))
    return { set: callSet(cleanCalls(log(...rows), agents, { timeZone }).calls), timeZone, starts }
  })

describe('a preset', () => {
  test.prop([cases, fc.constantFrom(...(Object.keys(PRESETS) as (keyof typeof PRESETS)[]))])(
    'is so many whole local days before the newest one, in any zone, and is compared with as many before',
    ({ set, timeZone, starts }, preset) => {
      const days = starts.map((start) => localDay(start, timeZone))
      const newest = days.toSorted().at(-1) as string
      const oldest = days.toSorted()[0] as string
      const count = PRESETS[preset]
      const between = (from: string, to: string) => days.filter((day) => from <= day && day <= to).length
      const selection = selectCalls(set, { period: preset })
      const { current, previous } = callKpis(selection)
      expect(selectedRows(selection).length).toBe(between(daysBefore(newest, count), daysBefore(newest, 1)))
      expect(current.calls).toBe(selectedRows(selection).length)
      const from = daysBefore(newest, 2 * count)
      expect(previous?.calls).toBe(oldest <= from ? between(from, daysBefore(newest, count + 1)) : undefined)
    },
  )

  test.prop([cases, fc.constantFrom(...(Object.keys(PRESETS) as (keyof typeof PRESETS)[]))])(
    'is compared with the same weekdays of last year when that is asked for',
    ({ set, timeZone, starts }, preset) => {
      const days = starts.map((start) => localDay(start, timeZone))
      const newest = days.toSorted().at(-1) as string
      const [from, to] = [daysBefore(newest, PRESETS[preset]), daysBefore(newest, 1)]
      const isMonths = from.endsWith('-01') && newest.endsWith('-01')
      fc.pre(!isMonths)
      const [before, beforeTo] = [daysBefore(from, 364), daysBefore(to, 364)]
      const weekday = (day: string) => new Date(`${day}T12:00:00Z`).getUTCDay()
      expect(weekday(before)).toBe(weekday(from))
      const { previous } = callKpis(selectCalls(set, { period: preset, compare: 'year' }))
      const isThere = (days.toSorted()[0] as string) <= before
      const told = days.filter((day) => before <= day && day <= beforeTo).length
      expect(previous?.calls).toBe(isThere ? told : undefined)
    },
  )
})

describe('whole calendar months', () => {
  const month = fc.record({ year: fc.integer({ min: 2021, max: 2025 }), month: fc.integer({ min: 1, max: 12 }) })
  test.prop([month, fc.integer({ min: 1, max: 4 })])(
    'are compared with the same months of last year, leap years too',
    ({ year, month }, length) => {
      const first = (y: number, m: number) => new Date(Date.UTC(y, m - 1, 1)).toISOString().slice(0, 10)
      const set = callSet(
        cleanCalls(
          log(
            ...['2019-01-01T10:00:00Z', '2026-08-01T10:00:00Z'].map((start, index) => ({
              call_id: `c${index}`,
              agent_id: 'A1',
              start_time: start,
              end_time: start.replace('10:00', '10:05'),
              issue_type: 'billing',
              resolution: 'open',
            })),
          ),
          agents,
        ).calls,
      )
      const period = { from: first(year, month), to: daysBefore(first(year, month + length), 1) }
      const { previous } = selectCalls(set, { period, compare: 'year' }).windows
      const dayOf = (day: string) => Date.parse(day) / 86_400_000
      expect(previous).toEqual({
        ruler: 'day',
        from: dayOf(first(year - 1, month)),
        to: dayOf(daysBefore(first(year - 1, month + length), 1)),
      })
    },
  )
})

describe('the odd call', () => {
  test.prop([cases, fc.integer({ min: 0, max: 99 }), fc.integer({ min: 600, max: 2000 })])(
    'gives the figure that a filter without that call would give',
    ({ set }, at, minutes) => {
      const row = at % set.rows
      const far = { ...set, minutes: set.minutes.map((one, index) => (index === row ? minutes : one + (index % 5))) }
      const { current, odd } = callKpis(selectCalls(far))
      const found = odd.average_handle_minutes
      if (set.rows < 8) return
      expect(found).toMatchObject({ row, value: minutes })
      const without = callKpis(selectCalls(far, { minutes: { to: 600 } })).current
      expect(found?.mean_without).toBe(without.average_handle_minutes)
      expect(current.average_handle_minutes).toBeGreaterThan(found?.interval_without.high ?? 0)
    },
  )
})
