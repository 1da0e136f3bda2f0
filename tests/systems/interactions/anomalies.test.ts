import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type InteractionHistory,
  interactionAnomalies,
  type Series,
} from '../../../src/systems/interactions/figures/anomalies.ts'

const dayOf = (number: number) => new Date(number * 86_400_000).toISOString().slice(0, 10)
const numberOf = (day: string) => Date.parse(day) / 86_400_000
const series = (subject: string, counts: readonly number[]): Series => ({
  subject,
  days: counts.flatMap((count, at) => (count === 0 ? [] : [{ day: dayOf(at), count }])),
})
const history = (...channels: Series[]): InteractionHistory => ({ channels, customers: [], unknownCustomers: [] })
const usual = (days: number, count = 10) => Array.from({ length: days }, () => count)

describe('interactionAnomalies', () => {
  it('finds a busy day, of the channel and of all', () => {
    const found = interactionAnomalies(history(series('Call', [...usual(40), 50, 10])))
    expect(found).toEqual([
      { kind: 'day', subject: null, day: dayOf(40), count: 50, expected: 10 },
      { kind: 'channel', subject: 'Call', day: dayOf(40), count: 50, expected: 10 },
    ])
  })

  it('finds days without any once, on the first of them', () => {
    const found = interactionAnomalies(history(series('Call', [...usual(40), 0, 0, 0, 10])))
    expect(found.map(({ kind, day, count }) => [kind, day, count])).toEqual([
      ['day', dayOf(40), 0],
      ['channel', dayOf(40), 0],
    ])
  })

  it('finds nothing in usual days, nor in the first 28', () => {
    expect(interactionAnomalies(history(series('Call', usual(100))))).toEqual([])
    expect(interactionAnomalies(history(series('Call', [...usual(27), 500])))).toEqual([])
    expect(interactionAnomalies(history())).toEqual([])
  })

  it('finds a channel that begins late, and counts all of it', () => {
    const found = interactionAnomalies(
      history(series('Call', usual(60)), series('Chat', [...usual(50, 0), 1, 2, 0, 1])),
    )
    expect(found).toEqual([{ kind: 'new_channel', subject: 'Chat', day: dayOf(50), count: 4, expected: null }])
  })

  it('finds a busy customer, and no quiet one', () => {
    const days = series('Call', usual(60))
    const customers = [series('7', [...usual(40, 1), 9, 1]), series('8', [...usual(40, 9), 0, 0, 9])]
    const found = interactionAnomalies({ channels: [days], customers, unknownCustomers: [] })
    expect(found).toEqual([{ kind: 'customer', subject: '7', day: dayOf(40), count: 9, expected: 1 }])
  })

  it('lists ids that nobody knows, newest first', () => {
    const unknownCustomers = [
      { subject: '9', day: dayOf(3), count: 2 },
      { subject: '8', day: dayOf(5), count: 1 },
    ]
    const found = interactionAnomalies({ channels: [series('Call', usual(9))], customers: [], unknownCustomers })
    expect(found.map(({ subject }) => subject)).toEqual(['8', '9'])
  })

  it('judges each day by all days before it, as a model that adds them up anew does', () => {
    const counts = fc.array(fc.oneof({ weight: 9, arbitrary: fc.nat(3) }, fc.nat(60)), {
      minLength: 1,
      maxLength: 90,
      size: 'max',
    })
    const property = fc.property(counts, (all) => {
      const first = all.findIndex((count) => count > 0)
      const last = all.findLastIndex((count) => count > 0)
      const expected: string[] = []
      for (let day = first; day <= last && first >= 0; day++) {
        const before = all.slice(first, day)
        if (before.length < 28) continue
        const mean = before.reduce((sum, count) => sum + count, 0) / before.length
        const spread = before.reduce((sum, count) => sum + (count - mean) ** 2, 0) / before.length
        const count = all[day] as number
        // days without any count once, on the first of them
        if (count === 0 && all[day - 1] === 0) continue
        const distance = Math.abs(count - mean) - 3 - 5 * Math.sqrt(spread)
        if (Math.abs(distance) < 1e-6) return
        if (distance > 0) expected.push(dayOf(day))
      }
      const found = interactionAnomalies(history(series('Call', all)))
      expect(found.flatMap(({ kind, day }) => (kind === 'channel' ? [day] : []))).toEqual(expected.reverse())
    })
    fc.assert(property, { numRuns: 300 })
  })

  it('says the same of the same data in any order of channels', () => {
    const channels = [
      series('Call', [...usual(40), 70]),
      series('Mail', [...usual(35, 3), 40, 3]),
      series('Chat', [...usual(60, 0), 1]),
    ]
    const found = interactionAnomalies(history(...channels))
    expect(interactionAnomalies(history(...channels.toReversed()))).toEqual(found)
    expect(found.map(({ day }) => numberOf(day))).toEqual(
      found.map(({ day }) => numberOf(day)).toSorted((a, b) => b - a),
    )
  })
})
