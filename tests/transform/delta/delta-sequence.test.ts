import { describe, expect, it } from 'vitest'
import {
  BigIntColumn,
  BooleanColumn,
  type Column,
  DateColumn,
  NullColumn,
  NumberColumn,
  TimestampColumn,
} from '../../../src/table/column.ts'
import { encodeTexts } from '../../../src/table/utf8.ts'
import { sequenceRows } from '../../../src/transform/delta/compile/delta-sequence.ts'
import { numbers, texts } from '../../systems/support/figures/frames.ts'

const where = (row: number) => `delta row ${row + 1}`
const sequence = (column: Column) => {
  const { order, ranks } = sequenceRows(column, 'at', where)
  return [order === null ? null : [...order], [...ranks]]
}

describe('sequenceRows', () => {
  it.each<[string, Column]>([
    ['numbers', numbers([3, 1, 2, 1])],
    ['whole numbers', new NumberColumn('int32', Int32Array.of(3, 1, 2, 1))],
    ['whole numbers of 64 bits', new BigIntColumn('int64', BigInt64Array.of(3n, 1n, 2n, 1n))],
    ['unsigned ones', new BigIntColumn('uint64', BigUint64Array.of(3n, 1n, 2n, 1n))],
    ['moments', new TimestampColumn(Float64Array.of(3, 1, 2, 1))],
    ['moments to the nanosecond', new TimestampColumn(BigInt64Array.of(3n, 1n, 2n, 1n), { unit: 'ns' })],
    ['days', new DateColumn(Int32Array.of(3, 1, 2, 1))],
    ['words', texts(['c', 'a', 'b', 'a'])],
    ['text', encodeTexts(['c', 'a', 'b', 'a'])],
  ])('orders rows by %s, tied ones as they stand and of one rank', (_, column) => {
    expect(sequence(column)).toEqual([
      [1, 3, 2, 0],
      [0, 0, 1, 2],
    ])
  })

  it('leaves rows alone that are in order, tied or not', () => {
    expect(sequence(numbers([1, 1, 2, 5]))).toEqual([null, [0, 0, 1, 2]])
    expect(sequence(numbers([7]))).toEqual([null, [0]])
    expect(sequence(numbers([]))).toEqual([null, []])
    expect(sequence(new NullColumn(0))).toEqual([null, []])
  })

  it('orders text by code unit, as it is written', () => {
    expect(sequence(texts(['10', '9', 'B', 'a']))).toEqual([null, [0, 1, 2, 3]])
    expect(sequence(texts(['a', 'B']))[0]).toEqual([1, 0])
  })

  it.each<[string, Column, number[]]>([
    ['null', numbers([1, null, 2, null]), [2, 4]],
    ['not a number', numbers([Number.NaN, 1]), [1]],
    ['no moment', new TimestampColumn(Float64Array.of(1, Number.NaN)), [2]],
    ['no word', texts(['a', null]), [2]],
    ['nothing at all', new NullColumn(2), [1, 2]],
  ])('refuses a row where it is %s', (_, column, rows) => {
    expect(() => sequence(column)).toThrow(
      expect.objectContaining({
        code: 'null_sequence',
        message: expect.stringContaining(`delta row ${rows[0]}: column "at" is null`),
        details: { column: 'at', rows },
      }),
    )
  })

  it('names ten rows at most', () => {
    expect(() => sequence(new NullColumn(30))).toThrow(
      expect.objectContaining({ details: { column: 'at', rows: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] } }),
    )
  })

  it('refuses what has no order', () => {
    const yes = new BooleanColumn(Uint8Array.of(1, 0))
    expect(() => sequence(yes)).toThrow(
      expect.objectContaining({
        code: 'invalid_option',
        message: expect.stringContaining('column "at", which holds boolean'),
        details: { option: 'sequenceBy', column: 'at', kind: 'boolean' },
      }),
    )
  })
})
