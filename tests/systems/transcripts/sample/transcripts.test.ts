import { describe, expect, it } from 'vitest'
import { type SampledCall, sampleTranscripts } from '../../../../src/systems/transcripts/sample/transcripts.ts'

const CALLS = 4000
const sample = [...sampleTranscripts({ calls: CALLS, seed: 20 })]
const shareOf = (isSo: (call: SampledCall) => boolean): number => sample.filter(isSo).length / CALLS

describe('sampleTranscripts', () => {
  it('gives the same calls for the same seed, and others for another', () => {
    expect([...sampleTranscripts({ calls: CALLS, seed: 20 })]).toEqual(sample)
    const other = [...sampleTranscripts({ calls: 100, seed: 21 })]
    const ids = new Set(sample.map(({ call }) => call.call_id))
    expect(other.filter(({ call }) => ids.has(call.call_id))).toEqual([])
  })

  it('begins with the calls of a smaller sample', () => {
    expect([...sampleTranscripts({ calls: 10, seed: 20 })]).toEqual(sample.slice(0, 10))
  })

  it('gives each call an id of its own, and the truth the same one', () => {
    expect(new Set(sample.map(({ call }) => call.call_id)).size).toBe(CALLS)
    expect(sample.filter(({ call, truth }) => call.call_id !== truth.call_id)).toEqual([])
  })

  it('leaves the mood of about 11 % of all labels without a word', () => {
    const silent = shareOf(({ truth }) => truth.mood !== 'neutral' && truth.mood_phrase === null)
    expect(silent).toBeGreaterThan(0.095)
    expect(silent).toBeLessThan(0.125)
    expect(shareOf(({ truth }) => truth.mood === 'neutral' && truth.mood_phrase !== null)).toBe(0)
  })

  it('says in the customer’s words what the truth names', () => {
    const missing = sample.filter(({ call, truth }) => {
      const said = [truth.mood_phrase, truth.conversion_phrase].filter((phrase) => phrase !== null)
      return !said.every((phrase) => call.transcript_text.includes(`Customer: ${phrase}`))
    })
    expect(missing).toEqual([])
  })

  it('names each upsell with its price in the text, in whole cents', () => {
    const upsells = sample.flatMap(({ call, truth }) =>
      truth.upsells.map((upsell) => ({ ...upsell, text: call.transcript_text })),
    )
    expect(upsells.length).toBeGreaterThan(CALLS / 5)
    const wrong = upsells.filter(({ product, amount_cents: cents, text }) => {
      const decimals = cents % 100 === 0 ? 0 : 2
      const price = (cents / 100).toLocaleString('en-US', { minimumFractionDigits: decimals })
      return !text.includes(product) || !text.includes(price) || !Number.isInteger(cents)
    })
    expect(wrong).toEqual([])
    expect(new Set(upsells.map(({ is_accepted }) => is_accepted)).size).toBe(2)
  })

  it('has calls with several upsells, and sells nothing where the offer was taken back', () => {
    expect(shareOf(({ truth }) => truth.upsells.length > 1)).toBeGreaterThan(0.03)
    const back = sample.filter(({ call }) => /cancel that|changed my mind|let us leave it/.test(call.transcript_text))
    expect(back.length).toBeGreaterThan(50)
    expect(back.filter(({ truth }) => truth.is_conversion || truth.upsells.length > 0)).toEqual([])
  })

  it('keeps to the thirty days up to the last one, some with an offset', () => {
    const instants = sample.map(({ call: { timestamp } }) =>
      Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(timestamp) ? timestamp : `${timestamp}Z`),
    )
    expect(Math.min(...instants)).toBeGreaterThanOrEqual(Date.UTC(2025, 8, 1))
    expect(Math.max(...instants)).toBeLessThan(Date.UTC(2025, 9, 1))
    const zoned = shareOf(({ call }) => /(Z|[+-]\d\d:\d\d)$/.test(call.timestamp))
    expect(zoned).toBeGreaterThan(0.15)
    expect(zoned).toBeLessThan(0.25)
  })

  it('refuses numbers out of range, days that are none and names it does not know', () => {
    for (const calls of [0, 1.5, Number.NaN]) expect(() => sampleTranscripts({ calls })).toThrow(/^calls is/)
    expect(() => sampleTranscripts({ calls: 1, seed: -1 })).toThrow(/^seed is -1/)
    expect(() => sampleTranscripts({ calls: 1, lastDay: '2025-02-30' })).toThrow(/^lastDay is "2025-02-30"/)
    // a misspelled name is no default
    expect(() => sampleTranscripts({ calls: 1, sed: 3 } as never)).toThrow(/"sed"|sed/)
  })
})
