import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { exactDouble, readLongs, wordsOf, writeLongs } from '../../src/table/longs.ts'

const MIN = -(2n ** 63n)
const MAX = 2n ** 63n - 1n

/** Integers of 64 bits, many of them beside a power of two: there doubles begin to miss every second, fourth … one. */
const long = fc.oneof(
  fc.bigInt({ min: MIN, max: MAX }),
  fc.bigInt({ min: -(2n ** 54n), max: 2n ** 54n }),
  fc
    .tuple(fc.integer({ min: 31, max: 63 }), fc.integer({ min: -5, max: 5 }), fc.boolean())
    .map(([bits, beside, isNegative]) => {
      const value = (2n ** BigInt(bits) + BigInt(beside)) * (isNegative ? -1n : 1n)
      return value < MIN ? MIN : value > MAX ? MAX : value
    }),
)

const isDouble = (value: bigint) => BigInt(Number(value)) === value

const longsOf = (values: readonly bigint[]) => wordsOf(BigInt64Array.from(values), values.length)

/** Returns how far the integers are read, and the doubles until there. */
function read(values: readonly bigint[], from = 0): [end: number, doubles: number[]] {
  const doubles = new Float64Array(values.length)
  const end = readLongs(longsOf(values), from, doubles, 0)
  return [end, Array.from(doubles.subarray(from, end))]
}

describe('exactDouble', () => {
  test.prop([long], { numRuns: 3000 })('is the integer of its words, NaN where no double is', (value) => {
    const [low, high] = longsOf([value])
    expect(exactDouble(high as number, (low as number) >>> 0)).toBe(isDouble(value) ? Number(value) : Number.NaN)
  })

  test.prop([fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })], { numRuns: 1000 })(
    'is that of words without a sign too',
    (value) => {
      const high = Number(value >> 32n)
      expect(exactDouble(high, Number(value & 0xffff_ffffn))).toBe(isDouble(value) ? Number(value) : Number.NaN)
    },
  )
})

describe('readLongs', () => {
  test.prop([fc.array(long, { maxLength: 20 }), fc.nat(20)], { numRuns: 3000 })(
    'reads until the first integer that no double holds',
    (values, first) => {
      const from = Math.min(first, values.length)
      const bad = values.findIndex((value, i) => i >= from && !isDouble(value))
      const end = bad < 0 ? values.length : bad
      expect(read(values, from)).toEqual([end, values.slice(from, end).map(Number)])
    },
  )

  it.each([
    [2n ** 53n, 1],
    [2n ** 53n + 1n, 0],
    [2n ** 53n + 2n, 1],
    [-(2n ** 53n), 1],
    [-(2n ** 53n) - 1n, 0],
    [-(2n ** 63n), 1],
    [2n ** 63n - 1n, 0],
    [-1n, 1],
  ])('of %i reads %i', (value, count) => {
    expect(read([value])).toEqual([count, count === 1 ? [Number(value)] : []])
  })

  it('writes behind a place, and nothing beside', () => {
    const target = new Float64Array(5).fill(7)
    expect(readLongs(longsOf([1n, -2n, 3n]), 1, target, 1)).toBe(3)
    expect(Array.from(target)).toEqual([7, 7, -2, 3, 7])
  })

  test.prop([fc.array(fc.maxSafeInteger(), { maxLength: 20 })])('reads into its own memory', (values) => {
    const memory = new Float64Array(BigInt64Array.from(values, BigInt).buffer)
    expect(readLongs(wordsOf(memory, values.length), 0, memory, 0)).toBe(values.length)
    expect(Array.from(memory)).toEqual(values.map((value) => value + 0))
  })
})

describe('writeLongs', () => {
  const double = fc.oneof(long.map(Number), fc.constant(Number.NaN)).filter((value) => !(value >= 2 ** 63))

  test.prop([fc.array(double, { maxLength: 100 })], { numRuns: 1000 })(
    'writes integers, 0 for NaN, and a bit for each number',
    (values) => {
      const longs = new BigInt64Array(values.length)
      const bitmap = new Uint8Array(Math.ceil(values.length / 8))
      const count = writeLongs(Float64Array.from(values), wordsOf(longs, values.length), bitmap)
      expect(Array.from(longs)).toEqual(values.map((value) => (Number.isNaN(value) ? 0n : BigInt(value))))
      expect(count).toBe(values.filter((value) => !Number.isNaN(value)).length)
      const bits = Array.from({ length: bitmap.length * 8 }, (_, i) => ((bitmap[i >> 3] as number) >> (i & 7)) & 1)
      expect(bits).toEqual(bits.map((_, i) => (i < values.length && !Number.isNaN(values[i]) ? 1 : 0)))
    },
  )
})
