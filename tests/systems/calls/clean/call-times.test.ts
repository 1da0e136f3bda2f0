import { describe, expect, it } from 'vitest'
import { callTimes, readNumber } from '../../../../src/systems/calls/clean/call-times.ts'
import { type Column, NumberColumn, TimestampColumn } from '../../../../src/table/column.ts'
import { frameOf } from '../../../../src/table/frame.ts'
import { numbers, texts } from '../../support/figures/frames.ts'

const START = '2025-01-01T10:00:00Z'
const micros = (iso: string) => Date.parse(iso) * 1000

/** Start, end and length in microseconds of each row, or the reason why it has none. */
function read(columns: Record<string, Column>) {
  const { start, end, elapsed, problem } = callTimes(frameOf(Object.entries(columns)))
  return Array.from(start, (value, row) => problem(row) ?? [value, end[row], elapsed[row]])
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
      [micros(START), micros(START) + 250_000, 250_000],
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
      [micros(START), micros(START) + 1_500_000, 1_500_000],
      [micros(START), micros(START) + 2_000_000, 2_000_000],
      [micros(START), micros(START) + 1, 1],
    ])
  })

  it('take durations as numbers, null where they are', () => {
    const times = read({ start_time: texts([START, START, START]), duration_seconds: numbers([90, null, Number.NaN]) })
    expect(times).toEqual([
      [micros(START), micros(START) + 90e6, 90e6],
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
      [micros(START), micros(START) + 1e6, 1e6],
      [micros(START), micros(START) + 1e6, 1e6],
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
      [1_740_792_600_000_000, 1_740_792_603_000_000, 3e6],
    ])
  })
})
