import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { maskPersonalDetails, passesLuhn } from '../../../../src/systems/transcripts/clean/mask-details.ts'

const masked = (text: string) => maskPersonalDetails(text).text

/** Luhn's check as the standard tells it: from the right, every second digit doubled, its digits added up. */
function luhn(digits: string): boolean {
  const values = [...digits].reverse().map((digit, at) => (at % 2 === 0 ? digit : String(Number(digit) * 2)))
  return [...values.join('')].reduce((sum, digit) => sum + Number(digit), 0) % 10 === 0
}

describe('maskPersonalDetails', () => {
  it.each([
    ['It is 4111 1111 1111 1111, expiration 09/27.', 'It is [card], expiration 09/27.'],
    ['Card 4111-1111-1111-1111 123 please', 'Card [card] 123 please'],
    ['Amex 378282246310005.', 'Amex [card].'],
    ['Call me at 555-0142 or (415) 555-2671.', 'Call me at [phone] or [phone].'],
    ['Reach me on +44 20 7946 0958 today', 'Reach me on [phone] today'],
    ['my cell is 4155552671', 'my cell is [phone]'],
    ['jo.lane+bills@mail.example.org, thanks', '[email], thanks'],
    ['it is jo dot lane at example dot com ok', 'it is [email] ok'],
    ['Account number 4482-9917.', 'Account number [account].'],
    ['My policy is 20 48 117 02', 'My policy is 20 48 117 02'],
    ['the account number is 2048 1170 02', 'the account number is [account] 02'],
  ])('masks %j', (text, expected) => {
    expect(masked(text)).toBe(expected)
  })

  it.each([
    'The total is $1,249.00, order 4471920, at 10:30 on 2025-03-01.',
    'Ticket 88-201, confirmation 88213, version 1.2.3',
    'Card ending in 4242.',
    // sixteen digits that fail the check, in an order number
    'order 4111111111111112',
    'Meet me at the shop at noon.',
    'Four one one one, the rest later.',
  ])('leaves %j', (text) => {
    expect(masked(text)).toBe(text)
  })

  it('counts what it masks, by kind', () => {
    const { counts } = maskPersonalDetails('a@b.example, c@d.example and 4111111111111111 and call 555-0142')
    expect(counts).toEqual({ card: 1, phone: 1, email: 2, account: 0 })
  })

  const piece = fc.oneof(
    fc.constantFrom(
      '4111 1111 1111 1111',
      '555-0142',
      'a@b.example',
      'account 4482-9917',
      ' at ',
      ' dot ',
      '@',
      '+',
      '(',
    ),
    fc.stringMatching(/^[0-9 .()@-]{0,12}$/),
    fc.string({ maxLength: 8 }),
  )
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(' '))

  test.prop([text])('masks nothing more in what it has masked', (given) => {
    const { text: once, counts } = maskPersonalDetails(given)
    expect(maskPersonalDetails(once).text).toBe(once)
    const masks = once.match(/\[(?:card|phone|email|account)\]/g)?.length ?? 0
    const before = given.match(/\[(?:card|phone|email|account)\]/g)?.length ?? 0
    expect(masks).toBe(before + counts.card + counts.phone + counts.email + counts.account)
  })

  test.prop([fc.stringMatching(/^[0-9]{1,25}$/)])('checks numbers as the standard does', (digits) => {
    expect(passesLuhn(digits)).toBe(luhn(digits))
  })

  test.prop([fc.stringMatching(/^[1-9][0-9]{11,17}$/), fc.constantFrom('', ' ', '-')])(
    'leaves no number that passes the check',
    (digits, joint) => {
      const last = [...'0123456789'].find((digit) => luhn(digits + digit)) ?? ''
      const groups = (digits + last).match(/.{1,4}/g)?.join(joint) ?? ''
      expect(masked(`my card is ${groups}.`)).not.toContain(groups)
    },
  )
})
