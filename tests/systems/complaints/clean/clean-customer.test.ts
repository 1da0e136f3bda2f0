import { describe, expect, it } from 'vitest'
import { parseAddress } from '../../../../src/systems/complaints/clean/address.ts'
import { cleanAgent } from '../../../../src/systems/complaints/clean/clean-agent.ts'
import { cleanCustomer } from '../../../../src/systems/complaints/clean/clean-customer.ts'

describe('parseAddress', () => {
  it.each([
    ['317 Paul Turnpike\nDarrenland, NY 13297', '317 Paul Turnpike', 'Darrenland', 'NY', '13297', 'state'],
    [
      '26059 Carol Highway\r\nSmithhaven, MP 56739-1234',
      '26059 Carol Highway',
      'Smithhaven',
      'MP',
      '56739-1234',
      'territory',
    ],
    ['PSC 2383, Box 3666\nAPO AA 12094', 'PSC 2383, Box 3666', 'APO', 'AA', '12094', 'military'],
    ['USNS Lopez\nFPO AP 96601', 'USNS Lopez', 'FPO', 'AP', '96601', 'military'],
    ['1 K Street\nWashington, DC 20001', '1 K Street', 'Washington', 'DC', '20001', 'district'],
    ['12 Main St, Springfield, IL 62704', '12 Main St', 'Springfield', 'IL', '62704', 'state'],
    ['12 Main St\nApt 4\nSpringfield, IL 62704', '12 Main St Apt 4', 'Springfield', 'IL', '62704', 'state'],
    ['Springfield, IL 62704', null, 'Springfield', 'IL', '62704', 'state'],
  ])('takes %j apart', (text, street, city, state, zip, region) => {
    expect(parseAddress(text)).toEqual({ street, city, state, zip, region })
  })

  it.each([
    ['no state', 'c/o Sandra, ZZ'],
    ['a code that is no state', '1 Main St\nSpringfield, ZZ 62704'],
    ['a ZIP code that is too short', '1 Main St\nSpringfield, IL 6270'],
    ['a state in lower case', '1 Main St\nSpringfield, il 62704'],
    ['a military state with a city', '1 Main St\nSpringfield, AE 09012'],
    ['a post office of the forces in a state', 'PSC 1\nAPO NY 10001'],
    ['nothing before the state', ' IL 62704'],
    ['nothing', null],
  ])('does not guess at %s', (_, text) => {
    expect(parseAddress(text)).toEqual({ street: null, city: null, state: null, zip: null, region: null })
  })

  it.each([' ', ',', 'A', ' AA 12345', '1', '\n'])('reads 100 KB of %j in no time', (piece) => {
    const begin = process.cpuUsage().user
    parseAddress(`x${piece.repeat(100_000 / piece.length)}x`)
    parseAddress(`x${piece.repeat(100_000 / piece.length)}, NY 13297`)
    expect(process.cpuUsage().user - begin).toBeLessThan(50_000)
  })
})

describe('cleanCustomer', () => {
  const raw = {
    customer_id: 'd6966473-6fb0-4045-b33d-1f3b555e2762',
    name: ' Brianna  Schultz',
    gender: 'F',
    birth_date: '1930-09-10',
    signup_date: '2017-08-22',
    email: 'x@GmaiL.om',
    address: '317 Paul Turnpike\nDarrenland, NY 13297',
  }

  it('keeps what is right, repairs the address, and has no doubts', () => {
    expect(cleanCustomer(raw)).toEqual({
      ...{ customer_id: raw.customer_id, name: 'Brianna Schultz', gender: 'F' },
      ...{ birth_date: '1930-09-10', signup_date: '2017-08-22' },
      ...{ email: 'x@gmail.com', email_original: 'x@GmaiL.om', email_rule: 'domain_typo', email_confidence: 0.99 },
      ...{ street: '317 Paul Turnpike', city: 'Darrenland', state: 'NY', zip: '13297', region: 'state', doubts: null },
    })
  })

  it.each([
    ['gender', { gender: 'unknown' }, { gender: null }],
    ['birth_date', { birth_date: '1930-02-30' }, { birth_date: null, signup_date: '2017-08-22' }],
    ['signup_date', { birth_date: '2020-01-01' }, { birth_date: '2020-01-01', signup_date: null }],
    ['email', { email: 'nobody' }, { email: null, email_original: 'nobody' }],
    ['address', { address: 'somewhere' }, { state: null }],
  ])('doubts a %s that cannot be read, and keeps the customer', (doubts, cells, expected) => {
    expect(cleanCustomer({ ...raw, ...cells })).toMatchObject({ ...expected, doubts })
  })

  it('has no doubts about cells that are empty', () => {
    const empty = { name: null, gender: '', birth_date: null, signup_date: '', email: null, address: '' }
    expect(cleanCustomer({ ...raw, ...empty })).toMatchObject({ name: null, email: null, doubts: null })
  })

  it.each(['', 'D6966473-6FB0-4045-B33D-1F3B555E2762', 'd69664736fb04045b33d1f3b555e2762', 'x'])(
    'refuses the id %j',
    (customer_id) => {
      expect(cleanCustomer({ ...raw, customer_id })).toMatchObject({
        problems: [{ code: 'malformed_text', column: 'customer_id' }],
      })
    },
  )
})

describe('cleanAgent', () => {
  it.each([
    ['intern', 'Intern'],
    ['MID LEVEL', 'Mid-level'],
    ['Principal', null],
    [null, null],
  ])('reads the experience %j as %j', (experience, expected) => {
    const row = { agent_id: '1000', name: ' Ada  Wong ', experience, state: ' Utah ' }
    expect(cleanAgent(row)).toEqual({ agent_id: '1000', name: 'Ada Wong', experience: expected, state: 'Utah' })
  })
})
