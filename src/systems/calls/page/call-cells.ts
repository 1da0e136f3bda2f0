/**
 * The cells of one call, as text.
 * @module
 */

import { momentText, NONE, oneDecimal, twoDecimals } from '../../../page/figure-text.ts'
import type { CallDimension, CallSet, TextBytes } from '../figures/call-set.ts'
import type { CallColumn } from '../figures/order.ts'
import { agentText } from './words.ts'

const utf8 = new TextDecoder()

/** The text of a row, NONE where it has none. */
export function textAt({ bytes, offsets, valid }: TextBytes, row: number): string {
  if (valid !== null && valid[row] === 0) return NONE
  return utf8.decode(bytes.subarray(offsets[row], offsets[row + 1]))
}

function memberAt(set: CallSet, dimension: CallDimension, row: number): string {
  const { codes, members } = set.dimensions[dimension]
  return members[codes[row] as number] ?? NONE
}

/** Returns a cell of the table of calls. */
export function cellText(set: CallSet, column: CallColumn, row: number): string {
  const rating = set.rating[row] as number
  switch (column) {
    case 'start':
      return momentText(set.start[row] as number)
    case 'call_id':
      return textAt(set.callId, row)
    case 'customer_id':
      return textAt(set.customerId, row)
    case 'agent':
      return agentText(set, set.dimensions.agent.codes[row] as number)
    case 'minutes':
      return twoDecimals(set.minutes[row] as number)
    case 'rating':
      return Number.isNaN(rating) ? NONE : Number.isInteger(rating) ? String(rating) : oneDecimal(rating)
    default:
      return memberAt(set, column, row)
  }
}
