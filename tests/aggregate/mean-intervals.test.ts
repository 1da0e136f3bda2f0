import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import {
  countDifferenceInterval,
  meanDifferenceInterval,
  momentsOf,
  oddValue,
  percentileDifferenceInterval,
  shareDifferenceInterval,
  studentQuantile,
} from '../../src/aggregate/mean-intervals.ts'
import { changeOf, changeText, intervalText, signedText } from '../../src/systems/calls/figures/change.ts'

/** The part of Student's distribution between −t and t, by Simpson's rule over its density with t = √ν · tan θ. */
function studentInside(t: number, degrees: number): number {
  const end = Math.atan(t / Math.sqrt(degrees))
  const density = (angle: number) => Math.cos(angle) ** (degrees - 1)
  const area = (to: number) => {
    const steps = 4000
    let sum = density(0) + density(to)
    for (let i = 1; i < steps; i++) sum += density((to * i) / steps) * (i % 2 === 1 ? 4 : 2)
    return (sum * to) / steps / 3
  }
  return area(end) / area(Math.PI / 2)
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)
const meanOf = (numbers: readonly number[]) => sum(numbers) / numbers.length
/** The variance by its other formula: the mean of all squared differences of two numbers. */
const varianceOf = (numbers: readonly number[]) =>
  sum(numbers.flatMap((one) => numbers.map((other) => (one - other) ** 2))) / 2 / numbers.length / (numbers.length - 1)

const minutes = fc.integer({ min: 1, max: 4000 }).map((hundredths) => hundredths / 100)
const samples = fc.array(minutes, { minLength: 2, maxLength: 30 })

describe('studentQuantile', () => {
  it.each([
    [1, 12.7062],
    [2, 4.3027],
    [3, 3.1824],
    [5, 2.5706],
    [10, 2.2281],
    [30, 2.0423],
    [120, 1.9799],
  ])('of %d degrees is that of the tables', (degrees, t) => {
    expect(studentQuantile(degrees)).toBeCloseTo(t, 4)
  })

  test.prop([fc.double({ min: 2, max: 400, noNaN: true })])(
    'leaves 5 % outside, of any number of degrees',
    (degrees) => {
      expect(studentInside(studentQuantile(degrees), degrees)).toBeCloseTo(0.95, 4)
    },
  )

  test.prop([fc.double({ min: 1, max: 2, noNaN: true })])(
    'never leaves more outside, of the smallest samples',
    (degrees) => {
      expect(studentInside(studentQuantile(degrees), degrees)).toBeGreaterThan(0.9499)
    },
  )
})

describe('shareDifferenceInterval', () => {
  // the examples of Newcombe's own table II, method 10
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 10, 0.6075, 1],
  ])('of %d/%d and %d/%d is the published one', (a, m, b, n, low, high) => {
    expect(shareDifferenceInterval(a, m, b, n)).toEqual({ low: expect.closeTo(low, 4), high: expect.closeTo(high, 4) })
  })

  test.prop([fc.nat(200), fc.nat(200), fc.nat(200), fc.nat(200)])(
    'holds the difference, never leaves −1 to 1, and turns round with its samples',
    (a, restA, b, restB) => {
      const [m, n] = [a + restA, b + restB]
      const found = shareDifferenceInterval(a, m, b, n)
      if (m === 0 || n === 0) {
        expect(found).toBeNull()
        return
      }
      const difference = a / m - b / n
      expect(found?.low).toBeLessThanOrEqual(difference + 1e-12)
      expect(found?.high).toBeGreaterThanOrEqual(difference - 1e-12)
      expect(found?.low).toBeGreaterThanOrEqual(-1 - 1e-12)
      expect(found?.high).toBeLessThanOrEqual(1 + 1e-12)
      const turned = shareDifferenceInterval(b, n, a, m)
      expect(turned?.low).toBeCloseTo(-(found?.high ?? Number.NaN), 12)
      expect(turned?.high).toBeCloseTo(-(found?.low ?? Number.NaN), 12)
    },
  )
})

describe('meanDifferenceInterval', () => {
  test.prop([samples, samples])('is Welch’s, as written down from the formulas', (now, before) => {
    const found = meanDifferenceInterval(Float64Array.from(now), Float64Array.from(before))
    const [one, other] = [varianceOf(now) / now.length, varianceOf(before) / before.length]
    if (one + other < 1e-12) {
      expect(found).toBeNull()
      return
    }
    const degrees = (one + other) ** 2 / (one ** 2 / (now.length - 1) + other ** 2 / (before.length - 1))
    const difference = meanOf(now) - meanOf(before)
    expect(((found?.low ?? 0) + (found?.high ?? 0)) / 2).toBeCloseTo(difference, 8)
    const t = ((found?.high ?? 0) - difference) / Math.sqrt(one + other)
    expect(studentInside(t, degrees)).toBeCloseTo(0.95, degrees < 2 ? 1 : 4)
  })

  it('is null for samples that tell nothing of their spread', () => {
    const of = (...numbers: number[]) => Float64Array.from(numbers)
    expect(meanDifferenceInterval(of(1), of(1, 2, 3))).toBeNull()
    expect(meanDifferenceInterval(of(), of(1, 2))).toBeNull()
    expect(meanDifferenceInterval(of(5, 5, 5), of(4, 4))).toBeNull()
    expect(meanDifferenceInterval(of(5, 5, 5), of(4, 3))).not.toBeNull()
  })

  it('refuses values that are not a list of numbers', () => {
    // callers without types
    expect(() => meanDifferenceInterval([1, 2] as never, Float64Array.of(1))).toThrow('now is a list')
    expect(() => meanDifferenceInterval(Float64Array.of(1), [1] as never)).toThrow('before is a list')
    expect(() => oddValue([1] as never)).toThrow('values is a list')
  })
})

describe('countDifferenceInterval', () => {
  it('grows with the square root of both counts', () => {
    expect(countDifferenceInterval(50, 50)).toEqual({ low: expect.closeTo(-19.6, 3), high: expect.closeTo(19.6, 3) })
    expect(countDifferenceInterval(225, 175)?.low).toBeCloseTo(10.8, 2)
    expect(countDifferenceInterval(0, 0)).toBeNull()
  })
})

describe('percentileDifferenceInterval', () => {
  const ramp = (count: number, from = 0) => Float64Array.from({ length: count }, (_, index) => from + index)

  it('is by the ranks around each percentile', () => {
    // the ranks of the median of 100: 49.5 ± 9.8 × 99/100
    const reach = 0.1 * 1.96 * 0.5 * 99
    const { low, high } = percentileDifferenceInterval(ramp(100, 50), ramp(100), 0.5) ?? { low: 0, high: 0 }
    expect(low).toBeCloseTo(50 - Math.SQRT2 * reach, 2)
    expect(high).toBeCloseTo(50 + Math.SQRT2 * reach, 2)
  })

  it('is null for samples without enough ranks', () => {
    expect(percentileDifferenceInterval(ramp(3), ramp(100), 0.5)).toBeNull()
    expect(percentileDifferenceInterval(ramp(100), ramp(34), 0.9)).toBeNull()
    expect(percentileDifferenceInterval(ramp(4), ramp(4), 0.5)).not.toBeNull()
    expect(percentileDifferenceInterval(ramp(35), ramp(35), 0.9)).not.toBeNull()
  })
})

describe('oddValue', () => {
  it('finds the one call of 1,098 minutes, and the mean without it', () => {
    const usual = Array.from({ length: 221 }, (_, index) => 6 + (index % 9) + 0.2)
    const found = oddValue(Float64Array.of(...usual, 1098))
    expect(found).toMatchObject({ index: 221, value: 1098 })
    expect(found?.mean_without).toBeCloseTo(meanOf(usual), 9)
    expect(found?.interval_without.high).toBeLessThan(meanOf([...usual, 1098]))
  })

  it('finds one that is far below as well, and none where the spread is wide anyway', () => {
    expect(oddValue(Float64Array.of(50, 51, 49, 50, 0.1))).toMatchObject({ index: 4, value: 0.1 })
    expect(oddValue(Float64Array.of(1, 5, 9, 13, 20))).toBeNull()
    expect(oddValue(Float64Array.of(1, 900))).toBeNull()
    expect(oddValue(Float64Array.of(4, 4, 4))).toBeNull()
  })

  test.prop([fc.array(fc.oneof(minutes, fc.integer({ min: 100, max: 2000 })), { maxLength: 25 })])(
    'is what leaving out each value in turn says',
    (values) => {
      const found = oddValue(Float64Array.from(values))
      const mean = meanOf(values)
      const without = values.map((_, index) => values.filter((_, other) => other !== index))
      const moves = without.map((others) => Math.abs(mean - meanOf(others)))
      const most = Math.max(...moves)
      if (values.length < 3) {
        expect(found).toBeNull()
        return
      }
      // values as far off as each other to the last bit are one as odd as the other
      const candidates = without.filter((_, index) => (moves[index] as number) > most - 1e-9)
      const isOdd = (others: readonly number[], slack: number) =>
        Math.abs(mean - meanOf(others)) >
        studentQuantile(others.length - 1) * Math.sqrt(varianceOf(others) / others.length) + slack
      if (found === null) expect(candidates.every((others) => !isOdd(others, 1e-6))).toBe(true)
      else {
        expect(candidates.some((others) => isOdd(others, -1e-6))).toBe(true)
        expect(found.value).toBe(values[found.index])
        expect(moves[found.index]).toBeCloseTo(most, 8)
        expect(found.mean_without).toBeCloseTo(meanOf(without[found.index] ?? []), 8)
      }
    },
  )
})

describe('momentsOf', () => {
  it('leaves out one position', () => {
    expect(momentsOf(Float64Array.of(1, 100, 3), 1)).toEqual({ count: 2, mean: 2, squares: 2 })
    expect(momentsOf(new Float64Array(0))).toEqual({ count: 0, mean: 0, squares: 0 })
  })
})

describe('changeOf', () => {
  const wide = { low: -1, high: 1 }
  const above = { low: 0.001, high: 1 }
  const rate = { unit: 'points', better: 'higher' } as const
  const time = { unit: 'percent', better: 'lower' } as const

  it.each([
    ['better', 0.523, 0.5, above, rate, '+2.3 points'],
    ['worse', 0.477, 0.5, { low: -0.1, high: -0.01 }, rate, '−2.3 points'],
    ['noise', 0.523, 0.5, wide, rate, '+2.3 points'],
    ['noise', 0.523, 0.5, null, rate, '+2.3 points'],
    ['noise', 0.523, 0.5, { low: 0, high: 1 }, rate, '+2.3 points'],
    ['same', 0.5004, 0.5, above, rate, '0.0 points'],
    ['same', 0.4996, 0.5, { low: -1, high: -0.0001 }, rate, '0.0 points'],
    ['better', 0.5006, 0.5, above, rate, '+0.1 points'],
    ['worse', 11, 10, above, time, '+10.0 %'],
    ['better', 9, 10, { low: -2, high: -0.5 }, time, '−10.0 %'],
    ['changed', 110, 100, { low: 1, high: 19 }, { unit: 'percent', better: 'neither' }, '+10.0 %'],
    ['better', 4.126, 4, above, { unit: 'stars', better: 'higher' }, '+0.13'],
    ['same', 4.004, 4, above, { unit: 'stars', better: 'higher' }, '0.00'],
    [null, 5, 0, above, time, '–'],
    [null, null, 5, null, time, '–'],
    [null, 5, null, null, rate, '–'],
  ] as const)('is %s from %d against %d', (verdict, current, previous, interval, rule, text) => {
    const change = changeOf(current, previous, interval, rule)
    expect([change.verdict, changeText(change)]).toEqual([verdict, text])
  })

  const figures = fc.integer({ min: 0, max: 100_000 }).map((one) => one / 1000)
  test.prop([figures, figures.filter((one) => one > 0), fc.constantFrom('percent', 'points', 'stars')])(
    'is judged after rounding: what reads as 0 has no sign and no direction',
    (current, previous, unit) => {
      const difference = current - previous
      const interval = { low: difference - Math.abs(difference) / 2, high: difference + Math.abs(difference) / 2 }
      const change = changeOf(current, previous, interval, { unit, better: 'higher' })
      const exact =
        unit === 'percent' ? (100 * difference) / previous : unit === 'points' ? 100 * difference : difference
      const text = changeText(change)
      const read = Number(text.replace('−', '-').replace(/ .*/, ''))
      expect(Math.abs(read - exact)).toBeLessThanOrEqual((unit === 'stars' ? 0.005 : 0.05) + 1e-9)
      expect(Object.is(change.told, -0)).toBe(false)
      if (read === 0) expect([change.verdict, /^[+−]/.test(text)]).toEqual(['same', false])
      else expect([change.verdict, text[0]]).toEqual(read > 0 ? ['better', '+'] : ['worse', '−'])
    },
  )
})

describe('intervalText', () => {
  it('has a sign at either end, in points for rates', () => {
    expect(intervalText({ unit: 'points', interval: { low: -0.004, high: 0.05 } }, 1)).toBe('−0.4 to +5.0 points')
    expect(intervalText({ unit: 'percent', interval: { low: -0.204, high: 1 } }, 2)).toBe('−0.20 to +1.00')
    expect(intervalText({ unit: 'stars', interval: null }, 2)).toBe('–')
    expect([signedText(-0.04, 1), signedText(0.05, 1), signedText(-12.25, 1)]).toEqual(['0.0', '+0.1', '−12.3'])
  })
})
