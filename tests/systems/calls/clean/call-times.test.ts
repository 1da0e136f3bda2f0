import { describe, expect, it } from 'vitest'
import { callTimes, readNumber } from '../../../../src/systems/calls/clean/call-times.ts'
import { type Column, NumberColumn, TimestampColumn } from '../../../../src/table/column.ts'
import { frameOf } from '../../../../src/table/frame.ts'
import { numbers, texts } from '../../support/figures/frames.ts'

const START = '2025-01-01T10:00:00Z'
const micros = (iso: string) => Date.parse(iso) * 1000

/** Start and end in microseconds and minutes of each row, or the reason why it has none. */
function read(columns: Record<string, Column>) {
  const { start, end, minutes, problem } = callTimes(frameOf(Object.entries(columns)))
  return Array.from(start, (value, row) => problem(row) ?? [value, end[row], minutes[row]])
}

describe('readNumber', () => {
  it.each([
    ['7', 7],
    ['-7.5', -7.5],
    ['+.5', 0.5],
    ['.125', 0.125],
    ['5.', 5],
    ['1e3', 1000],
    ['1E-3', 0.001],
    ['25e+2', 2500],
  ])('reads %s', (text, value) => {
    expect(readNumber(text)).toBe(value)
  })

  it.each(['', '.', '1,000', '0x10', '1e', '1e1000', '1_000', '7 s', ' 7', '--7', 'e3', 'Infinity', '1.2.3'])(
    'reads no number of "%s"',
    (text) => {
      expect(readNumber(text)).toBeNaN()
    },
  )
})

describe('callTimes', () => {
  it('are start and end where both are stamps', () => {
    expect(read({ start_time: texts([START]), end_time: texts(['2025-01-01T10:00:00.25Z']) })).toEqual([
      [micros(START), micros(START) + 250_000, 0],
    ])
  })

  it('end after a duration where a row has no end', () => {
    expect(
      read({
        start_time: texts([START, START, START]),
        end_time: texts([null, '2025-01-01T10:00:02Z', null]),
        duration_seconds: texts(['1.5', '60', '0.0000015']),
      }),
    ).toEqual([
      [micros(START), micros(START) + 1_500_000, 0.03],
      [micros(START), micros(START) + 2_000_000, 0.03],
      [micros(START), micros(START) + 1, 0],
    ])
  })

  it('take durations as numbers, null where they are', () => {
    const times = read({ start_time: texts([START, START, START]), duration_seconds: numbers([90, null, Number.NaN]) })
    expect(times).toEqual([
      [micros(START), micros(START) + 90e6, 1.5],
      { reason: 'end_missing', column: 'end_time', found: null },
      { reason: 'end_unreadable', column: 'duration_seconds', found: 'NaN' },
    ])
  })

  it('say what stood in the column to look at', () => {
    const whole = { start_time: texts(['soon', null, START, START]), end_time: texts([START, START, 'late', START]) }
    expect(read(whole)).toEqual([
      { reason: 'start_unreadable', column: 'start_time', found: 'soon' },
      { reason: 'start_missing', column: 'start_time', found: null },
      { reason: 'end_unreadable', column: 'end_time', found: 'late' },
      { reason: 'end_equals_start', column: 'end_time', found: START },
    ])
    const spans = { start_time: texts([START, START]), duration_seconds: numbers([0, -1]) }
    expect(read(spans)).toEqual([
      { reason: 'end_equals_start', column: 'duration_seconds', found: '0' },
      { reason: 'end_before_start', column: 'duration_seconds', found: '-1' },
    ])
  })

  it('miss every start of a log that has none', () => {
    const missing = { reason: 'start_missing', column: 'start_time', found: null }
    expect(read({ end_time: texts([START, null]) })).toEqual([missing, missing])
  })

  it('take the first name of a column that says something in a row, readable or not', () => {
    expect(
      read({
        start_time: texts([null, START, 'soon', null]),
        started_at: texts([START, '2025-01-01T09:00:00Z', START, null]),
        duration_seconds: numbers([1, 1, 1, 1]),
      }),
    ).toEqual([
      [micros(START), micros(START) + 1e6, 0.02],
      [micros(START), micros(START) + 1e6, 0.02],
      { reason: 'start_unreadable', column: 'start_time', found: 'soon' },
      { reason: 'start_missing', column: 'start_time', found: null },
    ])
  })

  it('are exact to the nanosecond, and floored to the microsecond only then', () => {
    const fine = (nanoseconds: string) => `2025-01-01T10:00:00.${nanoseconds}Z`
    const start = micros(START)
    expect(
      read({
        start_time: texts([fine('000000900'), fine('000000100'), fine('000000100'), fine('000000900')]),
        end_time: texts([fine('000001100'), fine('000000200'), fine('000000100'), fine('000000100')]),
      }),
    ).toEqual([
      [start, start + 1, 0],
      [start, start, 0],
      { reason: 'end_equals_start', column: 'end_time', found: fine('000000100') },
      { reason: 'end_before_start', column: 'end_time', found: fine('000000100') },
    ])
    // 0.9 µs past the whole, and 0.2 µs long: it ends in the next microsecond
    expect(read({ start_time: texts([fine('000000900')]), duration_seconds: texts(['0.0000002']) })).toEqual([
      [start, start + 1, 0],
    ])
  })

  it('keep nanoseconds of one name of a column beside another that has none', () => {
    const times = read({
      start_time: texts([null, '2025-01-01T10:00:00.000000001Z']),
      started_at: texts([START, null]),
      end_time: texts([START, '2025-01-01T10:00:00.000000001Z']),
    })
    const reasons = times.map((time) => ('reason' in time ? time.reason : null))
    expect(reasons).toEqual(['end_equals_start', 'end_equals_start'])
  })

  it('read timestamps and whole numbers of seconds as they are', () => {
    const start = new TimestampColumn(Float64Array.of(1_740_792_600), { unit: 's' })
    const spans = new NumberColumn('int32', Int32Array.of(3))
    expect(read({ start_time: start, duration_seconds: spans })).toEqual([
      [1_740_792_600_000_000, 1_740_792_603_000_000, 0.05],
    ])
  })

  it.each([
    ['1e9', 1_000_000_000],
    ['8e12', 8_000_000_000_000],
    ['86400000.000001', 86_400_000.000001],
    ['9000001.5', 9_000_001.5],
  ])('end exactly after a long duration of %s seconds, as text and as a number', (text, value) => {
    const start = BigInt(micros(START))
    const exact = start + BigInt(Math.floor(value)) * 1_000_000n + BigInt(Math.round((value % 1) * 1e6))
    const minutes = Number((exact - start + 300_000n) / 600_000n) / 100
    for (const duration of [texts([text]), numbers([value])]) {
      const [row] = read({ start_time: texts([START]), duration_seconds: duration })
      expect(row).toEqual([Number(start), Number(exact), minutes])
    }
  })

  it.each(['9e12', '1e13', '1e15', '1e18', '9223372036854775807', '1e19', '1e300', '-9e12', '-1e300'])(
    'refuse a duration of %s seconds, whose end no date holds',
    (text) => {
      const refused = { reason: 'end_unreadable', column: 'duration_seconds' }
      for (const duration of [texts([text]), numbers([Number(text)])]) {
        expect(read({ start_time: texts([START]), duration_seconds: duration })).toMatchObject([refused])
      }
    },
  )

  it('refuse an end that a duration puts between two doubles', () => {
    const start = { start_time: texts(['2255-06-05T23:47:34.740992Z']) }
    expect(read({ ...start, duration_seconds: texts(['0.000001']) })).toMatchObject([{ reason: 'end_unreadable' }])
    expect(read({ ...start, duration_seconds: texts(['0.000002']) })).toEqual([[2 ** 53, 2 ** 53 + 2, 0]])
  })

  it('refuse a start that no date holds, whatever follows', () => {
    const start_time = new TimestampColumn(Float64Array.of(1e300, Number.POSITIVE_INFINITY, 8.64e15 + 1))
    const refused = { reason: 'start_unreadable', column: 'start_time' }
    expect(read({ start_time, duration_seconds: numbers([1, 1, 1]) })).toMatchObject([refused, refused, refused])
    expect(read({ start_time, end_time: texts([START, START, START]) })).toMatchObject([refused, refused, refused])
  })

  it('give exact minutes of a span that no double holds', () => {
    // half a hundredth of a minute beyond a whole one, and a microsecond less
    const ends = texts(['9999-12-31T23:59:36.300000Z', '9999-12-31T23:59:36.300000Z'])
    const starts = texts(['2025-01-01T00:00:00.000000Z', '2025-01-01T00:00:00.000001Z'])
    const span = BigInt(micros('9999-12-31T23:59:36Z')) + 300_000n - BigInt(micros('2025-01-01T00:00:00Z'))
    const hundredths = Number(span / 600_000n)
    const [whole, less] = read({ start_time: starts, end_time: ends })
    expect(whole).toMatchObject({ 2: (hundredths + 1) / 100 })
    expect(less).toMatchObject({ 2: hundredths / 100 })
  })
})
