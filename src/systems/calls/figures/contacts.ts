/**
 * Relates each call to its customer's other calls: a repeat, or the call that settled the issue.
 * @module
 */
import { outcomeOf } from './outcome.ts'

/** Two calls of one customer within this many days belong together. */
export const REPEAT_DAYS = 7
const DAY = 86_400_000

/** Flags of each call among its customer's calls: 1 for yes; 0 for calls without a customer. */
export interface CallContacts {
  /** The customer as a number from 0; −1 for a call without a customer. */
  readonly customer: Int32Array
  /** The same customer called within the seven days before. */
  readonly isRepeat: Uint8Array
  /**
   * The call is not a repeat, was resolved, and the customer did not call within the seven days
   * after it.
   */
  readonly isSettled: Uint8Array
}

/** The columns of a call set that decide this: text as UTF-8, resolutions as codes. */
export interface ContactColumns {
  readonly start: Float64Array
  readonly customerId: { readonly bytes: Uint8Array; readonly offsets: Int32Array; readonly valid: Uint8Array | null }
  readonly resolution: { readonly codes: Int32Array; readonly members: readonly (string | null)[] }
}

const utf8 = new TextDecoder()

function customerNumbers({ bytes, offsets, valid }: ContactColumns['customerId']): {
  readonly numbers: Int32Array
  readonly size: number
} {
  const known = new Map<string, number>()
  const numbers = new Int32Array(offsets.length - 1).fill(-1)
  for (let row = 0; row < numbers.length; row++) {
    if (valid !== null && valid[row] === 0) continue
    const name = utf8.decode(bytes.subarray(offsets[row], offsets[row + 1]))
    const number = known.get(name) ?? known.size
    if (number === known.size) known.set(name, number)
    numbers[row] = number
  }
  return { numbers, size: known.size }
}

/** Rows in order of start; most sets already are. */
function byStart(start: Float64Array): Int32Array {
  const order = Int32Array.from(start, (_, row) => row)
  const isOrdered = order.every((row) => row === 0 || (start[row - 1] as number) <= (start[row] as number))
  return isOrdered ? order : order.sort((a, b) => (start[a] as number) - (start[b] as number) || a - b)
}

/**
 * Returns how each call relates to its customer's other calls. Linear time if the calls are
 * ordered by start.
 */
export function callContacts({ start, customerId, resolution }: ContactColumns): CallContacts {
  const { numbers: customer, size } = customerNumbers(customerId)
  const isResolved = Uint8Array.from(resolution.members, (member) => (outcomeOf(member) === 'resolved' ? 1 : 0))
  const isRepeat = new Uint8Array(start.length)
  const isSettled = new Uint8Array(start.length)
  const last = new Int32Array(size).fill(-1)
  for (const row of byStart(start)) {
    const number = customer[row] as number
    if (number < 0) continue
    const before = last[number] as number
    const isClose = before >= 0 && (start[row] as number) - (start[before] as number) <= REPEAT_DAYS * DAY
    if (isClose) {
      isRepeat[row] = 1
      isSettled[before] = 0
    } else isSettled[row] = isResolved[resolution.codes[row] as number] as number
    last[number] = row
  }
  return { customer, isRepeat, isSettled }
}
