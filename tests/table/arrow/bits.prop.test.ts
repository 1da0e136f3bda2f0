import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import {
  blankNulls,
  expandBits,
  integerPresence,
  isUnset,
  maskPresence,
  nanosecondPresence,
  type Presence,
  packBits,
} from '../../../src/table/arrow/bits.ts'
import { NULL_DAY, NULL_NANOSECONDS } from '../../../src/table/column.ts'

/** Rows of which many follow each other alike, as bits 0 and 1. */
const rows = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.constantFrom(0, 1, 1, 2)), { maxLength: 8 })
  .chain((runs) => {
    const lengths = runs.flatMap(([length, bit]) => new Array(length).fill(bit) as number[])
    return fc.tuple(...lengths.map((bit) => (bit === 2 ? fc.constantFrom(0, 1) : fc.constant(bit))))
  }) as fc.Arbitrary<number[]>

/** Those rows from bit `from` of a bitmap on, with bits of others around them. */
function bitmapOf(bits: readonly number[], from: number, around: number): Uint8Array {
  const bitmap = new Uint8Array(Math.ceil((from + bits.length) / 8) + 1).fill(around === 0 ? 0 : 0xff)
  bits.forEach((bit, row) => {
    const place = 1 << ((from + row) & 7)
    const byte = bitmap[(from + row) >> 3] as number
    bitmap[(from + row) >> 3] = bit === 1 ? byte | place : byte & ~place
  })
  return bitmap
}

const from = fc.nat(70)
const at = fc.nat(9)
const around = fc.constantFrom(0, 1)

describe('bits of a bitmap', () => {
  test.prop([rows, from, around, at], { numRuns: 1000 })('expand to bytes', (bits, from, around, at) => {
    const bytes = new Uint8Array(at + bits.length + 2).fill(7)
    expandBits(bitmapOf(bits, from, around), from, bits.length, bytes, at)
    expect(Array.from(bytes)).toEqual([...new Array(at).fill(7), ...bits, 7, 7])
  })

  test.prop([rows, from, around, at], { numRuns: 1000 })('blank nulls and nothing else', (bits, from, around, at) => {
    const numbers = Float64Array.from({ length: at + bits.length + 2 }, (_, i) => i)
    const blanked = Array.from(numbers, (value, i) => (bits[i - at] === 0 ? Number.NaN : value))
    blankNulls({ bitmap: bitmapOf(bits, from, around), from }, bits.length, numbers, at, Number.NaN)
    expect(Array.from(numbers)).toEqual(blanked)
  })

  test.prop([rows, from, around])('are asked one by one', (bits, from, around) => {
    const bitmap = bitmapOf(bits, from, around)
    expect(bits.map((_, row) => (isUnset({ bitmap, from }, row) ? 0 : 1))).toEqual(bits)
  })

  it('blank every kind of array that says null by a value', () => {
    const bits = { bitmap: Uint8Array.of(0b101), from: 0 }
    const codes = Int32Array.of(4, 5, 6)
    blankNulls(bits, 3, codes, 0, -1)
    expect(codes).toEqual(Int32Array.of(4, -1, 6))
    const moments = BigInt64Array.of(4n, 5n, 6n)
    blankNulls(bits, 3, moments, 0, NULL_NANOSECONDS)
    expect(moments).toEqual(BigInt64Array.of(4n, NULL_NANOSECONDS, 6n))
  })

  it('call rows null that a bitmap is too short for', () => {
    const numbers = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9)
    blankNulls({ bitmap: Uint8Array.of(0xff), from: 0 }, 9, numbers, 0, Number.NaN)
    expect(numbers).toEqual(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, Number.NaN))
  })
})

/** What the bits of those rows are to be: padded to 8 bytes by zeros, none where no row is null. */
function expected(bits: readonly number[]): Presence {
  const nulls = bits.filter((bit) => bit === 0).length
  if (nulls === 0) return { nulls }
  const bitmap = new Uint8Array(Math.ceil(bits.length / 64) * 8)
  bits.forEach((bit, row) => {
    bitmap[row >> 3] = (bitmap[row >> 3] as number) | (bit << (row & 7))
  })
  return { nulls, bitmap }
}

describe('presence', () => {
  test.prop([rows], { numRuns: 1000 })('is that of a mask', (bits) => {
    expect(maskPresence(Uint8Array.from(bits))).toEqual(expected(bits))
    expect(packBits(Uint8Array.from(bits))).toEqual(
      expected(bits).bitmap ?? bitmapOf([...bits, ...new Array(-bits.length & 63).fill(0)], 0, 0).subarray(0, -1),
    )
  })

  test.prop([rows], { numRuns: 1000 })('is that of codes and days', (bits) => {
    expect(
      integerPresence(
        Int32Array.from(bits, (bit, i) => (bit === 0 ? -1 : i)),
        -1,
      ),
    ).toEqual(expected(bits))
    const days = Int32Array.from(bits, (bit, i) => (bit === 0 ? NULL_DAY : i - 3))
    expect(integerPresence(days, NULL_DAY)).toEqual(expected(bits))
  })

  // moments that share one word with the null
  const moment = fc.constantFrom(0n, 1n, -1n, NULL_NANOSECONDS + 1n, NULL_NANOSECONDS + 2n ** 32n, 2n ** 32n)

  test.prop([rows, fc.array(moment, { minLength: 1 })], { numRuns: 1000 })(
    'is that of nanoseconds',
    (bits, moments) => {
      const values = bits.map((bit, i) => (bit === 0 ? NULL_NANOSECONDS : (moments[i % moments.length] as bigint)))
      expect(nanosecondPresence(BigInt64Array.from(values))).toEqual(expected(bits))
    },
  )

  it('is without a bitmap where there is no mask', () => {
    expect(maskPresence(null)).toEqual({ nulls: 0 })
  })
})
