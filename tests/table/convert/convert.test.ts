import { describe, expect, it } from 'vitest'
import {
  BigIntColumn,
  BooleanColumn,
  type Column,
  DateColumn,
  DictionaryColumn,
  NULL_DAY,
  NULL_NANOSECONDS,
  NullColumn,
  NumberColumn,
  OpaqueColumn,
  TimestampColumn,
  type TimestampForm,
  Utf8Column,
} from '../../../src/table/column.ts'
import {
  boolean,
  type ColumnContract,
  date,
  float64,
  int32,
  int64,
  key,
  string,
  timestamp,
} from '../../../src/table/contract.ts'
import { nullsOf } from '../../../src/table/convert/column-form.ts'
import { convertColumn } from '../../../src/table/convert/convert.ts'
import { codeTexts, encodeTexts } from '../../../src/table/utf8.ts'

const float = (...values: number[]) => new NumberColumn('float64', Float64Array.from(values))
const integer = (...values: bigint[]) => new BigIntColumn('int64', BigInt64Array.from(values))
const stamps = (form: TimestampForm, ...values: number[]) => new TimestampColumn(Float64Array.from(values), form)
const like = (kind: Column['kind'], form: TimestampForm = {}) => nullsOf({ kind, ...form }, 0)

/** The cells of the converted column, and '✗' where a cell did not fit. */
function cells(column: Column, to: Column | ColumnContract, as: 'value' | 'key' = 'value'): unknown[] {
  const { column: converted, misfits } = convertColumn(column, to, { as })
  return Array.from(converted, (value, row) => (misfits.includes(row) ? (value === null ? '✗' : value) : value))
}

/** The same texts as codes and as bytes, which must convert alike. */
function textCells(texts: (string | null)[], to: Column | ColumnContract, as: 'value' | 'key' = 'value'): unknown[] {
  const coded = cells(codeTexts(texts, texts.length), to, as)
  expect(cells(encodeTexts(texts), to, as)).toEqual(coded)
  return coded
}

describe('convertColumn', () => {
  it('returns the column itself where it has the kind and form', () => {
    for (const [column, to] of [
      [float(1), float64()],
      [encodeTexts(['a']), key(string())],
      [codeTexts(['a'], 1), string()],
      [stamps({}, 1), timestamp()],
      [new DateColumn(Int32Array.of(1)), date()],
      [new OpaqueColumn([[1]], 'List'), new OpaqueColumn([], 'List')],
    ] as const) {
      expect(convertColumn(column, to).column).toBe(column)
    }
  })

  it('returns what fits, and the rows that do not', () => {
    const minutes = new DictionaryColumn(Int32Array.of(0, 1, 2, -1), ['5.0', '01', '7'])
    const { column, misfits } = convertColumn(minutes, float64())
    expect(Array.from(column)).toEqual([5, null, 7, null])
    expect(misfits).toEqual(Int32Array.of(1))
  })

  it('leaves the input as it was', () => {
    const column = codeTexts(['1', null, 'x'], 3)
    convertColumn(column, float64())
    expect(column).toEqual(new DictionaryColumn(Int32Array.of(0, -1, 1), ['1', 'x']))
  })

  it.each([
    ['5.0', 5],
    ['-5.50', -5.5],
    ['0', 0],
    ['-0', -0],
    ['0.000', 0],
    ['1e3', 1000],
    ['1.5E-7', 1.5e-7],
    ['0.1', 0.1],
    ['0.10000000000000001', 0.1],
    ['0.30000000000000004', 0.1 + 0.2],
    ['1.7976931348623157e308', Number.MAX_VALUE],
    ['5e-324', 5e-324],
    ['9007199254740993', '✗'],
    ['0.1000000000000000055', '✗'],
    ['1e999', '✗'],
    ['1e-999', '✗'],
    ['01', '✗'],
    ['-01', '✗'],
    ['+5', '✗'],
    ['.5', '✗'],
    ['5.', '✗'],
    ['0x10', '✗'],
    [' 5', '✗'],
    ['', '✗'],
    ['NaN', '✗'],
    ['Infinity', '✗'],
    ['1,5', '✗'],
    [`0.${'1'.repeat(200)}`, '✗'],
    [null, null],
  ])('reads the text %j as the number %j', (text, expected) => {
    expect(textCells([text], float64())).toEqual([expected])
  })

  it.each([
    ['1', 1],
    ['-3', -3],
    ['1.5', 1.5],
    ['01', '✗'],
    ['1.0', '✗'],
    ['1e3', '✗'],
    ['-0', '✗'],
  ])('reads the key %j as the number %j', (text, expected) => {
    expect(textCells([text], float64(), 'key')).toEqual([expected])
  })

  it('reads text as integers of each width within its range', () => {
    expect(textCells(['127', '128', '-128', '5.0', '2.5'], like('int8'))).toEqual([127, '✗', -128, 5, '✗'])
    expect(textCells(['255', '-1'], like('uint8'))).toEqual([255, '✗'])
    expect(textCells(['2147483647', '2147483648'], int32())).toEqual([2147483647, '✗'])
    expect(textCells(['9007199254740993', '9223372036854775808', '7.00', '1e3', 'x'], int64())).toEqual([
      9007199254740993n,
      '✗',
      7n,
      '✗',
      '✗',
    ])
    expect(textCells(['18446744073709551615', '-1'], like('uint64'))).toEqual([2n ** 64n - 1n, '✗'])
    expect(textCells(['7', '7.0', '-0', '07'], int64(), 'key')).toEqual([7n, '✗', '✗', '✗'])
  })

  it('reads text as float32 where its digits survive', () => {
    expect(textCells(['0.1', '16777217', '1.5'], like('float32'))).toEqual([Math.fround(0.1), '✗', 1.5])
  })

  it('reads text as true and false', () => {
    expect(textCells(['true', 'FALSE', '1', 'yes', null], boolean())).toEqual([true, false, '✗', '✗', null])
    expect(textCells(['true', 'FALSE'], boolean(), 'key')).toEqual([true, '✗'])
  })

  it('parses ISO text as instants, without a zone as UTC', () => {
    const expected = new Date(1740792600000)
    expect(
      textCells(
        [
          '2025-03-01T01:30:00Z',
          '2025-03-01 01:30',
          '2025-02-28T20:30:00-05:00',
          '2025-03-01T01:30:00.000000',
          '2025-03-01T01:30:00.0001Z',
          '2025-02-30T00:00:00Z',
          '1740792600000',
        ],
        timestamp(),
      ),
    ).toEqual([expected, expected, expected, expected, '✗', '✗', '✗'])
    expect(textCells(['2025-03-01'], timestamp())).toEqual([new Date('2025-03-01')])
  })

  it('reads ISO text in each unit that is fine enough', () => {
    const at = '1970-01-01T00:00:01.000001Z'
    const ticks = (unit: 's' | 'ms' | 'us' | 'ns', text: string) => {
      const { column, misfits } = convertColumn(encodeTexts([text]), like('timestamp', { unit }))
      return misfits.length > 0 ? '✗' : (column as TimestampColumn).values[0]
    }
    expect([ticks('s', at), ticks('ms', at), ticks('us', at), ticks('ns', at)]).toEqual([
      '✗',
      '✗',
      1000001,
      1000001000n,
    ])
    expect([ticks('s', '1969-12-31T23:59:59Z'), ticks('s', '1969-12-31T23:59:59.5Z')]).toEqual([-1, '✗'])
    // 2^53 microseconds are 2255-06-05T23:47:34.740992Z; half a microsecond before them is lost in a double too
    expect(ticks('us', '2255-06-05T23:47:34.740991Z')).toBe(Number.MAX_SAFE_INTEGER)
    expect(ticks('us', '2255-06-05T23:47:34.740992Z')).toBe('✗')
    // 2^53 microseconds and more are taken where they are whole milliseconds that a double holds
    const sentinels = ['9999-12-31', '9999-12-31T23:59:59Z', '0001-01-01', '1601-01-01T00:00:00.008Z']
    expect(sentinels.map((text) => ticks('us', text))).toEqual(sentinels.map((text) => Date.parse(text) * 1000))
    expect(['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999999Z'].map((text) => ticks('us', text))).toEqual([
      '✗',
      '✗',
    ])
    expect(ticks('us', '2255-06-05T23:47:34.7409905Z')).toBe('✗')
    expect([ticks('us', '1969-12-31T23:59:59.9999999Z'), ticks('ns', '2300-01-01')]).toEqual(['✗', '✗'])
  })

  it('parses a key as an instant only in canonical spelling', () => {
    expect(textCells(['2025-03-01T01:30:00Z', '2025-03-01T01:30:00.000Z', '2025-03-01'], timestamp(), 'key')).toEqual([
      new Date(1740792600000),
      '✗',
      '✗',
    ])
    const texts = ['2025-03-01T01:30:00', '2025-03-01T01:30:00Z', '2025-03-01T01:30:00.100', '2025-03-01 01:30:00']
    expect(textCells(texts, like('timestamp', { zone: null }), 'key')).toEqual([
      '2025-03-01T01:30:00',
      '✗',
      '2025-03-01T01:30:00.100',
      '✗',
    ])
    expect(textCells(texts, timestamp(), 'key')).toEqual(['✗', new Date(1740792600000), '✗', '✗'])
  })

  it('parses instants in place, from the bytes', () => {
    const bytes = new TextEncoder().encode('2025-03-012025-03-02T00:00:00Z2025-03-03')
    const texts = new Utf8Column(bytes.subarray(10), Int32Array.of(0, 20, 20, 30), Uint8Array.of(1, 0, 1))
    expect(cells(texts, timestamp())).toEqual([new Date('2025-03-02'), null, new Date('2025-03-03')])
    expect(cells(texts, date())).toEqual(['2025-03-02', null, '2025-03-03'])
  })

  it('parses no instant from text that is too long or has a lone surrogate', () => {
    const stamp = '2025-03-01T01:30:00Z'
    const texts = [`${stamp}${stamp}`, `${stamp.slice(0, -1)}\ud800`, '\ud800025-03-01', stamp.padEnd(37)]
    const column = codeTexts(texts, texts.length)
    for (const to of [timestamp(), date()]) expect(cells(column, to)).toEqual(['✗', '✗', '✗', '✗'])
    expect(textCells(['2025-03-01T01:30:00.123456000 +05:30'], like('timestamp', { unit: 'us' }))).toEqual([
      new Date('2025-02-28T20:00:00.123Z'),
    ])
  })

  it('reads text as calendar days, a midnight too unless it is a key', () => {
    const texts = ['2025-02-28', '2025-02-28T00:00:00Z', '2025-02-28T00:00:01Z', '2025-02-29']
    expect(textCells(texts, date())).toEqual(['2025-02-28', '2025-02-28', '✗', '✗'])
    expect(textCells(texts, date(), 'key')).toEqual(['2025-02-28', '✗', '✗', '✗'])
  })

  it('turns codes into bytes and bytes into codes', () => {
    expect(convertColumn(codeTexts(['a', null], 2), key(string())).column).toBeInstanceOf(Utf8Column)
    expect(convertColumn(encodeTexts(['a', null]), string()).column).toEqual(codeTexts(['a', null], 2))
  })

  it('tells the rows whose text has no bytes', () => {
    expect(cells(codeTexts(['a', '\ud800', null, '\ud800'], 4), key(string()))).toEqual(['a', '✗', null, '✗'])
  })

  it('does not look at dictionary entries that no row uses', () => {
    expect(cells(new DictionaryColumn(Int32Array.of(1), ['x', '1']), float64())).toEqual([1])
  })

  it('turns numbers into other numbers where each is kept', () => {
    expect(cells(float(14, 2.5, 300, Number.NaN, -0), like('int8'))).toEqual([14, '✗', '✗', '✗', 0])
    expect(cells(float(1.5, 0.1, Number.NaN), like('float32'))).toEqual([1.5, '✗', Number.NaN])
    expect(cells(new NumberColumn('int32', Int32Array.of(1, 0), Uint8Array.of(1, 0)), float64())).toEqual([1, null])
    expect(cells(float(2 ** 53, -1, 2 ** 63, 1.5), int64())).toEqual([2n ** 53n, -1n, '✗', '✗'])
    expect(cells(float(2 ** 63, -1), like('uint64'))).toEqual([2n ** 63n, '✗'])
    expect(cells(integer(2n ** 53n, 2n ** 53n + 1n, -5n, 2n ** 60n), float64())).toEqual([2 ** 53, '✗', -5, 2 ** 60])
    expect(cells(integer(1n, -1n), like('uint64'))).toEqual([1n, '✗'])
    expect(cells(new BigIntColumn('uint64', BigUint64Array.of(1n, 2n ** 63n)), int64())).toEqual([1n, '✗'])
    expect(cells(new BigIntColumn('uint64', BigUint64Array.of(2n ** 63n)), float64())).toEqual([2 ** 63])
  })

  it('writes numbers as text that reads back', () => {
    expect(cells(float(14, 0.1, -0, 1e21, Number.NaN, Number.POSITIVE_INFINITY), string())).toEqual([
      '14',
      '0.1',
      '-0',
      '1e+21',
      '✗',
      '✗',
    ])
    expect(cells(float(-0), key(string()), 'key')).toEqual(['0'])
    expect(cells(integer(2n ** 53n + 1n), string())).toEqual(['9007199254740993'])
    expect(cells(new BooleanColumn(Uint8Array.of(1, 0), Uint8Array.of(1, 0)), string())).toEqual(['true', null])
  })

  it('reads whole numbers as epoch milliseconds', () => {
    expect(cells(float(1000, 1.5), timestamp())).toEqual([new Date(1000), '✗'])
    expect(cells(integer(1000n), timestamp())).toEqual([new Date(1000)])
    expect(cells(float(1000, 1), timestamp({ unit: 's' }))).toEqual([new Date(1000), '✗'])
  })

  it("takes no number beyond a Date's range as an instant", () => {
    const numbers = [8.64e15, -8.64e15, 8.64e15 + 1, -1e20]
    const doubles = convertColumn(new NumberColumn('float64', Float64Array.from(numbers)), timestamp())
    const integers = convertColumn(
      new BigIntColumn('int64', BigInt64Array.from(numbers.slice(0, 3), BigInt)),
      timestamp(),
    )
    expect([...doubles.misfits]).toEqual([2, 3])
    expect([...integers.misfits]).toEqual([2])
  })

  it('converts timestamps to other units, days and text', () => {
    expect(cells(stamps({ unit: 'us' }, 1e6, 1e6 + 1, Number.NaN), timestamp())).toEqual([new Date(1000), '✗', null])
    expect(cells(stamps({ unit: 's' }, 1), timestamp({ unit: 'us' }))).toEqual([new Date(1000)])
    const nanoseconds = new TimestampColumn(BigInt64Array.of(10n ** 9n, 1n, NULL_NANOSECONDS, -1_000_000n), {
      unit: 'ns',
    })
    expect(cells(nanoseconds, timestamp())).toEqual([new Date(1000), '✗', null, new Date(-1)])
    expect(cells(stamps({}, 86_400_000, 1), date())).toEqual(['1970-01-02', '✗'])
    expect(cells(stamps({ unit: 'us' }, 1e6, 1500, -1), string())).toEqual([
      '1970-01-01T00:00:01Z',
      '1970-01-01T00:00:00.001500Z',
      '1969-12-31T23:59:59.999999Z',
    ])
    expect(cells(nanoseconds, string())[1]).toBe('1970-01-01T00:00:00.000000001Z')
    expect(cells(stamps({ zone: null }, 0), string())).toEqual(['1970-01-01T00:00:00'])
  })

  it("keeps a timestamp's ticks where only zone or face differ", () => {
    const column = stamps({ zone: null }, 5)
    const { column: converted } = convertColumn(column, stamps({ zone: 'Europe/Vienna', face: 'number' }))
    expect(converted).toEqual(stamps({ zone: 'Europe/Vienna', face: 'number' }, 5))
    expect(convertColumn(stamps({}, 5), stamps({ face: 'number' })).column).toEqual(stamps({ face: 'number' }, 5))
  })

  it('turns days into midnights and text', () => {
    const days = new DateColumn(Int32Array.of(1, NULL_DAY))
    expect(cells(days, timestamp())).toEqual([new Date(86_400_000), null])
    expect(cells(days, string())).toEqual(['1970-01-02', null])
  })

  it('writes no year as text that would not read back', () => {
    const years = (...stamps: string[]) => stamps.map((stamp) => Date.parse(stamp))
    const moments = years('-000001-12-31T23:59:59.999Z', '0000-01-01', '9999-12-31T23:59:59.999Z', '+010000-01-01')
    expect(cells(stamps({}, ...moments), string())).toEqual([
      '✗',
      '0000-01-01T00:00:00Z',
      '9999-12-31T23:59:59.999Z',
      '✗',
    ])
    const days = new DateColumn(Int32Array.from(moments, (moment) => Math.floor(moment / 86_400_000)))
    expect(cells(days, string())).toEqual(['✗', '0000-01-01', '9999-12-31', '✗'])
  })

  it('turns nulls into anything, and anything stays as it is like nulls', () => {
    for (const kind of [
      'text',
      'float64',
      'int8',
      'int64',
      'uint64',
      'boolean',
      'date',
      'timestamp',
      'opaque',
    ] as const) {
      expect(cells(new NullColumn(2), like(kind))).toEqual([null, null])
      expect(convertColumn(new NullColumn(2), like(kind)).column.kind).toBe(kind)
    }
    expect(cells(new NullColumn(1), like('timestamp', { unit: 'ns' }))).toEqual([null])
    const column = float(1)
    expect(convertColumn(column, new NullColumn(0)).column).toBe(column)
  })

  it('reads mixed JavaScript values one by one', () => {
    const mixed = new OpaqueColumn([5, '4.0', 3n, null, undefined, 'x', {}, true, Number.NaN])
    expect(cells(mixed, float64())).toEqual([5, 4, 3, null, null, '✗', '✗', '✗', '✗'])
    expect(cells(new OpaqueColumn([new Date(0), '1970-01-01', new Date(Number.NaN)]), timestamp())).toEqual([
      new Date(0),
      new Date(0),
      '✗',
    ])
    expect(cells(new OpaqueColumn(['a', 1, -0, false]), string())).toEqual(['a', '1', '-0', 'false'])
  })

  it('converts carried decimals, clock times and durations where nothing is lost', () => {
    const decimal = { typeId: 7, precision: 38, scale: 2, bitWidth: 128 }
    const amounts = new OpaqueColumn(['12.50', null, '7.00', '12345678901234567890.12'], decimal)
    expect(cells(amounts, float64())).toEqual([12.5, null, 7, '✗'])
    expect(cells(amounts, int64())).toEqual(['✗', null, 7n, '✗'])
    expect(cells(amounts, string())).toEqual(['12.50', null, '7.00', '12345678901234567890.12'])
    expect(cells(new OpaqueColumn(['12:30:00'], { typeId: 9, unit: 0, bitWidth: 32 }), string())).toEqual(['12:30:00'])
    expect(cells(new OpaqueColumn(['PT12M30S'], { typeId: 18, unit: 0 }), string())).toEqual(['PT12M30S'])
  })

  it('tells Arrow types of one library apart', () => {
    const list = (typeId: number) => ({ typeId: 12, children: [{ name: 'item', type: { typeId }, nullable: true }] })
    expect(cells(new OpaqueColumn([['a']], list(5)), new OpaqueColumn([], list(6)))).toEqual(['✗'])
    expect(cells(new OpaqueColumn([['a']], list(5)), new OpaqueColumn([], list(5)))).toEqual([['a']])
  })

  it.each<[string, Column, Column | ColumnContract]>([
    ['a boolean a number', new BooleanColumn(Uint8Array.of(1)), float64()],
    ['a number a boolean', float(1), boolean()],
    ['a 64-bit integer a boolean', integer(1n), boolean()],
    ['a moment a number', stamps({}, 1), float64()],
    ['a day a number', new DateColumn(Int32Array.of(1)), float64()],
    ['a number a day', float(1), date()],
    ['a list text', new OpaqueColumn([[1]], 'List'), string()],
    ['a list a decimal', new OpaqueColumn([[1]], 'List'), new OpaqueColumn([], 'Decimal')],
    ['text a list', encodeTexts(['x']), new OpaqueColumn([], 'List')],
  ])('never makes %s', (_, column, to) => {
    expect(cells(column, to)).toEqual(['✗'])
  })
})
