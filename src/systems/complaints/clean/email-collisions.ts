/**
 * Customers who share an address after repair: a repair may be wrong where it makes one address of two.
 * @module
 */
import { DictionaryColumn, NumberColumn } from '../../../table/column.ts'
import { columnOf, type Frame, frameOf, selectColumns } from '../../../table/frame.ts'
import { keyBytes } from '../../../table/key/key.ts'
import { KeyIndex } from '../../../table/key/key-index.ts'
import { markedRows, takeRows } from '../../../table/take.ts'
import { encodeTexts } from '../../../table/utf8.ts'

/** The rules that change a domain. */
const REPAIRS: ReadonlySet<unknown> = new Set(['domain_typo', 'domain_case'])

/** Customers of one address, and for how many of them it was repaired. */
interface Shared {
  readonly email: string
  readonly customers: number
  readonly repaired: number
}

/** Returns which rows have a cell that is one of some values. */
function rowsWith(frame: Frame, name: string, isWanted: (value: unknown) => boolean): Uint8Array {
  const column = columnOf(frame, name)
  if (!(column instanceof DictionaryColumn)) return Uint8Array.from(column, (value) => (isWanted(value) ? 1 : 0))
  const wanted = Uint8Array.from(column.values, (value) => (isWanted(value) ? 1 : 0))
  return Uint8Array.from(column.codes, (code) => (code < 0 ? 0 : (wanted[code] as number)))
}

function sharedAddresses(customers: Frame): Shared[] {
  const addressed = markedRows(rowsWith(selectColumns(customers, ['email']), 'email', (email) => email !== null))
  const frame = takeRows(selectColumns(customers, ['email', 'email_rule']), addressed)
  const { groupOf } = KeyIndex.of(keyBytes(frame, ['email']))
  const isRepaired = rowsWith(frame, 'email_rule', (rule) => REPAIRS.has(rule))
  const groups = groupOf.reduce((most, group) => Math.max(most, group), -1) + 1
  const [customersOf, repairedOf] = [new Int32Array(groups), new Int32Array(groups)]
  const firstOf = new Int32Array(groups).fill(-1)
  for (let row = 0; row < frame.rows; row++) {
    const group = groupOf[row] as number
    customersOf[group] = (customersOf[group] as number) + 1
    repairedOf[group] = (repairedOf[group] as number) + (isRepaired[row] as number)
    if (firstOf[group] === -1) firstOf[group] = row
  }
  const emails = columnOf(frame, 'email')
  const shared: Shared[] = []
  for (let group = 0; group < groups; group++) {
    const [count, repaired] = [customersOf[group] as number, repairedOf[group] as number]
    if (count < 2 || repaired === 0) continue
    shared.push({ email: String(emails.at(firstOf[group] as number)), customers: count, repaired })
  }
  return shared.sort((a, b) => (a.email < b.email ? -1 : 1))
}

/** Returns the addresses that several cleaned customers have where one of them was repaired, by address. */
export function findCollisions(customers: Frame | null): Frame {
  const shared = customers === null ? [] : sharedAddresses(customers)
  const numbers = (name: 'customers' | 'repaired') =>
    new NumberColumn(
      'float64',
      Float64Array.from(shared, (address) => address[name]),
    )
  return frameOf(
    [
      ['email', encodeTexts(shared.map(({ email }) => email))],
      ['customers', numbers('customers')],
      ['repaired', numbers('repaired')],
    ],
    shared.length,
  )
}
