import { describe, expect, it } from 'vitest'
import { callContacts } from '../../../../src/systems/calls/figures/contacts.ts'
import { encodeTexts } from '../../../../src/table/utf8.ts'

const DAY = 86_400_000

/** Per call: its customer, whether it repeats another, whether it settled its issue. */
function contacts(calls: readonly (readonly [days: number, customer: string | null, resolution?: string | null])[]) {
  const members = ['Resolved', 'open', null]
  const { customer, isRepeat, isSettled } = callContacts({
    start: Float64Array.from(calls, ([days]) => days * DAY),
    customerId: encodeTexts(calls.map(([, name]) => name)),
    resolution: {
      codes: Int32Array.from(calls, ([, , resolution = 'Resolved']) => members.indexOf(resolution)),
      members,
    },
  })
  return Array.from(customer, (number, row) => [number, isRepeat[row], isSettled[row]])
}

describe('callContacts', () => {
  it('takes calls of one customer within seven days for one issue, which the first then did not settle', () => {
    expect(
      contacts([
        [0, 'K1'],
        [7, 'K1'],
        [14 + 1 / DAY, 'K1'],
      ]),
    ).toEqual([
      [0, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ])
  })

  it('counts a chain of calls from each to the next', () => {
    expect(
      contacts([
        [0, 'K1'],
        [5, 'K1'],
        [10, 'K1'],
        [30, 'K1'],
      ]).map(([, isRepeat, isSettled]) => [isRepeat, isSettled]),
    ).toEqual([
      [0, 0],
      [1, 0],
      [1, 0],
      [0, 1],
    ])
  })

  it('settles nothing that was not resolved', () => {
    expect(
      contacts([
        [0, 'K1', 'open'],
        [0, 'K2', null],
        [0, 'K3'],
      ]),
    ).toEqual([
      [0, 0, 0],
      [1, 0, 0],
      [2, 0, 1],
    ])
  })

  it('tells customers by their whole text, and leaves calls alone that name none', () => {
    expect(
      contacts([
        [0, 'K1'],
        [1, null],
        [1, 'K11'],
        [2, 'É'],
        [3, null],
        [3, 'K1'],
        [4, ''],
      ]),
    ).toEqual([
      [0, 0, 0],
      [-1, 0, 0],
      [1, 0, 1],
      [2, 0, 1],
      [-1, 0, 0],
      [0, 1, 0],
      [3, 0, 1],
    ])
  })

  it('goes by time, not by row', () => {
    expect(
      contacts([
        [9, 'K1'],
        [3, 'K1'],
        [20, 'K2'],
        [1, 'K2'],
      ]),
    ).toEqual([
      [0, 1, 0],
      [0, 0, 0],
      [1, 0, 1],
      [1, 0, 1],
    ])
  })
})
