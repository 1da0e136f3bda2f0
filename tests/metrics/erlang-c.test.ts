import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { agentsNeeded, erlangC } from '../../src/metrics/erlang-c.ts'

const queue = { calls: 100, intervalMinutes: 30, handleSeconds: 180 }

/** Erlang's formula as he wrote it, with whole numbers of any size: load = numerator / denominator. */
function exactWait(numerator: bigint, denominator: bigint, agents: number): number {
  // terms of Σ load^k / k!, all over denominator^agents · agents!
  let term = 1n
  for (let k = 1; k <= agents; k++) term *= denominator * BigInt(k)
  let sum = 0n
  for (let k = 0; k < agents; k++) {
    sum += term
    term = (term * numerator) / (denominator * BigInt(k + 1))
  }
  const free = BigInt(agents) * denominator - numerator
  const last = term * BigInt(agents) * denominator
  const scale = 10n ** 18n
  return Number((last * scale) / (last + sum * free)) / 1e18
}

describe('erlangC', () => {
  it('gives the figures of the textbooks', () => {
    const { erlangs, waitProbability, serviceLevel, averageWaitSeconds, occupancy } = erlangC({
      ...queue,
      agents: 14,
      targetSeconds: 20,
    })
    expect(erlangs).toBe(10)
    expect(waitProbability).toBeCloseTo(0.1741, 4)
    expect(serviceLevel).toBeCloseTo(0.88835, 5)
    expect(averageWaitSeconds).toBeCloseTo(7.836, 3)
    expect(occupancy).toBeCloseTo(0.7143, 4)
  })

  it('equals the formula in whole numbers, for any load and up to 300 agents', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 999 }), (agents, share) => {
        // a load of share ‰ of the agents
        const load = { calls: agents * share, intervalMinutes: 1000 / 60, handleSeconds: 1 }
        const { waitProbability } = erlangC({ ...load, agents, targetSeconds: 20 })
        const exact = exactWait(BigInt(agents * share), 1000n, agents)
        expect(Math.abs(waitProbability - exact)).toBeLessThan(1e-12)
      }),
      { numRuns: 60 },
    )
  })

  it('stays a number with 10,000 agents, where factorials do not', () => {
    for (const calls of [1, 900_000, 990_000, 999_000, 999_999]) {
      const load = { calls, intervalMinutes: 100 / 60, handleSeconds: 1 }
      const { waitProbability, serviceLevel, averageWaitSeconds } = erlangC({
        ...load,
        agents: 10_000,
        targetSeconds: 20,
      })
      expect(waitProbability).toBeGreaterThanOrEqual(0)
      expect(waitProbability).toBeLessThanOrEqual(1)
      expect(serviceLevel).toBeGreaterThanOrEqual(1 - waitProbability)
      expect(Number.isFinite(averageWaitSeconds)).toBe(true)
    }
    // as many agents as the load has, less one part in 10,000: nearly everybody waits
    const full = erlangC({
      calls: 999_999,
      intervalMinutes: 100 / 60,
      handleSeconds: 1,
      agents: 10_000,
      targetSeconds: 0,
    })
    expect(full.waitProbability).toBeGreaterThan(0.99)
  })

  it('says that the queue grows without end where the load is not less than the agents', () => {
    for (const agents of [1, 9, 10]) {
      expect(erlangC({ ...queue, agents, targetSeconds: 20 })).toEqual({
        ...{ erlangs: 10, waitProbability: 1, serviceLevel: 0, averageWaitSeconds: null, occupancy: 1 },
      })
    }
  })

  it('gives nobody a wait where nobody calls', () => {
    expect(erlangC({ ...queue, calls: 0, agents: 1, targetSeconds: 0 })).toMatchObject({
      ...{ waitProbability: 0, serviceLevel: 1, averageWaitSeconds: 0, occupancy: 0 },
    })
  })

  it.each([
    [{ agents: 0 }, 'agents'],
    [{ agents: 1.5 }, 'agents'],
    [{ calls: -1 }, 'calls'],
    [{ calls: Number.NaN }, 'calls'],
    [{ handleSeconds: 0 }, 'handleSeconds'],
    [{ intervalMinutes: Number.POSITIVE_INFINITY }, 'intervalMinutes'],
    [{ targetSeconds: -1 }, 'targetSeconds'],
    [{ agent: 3 }, 'agent'],
  ])('refuses %j', (wrong, name) => {
    expect(() => erlangC({ ...queue, agents: 14, targetSeconds: 20, ...wrong } as never)).toThrow(name)
  })
})

describe('agentsNeeded', () => {
  it('is the fewest that reach the goal', () => {
    const goals = fc.record({
      calls: fc.integer({ min: 0, max: 2000 }),
      handleSeconds: fc.integer({ min: 1, max: 900 }),
      serviceLevel: fc.double({ min: 0, max: 0.99, noNaN: true }),
      mostOccupancy: fc.double({ min: 0.2, max: 1, noNaN: true }),
    })
    fc.assert(
      fc.property(goals, ({ serviceLevel, mostOccupancy, ...load }) => {
        const queue = { ...load, intervalMinutes: 30, targetSeconds: 20 }
        const reaches = (agents: number) => {
          const found = erlangC({ ...queue, agents })
          return found.erlangs < agents && found.serviceLevel >= serviceLevel && found.occupancy <= mostOccupancy
        }
        const { agents, ...service } = agentsNeeded({ ...queue, serviceLevel, mostOccupancy })
        expect(reaches(agents)).toBe(true)
        if (agents > 1) expect(reaches(agents - 1)).toBe(false)
        expect(service).toEqual(erlangC({ ...queue, agents }))
      }),
    )
  })

  it('refuses a goal that no number of agents reaches', () => {
    expect(() => agentsNeeded({ ...queue, targetSeconds: 20, serviceLevel: 1 })).toThrow('serviceLevel')
    expect(() => agentsNeeded({ ...queue, targetSeconds: 20, serviceLevel: 0.8, mostOccupancy: 0 })).toThrow(
      'mostOccupancy',
    )
  })
})
