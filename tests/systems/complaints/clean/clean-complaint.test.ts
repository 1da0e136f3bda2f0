import { describe, expect, it } from 'vitest'
import { cleanCall, cleanSocialMedia, cleanWebForm } from '../../../../src/systems/complaints/clean/clean-complaint.ts'
import { customerId, customerIn } from '../../../../src/systems/complaints/clean/customer-ids.ts'
import { readTime } from '../../../../src/systems/complaints/clean/wall-times.ts'
import { zoneOf } from '../../../../src/time/zone.ts'

const UTC = zoneOf('UTC')
const CUSTOMER = '65d79202-96c3-49ea-b543-5e5b1aeb39ce'
const shared = {
  complaint_id: 'Mar0979K65d7920296c349eab5435e5b1aeb39ce1476b1aeb39ceKak',
  customer_id: CUSTOMER,
  category: 'Technician Support',
  agent_id: '1035',
  resolution_status: 'Resolved',
  generated_on: '2025-11-20',
}
const call = {
  ...shared,
  leftover_index: '0',
  call_start_time: '2025-03-07 18:40:43',
  call_end_time: '2025-03-07 18:52:43',
}
const form = {
  ...shared,
  leftover_index: '0',
  request_date: '2025-03-30 22:14:24',
  resolution_date: '2025-04-12 12:52:24',
}
const post = {
  ...shared,
  request_date: form.request_date,
  resolution_date: form.resolution_date,
  media_channel: 'Twitter',
}
const problemsOf = (made: object) =>
  'problems' in made
    ? (made.problems as { code: string; column: string }[]).map(({ code, column }) => [code, column])
    : []

describe('cleanCall', () => {
  it('is resolved at its end where its status says so, and nowhere else', () => {
    expect(cleanCall(call, UTC)).toEqual({
      ...{ complaint_id: call.complaint_id, channel: 'call', platform: null, customer_id: CUSTOMER, agent_id: '1035' },
      ...{ category: 'Technician Support', status: 'Resolved', delivered_on: '2025-11-20', remarks: null },
      ...{ opened_at: new Date('2025-03-07T18:40:43Z'), ended_at: new Date('2025-03-07T18:52:43Z') },
      resolved_at: new Date('2025-03-07T18:52:43Z'),
    })
    const blocked = cleanCall({ ...call, resolution_status: 'Blocked' }, UTC)
    expect(blocked).toMatchObject({ ended_at: new Date('2025-03-07T18:52:43Z'), resolved_at: null })
    expect(cleanCall({ ...call, resolution_status: 'Backlog', call_end_time: '' }, UTC)).toMatchObject({
      ended_at: null,
    })
  })

  it.each([
    ['an end before the start', { call_end_time: '2025-03-07 18:40:42' }, ['rule_broken', 'call_end_time']],
    ['a resolved call without an end', { call_end_time: '' }, ['rule_broken', 'call_end_time']],
    ['no start', { call_start_time: ' ' }, ['null_value', 'call_start_time']],
    ['a start that is no time', { call_start_time: '03/07/2025' }, ['timestamp_invalid', 'call_start_time']],
    ['an end that is no time', { call_end_time: 'later' }, ['timestamp_invalid', 'call_end_time']],
    ['another category', { category: 'Billing' }, ['type_mismatch', 'category']],
    ['no category', { category: null }, ['null_value', 'category']],
    ['another status', { resolution_status: 'Done' }, ['type_mismatch', 'resolution_status']],
    ['a customer who is none', { customer_id: 'n/a' }, ['malformed_text', 'customer_id']],
    ['another customer than its id says', { customer_id: CUSTOMER.replace('6', '7') }, ['rule_broken', 'customer_id']],
    ['an agent who is no number', { agent_id: 'A1' }, ['malformed_text', 'agent_id']],
  ])('is refused for %s', (_, cells, problem) => {
    expect(problemsOf(cleanCall({ ...call, ...cells }, UTC))).toEqual([problem])
  })

  it('is refused with all that is wrong with it', () => {
    const made = cleanCall({ ...call, category: '', agent_id: '?', call_start_time: '?' }, UTC)
    expect(problemsOf(made)).toEqual([
      ['null_value', 'category'],
      ['malformed_text', 'agent_id'],
      ['timestamp_invalid', 'call_start_time'],
    ])
  })

  it.each([
    [{ category: ' TECHNICIAN_SUPPORT' }, 'category_spelling', { category: 'Technician Support' }],
    [{ category: 'technical support' }, 'category_spelling', { category: 'Technician Support' }],
    [{ resolution_status: 'in progress' }, 'resolution_status_spelling', { status: 'In-Progress' }],
    [{ customer_id: '' }, 'customer_from_complaint_id', { customer_id: CUSTOMER }],
    [{ customer_id: CUSTOMER.toUpperCase() }, 'customer_id_spelling', { customer_id: CUSTOMER }],
    [{ complaint_id: 'legacy-7' }, 'customer_unchecked', { customer_id: CUSTOMER }],
    [{ agent_id: '1035.0' }, 'agent_id_spelling', { agent_id: '1035' }],
  ])('is repaired: %j, and says so', (cells, remarks, expected) => {
    expect(cleanCall({ ...call, ...cells }, UTC)).toMatchObject({ ...expected, remarks })
  })

  it('has no customer and no agent where nothing says them', () => {
    const made = cleanCall({ ...call, complaint_id: 'legacy-7', customer_id: null, agent_id: '' }, UTC)
    expect(made).toMatchObject({ customer_id: null, agent_id: null, remarks: null })
  })
})

describe('requests', () => {
  it('are resolved on their resolution date', () => {
    const made = {
      opened_at: new Date('2025-03-30T22:14:24Z'),
      resolved_at: new Date('2025-04-12T12:52:24Z'),
      ended_at: null,
    }
    expect(cleanWebForm(form, UTC)).toMatchObject({ channel: 'web form', platform: null, ...made })
    expect(cleanSocialMedia(post, UTC)).toMatchObject({ channel: 'social media', platform: 'Twitter', ...made })
  })

  it.each([
    ['resolved without a date', { resolution_date: '' }],
    ['open with a date', { resolution_status: 'Backlog' }],
    ['resolved before they were made', { resolution_date: '2025-03-30 22:14:23' }],
  ])('are refused when they are %s', (_, cells) => {
    expect(problemsOf(cleanWebForm({ ...form, ...cells }, UTC))).toEqual([['rule_broken', 'resolution_date']])
    expect(problemsOf(cleanSocialMedia({ ...post, ...cells }, UTC))).toEqual([['rule_broken', 'resolution_date']])
  })

  it('on social media are refused without a known platform', () => {
    expect(problemsOf(cleanSocialMedia({ ...post, media_channel: 'Myspace' }, UTC))).toEqual([
      ['type_mismatch', 'media_channel'],
    ])
    expect(cleanSocialMedia({ ...post, media_channel: 'linked in' }, UTC)).toMatchObject({ platform: 'LinkedIn' })
  })
})

describe('customer ids', () => {
  it('stand in the ids of complaints behind a mark', () => {
    // ids of the real sources
    expect(customerIn('nnc0ddcdX7446ddcd260d4520a53e7279611b32c63779611Qgd')).toBe(
      '7446ddcd-260d-4520-a53e-7279611b32c6',
    )
    expect(customerIn('jare853Q935536e8f3c6485bb070c48153031c4a208153031c4aKak')).toBe(
      '935536e8-f3c6-485b-b070-c48153031c4a',
    )
    expect(customerIn('legacy-7')).toBeNull()
  })

  it('are UUIDs, in lower case with hyphens', () => {
    expect(customerId('65D7920296C349EAB5435E5B1AEB39CE')).toBe(CUSTOMER)
    expect([customerId('65d79202'), customerId(`${CUSTOMER}0`), customerId('')]).toEqual([null, null, null])
  })

  it.each(['K', 'Ka', '0', 'X0', '-'])('are looked for in 100 KB of %j in no time', (piece) => {
    const begin = process.cpuUsage().user
    customerIn(piece.repeat(100_000 / piece.length))
    customerId(piece.repeat(100_000 / piece.length))
    expect(process.cpuUsage().user - begin).toBeLessThan(50_000)
  })
})

describe('readTime', () => {
  const newYork = zoneOf('America/New_York')
  it('reads the clocks of a zone', () => {
    const instant = Date.parse('2025-07-01T16:00:00Z')
    expect(readTime('2025-07-01 12:00:00', newYork)).toEqual({ kind: 'instant', instant, isTwice: false })
    expect(readTime('2025-07-01T12:00:00-04:00', UTC)).toEqual({ kind: 'instant', instant, isTwice: false })
  })

  it('takes the earlier of a time that comes twice, and says so', () => {
    const instant = Date.parse('2025-11-02T05:30:00Z')
    expect(readTime('2025-11-02 01:30:00', newYork)).toEqual({ kind: 'instant', instant, isTwice: true })
  })

  it('finds no instant for a time that clocks skip', () => {
    expect(readTime('2025-03-09 02:30:00', newYork)).toEqual({ kind: 'gap' })
    expect(
      problemsOf(
        cleanCall({ ...call, call_start_time: '2025-03-09 02:30:00', call_end_time: '2025-03-09 03:30:00' }, newYork),
      ),
    ).toEqual([['timestamp_invalid', 'call_start_time']])
  })

  it.each(['31/02/2025', '2025-02-30 10:00:00', 'soon'])('does not read %j', (text) => {
    expect(readTime(text, UTC)).toEqual({ kind: 'unreadable' })
  })
})
