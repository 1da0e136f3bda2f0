/**
 * What the interactions page shows, in its address; the names are those of the API's filters.
 * @module
 */
import type { AddressForm } from '../../../page/store.ts'
import type { CellFilter } from '../figures/cell-counts.ts'

/** The filter, and which page of the customers is listed, from 0. */
export interface InteractionsState extends CellFilter {
  readonly page: number
}

export const FIRST_STATE: InteractionsState = {
  channels: [],
  types: [],
  customer: null,
  start: null,
  end: null,
  page: 0,
}

/** An id as the customers file may have it: a positive number of 32 bits. */
export function idOf(text: string): number | null {
  const id = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : 0
  return id >= 1 && id <= 2_147_483_647 ? id : null
}

/** Whether a text is a calendar day, such as `2020-02-29`. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

export const interactionsAddress: AddressForm<InteractionsState> = {
  fromQuery(text, [entity] = []) {
    const query = new URLSearchParams(text)
    const problems: string[] = []
    const read = <Value>(name: string, given: string | null, parse: (text: string) => Value | null): Value | null => {
      const value = given === null || given === '' ? null : parse(given)
      if (given && value === null) problems.push(`${name} cannot be ${given}`)
      return value
    }
    const day = (name: string) => read(name, query.get(name), (given) => (isDay(given) ? given : null))
    const state: InteractionsState = {
      channels: [...new Set(query.getAll('channel'))],
      types: [...new Set(query.getAll('type'))],
      // `/interactions/4` is one customer
      customer: read('customer', entity ?? query.get('customer'), idOf),
      start: day('start_date'),
      end: day('end_date'),
      page: (read('page', query.get('page'), idOf) ?? 1) - 1,
    }
    return { state, problem: problems.length === 0 ? null : problems.join('; ') }
  },
  toQuery({ channels, types, start, end, page }) {
    const query = new URLSearchParams()
    for (const channel of channels) query.append('channel', channel)
    for (const type of types) query.append('type', type)
    if (start !== null) query.set('start_date', start)
    if (end !== null) query.set('end_date', end)
    if (page > 0) query.set('page', String(page + 1))
    return query.toString()
  },
  toPath: ({ customer }) => (customer === null ? [] : [String(customer)]),
}
