import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { repairEmail } from '../../../../src/systems/complaints/clean/email.ts'
import { SharedAddresses } from '../../../../src/systems/complaints/clean/email-collisions.ts'
import { PROVIDERS, TYPOS } from '../../../../src/systems/complaints/clean/email-domains.ts'
import { type Frame, frameOf } from '../../../../src/table/frame.ts'
import { inferColumn } from '../../../../src/table/infer.ts'
import { objectsOf } from '../worlds.ts'

describe('repairEmail', () => {
  it.each([
    ['2772brianna_schultz525@GmaiL.om', '2772brianna_schultz525@gmail.com', 'domain_typo'],
    ['a@hotmai.com', 'a@hotmail.com', 'domain_typo'],
    ['Ada.Wong@Gmail.com', 'Ada.Wong@gmail.com', 'domain_case'],
    [' a@yahoo.com ', 'a@yahoo.com', 'none'],
    // .om is Oman, and .om inside the first part is nobody's
    ['a@omantel.net.om', 'a@omantel.net.om', 'domain_unknown'],
    ['x.omar@gmail.com', 'x.omar@gmail.com', 'none'],
    ['x.om@firm.example', 'x.om@firm.example', 'domain_unknown'],
    ['a@b@gmail.com', null, 'unreadable'],
    ['a gmail.com', null, 'unreadable'],
    ['@gmail.com', null, 'unreadable'],
    ['a@gmail', null, 'unreadable'],
    ['a@gmail..com', null, 'unreadable'],
    ['a b@gmail.com', null, 'unreadable'],
    ['', null, null],
    [null, null, null],
  ])('makes %j into %j (%s)', (text, email, rule) => {
    const found = repairEmail(text)
    expect([found.email, found.rule]).toEqual([email, rule])
    expect(found.confidence === null).toBe(rule === null)
  })

  it('changes nothing but the domain, and is done after one repair', () => {
    const local = fc.stringMatching(/^[a-z0-9._-]{1,20}$/)
    const domain = fc.constantFrom(...PROVIDERS, ...TYPOS.keys(), 'omantel.net.om', 'firm.example')
    fc.assert(
      fc.property(local, domain, fc.boolean(), (name, host, isUpper) => {
        const { email } = repairEmail(`${name}@${isUpper ? host.toUpperCase() : host}`)
        expect(email?.split('@')[0]).toBe(name)
        expect(repairEmail(email).email).toBe(email)
        expect(['none', 'domain_unknown']).toContain(repairEmail(email).rule)
      }),
    )
  })

  it('knows every provider that a misspelling stands for, and calls no provider a misspelling', () => {
    for (const [spelling, { domain, confidence }] of TYPOS) {
      expect([PROVIDERS.has(domain), PROVIDERS.has(spelling), confidence > 0.5 && confidence < 1]).toEqual([
        true,
        false,
        true,
      ])
    }
  })

  it.each(['a', '@', '.', ' ', 'a@', 'a.'])('reads 100 KB of %j in no time', (piece) => {
    const begin = process.cpuUsage().user
    repairEmail(`x${piece.repeat(100_000 / piece.length)}@gmail.com`)
    repairEmail(`x@${piece.repeat(100_000 / piece.length)}`)
    expect(process.cpuUsage().user - begin).toBeLessThan(50_000)
  })
})

describe('SharedAddresses', () => {
  /** What is found in customers that are handed over some rows at a time. */
  const collisionsIn = (...parts: readonly Frame[]): Frame => {
    const shared = new SharedAddresses()
    for (const part of parts) shared.look(part)
    const counts = shared.count()
    for (const part of parts) counts.look(part)
    return counts.collisions()
  }

  const customers = (...rows: readonly (readonly [email: string | null, rule: string | null])[]) =>
    frameOf([
      [
        'email',
        inferColumn(
          rows.map(([email]) => email),
          'email',
        ),
      ],
      [
        'email_rule',
        inferColumn(
          rows.map(([, rule]) => rule),
          'email_rule',
        ),
      ],
    ])

  it('lists addresses that several customers have where one of them was repaired', () => {
    const found = collisionsIn(
      customers(['b@gmail.com', 'domain_typo'], ['a@gmail.com', 'none'], ['c@gmail.com', 'domain_typo'], [null, null]),
      customers(
        ['b@gmail.com', 'none'],
        // the same address twice as delivered is no fault of a repair
        ['a@gmail.com', 'none'],
        [null, 'unreadable'],
        ['a@yahoo.com', 'domain_case'],
        ['b@gmail.com', 'domain_case'],
      ),
    )
    expect(objectsOf(found)).toEqual([{ email: 'b@gmail.com', customers: 3, repaired: 2 }])
  })

  it('has no rows without customers', () => {
    expect(collisionsIn().rows).toBe(0)
    expect(collisionsIn(customers([null, null])).rows).toBe(0)
  })
})
