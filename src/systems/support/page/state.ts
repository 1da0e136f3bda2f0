/**
 * What the page of the monthly report shows, in its address.
 * @module
 */
import type { AddressForm } from '../../../page/store.ts'

/** The part of the state that the page of the monthly report reads and changes. */
export interface MonthsState {
  /** The page that is shown. */
  readonly page: string
  /** Months chosen, or `all`; empty for the newest whole quarter. */
  readonly months: readonly string[]
}

export const monthsAddress: AddressForm<Omit<MonthsState, 'page'>> = {
  fromQuery(text) {
    return { state: { months: new URLSearchParams(text).getAll('month') }, problem: null }
  },
  toQuery({ months }) {
    return new URLSearchParams(months.map((month) => ['month', month])).toString()
  },
}
