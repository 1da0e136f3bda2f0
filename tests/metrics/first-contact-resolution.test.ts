import { fc, test } from '@fast-check/vitest'
import { table } from 'arquero'
import { describe, expect, it } from 'vitest'
import {
  firstContactResolution,
  RESOLUTION_RULES,
  type ResolutionRule,
  resolutionText,
} from '../../src/metrics/index.ts'

const DAY = 86_400_000
const FROM = Date.parse('2025-03-01T00:00:00Z')
const period = { from: FROM, until: FROM + 31 * DAY }
const weekly = RESOLUTION_RULES['seven-days']

interface Contact {
  readonly customer: string | null
  readonly issue: string | null
  /** Hours after the beginning of the period. */
  readonly hours: number
  readonly isResolved: boolean | null
}

const tableOf = (contacts: readonly Contact[]) =>
  table({
    customer_id: contacts.map(({ customer }) => customer),
    issue_id: contacts.map(({ issue }) => issue),
    started_at: contacts.map(({ hours }) => new Date(FROM + hours * 3_600_000)),
    is_resolved: contacts.map(({ isResolved }) => isResolved),
  })
const contact = (day: number, isResolved: boolean | null, customer: string | null = 'C1'): Contact => ({
  ...{ customer, issue: 'billing', isResolved },
  hours: day * 24,
})
const none = { repeats: 0, openStart: 0, openEnd: 0, resolutionUnknown: 0, groupUnknown: 0, unresolved: 0 }

describe('firstContactResolution', () => {
  it('counts a resolved first contact that does not come back within the window', () => {
    const found = firstContactResolution(tableOf([contact(8, true), contact(16, true)]), weekly, period)
    expect(found).toEqual({ value: 1, numerator: 2, denominator: 2, excluded: none, rule: weekly })
  })

  it('takes a contact exactly at the end of the window for a repeat, which is no first contact', () => {
    const found = firstContactResolution(tableOf([contact(8, true), contact(15, true)]), weekly, period)
    expect(found).toMatchObject({ value: 0, numerator: 0, denominator: 1, excluded: { ...none, repeats: 1 } })
  })

  it('keeps unresolved first contacts in the denominator, unless the rule counts resolved ones alone', () => {
    const contacts = tableOf([contact(8, false), contact(8, true, 'C2')])
    expect(firstContactResolution(contacts, weekly, period)).toMatchObject({ value: 0.5, denominator: 2 })
    const resolved = { ...weekly, denominator: 'resolved' } as const
    const excluded = { ...none, unresolved: 1 }
    expect(firstContactResolution(contacts, resolved, period)).toMatchObject({ value: 1, denominator: 1, excluded })
  })

  it('leaves out, and counts, contacts whose window is open, and what nobody knows', () => {
    const contacts = [contact(2, true), contact(24, true, 'C2'), contact(10, null, 'C3'), contact(10, true, null)]
    const excluded = { ...none, openStart: 1, openEnd: 1, resolutionUnknown: 1, groupUnknown: 1 }
    const found = firstContactResolution(tableOf(contacts), weekly, period)
    expect(found).toMatchObject({ value: null, numerator: 0, denominator: 0, excluded })
  })

  it('refuses a start outside the period and a resolution that is none, with the row', () => {
    const late = tableOf([contact(8, true), contact(40, true)])
    expect(() => firstContactResolution(late, weekly, period)).toThrow('contacts row 2, started_at')
    const odd = table({ customer_id: ['C1'], issue_id: ['x'], started_at: [FROM + 10 * DAY], is_resolved: ['yes'] })
    expect(() => firstContactResolution(odd, weekly, period)).toThrow('contacts row 1, is_resolved')
    expect(() => firstContactResolution(odd, { ...weekly, repeatDays: 0 }, period)).toThrow('rule.repeatDays')
    expect(() => firstContactResolution(odd, weekly, { from: FROM, until: FROM })).toThrow('period.until')
  })

  it('says in words what it counts, and where that is documented', () => {
    expect(resolutionText(weekly)).toEqual([
      'First-contact resolution: first contacts of a customer and issue that were resolved, without another contact within 7 days / first contacts, resolved or not',
      'A repeat is no first contact and counts in neither part.',
      'First contacts less than 7 days from the beginning or the end of the data do not count.',
      'Contacts of which nobody said whether they were resolved, or whose it is, do not count.',
      `Source: ${weekly.source}`,
    ])
    for (const rule of Object.values(RESOLUTION_RULES)) expect(rule.source).toMatch(/^https:\/\//)
  })

  const contacts = fc.array(
    fc.record({
      customer: fc.constantFrom('C1', 'C2', null),
      issue: fc.constantFrom('billing', 'outage', null),
      hours: fc.integer({ min: 0, max: 31 * 24 - 1 }),
      isResolved: fc.constantFrom(true, false, null),
    }),
    { maxLength: 30 },
  )
  const rules = fc.record({
    name: fc.constant('any'),
    by: fc.constantFrom('customer', 'customer_and_issue', 'issue'),
    repeatDays: fc.constantFrom(null, 1, 2.5, 7),
    denominator: fc.constantFrom('first_contacts', 'resolved'),
    source: fc.constant('https://example.org'),
  }) as fc.Arbitrary<ResolutionRule>

  test.prop([contacts, rules])('equals a model that compares every contact with every other one', (all, rule) => {
    const found = firstContactResolution(tableOf(all), rule, period)
    const window = rule.repeatDays === null ? Number.POSITIVE_INFINITY : rule.repeatDays * 24
    const groupOf = ({ customer, issue }: Contact) => {
      const parts = { customer: [customer], customer_and_issue: [customer, issue], issue: [issue] }[rule.by]
      return parts.includes(null) ? null : parts.join(' ')
    }
    const kinds = all.map((one, at) => {
      if (groupOf(one) === null) return 'groupUnknown'
      const isBefore = (other: Contact, place: number) =>
        other.hours < one.hours || (other.hours === one.hours && place < at)
      const others = all.flatMap((other, place) =>
        place !== at && groupOf(other) === groupOf(one) && Math.abs(other.hours - one.hours) <= window
          ? [isBefore(other, place)]
          : [],
      )
      if (others.includes(true)) return 'repeats'
      if (one.hours < window && rule.repeatDays !== null) return 'openStart'
      if (31 * 24 - one.hours <= window && rule.repeatDays !== null) return 'openEnd'
      if (one.isResolved === null) return 'resolutionUnknown'
      if (!one.isResolved && rule.denominator === 'resolved') return 'unresolved'
      return one.isResolved && others.length === 0 ? 'numerator' : 'counted'
    })
    const count = (...names: string[]) => kinds.filter((kind) => names.includes(kind)).length
    expect([found.numerator, found.denominator]).toEqual([count('numerator'), count('numerator', 'counted')])
    expect(found.excluded).toEqual(Object.fromEntries(Object.keys(none).map((name) => [name, count(name)])))
  })
})
