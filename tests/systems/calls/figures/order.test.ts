import { describe, expect, it } from 'vitest'
import { frameCallSet } from '../../../../src/systems/calls/figures/call-set.ts'
import { callFrame } from '../../../../src/systems/calls/figures/frame.ts'
import { CALL_COLUMNS, type CallColumn, orderCalls, pageOfCalls } from '../../../../src/systems/calls/figures/order.ts'
import { selectCalls } from '../../../../src/systems/calls/figures/selection.ts'
import { setOf } from '../tables.ts'

const set = setOf(
  {
    at: '2025-01-01T09:00:00Z',
    call_id: 'b',
    agent_id: 'A2',
    customer_id: 'K2',
    issue_type: 'outage',
    rating: 4,
    minutes: 5,
  },
  {
    at: '2025-01-01T10:00:00Z',
    call_id: 'ab',
    agent_id: 'A1',
    customer_id: null,
    issue_type: null,
    rating: null,
    minutes: 1,
  },
  {
    at: '2025-01-01T11:00:00Z',
    call_id: 'a',
    agent_id: 'A2',
    customer_id: 'K10',
    issue_type: 'billing',
    rating: 2,
    minutes: 5,
    resolution: null,
  },
  {
    at: '2025-01-01T12:00:00Z',
    call_id: 'aé',
    agent_id: 'A9',
    customer_id: null,
    issue_type: 'outage',
    rating: null,
    minutes: 0.5,
    resolution: 'open',
  },
  {
    at: '2025-01-01T13:00:00Z',
    call_id: 'aba',
    agent_id: 'A1',
    customer_id: 'K1',
    issue_type: null,
    rating: 2,
    minutes: 9,
  },
)

describe('orderCalls', () => {
  it.each<[CallColumn, number[]]>([
    ['start', [0, 1, 2, 3, 4]],
    ['call_id', [2, 1, 4, 3, 0]],
    // by the agents' names: Ada, Ben, Unknown
    ['agent', [1, 4, 0, 2, 3]],
    ['region', [1, 4, 0, 2, 3]],
    ['customer_id', [4, 2, 0, 1, 3]],
    ['issue', [2, 0, 3, 1, 4]],
    ['resolution', [3, 0, 1, 4, 2]],
    ['minutes', [3, 1, 0, 2, 4]],
    ['rating', [2, 4, 0, 1, 3]],
  ])('orders by %s, nulls last and ties as in the set', (column, order) => {
    expect([...orderCalls(set, column)]).toEqual(order)
  })

  it('knows every column', () => {
    for (const column of CALL_COLUMNS) expect(orderCalls(set, column), column).toHaveLength(5)
    expect(CALL_COLUMNS).toHaveLength(9)
  })

  it('orders a set that is not in order of its start', () => {
    const shuffled = frameCallSet(callFrame(set, Int32Array.of(3, 0, 4, 2, 1)))
    expect([...orderCalls(shuffled, 'start')]).toEqual([1, 4, 3, 0, 2])
  })

  it('tells the largest of numbers from the one before it, in any order of rows', () => {
    const minutes = [9, 5, 7, 1]
    const rows = minutes.map((one, hour) => ({ at: `2025-01-01T0${hour}:00:00Z`, minutes: one, rating: 5 - hour }))
    expect([...orderCalls(setOf(...rows), 'minutes')]).toEqual([3, 1, 2, 0])
    expect([...orderCalls(setOf(...rows), 'rating')]).toEqual([3, 2, 1, 0])
  })

  it('orders no calls', () => {
    for (const column of CALL_COLUMNS) expect([...orderCalls(setOf(), column)], column).toEqual([])
  })
})

describe('pageOfCalls', () => {
  const order = orderCalls(set, 'start')
  const page = (from: number, size: number, direction?: 'ascending' | 'descending', filter = {}) =>
    pageOfCalls(selectCalls(set, filter), order, direction === undefined ? { from, size } : { from, size, direction })

  it('is a stretch of the order, or of its reverse', () => {
    expect(page(0, 2)).toEqual([0, 1])
    expect(page(1, 3, 'ascending')).toEqual([1, 2, 3])
    expect(page(0, 2, 'descending')).toEqual([4, 3])
    expect(page(3, 9, 'descending')).toEqual([1, 0])
    expect([page(5, 2), page(0, 0)]).toEqual([[], []])
  })

  it('counts only the selected calls', () => {
    const filter = { issue: ['outage', null] }
    expect(page(0, 9, 'ascending', filter)).toEqual([0, 1, 3, 4])
    expect(page(1, 2, 'descending', filter)).toEqual([3, 1])
  })
})
