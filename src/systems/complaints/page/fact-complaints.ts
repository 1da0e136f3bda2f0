/**
 * Rows of facts as a set of complaints, from which the figures are computed as the command line does.
 * @module
 */
import type { FactColumn, FactSet } from '../../../page/selection/fact-set.ts'
import { type ComplaintSet, NO_CODE } from '../figures/complaint-set.ts'
import { CATEGORIES, CHANNELS, PLATFORMS, STATUSES } from '../tables.ts'

function columnOf<Form extends FactColumn['form']>(set: FactSet, name: string, form: Form) {
  const column = set.columns.get(name)
  if (column === undefined || column.form !== form) throw new Error(`The file of complaints has no column ${name}.`)
  // the form was just compared
  return column as FactColumn & { readonly form: Form }
}

/** Codes of some rows in a list of words. */
function codesIn(set: FactSet, name: string, rows: Int32Array, words: readonly string[]): Uint8Array {
  const { codes, members } = columnOf(set, name, 'members')
  const known = members.map((member) => {
    const code = member === null ? -1 : words.indexOf(member)
    return code < 0 ? NO_CODE : code
  })
  return Uint8Array.from(rows, (row) => known[codes[row] as number] as number)
}

/** Numbers from 0 in order of appearance, and what they stand for; −1 for null. */
function numbered<Value>(rows: Int32Array, read: (row: number) => Value | null) {
  const numbers = new Map<Value, number>()
  const codes = Int32Array.from(rows, (row) => {
    const value = read(row)
    if (value === null) return -1
    const known = numbers.get(value)
    if (known !== undefined) return known
    numbers.set(value, numbers.size)
    return numbers.size - 1
  })
  return { codes, values: [...numbers.keys()] }
}

/** Returns some rows as a set of complaints; `seenAt` is when they were looked at, in epoch milliseconds. */
export function factComplaints(set: FactSet, rows: Int32Array, seenAt: number): ComplaintSet {
  const instants = (name: string): Float64Array => {
    const { values } = columnOf(set, name, 'numbers')
    return Float64Array.from(rows, (row) => values[row] as number)
  }
  const agents = columnOf(set, 'agent_id', 'members')
  const customers = columnOf(set, 'customer', 'numbers')
  const agent = numbered(rows, (row) => agents.members[agents.codes[row] as number] ?? null)
  const customer = numbered(rows, (row) => {
    const number = customers.values[row] as number
    return Number.isNaN(number) ? null : number
  })
  return {
    rows: rows.length,
    ...{ channel: codesIn(set, 'channel', rows, CHANNELS), platform: codesIn(set, 'platform', rows, PLATFORMS) },
    ...{ category: codesIn(set, 'category', rows, CATEGORIES), status: codesIn(set, 'status', rows, STATUSES) },
    ...{ agent: agent.codes, agents: agent.values, customer: customer.codes, customers: customer.values.length },
    ...{ openedAt: instants('opened_at'), resolvedAt: instants('resolved_at'), seenAt },
  }
}
