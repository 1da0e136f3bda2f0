/**
 * Orders calls by a column, and cuts the order into pages.
 * @module
 */
import { pageOfRows } from '../../../page/selection/marks.ts'
import { orderMembers, orderNumbers } from '../../../page/selection/order.ts'
import { countUp } from '../../../table/take.ts'
import { compareTexts } from '../../../table/utf8.ts'
import type { CallSet, TextBytes } from './call-set.ts'
import { type CallSelection, lookingAt } from './selection.ts'

/** The columns that calls can be ordered by. */
export const CALL_COLUMNS = [
  'start',
  'call_id',
  'agent',
  'region',
  'customer_id',
  'issue',
  'resolution',
  'minutes',
  'rating',
] as const
export type CallColumn = (typeof CALL_COLUMNS)[number]

function byText(text: TextBytes): Int32Array {
  const { offsets, valid } = text
  const isNull = (row: number) => valid !== null && valid[row] === 0
  const rows = countUp(offsets.length - 1)
  return rows.sort((a, b) => {
    if (isNull(a) || isNull(b)) return Number(isNull(a)) - Number(isNull(b)) || a - b
    return compareTexts(text, a, b) || a - b
  })
}

/**
 * Returns every row of the set ordered by a column: ascending, nulls last, ties in the set's
 * order.
 */
export function orderCalls(set: CallSet, column: CallColumn): Int32Array {
  const { region, issue, agent, resolution } = set.dimensions
  switch (column) {
    case 'start':
      return orderNumbers(set.start)
    case 'minutes':
      return orderNumbers(set.minutes)
    case 'rating':
      return orderNumbers(set.rating)
    case 'agent':
      return orderMembers(agent, set.agentNames)
    case 'region':
      return orderMembers(region)
    case 'issue':
      return orderMembers(issue)
    case 'resolution':
      return orderMembers(resolution)
    case 'call_id':
      return byText(set.callId)
    case 'customer_id':
      return byText(set.customerId)
  }
}

/**
 * Returns up to `size` rows of the selection from position `from` on, along an order of {@link
 * orderCalls} or in reverse.
 */
export function pageOfCalls(
  { failed }: CallSelection,
  order: Int32Array,
  page: { readonly direction?: 'ascending' | 'descending'; readonly from: number; readonly size: number },
): number[] {
  return pageOfRows(failed, lookingAt('current'), order, page)
}
