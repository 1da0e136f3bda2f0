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
  Utf8Column,
} from '../../../src/table/column.ts'
import { frameOf } from '../../../src/table/frame.ts'
import { duplicateRows } from '../../../src/table/key/duplicates.ts'
import { concatKeys, keyBytes } from '../../../src/table/key/key.ts'
import { KeyIndex } from '../../../src/table/key/key-index.ts'
import { lastRows } from '../../../src/table/key/last-rows.ts'
import { countUp } from '../../../src/table/take.ts'
import { encodeTexts } from '../../../src/table/utf8.ts'

const keysOf = (...columns: Column[]) => {
  const names = columns.map((_, index) => `k${index}`)
  return keyBytes(frameOf(names.map((name, index) => [name, columns[index] as Column] as const)), names)
}
const textKeys = (...texts: (string | null)[]) => keysOf(encodeTexts(texts))
const numbers = (...values: number[]) => new NumberColumn('float64', Float64Array.from(values))

/** For each row of the right side the rows of the left side with an equal key. */
const matches = (left: ReturnType<typeof keyBytes>, right: ReturnType<typeof keyBytes>) =>
  Array.from(KeyIndex.of(left).findAll(right))

describe('keyBytes', () => {
  it('shares the bytes of a single column of UTF-8 text', () => {
    const column = encodeTexts(['AGT001', 'AGT002'])
    const keys = keysOf(column)
    expect(keys.form).toBe('text')
    expect(keys.bytes).toBe(column.bytes)
    expect(keys.offsets).toBe(column.offsets)
  })

  it('gives dictionary text the same bytes', () => {
    const coded = keysOf(new DictionaryColumn(Int32Array.of(1, 0, 1), ['b', 'a']))
    expect(matches(textKeys('a', 'b'), coded)).toEqual([0, 1, 0])
  })

  it('keeps parts apart however their text would join', () => {
    const left = keysOf(encodeTexts(['a', 'ab', 'a\u0000']), encodeTexts(['bc', 'c', 'b']))
    const right = keysOf(encodeTexts(['ab', 'a', 'a']), encodeTexts(['c', 'bc', '\u0000b']))
    expect(matches(left, right)).toEqual([1, 0, -1])
  })

  it('tells a number from its text', () => {
    const left = keysOf(encodeTexts(['1', '2']), encodeTexts(['x', 'x']))
    const right = keysOf(numbers(1, 2), encodeTexts(['x', 'x']))
    expect(matches(left, right)).toEqual([-1, -1])
  })

  it('takes a number of any width for the same key, and −0 for 0', () => {
    const left = keysOf(numbers(-0, 5, -3, 2 ** 40))
    expect(matches(left, keysOf(new NumberColumn('int8', Int8Array.of(0, 5, -3))))).toEqual([0, 1, 2])
    expect(matches(left, keysOf(new BigIntColumn('int64', BigInt64Array.of(0n, 5n, -3n, 2n ** 40n))))).toEqual([
      0, 1, 2, 3,
    ])
    expect(matches(left, keysOf(new BigIntColumn('uint64', BigUint64Array.of(5n, 2n ** 64n - 3n))))).toEqual([1, -1])
    expect(matches(left, keysOf(numbers(0)))).toEqual([0])
  })

  it('keeps integers apart that a double would join', () => {
    const exact = keysOf(new BigIntColumn('int64', BigInt64Array.of(2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n)))
    expect(matches(exact, exact)).toEqual([0, 1, 2])
    const large = keysOf(new BigIntColumn('uint64', BigUint64Array.of(2n ** 53n + 1n, 2n ** 64n - 2n ** 53n - 1n)))
    expect(matches(exact, large)).toEqual([1, -1])
  })

  it('gives an instant the same key in any unit, and a wall time another', () => {
    const left = keysOf(new TimestampColumn(Float64Array.of(1000, -1000)))
    expect(matches(left, keysOf(new TimestampColumn(Float64Array.of(1, -1), { unit: 's' })))).toEqual([0, 1])
    expect(matches(left, keysOf(new TimestampColumn(Float64Array.of(1e6, -1e6, 1e6 + 1), { unit: 'us' })))).toEqual([
      0, 1, -1,
    ])
    const nanoseconds = new TimestampColumn(BigInt64Array.of(10n ** 9n, -(10n ** 9n), 10n ** 9n + 1n), { unit: 'ns' })
    expect(matches(left, keysOf(nanoseconds))).toEqual([0, 1, -1])
    expect(matches(left, keysOf(new TimestampColumn(Float64Array.of(1000), { zone: null })))).toEqual([-1])
  })

  it('writes days and booleans as parts', () => {
    const left = keysOf(new DateColumn(Int32Array.of(1, 1)), new BooleanColumn(Uint8Array.of(1, 0)))
    expect(matches(left, left)).toEqual([0, 1])
  })

  it.each<[string, Column]>([
    ['null text', encodeTexts(['x', null, ''])],
    ['null codes', new DictionaryColumn(Int32Array.of(0, -1, 1), ['x', ''])],
    ['null and NaN', new NumberColumn('float64', Float64Array.of(1, 1, Number.NaN), Uint8Array.of(1, 0, 1))],
    ['null bigints', new BigIntColumn('int64', BigInt64Array.of(1n, 0n, 0n), Uint8Array.of(1, 0, 0))],
    ['null booleans', new BooleanColumn(Uint8Array.of(1, 0, 0), Uint8Array.of(1, 0, 0))],
    ['null days', new DateColumn(Int32Array.of(1, NULL_DAY, NULL_DAY))],
    ['null moments', new TimestampColumn(Float64Array.of(1, Number.NaN, Number.NaN))],
    ['null nanoseconds', new TimestampColumn(BigInt64Array.of(1n, NULL_NANOSECONDS, NULL_NANOSECONDS), { unit: 'ns' })],
  ])('finds the rows without a key: %s', (_, column) => {
    expect(keysOf(column).badRows).toEqual(Int32Array.of(1, 2))
    expect(keysOf(encodeTexts(['a', 'b', 'c']), column).badRows).toEqual(Int32Array.of(1, 2))
  })

  it('finds no key at all in a column of nulls', () => {
    expect(keysOf(new NullColumn(2)).badRows).toEqual(Int32Array.of(0, 1))
  })

  it('refuses columns that cannot be compared, and names that are not there', () => {
    expect(() => keysOf(new OpaqueColumn([[1]]))).toThrow(expect.objectContaining({ code: 'key_type' }))
    expect(() => keyBytes(frameOf([]), ['id'])).toThrow(expect.objectContaining({ code: 'column_not_found' }))
  })
})

describe('KeyIndex', () => {
  it('numbers groups by first appearance and finds them from another side', () => {
    const index = KeyIndex.of(textKeys('AGT002', 'AGT009', 'AGT002'))
    expect(index.groups).toBe(2)
    expect(index.groupOf).toEqual(Int32Array.of(0, 1, 0))
    expect(index.firstRows).toEqual(Int32Array.of(0, 1))
    expect(index.findAll(textKeys('AGT001', 'AGT002'))).toEqual(Int32Array.of(-1, 0))
    expect(index.find(textKeys('AGT009'), 0)).toBe(1)
  })

  it('finds keys of every length, in columns that are cut from larger ones', () => {
    const texts = Array.from({ length: 40 }, (_, length) => 'x'.repeat(length) + length)
    const whole = encodeTexts(texts)
    const cut = new Utf8Column(whole.bytes, whole.offsets.subarray(3))
    expect(Array.from(KeyIndex.of(keysOf(whole)).findAll(keysOf(cut)))).toEqual(
      Array.from({ length: 37 }, (_, row) => row + 3),
    )
  })

  it('finds nothing in an index without keys', () => {
    expect(KeyIndex.of(textKeys()).findAll(textKeys('a'))).toEqual(Int32Array.of(-1))
  })

  it('refuses to compare a text key with a key of another form', () => {
    expect(() => KeyIndex.of(textKeys('1')).findAll(keysOf(numbers(1)))).toThrow(
      expect.objectContaining({ code: 'key_type' }),
    )
  })

  it('finds more rows than it has keys, in their order', () => {
    const index = KeyIndex.of(textKeys('a', 'b'))
    const probes = Array.from({ length: 9001 }, (_, row) => ['b', 'x', 'a', 'a'][row % 4] as string)
    const { rows, groups } = index.found(textKeys(...probes))
    expect(Array.from(rows)).toEqual(Array.from(probes.keys()).filter((row) => probes[row] !== 'x'))
    expect(Array.from(groups)).toEqual(probes.filter((probe) => probe !== 'x').map((probe) => 'ab'.indexOf(probe)))
  })

  it('holds a hundred thousand keys', () => {
    const ids = Array.from({ length: 100_000 }, (_, row) => `INT${row}`)
    const index = KeyIndex.of(textKeys(...ids))
    expect(index.groups).toBe(100_000)
    const probes = ids.map((id, row) => (row % 3 === 0 ? `${id}x` : id))
    expect(index.findAll(textKeys(...probes))).toEqual(Int32Array.from(ids, (_, row) => (row % 3 === 0 ? -1 : row)))
  })
})

describe('concatKeys', () => {
  it('lets one index number the keys of several sides', () => {
    const cut = keysOf(new Utf8Column(encodeTexts(['x', 'b', 'c']).bytes, Int32Array.of(1, 2, 3)))
    const all = concatKeys([textKeys('a', null, 'b'), cut])
    expect(KeyIndex.of(all).groupOf).toEqual(Int32Array.of(0, 1, 2, 2, 3))
    expect(all.badRows).toEqual(Int32Array.of(1))
  })

  it('refuses sides whose keys have different forms', () => {
    expect(() => concatKeys([textKeys('1'), keysOf(numbers(1))])).toThrow(expect.objectContaining({ code: 'key_type' }))
  })
})

describe('duplicateRows', () => {
  it.each([
    [['AGT001', 'AGT002', 'AGT001'], [2]],
    [['a', 'b', 'c'], []],
    [['a', 'a'], [1]],
    [
      ['b', 'a', 'c', 'b', 'a'],
      [3, 4],
    ],
    [['a', 'ab', 'abc', 'ab'], [3]],
    [
      ['ab', 'a', 'a', 'ab', 'ab'],
      [2, 3, 4],
    ],
    [[], []],
  ])('of %j are %j', (texts, rows) => {
    expect(Array.from(duplicateRows(textKeys(...texts)))).toEqual(rows)
  })
})

describe('lastRows', () => {
  it('keeps the last row of each key, in order', () => {
    const keys = textKeys('a', 'b', 'a', '', 'ab', 'b', '', 'ba')
    expect([...lastRows(keys, countUp(8))]).toEqual([2, 4, 5, 6, 7])
    expect([...lastRows(keys, Int32Array.of(0, 1, 4))]).toEqual([0, 1, 4])
    expect([...lastRows(keys, new Int32Array(0))]).toEqual([])
  })

  it('keeps thousands apart', () => {
    const keys = textKeys(...Array.from({ length: 5000 }, (_, row) => `id-${(row * 7919) % 1777}`))
    expect([...lastRows(keys, countUp(5000))]).toEqual([...countUp(1777, 3223)])
    expect(lastRows(keys, countUp(1777))).toHaveLength(1777)
  })

  it('takes keys of several columns', () => {
    const keys = keysOf(encodeTexts(['x', 'x', 'x']), numbers(1, 2, 1))
    expect([...lastRows(keys, countUp(3))]).toEqual([1, 2])
  })
})
