import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chiSquareTail, holmAdjusted, independenceTest } from '../../src/aggregate/chi-square.ts'

describe('chiSquareTail', () => {
  // quantiles as statistical tables have them
  it.each([
    [2.705543454095404, 1, 0.1],
    [6.634896601021214, 1, 0.01],
    [5.991464547107979, 2, 0.05],
    [18.307038053275146, 10, 0.05],
    [10.827566170662733, 1, 0.001],
    [124.34211340400407, 100, 0.05],
    [1074.6794483346143, 1000, 0.05],
    [10233.7488976, 10000, 0.05],
  ])('is the probability above %f with %i degrees of freedom', (value, degrees, p) => {
    expect(chiSquareTail(value, degrees)).toBeCloseTo(p, 5)
  })

  it('is exact where a formula without a series is known: an even number of degrees is a sum', () => {
    const tail = (value: number, degrees: number): number => {
      let [sum, term] = [0, 1]
      for (let k = 0; k < degrees / 2; k++) {
        if (k > 0) term *= value / 2 / k
        sum += term
      }
      return Math.exp(-value / 2) * sum
    }
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 120, noNaN: true }), fc.integer({ min: 1, max: 40 }), (value, half) => {
        expect(chiSquareTail(value, 2 * half)).toBeCloseTo(tail(value, 2 * half), 10)
      }),
    )
  })

  it('falls with the value, from 1 to 0, across the change to the normal distribution', () => {
    for (const degrees of [1, 4999, 5000, 5001, 1_000_000]) {
      const values = [-1, 0, degrees * 0.9, degrees, degrees * 1.1, degrees * 2 + 100].map((value) =>
        chiSquareTail(value, degrees),
      )
      expect(values).toEqual(values.toSorted((a, b) => b - a))
      expect([values[0], (values.at(-1) as number) < 1e-6]).toEqual([1, true])
    }
    expect(chiSquareTail(5100, 5000)).toBeCloseTo(chiSquareTail(5101, 5001), 4)
  })
})

describe('independenceTest', () => {
  it('finds what textbooks find', () => {
    // 2 × 2: n (ad − bc)² / (products of the sums)
    const { statistic, degrees, p, effect, hasEnough } = independenceTest([
      [12, 5],
      [3, 20],
    ])
    expect(statistic).toBeCloseTo((40 * (12 * 20 - 5 * 3) ** 2) / (17 * 23 * 15 * 25), 10)
    expect([degrees, hasEnough]).toEqual([1, true])
    expect(p).toBeCloseTo(chiSquareTail(statistic, 1), 12)
    expect(effect).toBeCloseTo(Math.sqrt(statistic / 40), 12)
  })

  it('is nothing for equal shares, and 1 for the greatest difference', () => {
    expect(
      independenceTest([
        [10, 30],
        [20, 60],
      ]),
    ).toMatchObject({ statistic: 0, p: 1, effect: 0 })
    expect(
      independenceTest([
        [50, 0],
        [0, 50],
      ]).effect,
    ).toBe(1)
  })

  it('leaves rows and columns without a count out', () => {
    const full = independenceTest([
      [10, 20],
      [20, 10],
    ])
    expect(
      independenceTest([
        [10, 0, 20],
        [0, 0, 0],
        [20, 0, 10],
      ]),
    ).toEqual(full)
  })

  it.each([
    ['one row', [[10, 20]]],
    ['one column', [[10], [20]]],
    ['nothing', []],
    [
      'few cases',
      [
        [2, 3],
        [3, 2],
      ],
    ],
  ])('has too little for a test with %s', (_, counts) => {
    expect(independenceTest(counts).hasEnough).toBe(false)
  })
})

describe('holmAdjusted', () => {
  it('corrects as Holm does', () => {
    expect(holmAdjusted([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06])
    expect(holmAdjusted([0.5, 0.9])).toEqual([1, 1])
    expect(holmAdjusted([])).toEqual([])
  })

  it('is never below the probability, never above Bonferroni, and keeps the order', () => {
    const list = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(list, (given) => {
        const adjusted = holmAdjusted(given)
        for (const [at, p] of given.entries()) {
          const value = adjusted[at] as number
          expect(value).toBeGreaterThanOrEqual(p)
          expect(value).toBeLessThanOrEqual(Math.min(1, p * given.length) + 1e-12)
          for (const [other, q] of given.entries())
            if (p < q) expect(value).toBeLessThanOrEqual(adjusted[other] as number)
        }
      }),
    )
  })
})
