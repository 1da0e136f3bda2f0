import { describe, expect, it } from 'vitest'
import {
  BigIntColumn,
  BooleanColumn,
  type Column,
  DateColumn,
  DictionaryColumn,
  NullColumn,
  NumberColumn,
  OpaqueColumn,
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

  it('orders words by code unit, as they are written', () => {
    expect(sequence(texts(['R10', 'R9', 'a']))).toEqual([null, [0, 1, 2]])
    expect(sequence(texts(['a', 'B']))[0]).toEqual([1, 0])
  })

  it.each<[string, readonly string[], readonly number[]]>([
    ['numbers', ['10', '9', '9.0', '-1', '1e1', '007'], [3, 5, 1, 2, 0, 4]],
    ['numbers beyond 2^53', ['9007199254740993', '9007199254740992', '1e40', '-1e40'], [3, 1, 0, 2]],
    ['fractions', ['0.10', '.1', '0.09', '-0.5', '-0.05', '0', '-0'], [3, 4, 5, 6, 2, 0, 1]],
    ['instants of other offsets', ['2025-01-05T01:00:00-05:00', '2025-01-05T05:00:00Z'], [1, 0]],
    ['instants of other fractions', ['2025-01-05T10:00:00.5Z', '2025-01-05T10:00:00Z'], [1, 0]],
    ['nanoseconds', ['2025-01-05T10:00:00.000000002Z', '2025-01-05T10:00:00.000000001Z'], [1, 0]],
    ['instants without zone as UTC', ['2025-01-05T10:00', '2025-01-05 09:59:59 UTC'], [1, 0]],
    ['days', ['2025-01-10', '2025-01-09', '1999-12-31'], [2, 1, 0]],
  ])('orders %s that are text, kept either way', (_, cells, order) => {
    for (const column of [texts(cells), encodeTexts(cells)]) expect(sequence(column)[0]).toEqual(order)
  })

  it('gives values that are equal one rank, however they are written', () => {
    expect(sequence(texts(['1', '1.0', '01', '10e-1', '+1']))).toEqual([null, [0, 0, 0, 0, 0]])
    const instants = ['2025-01-05T10:00Z', '2025-01-05T05:00:00.000-05:00', '2025-01-05 10:00:00 UTC']
    expect(sequence(texts(instants))).toEqual([null, [0, 0, 0]])
  })

  it('looks at entries of a dictionary that rows use, and at no others', () => {
    expect(sequence(new DictionaryColumn(Int32Array.of(2, 1), ['none', '9', '10']))[0]).toEqual([1, 0])
  })

  it.each<[string, readonly string[], string]>([
    ['a number among instants', ['2025-01-05T10:00Z', '7'], 'holds a number, but delta row 1 holds a timestamp'],
    ['a day among instants', ['2025-01-05T10:00Z', '2025-01-06'], 'holds a day, but delta row 1 holds a timestamp'],
    ['a word among numbers', ['1', 'n/a'], 'holds other text, but delta row 1 holds a number'],
    ['a date of another form', ['5', '31/01/2025 10:00'], 'holds a date that is not ISO 8601'],
    ['an instant that cannot be read', ['2025-01-05T10:00Z', '2025-01-05 10:00 EST'], 'a date that is not ISO 8601'],
  ])('refuses %s', (_, cells, message) => {
    for (const column of [texts(cells), encodeTexts(cells)]) {
      expect(() => sequence(column)).toThrow(
        expect.objectContaining({
          code: 'type_mismatch',
          message: expect.stringMatching(/^delta row 2: column "at"/),
          details: expect.objectContaining({ column: 'at', rows: [2] }),
        }),
      )
      expect(() => sequence(column)).toThrow(message)
    }
  })

  it('orders numbers beside bigints, and refuses other values of several types by name', () => {
    expect(sequence(new OpaqueColumn([2n ** 70n, 3, 2n]))[0]).toEqual([2, 1, 0])
    for (const [cell, found] of [
      ['10', 'text'],
      [new Date(0), 'a Date'],
      [true, 'a value of type boolean'],
    ]) {
      expect(() => sequence(new OpaqueColumn([9, cell]))).toThrow(
        expect.objectContaining({
          code: 'type_mismatch',
          message: expect.stringContaining(`delta row 2: column "at" holds ${found}, but delta row 1 holds a number`),
        }),
      )
    }
    expect(() => sequence(new OpaqueColumn([[1], [2]]))).toThrow(expect.objectContaining({ code: 'invalid_option' }))
    expect(() => sequence(new OpaqueColumn([1, 2], 'Decimal[38e+2]'))).toThrow('which holds opaque')
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
