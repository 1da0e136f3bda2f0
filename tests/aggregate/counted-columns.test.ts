import { describe, expect, it } from 'vitest'
import { countsAt, sumsAt } from '../../src/aggregate/counted-columns.ts'

describe('countsAt', () => {
  it('gives the counts of the groups as integers of 32 bits', () => {
    const { kind, values, valid } = countsAt('calls', [5, 0, 2 ** 31 - 1, 7], Int32Array.of(2, 0, 0))
    expect([kind, values, valid]).toEqual(['int32', Int32Array.of(2 ** 31 - 1, 5, 5), null])
    expect(countsAt('calls', [1], new Int32Array(0)).values).toEqual(new Int32Array(0))
  })

  it.each([2 ** 31, -(2 ** 31) - 1, 0.5])('refuses %s, which is none', (sum) => {
    expect(() => countsAt('calls', [1, sum], Int32Array.of(0, 1))).toThrow(
      expect.objectContaining({ code: 'measure_overflow', details: { measure: 'calls' } }),
    )
    expect(countsAt('calls', [1, sum], Int32Array.of(0)).values).toEqual(Int32Array.of(1))
    expect(() => countsAt('calls', [sum], Int32Array.of(0))).toThrow('calls passes 2^31')
  })
})

describe('sumsAt', () => {
  it('gives the sums of the groups in the unit that is asked for', () => {
    const sums = Float64Array.of(2.5, -1_000_000, 4)
    expect(sumsAt(sums, Int32Array.of(1, 0))).toMatchObject({ kind: 'float64', values: Float64Array.of(-1e6, 2.5) })
    expect(sumsAt(sums, Int32Array.of(1, 2), 1e6).values).toEqual(Float64Array.of(-1, 0.000004))
  })
})
