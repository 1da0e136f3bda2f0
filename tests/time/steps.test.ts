import { describe, expect, it } from 'vitest'
import { evaluateSteps, type InstantRange, type TickUnit, toMilliseconds, toTicks } from '../../src/time/steps.ts'

const DAY = 86_400_000

/** Steps that change every day of the range at noon, each with the number of its day. */
function daily({ first, last }: InstantRange) {
  const begin = Math.floor(first / DAY) - 1
  const length = Math.ceil(last / DAY) - begin + 1
  const values = Array.from({ length }, (_, step) => begin + step)
  return { starts: values.map((day) => day * DAY + DAY / 2), values }
}

const dayAtNoon = (milliseconds: number) => Math.floor((milliseconds - DAY / 2) / DAY)

/** Instants of one unit, a minute and a bit apart, so that they cross many steps. */
function minutes(length: number, unit: TickUnit) {
  const [first, every] = [toTicks(Date.UTC(2025, 0, 1), unit), toTicks(61_000, unit)]
  return { values: Float64Array.from({ length }, (_, row) => first + row * every), unit }
}

describe('ticks', () => {
  it.each<[TickUnit, number]>([
    ['s', 1_740_792_600],
    ['ms', 1_740_792_600_000],
    ['us', 1_740_792_600_000_000],
  ])('of %s become milliseconds and back', (unit, ticks) => {
    expect(toMilliseconds(ticks, unit)).toBe(1_740_792_600_000)
    expect(toTicks(1_740_792_600_000, unit)).toBe(ticks)
  })

  it('are not floored', () => {
    expect(toMilliseconds(1, 'us')).toBe(0.001)
    expect(toTicks(1, 's')).toBe(0.001)
  })
})

describe('evaluateSteps', () => {
  it.each<TickUnit>(['s', 'ms', 'us'])(
    'finds the step of each instant in %s, first and last tick of it too',
    (unit) => {
      const noon = toTicks(Date.UTC(2025, 0, 2, 12), unit)
      const values = Float64Array.of(noon, noon - 1, noon + 1, toTicks(Date.UTC(2025, 0, 3, 12), unit) - 1)
      const day = Date.UTC(2025, 0, 2) / DAY
      expect(evaluateSteps({ values, unit }, daily, -1)?.found).toEqual(Int32Array.of(day, day - 1, day, day))
    },
  )

  it('gives null instants what is missing, and counts them', () => {
    const values = Float64Array.of(Number.NaN, 0, Number.NaN)
    const { found, nulls } = evaluateSteps({ values, unit: 'ms' }, daily, -7) ?? {}
    expect([found, nulls]).toEqual([Int32Array.of(-7, -1, -7), 2])
  })

  it.each([[[]], [[Number.NaN, Number.NaN]]])('has no answer for %j', (instants) => {
    expect(evaluateSteps({ values: Float64Array.from(instants), unit: 'ms' }, daily, -1)).toBeNull()
  })

  it('asks for steps of a range that holds every instant and hardly more', () => {
    const asked: InstantRange[] = []
    const values = Float64Array.of(1_000_000, -2_000_000, 5)
    evaluateSteps(
      { values, unit: 'us' },
      (range) => {
        asked.push(range)
        return daily(range)
      },
      -1,
    )
    expect(asked).toEqual([{ first: -2001, last: 1001 }])
  })

  it.each<TickUnit>(['s', 'ms', 'us'])('finds the same in many instants of %s as in a few', (unit) => {
    const instants = minutes(40_000, unit)
    const { found, nulls } = evaluateSteps(instants, daily, -1) ?? {}
    const wrong = instants.values.findIndex((tick, row) => found?.[row] !== dayAtNoon(toMilliseconds(tick, unit)))
    expect([wrong, nulls]).toEqual([-1, 0])
  })

  it.each([
    ['before', Date.UTC(1905, 3, 4)],
    ['after', Date.UTC(2160, 3, 4)],
  ])('finds an instant that lies long %s all that a sample saw', (_, outlier) => {
    const instants = minutes(20_000, 'ms')
    instants.values[12_345] = outlier
    instants.values[7] = Number.NaN
    const { found, nulls } = evaluateSteps(instants, daily, -1) ?? {}
    expect(nulls).toBe(1)
    expect(found?.[12_345]).toBe(dayAtNoon(outlier))
    const wrong = instants.values.findIndex((tick, row) => found?.[row] !== (Number.isNaN(tick) ? -1 : dayAtNoon(tick)))
    expect(wrong).toBe(-1)
  })

  it('finds many instants even if all sampled ones are null', () => {
    const instants = minutes(20_000, 'ms')
    for (let row = 0; row < instants.values.length; row += 512) instants.values[row] = Number.NaN
    const { found, nulls } = evaluateSteps(instants, daily, -1) ?? {}
    expect(nulls).toBe(40)
    expect(found?.[1]).toBe(dayAtNoon(instants.values[1] ?? 0))
    expect(evaluateSteps({ values: new Float64Array(20_000).fill(Number.NaN), unit: 'ms' }, daily, -1)).toBeNull()
  })

  it('guesses the range of many instants, and reads them all only where the guess was wrong', () => {
    const ranges = (length: number, outlier?: number) => {
      const asked: InstantRange[] = []
      const instants = minutes(length, 'ms')
      if (outlier !== undefined) instants.values[1] = outlier
      evaluateSteps(
        instants,
        (range) => {
          asked.push(range)
          return daily(range)
        },
        -1,
      )
      return { asked, first: instants.values[0] ?? 0, last: instants.values.at(-1) ?? 0 }
    }
    const few = ranges(2 ** 14 - 1)
    expect(few.asked).toEqual([{ first: few.first - 1, last: few.last + 1 }])
    const many = ranges(2 ** 14)
    expect(many.asked).toHaveLength(1)
    expect(many.asked[0]?.first).toBeLessThan(few.first - 1)
    const misled = ranges(2 ** 14, Date.UTC(1905, 0, 1))
    expect(misled.asked[1]).toEqual({ first: Date.UTC(1905, 0, 1) - 1, last: misled.last + 1 })
  })

  it.each<[TickUnit, number]>([
    ['ms', 8.64e15 + 1],
    ['ms', -8.64e15 - 1],
    ['s', 8.64e12 + 1],
    ['us', -8.64e18 - 2048],
  ])('refuses an instant in %s that no date can hold: %d', (unit, tick) => {
    expect(() => evaluateSteps({ values: Float64Array.of(0, tick), unit }, daily, -1)).toThrow(
      expect.objectContaining({
        code: 'timestamp_invalid',
        details: { first: Math.min(0, tick), last: Math.max(0, tick), unit },
      }),
    )
  })
})
