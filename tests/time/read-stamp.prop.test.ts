import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { NO_DAY } from '../../src/time/calendar.ts'
import { parseDay, parseTimestamp } from '../../src/time/instant.ts'
import { parseDayAt, parseTimestampAt, startOfDay, TimestampReading } from '../../src/time/read-stamp.ts'
import { dayOf, nearDay, nearStamp, stampOf } from './iso-texts.ts'

const numRuns = Number(process.env.SUPPORT_ETL_RUNS ?? 10_000)
const text = fc.oneof(nearStamp, nearStamp, nearDay, fc.string({ unit: 'binary', maxLength: 40 }))

/** The text's bytes in the midst of others, of which none must matter. */
function among(text: string, other: string): { view: DataView; start: number; end: number } {
  const bytes = new TextEncoder().encode(text)
  const around = new Uint8Array(bytes.length + 50).fill(other.charCodeAt(0))
  around.set(bytes, 7)
  // a view that begins and ends within its memory
  return { view: new DataView(around.buffer, 3, bytes.length + 4), start: 4, end: bytes.length + 4 }
}

describe('parseTimestampAt', () => {
  test.prop([text, fc.constantFrom(...'0Z:+ ')], { numRuns })(
    'parses the timestamps of the grammar and no other bytes',
    (text, other) => {
      const { view, start, end } = among(text, other)
      const reading = new TimestampReading()
      const stamp = stampOf(text)
      expect(parseTimestampAt(view, start, end, reading)).toBe(stamp !== null)
      if (stamp === null) return
      const { wallMilliseconds, subMillisecondNanoseconds, offsetMinutes } = stamp
      const read = new TimestampReading()
      read.milliseconds = wallMilliseconds - (offsetMinutes ?? 0) * 60_000
      read.nanoseconds = subMillisecondNanoseconds
      read.offsetMinutes = offsetMinutes
      expect(reading).toEqual(read)
    },
  )
})

describe('parseDayAt and startOfDay', () => {
  test.prop([fc.oneof(nearDay, nearStamp, fc.string({ unit: 'binary-ascii', minLength: 10 }))], { numRuns })(
    'parse the days of the grammar and no other ten bytes',
    (text) => {
      const day = text.padEnd(10).slice(0, 10)
      if (day.length !== new TextEncoder().encode(day).length) return
      const { view, start } = among(day, '0')
      const days = dayOf(day)
      expect(parseDayAt(view, start)).toBe(Number.isNaN(days) ? NO_DAY : days)
      const words = [
        view.getInt32(start, true),
        view.getInt32(start + 4, true),
        view.getUint16(start + 8, true),
      ] as const
      expect(startOfDay(...words)).toBe(days * 86_400_000)
    },
  )
})

describe('parseTimestamp and parseDay', () => {
  test.prop([text], { numRuns })('parse a string like its bytes', (text) => {
    expect(parseTimestamp(text)).toEqual(stampOf(text))
    expect(parseDay(text)).toBe(dayOf(text))
  })

  it('remember nothing of the text before', () => {
    expect(parseTimestamp('2025-02-28T20:30:15.123456789 +05:30')).toEqual(
      stampOf('2025-02-28T20:30:15.123456789 +05:30'),
    )
    expect(parseTimestamp('2025-02-28T20:30')).toEqual(stampOf('2025-02-28T20:30'))
    expect(parseTimestamp('')).toBeNull()
    expect(parseDay('2025-02-2')).toBeNaN()
  })

  it('parse every day of the years 0 to 9999, and no other', () => {
    const two = (value: number) => String(value).padStart(2, '0')
    let days = dayOf('0000-01-01')
    for (let year = 0; year < 10_000; year++) {
      for (let month = 0; month <= 13; month++) {
        const first = `${String(year).padStart(4, '0')}-${two(month)}-`
        const length = month < 1 || month > 12 ? 0 : new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()
        const found = [0, 1, length, length + 1, 32].map((day) => parseDay(first + two(day)))
        const isThere = length > 0
        const none = Number.NaN
        expect(found).toEqual(isThere ? [none, days, days + length - 1, none, none] : [none, none, none, none, none])
        days += length
      }
    }
    expect(days).toBe(dayOf('9999-12-31') + 1)
  })
})
