import { table } from 'arquero'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { agentOccupancy, contactMetrics } from '../../src/metrics/contact-metrics.ts'
import { type ContactOutcome, formulaText, OUTCOME_WORDS } from '../../src/metrics/formulas.ts'
import { METRIC_PROFILES } from '../../src/metrics/profiles.ts'

interface Contact {
  readonly outcome: ContactOutcome
  readonly queued: number
  readonly talk: number
  readonly hold: number
  readonly after: number
}

const tableOf = (contacts: readonly Contact[]) =>
  table({
    outcome: contacts.map(({ outcome }) => outcome),
    queued_seconds: contacts.map(({ queued }) => queued),
    talk_seconds: contacts.map(({ talk }) => talk),
    hold_seconds: contacts.map(({ hold }) => hold),
    after_seconds: contacts.map(({ after }) => after),
  })

const seconds = fc.integer({ min: 0, max: 60 })
const contact = fc.record({
  outcome: fc.constantFrom(...(Object.keys(OUTCOME_WORDS) as ContactOutcome[])),
  ...{ queued: seconds, talk: seconds, hold: seconds, after: seconds },
})

/** The documented sentences, each counted by hand. */
const BY_HAND: Readonly<Record<string, (all: readonly Contact[], target: number, short: number) => (number | null)[]>> =
  {
    'amazon-connect': (all, target) => {
      const ivr = ['abandoned_in_ivr', 'abandoned_in_voicemail', 'abandoned_on_hold', 'voicemail']
      const queued = all.filter(({ outcome }) => !ivr.includes(outcome))
      const removed = queued.filter(
        ({ outcome, queued: wait }) =>
          ['answered', 'abandoned_in_queue', 'callback_requested'].includes(outcome) && wait <= target,
      )
      const answered = all.filter(({ outcome }) => outcome === 'answered')
      const sum = (of: (one: Contact) => number) => answered.reduce((total, one) => total + of(one), 0)
      return [
        removed.length / queued.length,
        all.filter(({ outcome }) => outcome === 'abandoned_in_queue').length / queued.length,
        sum(({ talk, hold, after }) => talk + hold + after) / answered.length,
        sum(({ queued: wait }) => wait) / answered.length,
      ]
    },
    'genesys-cloud': (all, target, short) => {
      const answered = all.filter(({ outcome }) => outcome === 'answered')
      const missing = answered.filter(({ queued }) => queued > target)
      const abandoned = all.filter(({ outcome }) => outcome === 'abandoned_in_queue')
      const shortly = abandoned.filter(({ queued }) => short > 0 && queued <= short)
      return [(answered.length - missing.length) / (answered.length + abandoned.length - shortly.length)]
    },
    talkdesk: (all, target, short) => {
      const abandons = ['abandoned_in_queue', 'abandoned_in_voicemail']
      const inbound = all.filter(({ outcome }) => ['answered', ...abandons, 'missed', 'voicemail'].includes(outcome))
      const shortly = all.filter(
        ({ outcome, queued }) => outcome === 'abandoned_in_queue' && short > 0 && queued <= short,
      )
      const abandoned = all.filter(({ outcome }) => abandons.includes(outcome)).length
      const answered = all.filter(({ outcome, queued }) => outcome === 'answered' && queued <= target)
      const base = inbound.length - shortly.length
      return [answered.length / base, (abandoned - shortly.length) / base]
    },
    'zendesk-talk': (all) => [all.filter(({ outcome }) => outcome.startsWith('abandoned')).length / all.length],
  }

describe('contactMetrics', () => {
  it.each(Object.values(METRIC_PROFILES))('gives for $title what its sentences say', (profile) => {
    fc.assert(
      fc.property(
        fc.array(contact, { maxLength: 40 }),
        seconds,
        fc.integer({ min: 0, max: 10 }),
        (all, target, short) => {
          const found = contactMetrics(tableOf(all), profile, { targetSeconds: target, shortAbandonSeconds: short })
          const expected = BY_HAND[profile.name]?.(all, target, short) ?? []
          expect(found.map(({ value }) => value)).toEqual(expected.map((value) => (Number.isNaN(value) ? null : value)))
        },
      ),
    )
  })

  it('differs between vendors for the same contacts: that is why a profile is named', () => {
    const contacts = tableOf([
      { outcome: 'answered', queued: 5, talk: 100, hold: 0, after: 20 },
      { outcome: 'abandoned_in_queue', queued: 3, talk: 0, hold: 0, after: 0 },
      { outcome: 'missed', queued: 90, talk: 0, hold: 0, after: 0 },
    ])
    const settings = { targetSeconds: 20, shortAbandonSeconds: 5 }
    const levels = (['amazon-connect', 'genesys-cloud', 'talkdesk'] as const).map(
      (name) => contactMetrics(contacts, METRIC_PROFILES[name], settings)[0]?.value,
    )
    expect(levels).toEqual([2 / 3, 1, 1 / 2])
  })

  it('says each formula with its exclusions and its source', () => {
    for (const { formulas } of Object.values(METRIC_PROFILES)) {
      for (const formula of formulas) {
        const [first = '', ...rest] = formulaText(formula)
        expect(first).toMatch(/^.+: .+ \/ .+$/)
        expect(rest.at(-1)).toMatch(/^Source: https:\/\//)
        expect(rest.length).toBe(formula.exclusions.length + 1)
      }
    }
  })

  it('refuses an outcome it does not know, and a time that is missing where it counts', () => {
    const settings = { targetSeconds: 20, shortAbandonSeconds: 0 }
    const measure = (columns: Record<string, unknown[]>) => () =>
      contactMetrics(table(columns as never), METRIC_PROFILES['genesys-cloud'], settings)
    expect(measure({ outcome: ['answerd'] })).toThrow('contacts row 1, outcome: expected one of answered')
    expect(measure({ outcome: ['answered'], queued_seconds: [null] })).toThrow(
      'contacts row 1, queued_seconds: expected seconds from 0, because the contact is answered',
    )
    expect(measure({ outcome: ['answered'], queued_seconds: [-1] })).toThrow('queued_seconds')
    expect(measure({ outcome: ['answered'] })).toThrow('queued_seconds')
    expect(measure({ outcome: ['missed'] })()).toMatchObject([{ value: null, denominator: 0 }])
  })
})

describe('agentOccupancy', () => {
  it('is the busy share of the time in which agents could be busy', () => {
    expect(agentOccupancy({ contactSeconds: 5400, freeSeconds: 1800 })).toBe(0.75)
    expect(agentOccupancy({ contactSeconds: 0, freeSeconds: 0 })).toBeNull()
    expect(() => agentOccupancy({ contactSeconds: -1, freeSeconds: 0 })).toThrow('contactSeconds')
  })
})
