import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { endedBy, logRankTest } from '../../src/aggregate/survival.ts'

const of = (...cases: readonly (readonly [time: number, hasEnded: 0 | 1])[]) => ({
  times: Float64Array.from(cases, ([time]) => time),
  hasEnded: Uint8Array.from(cases, ([, ended]) => ended),
})

describe('endedBy', () => {
  it('is the quantile where all have ended', () => {
    expect(endedBy(of([3, 1], [1, 1], [2, 1], [4, 1]), [0.25, 0.5, 0.75, 1])).toEqual([1, 2, 3, 4])
  })

  it('counts open cases as open until they were seen', () => {
    // 1 of 5 ends at 1; of the 3 left at 3 one ends: 0.8 · 2/3 are open after it
    const cases = of([1, 1], [2, 0], [3, 1], [4, 0], [5, 0])
    expect(endedBy(cases, [0.2, 0.4, 0.5])).toEqual([1, 3, null])
  })

  it('is null where too few have ended, and for no cases', () => {
    expect(endedBy(of([1, 0], [2, 0]), [0.5, 0.9])).toEqual([null, null])
    expect(endedBy(of(), [0.5])).toEqual([null])
  })

  it('equals the definition: the product over all times of the share that does not end', () => {
    const cases = fc.array(fc.tuple(fc.integer({ min: 1, max: 8 }), fc.constantFrom<0 | 1>(0, 1)), { maxLength: 30 })
    fc.assert(
      fc.property(cases, fc.constantFrom(0.1, 0.3, 0.5, 0.9), (list, share) => {
        let expected: number | null = null
        for (let time = 8; time >= 1; time--) {
          let open = 1
          for (let t = 1; t <= time; t++) {
            const atRisk = list.filter(([one]) => one >= t).length
            const ended = list.filter(([one, hasEnded]) => one === t && hasEnded === 1).length
            if (atRisk > 0) open *= 1 - ended / atRisk
          }
          if (list.length > 0 && open <= 1 - share + 1e-9) expected = time
        }
        expect(endedBy(of(...list), [share])).toEqual([expected])
      }),
    )
  })
})

describe('logRankTest', () => {
  it('finds what is published for remission times of leukemia (Freireich, 1963): chi-square 16.79', () => {
    const treated = [6, 6, 6, 7, 10, 13, 16, 22, 23].map((time) => [time, 1] as const)
    const still = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35].map((time) => [time, 0] as const)
    const control = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23].map(
      (time) => [time, 1] as const,
    )
    const groups = Uint8Array.from([...treated, ...still, ...control], (_, at) => (at < 21 ? 0 : 1))
    const found = logRankTest(of(...treated, ...still, ...control), groups)
    expect(found.statistic).toBeCloseTo(16.79, 2)
    expect([found.degrees, found.hasEnough, found.p < 0.0001]).toEqual([1, true, true])
    expect(found.effect).toBeGreaterThan(3)
  })

  it('does not depend on the order of cases or the numbers of groups', () => {
    const times = Array.from({ length: 60 }, (_, at) => [((at * 37) % 23) + 1, at % 3 === 0 ? 0 : 1] as const)
    const groups = times.map((_, at) => at % 3)
    const one = logRankTest(of(...times), Uint8Array.from(groups))
    const other = logRankTest(
      of(...times.toReversed()),
      Uint8Array.from(groups.toReversed(), (group) => [7, 2, 5][group] as number),
    )
    expect(other.statistic).toBeCloseTo(one.statistic, 8)
    expect([other.degrees, one.degrees]).toEqual([2, 2])
  })

  it('is nothing for groups with the same cases', () => {
    const cases = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((time) => [time, 1] as const)
    const found = logRankTest(
      of(...cases, ...cases),
      Uint8Array.from({ length: 20 }, (_, at) => (at < 10 ? 0 : 1)),
    )
    expect([found.statistic, found.p, found.effect]).toEqual([0, 1, 1])
  })

  it.each([
    ['one group', [0, 0, 0, 0]],
    ['few cases', [0, 0, 1, 1]],
    ['no cases', []],
  ])('has too little for a test with %s', (_, groups) => {
    const cases = groups.map((_, at) => [at + 1, 1] as const)
    expect(logRankTest(of(...cases), Uint8Array.from(groups))).toMatchObject({ hasEnough: false, p: 1 })
  })
})
