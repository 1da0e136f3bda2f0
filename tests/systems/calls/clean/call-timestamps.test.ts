import { describe, expect, it } from 'vitest'
import {
  readCallInstants,
  TIMESTAMP_MISSING,
  TIMESTAMP_UNREADABLE,
} from '../../../../src/systems/calls/clean/call-timestamps.ts'
import { NULL_NANOSECONDS, NumberColumn, TimestampColumn } from '../../../../src/table/column.ts'
import { encodeTexts } from '../../../../src/table/utf8.ts'
import { texts } from '../../support/figures/frames.ts'

/** What was read of a column: microseconds, nanoseconds beyond them, and the problem. */
function read(column: Parameters<typeof readCallInstants>[0]) {
  const { microseconds, nanoseconds, problems } = readCallInstants(column)
  return Array.from(microseconds, (value, row) => [value, nanoseconds?.[row] ?? 0, problems[row]])
}

const micros = (iso: string) => Date.parse(iso) * 1000

describe('readCallInstants', () => {
  it.each([
    ['2025-01-31T23:59:59Z', micros('2025-01-31T23:59:59Z')],
    ['2025-01-31T00:00:00Z', micros('2025-01-31T00:00:00Z')],
    ['2024-02-29T10:20:30Z', micros('2024-02-29T10:20:30Z')],
    ['2025-12-28T10:20:30Z', micros('2025-12-28T10:20:30Z')],
    ['1969-12-31T23:59:59Z', -1e6],
    ['0001-01-01T00:00:00Z', micros('0001-01-01T00:00:00Z')],
    ['9999-12-31T23:59:59Z', micros('9999-12-31T23:59:59Z')],
    // these are not of the plain form, but as long as it
    ['2025-01-31 23:59:59Z', micros('2025-01-31T23:59:59Z')],
    ['2025-01-31T23:59:59z', micros('2025-01-31T23:59:59Z')],
    ['2025-01-31T23:59+05', micros('2025-01-31T18:59:00Z')],
    ['2025-01-31T23:59-0500', micros('2025-02-01T04:59:00Z')],
    ['2025-01-31T23:59:59', micros('2025-01-31T23:59:59Z')],
    ['2025-01-31T23:59:59.5', micros('2025-01-31T23:59:59.500Z')],
  ])('reads %s alike from bytes and from a dictionary', (text, microseconds) => {
    expect(read(encodeTexts([text]))).toEqual([[microseconds, 0, 0]])
    expect(read(texts([text]))).toEqual([[microseconds, 0, 0]])
  })

  it.each([
    '2025-02-29T10:00:00Z',
    '2025-02-30T10:00:00Z',
    '2025-04-31T10:00:00Z',
    '2025-13-01T10:00:00Z',
    '2025-00-01T10:00:00Z',
    '2025-01-00T10:00:00Z',
    '2025-01-32T10:00:00Z',
    '2025-01-01T24:00:00Z',
    '2025-01-01T10:60:00Z',
    '2025-01-01T10:00:60Z',
    '2025/01-01T10:00:00Z',
    '2025-01/01T10:00:00Z',
    '2025-01-01x10:00:00Z',
    '2025-01-01T10.00:00Z',
    '2025-01-01T10:00.00Z',
    '2025-01-01T10:00:00X',
    '20x5-01-01T10:00:00Z',
    '2025-x1-01T10:00:00Z',
    '2025-01-0:T10:00:00Z',
    '2025-01-01Tx0:00:00Z',
    '2025-01-01T10:x0:00Z',
    '2025-01-01T10:00:0/Z',
    '2025-01-01T10:00:2/Z',
    '2025-01-01T10:0::00Z',
    '2025-1/-01T10:00:00Z',
    '202/-01-01T10:00:00Z',
    '2025-01-01',
    'yesterday',
  ])('cannot read %s, from bytes or from a dictionary', (text) => {
    expect(read(encodeTexts([text]))).toEqual([[Number.NaN, 0, TIMESTAMP_UNREADABLE]])
    expect(read(texts([text]))).toEqual([[Number.NaN, 0, TIMESTAMP_UNREADABLE]])
  })

  it('reads days anew where they change, and bad ones no better the second time', () => {
    const days = ['2025-01-31', '2025-01-31', '2025-02-30', '2025-02-30', '2025-02-28', '2025-01-31']
    expect(
      read(encodeTexts(days.map((day) => `${day}T00:00:01Z`))).map(([value, , problem]) => [value, problem]),
    ).toEqual(
      days.map((day) => (day === '2025-02-30' ? [Number.NaN, TIMESTAMP_UNREADABLE] : [micros(`${day}T00:00:01Z`), 0])),
    )
  })

  it('keeps nanoseconds apart, and only where a stamp has some', () => {
    const fine = ['2025-01-01T00:00:00.000001002Z', null, '2025-01-01T00:00:00.123Z']
    const first = micros('2025-01-01T00:00:00Z')
    const expected = [
      [first + 1, 2, 0],
      [Number.NaN, 0, TIMESTAMP_MISSING],
      [first + 123_000, 0, 0],
    ]
    expect(read(encodeTexts(fine))).toEqual(expected)
    expect(read(texts(fine))).toEqual(expected)
    expect(readCallInstants(encodeTexts(['2025-01-01T00:00:00.123456Z'])).nanoseconds).toBeNull()
  })

  it('says what was written', () => {
    for (const column of [encodeTexts(['soon', null]), texts(['soon', null])]) {
      const { found } = readCallInstants(column)
      expect([found(0), found(1)]).toEqual(['soon', null])
    }
  })

  it('takes timestamps as they are, in every unit', () => {
    const seconds = Float64Array.of(1_740_792_600, Number.NaN)
    const missing = [Number.NaN, 0, TIMESTAMP_MISSING]
    expect(read(new TimestampColumn(seconds, { unit: 's' }))).toEqual([[1_740_792_600_000_000, 0, 0], missing])
    expect(read(new TimestampColumn(Float64Array.of(-1), { unit: 'ms' }))).toEqual([[-1000, 0, 0]])
    expect(read(new TimestampColumn(Float64Array.of(-7), { unit: 'us' }))).toEqual([[-7, 0, 0]])
    const nanos = BigInt64Array.of(1_740_792_600_123_456_789n, -1n, -1000n, NULL_NANOSECONDS)
    const column = new TimestampColumn(nanos, { unit: 'ns' })
    expect(read(column)).toEqual([[1_740_792_600_123_456, 789, 0], [-1, 999, 0], [-1, 0, 0], missing])
    const { found } = readCallInstants(column)
    expect([found(2), found(3)]).toEqual(['1969-12-31T23:59:59.999Z', null])
  })

  it('guesses at no number', () => {
    expect(read(new NumberColumn('float64', Float64Array.of(1_740_792_600)))).toEqual([
      [Number.NaN, 0, TIMESTAMP_UNREADABLE],
    ])
  })

  it('refuses an instant that no double holds to the microsecond, and reads the others exactly', () => {
    const column = encodeTexts([
      '2255-06-05T23:47:34.740991Z',
      '2255-06-05T23:47:34.740992Z',
      '2255-06-05T23:47:34.740993Z',
      '9999-12-31T23:59:59.999968Z',
      '9999-12-31T23:59:59.999999Z',
    ])
    expect(read(column)).toEqual([
      [2 ** 53 - 1, 0, 0],
      [2 ** 53, 0, 0],
      [Number.NaN, 0, TIMESTAMP_UNREADABLE],
      [253_402_300_800e6 - 32, 0, 0],
      [Number.NaN, 0, TIMESTAMP_UNREADABLE],
    ])
    const nanoseconds = new BigInt64Array([9_007_199_254_740_992_000n, 9_007_199_254_740_993_000n])
    expect(read(new TimestampColumn(nanoseconds, { unit: 'ns' }))).toEqual([
      [2 ** 53, 0, 0],
      [Number.NaN, 0, TIMESTAMP_UNREADABLE],
    ])
  })

  it.each([
    ['s', 8.64e12, 8.640_001e12],
    ['ms', 8.64e15, 8.64e15 + 1],
    ['us', 8.64e18, 8.640_001e18],
    ['s', -8.64e12, Number.POSITIVE_INFINITY],
    ['ms', -8.64e15, -1e300],
    ['us', 1, 1.5],
  ] as const)('takes a timestamp in %s of %d, and refuses %d', (unit, last, beyond) => {
    const column = new TimestampColumn(Float64Array.of(last, beyond), { unit })
    const { problems, found } = readCallInstants(column)
    expect([...problems]).toEqual([0, TIMESTAMP_UNREADABLE])
    expect(found(1)).toBeTypeOf('string')
  })
})
