/**
 * What the page of the monthly report shows, in its address.
 * @module
 */
import type { AddressForm } from '../../../page/store.ts'

/** The part of the state that the page of the monthly report reads and changes. */
export interface MonthsState {
  /** Months chosen, or `all`; empty for the newest whole quarter. */
  readonly months: readonly string[]
  /** The contact center whose rows the report shows; null for all. */
  readonly center: string | null
}

export const monthsAddress: AddressForm<MonthsState> = {
  fromQuery(text, path = []) {
    const query = new URLSearchParams(text)
    // `/support/2025-02/Boston` is one month of one contact center
    const [month, center] = path
    const months = month === undefined ? query.getAll('month') : [month]
    return { state: { months, center: center ?? query.get('center') }, problem: null }
  },
  toQuery({ months, center }) {
    const named = months.map((month) => ['month', month])
    return new URLSearchParams(center === null ? named : [...named, ['center', center]]).toString()
  },
}
