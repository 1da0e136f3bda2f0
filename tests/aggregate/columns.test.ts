import { describe, expect, it } from 'vitest'
import { numbersOf, textOf } from '../../src/aggregate/columns.ts'
import { sumExactly } from '../../src/aggregate/exact-sum.ts'
import { BigIntColumn, NullColumn, NumberColumn } from '../../src/table/column.ts'
import { frameOf } from '../../src/table/frame.ts'
import { encodeTexts } from '../../src/table/utf8.ts'
import { numbers, texts } from '../systems/support/figures/frames.ts'

const frame = frameOf([
  ['words', texts(['a', null])],
  ['bytes', encodeTexts(['a', null])],
  ['none', new NullColumn(2)],
  ['count', numbers([1, null])],
  ['large', new BigIntColumn('int64', BigInt64Array.of(7n, 0n), Uint8Array.of(1, 0))],
])

describe('textOf', () => {
  it.each(['words', 'bytes'])('reads %s as codes into words', (name) => {
    expect([...textOf(frame, name)]).toEqual(['a', null])
    expect(textOf(frame, name).values).toEqual(['a'])
  })

  it('reads a column of nulls as text without a word', () => {
    expect([...textOf(frame, 'none')]).toEqual([null, null])
    expect(textOf(frame, 'none').values).toEqual([])
  })

  it('refuses numbers, saying what it found', () => {
    expect(() => textOf(frame, 'count')).toThrow(
      expect.objectContaining({
        code: 'type_mismatch',
        message: 'column "count" holds float64; expected text',
        details: { column: 'count', kind: 'float64' },
      }),
    )
  })
})

describe('numbersOf', () => {
  it('reads numbers as they are, whole ones of 64 bits as doubles, and nulls as null', () => {
    expect(numbersOf(frame, 'count')).toBe(frame.columns.get('count'))
    expect(numbersOf(frame, 'large')).toEqual(new NumberColumn('float64', Float64Array.of(7, 0), Uint8Array.of(1, 0)))
    expect(numbersOf(frame, 'none')).toEqual(new NumberColumn('float64', new Float64Array(2), new Uint8Array(2)))
  })

  it('refuses text', () => {
    expect(() => numbersOf(frame, 'words')).toThrow('column "words" holds text; expected numbers')
  })
})

describe('sumExactly', () => {
  const ids = Int32Array.of(0, 1, -1, 0)

  it('sums by group, leaving out rows of none', () => {
    expect(sumExactly(ids, [1, 2, 100, -4], 3, 'x')).toEqual(Float64Array.of(-3, 2, 0))
  })

  it('is exact where parts pass 2^53 and the sum does not', () => {
    const most = 2 ** 53
    expect(sumExactly(Int32Array.of(0, 0, 0, -1), [most, 1, -most, most], 1, 'x')).toEqual(Float64Array.of(1))
    expect(sumExactly(Int32Array.of(0, 0), [most - 1, 1], 1, 'x')).toEqual(Float64Array.of(most))
    expect(sumExactly(Int32Array.of(0, 1), [most, -most], 2, 'x')).toEqual(Float64Array.of(most, -most))
  })

  it.each([
    [[2 ** 53, 1, 0, 1]],
    [[-(2 ** 53), 0, 0, -2]],
    [[Number.POSITIVE_INFINITY, 0, 0, 0]],
    [[2 ** 53, 2 ** 53, 0, Number.NaN]],
  ])('refuses a sum that passes 2^53, or is none: %j', (values) => {
    expect(() => sumExactly(ids, values, 2, 'minutes')).toThrow(
      expect.objectContaining({
        code: 'measure_overflow',
        message: expect.stringContaining('the sum of minutes'),
        details: { measure: 'minutes' },
      }),
    )
  })

  it('does not look at what is in no group', () => {
    expect(sumExactly(ids, [1, 2, Number.POSITIVE_INFINITY, 3], 2, 'x')).toEqual(Float64Array.of(4, 2))
    expect(sumExactly(ids, [2 ** 53, -(2 ** 53), Number.POSITIVE_INFINITY, 0], 2, 'x')[0]).toBe(2 ** 53)
  })
})
