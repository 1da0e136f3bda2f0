import { describe, expect, it } from 'vitest'
import {
  BigIntColumn,
  BooleanColumn,
  type Column,
  DateColumn,
  DictionaryColumn,
  NULL_DAY,
  NULL_NANOSECONDS,
  NumberColumn,
  OpaqueColumn,
  TimestampColumn,
} from '../../../src/table/column.ts'
import { encodeTexts } from '../../../src/table/utf8.ts'
import { sameRows } from '../../../src/transform/delta/fold/same-rows.ts'
import { numbers } from '../../systems/support/figures/frames.ts'

const whole = (source: Int32Array) => ({ source, cells: [] })

/** Whether each cell of the table is that of the pool, as the column tells: row i of both. */
function compared(base: Column, pool: Column) {
  const columns = [{ base, pool, partial: -1 }]
  const rows = Int32Array.from({ length: pool.length }, (_, row) => row)
  const others = rows.map((row) => ~row)
  const same = sameRows(columns, whole(others), whole(rows))
  expect(sameRows(columns, whole(rows), whole(others))).toEqual(same)
  return [...same]
}

const codes = (...values: number[]) => new DictionaryColumn(Int32Array.from(values), ['a', 'b', 'c'])

describe('cells', () => {
  it('tells words by their codes, null from every other', () => {
    expect(compared(codes(0, 1, -1, -1, 2), codes(0, 2, -1, 0, -1))).toEqual([1, 0, 1, 0, 0])
  })

  it('tells numbers to the sign of zero, and NaN from none but itself', () => {
    const [left, right] = [
      [1, 0, 0, Number.NaN, Number.NaN, 5, null, null, 0],
      [1, -0, 0, Number.NaN, 1, 6, null, 0, null],
    ].map(numbers) as [NumberColumn, NumberColumn]
    expect(compared(left, right)).toEqual([1, 0, 1, 1, 0, 0, 1, 0, 0])
    const plain = new NumberColumn('int32', Int32Array.of(1, 2))
    expect(compared(plain, new NumberColumn('int32', Int32Array.of(1, 3)))).toEqual([1, 0])
    expect(compared(plain, new NumberColumn('int32', Int32Array.of(1, 2), Uint8Array.of(0, 1)))).toEqual([0, 1])
  })

  it('tells booleans', () => {
    const [left, right] = [
      new BooleanColumn(Uint8Array.of(1, 0, 1, 0), Uint8Array.of(1, 1, 1, 0)),
      new BooleanColumn(Uint8Array.of(1, 0, 0, 0), Uint8Array.of(1, 1, 1, 1)),
    ]
    expect(compared(left, right)).toEqual([1, 1, 0, 0])
  })

  it('tells whole numbers of 64 bits beyond what a double holds', () => {
    const large = 2n ** 53n
    const [left, right] = [
      new BigIntColumn('int64', BigInt64Array.of(large, large, 0n), Uint8Array.of(1, 1, 0)),
      new BigIntColumn('int64', BigInt64Array.of(large, large + 1n, 7n), Uint8Array.of(1, 1, 0)),
    ]
    expect(compared(left, right)).toEqual([1, 0, 1])
  })

  it('compares timestamps, to the nanosecond where they have them', () => {
    const none = Number.NaN
    expect(
      compared(
        new TimestampColumn(Float64Array.of(1, 1, none, none)),
        new TimestampColumn(Float64Array.of(1, 2, none, 0)),
      ),
    ).toEqual([1, 0, 1, 0])
    const fine = (...values: bigint[]) => new TimestampColumn(BigInt64Array.from(values), { unit: 'ns' })
    expect(
      compared(fine(1n, 2n ** 60n, NULL_NANOSECONDS, 0n), fine(1n, 2n ** 60n + 1n, NULL_NANOSECONDS, NULL_NANOSECONDS)),
    ).toEqual([1, 0, 1, 0])
  })

  it('tells days', () => {
    expect(
      compared(
        new DateColumn(Int32Array.of(1, 1, NULL_DAY, NULL_DAY)),
        new DateColumn(Int32Array.of(1, 2, NULL_DAY, 0)),
      ),
    ).toEqual([1, 0, 1, 0])
  })

  it('tells text byte by byte, empty from null', () => {
    const [left, right] = [
      ['abc', 'abc', 'abc', 'b', '', '', null, null, 'é'],
      ['abc', 'abd', 'ab', 'a', '', null, null, '', 'è'],
    ].map((texts) => encodeTexts(texts)) as [Column, Column]
    expect(compared(left, right)).toEqual([1, 0, 0, 0, 1, 0, 1, 0, 0])
  })

  it('tells text in two forms by what it says', () => {
    expect(compared(codes(0, 1, -1), encodeTexts(['a', 'c', null]))).toEqual([1, 0, 1])
    expect(compared(encodeTexts(['a', 'c', null]), codes(0, 1, -1))).toEqual([1, 0, 1])
  })

  it('tells values that it does not know by what they hold', () => {
    const at = (time: number) => new Date(time)
    const pairs: [unknown, unknown, number][] = [
      [{ a: 1, b: [1] }, { b: [1], a: 1 }, 1],
      [{ a: 1 }, { a: 1, b: undefined }, 0],
      [{ a: 1 }, { b: 1 }, 0],
      [{ toString: 1 }, {}, 0],
      [[1, 2], [1, 2], 1],
      [[1, 2], [1, 2, 3], 0],
      [[1, 2], [2, 1], 0],
      [Float64Array.of(1), [1], 1],
      [at(5), at(5), 1],
      [at(5), at(6), 0],
      [at(Number.NaN), at(Number.NaN), 1],
      [at(5), {}, 0],
      [{}, at(5), 0],
      [at(5), 5, 0],
      [null, {}, 0],
      [{}, null, 0],
      [null, null, 1],
      [Number.NaN, Number.NaN, 1],
      ['a', 'a', 1],
      ['a', ['a'], 0],
    ]
    const [left, right] = [pairs.map(([one]) => one), pairs.map(([, other]) => other)]
    expect(compared(new OpaqueColumn(left), new OpaqueColumn(right))).toEqual(pairs.map(([, , same]) => same))
  })

  it('takes one cell for itself without looking, whatever it holds', () => {
    for (const column of [
      numbers([Number.NaN, 1]),
      encodeTexts(['a', 'b']),
      new OpaqueColumn([{ a: 1 }, {}]),
      codes(-1, 1),
    ]) {
      const columns = [{ base: column, pool: column, partial: -1 }]
      expect([...sameRows(columns, whole(Int32Array.of(~0, 1)), whole(Int32Array.of(~0, 1)))]).toEqual([1, 1])
      expect([...sameRows(columns, whole(Int32Array.of(~0, 1)), whole(Int32Array.of(0, 0)))]).toEqual([1, 0])
    }
  })

  it('looks at no row again that differed in an earlier column', () => {
    const seen: number[] = []
    class Watched extends OpaqueColumn {
      override at(row: number): unknown {
        seen.push(row)
        return super.at(row)
      }
    }
    const watched = new Watched([{}, {}, {}])
    const columns = [
      { base: codes(0, 1, 2), pool: codes(0, 2, 2), partial: -1 },
      { base: watched, pool: watched, partial: -1 },
    ]
    expect([...sameRows(columns, whole(Int32Array.of(~0, ~1, ~2)), whole(Int32Array.of(0, 1, 2)))]).toEqual([1, 0, 1])
    expect(new Set(seen)).toEqual(new Set([0, 2]))
  })
})

describe('sameRows', () => {
  it('compares each column by the rows that supply it', () => {
    const [base, pool] = [numbers([1, 2]), numbers([1, 5])]
    const columns = [
      { base, pool, partial: -1 },
      { base, pool, partial: 0 },
    ]
    const before = { source: Int32Array.of(~0, ~1), cells: [Int32Array.of(~0, ~1)] }
    expect([...sameRows(columns, before, { source: Int32Array.of(0, ~1), cells: [Int32Array.of(0, ~1)] })]).toEqual([
      1, 1,
    ])
    expect([...sameRows(columns, before, { source: Int32Array.of(0, ~1), cells: [Int32Array.of(1, 1)] })]).toEqual([
      0, 0,
    ])
    expect([...sameRows(columns, before, { source: Int32Array.of(1, 1), cells: [Int32Array.of(0, ~1)] })]).toEqual([
      0, 0,
    ])
    expect([...sameRows([], before, before)]).toEqual([1, 1])
  })
})
