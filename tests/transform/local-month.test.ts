import { table } from 'arquero'
import { describe, expect, it } from 'vitest'
import { toArrow } from '../../src/table/arrow/arrow.ts'
import { TimestampColumn } from '../../src/table/column.ts'
import { frameOf } from '../../src/table/frame.ts'
import { formatDay } from '../../src/time/instant.ts'
import { localDate } from '../../src/transform/local-date.ts'
import { localHour } from '../../src/transform/local-hour.ts'
import { localMonth } from '../../src/transform/local-month.ts'
import { stamps } from '../systems/support/figures/frames.ts'

const calls = table({ at: ['2025-03-01T01:30Z', '2025-04-01T04:30Z', null, '1969-12-31T23:59:59.999Z'] })

describe('localMonth', () => {
  it('adds the month on the wall clock of the zone', () => {
    expect(localMonth(calls, 'at', 'America/New_York').array('month')).toEqual(['2025-02', '2025-04', null, '1969-12'])
    expect(localMonth(calls, 'at', 'EST').array('month')).toEqual(['2025-02', '2025-03', null, '1969-12'])
  })

  it('calls it as asked and leaves the instants alone', () => {
    const result = localMonth(calls, 'at', 'UTC', { as: 'started_month' })
    expect(result.columnNames()).toEqual(['at', 'started_month'])
    expect(result.array('at')).toEqual(calls.array('at'))
  })

  it('refuses to replace a column', () => {
    expect(() => localMonth(localMonth(calls, 'at', 'UTC'), 'at', 'EST')).toThrow(
      expect.objectContaining({
        code: 'column_exists',
        message: 'the table already has a column "month"; name the new one with { as }',
      }),
    )
  })
})

describe('localDate', () => {
  it('adds the calendar day, as text in an Arquero table', () => {
    expect(localDate(calls, 'at', 'America/New_York').array('date')).toEqual([
      '2025-02-28',
      '2025-04-01',
      null,
      '1969-12-31',
    ])
  })

  it('adds a date to an Arrow table', () => {
    const dated = localDate(toArrow(frameOf([['at', stamps(['2025-03-01T01:30Z', null])]])), 'at', 'America/New_York')
    expect(String(dated.schema.fields[1]?.type)).toBe('Date32<DAY>')
    expect(Array.from(dated.getChild('date') ?? [], (day) => day && new Date(day).toISOString().slice(0, 10))).toEqual([
      '2025-02-28',
      null,
    ])
  })
})

describe('localHour', () => {
  it('adds the hour of the day', () => {
    expect(localHour(calls, 'at', 'Asia/Kathmandu').array('hour')).toEqual([7, 10, null, 5])
    expect(localHour(calls, 'at', 'UTC').array('hour')).toEqual([1, 4, null, 23])
  })

  it('reads wall times of a source zone', () => {
    const walls = table({ at: ['2025-07-01T01:30:00'] })
    const options = { as: 'utc_hour', sourceTimeZone: 'America/New_York' }
    expect(localHour(walls, 'at', 'UTC', options).array('utc_hour')).toEqual([5])
  })

  it('is a whole number of an Arrow table, null where the instant is', () => {
    const hours = localHour(toArrow(frameOf([['at', stamps(['2025-03-01T01:30Z', null])]])), 'at', 'UTC')
    expect(String(hours.schema.fields[1]?.type)).toBe('Int32')
    expect(Array.from(hours.getChild('hour') ?? [])).toEqual([1, null])
  })

  it('and the date follow the wall time to the microsecond', () => {
    const at = new TimestampColumn(Float64Array.of(-1, Date.UTC(2025, 2, 1) * 1000 - 1), { unit: 'us' })
    const frame = localHour(localDate(frameOf([['at', at]]), 'at', 'UTC'), 'at', 'UTC')
    expect(Array.from(frame.columns.get('date') ?? [])).toEqual(['1969-12-31', '2025-02-28'])
    expect(Array.from(frame.columns.get('hour') ?? [])).toEqual([23, 23])
  })

  it.each([
    ['s', 1],
    ['ms', 1e3],
    ['us', 1e6],
  ] as const)('and the date are those of the last %s of a day, however far away', (unit, perSecond) => {
    const midnights = [0, 2, 1900, 2255, 9999, 275_760].map((year) => Date.UTC(year, 0, 1) / 1000)
    const ticks = Float64Array.from(midnights, (seconds) => {
      // the tick before midnight, or the last one that a double holds
      const last = seconds * perSecond - 1
      return last === seconds * perSecond ? last - 2 ** (Math.floor(Math.log2(last)) - 52) : last
    })
    const at = new TimestampColumn(ticks, { unit })
    const frame = localHour(localDate(frameOf([['at', at]]), 'at', 'UTC'), 'at', 'UTC')
    expect([...(frame.columns.get('hour') ?? [])]).toEqual(midnights.map(() => 23))
    const before = midnights.map((seconds) => formatDay(seconds / 86_400 - 1))
    expect([...(frame.columns.get('date') ?? [])]).toEqual(before)
  })
})
