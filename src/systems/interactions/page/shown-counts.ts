/**
 * What the page shows of a filter: all counts, one page of customers, and what is unusual in these days.
 * @module
 */
import type { InteractionAnomaly } from '../figures/anomalies.ts'
import type { CountedCustomer } from '../figures/answers.ts'
import { type CellCounts, countCells, filterProblem } from '../figures/cell-counts.ts'
import type { InteractionsSnapshot } from './snapshot.ts'
import type { InteractionsState } from './state.ts'

/** Customers in a page of the table. */
export const PAGE_SIZE = 20

/** One page of the customers that a filter selects. */
export interface CustomersPage {
  /** Of all pages. */
  readonly total: number
  /** Which page it is, from 0; the last one where there are not so many. */
  readonly page: number
  readonly pages: number
  readonly rows: readonly CountedCustomer[]
}

/** What a filter selects, as the page shows it. */
export interface ShownCounts extends Omit<CellCounts, 'customer' | 'customers'> {
  readonly customers: CustomersPage
  /** Of all interactions of these days; the other filters do not narrow them. */
  readonly unusual: readonly InteractionAnomaly[]
}

/** What a filter selects, or in words why it can select nothing. */
export type FilterAnswer = { readonly problem: string } | { readonly problem: null; readonly counts: ShownCounts }

/** Returns what the page shows of a state. */
export function shownCounts(snapshot: InteractionsSnapshot, state: InteractionsState): FilterAnswer {
  const problem = filterProblem(snapshot, state)
  if (problem !== null) return { problem }
  const { customers, customer, ...counts } = countCells(snapshot, state)
  const pages = Math.max(1, Math.ceil(customers.length / PAGE_SIZE))
  const page = Math.min(state.page, pages - 1)
  const rows = customers.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE).map(customer)
  const { start, end } = state
  const unusual = snapshot.anomalies.filter(({ day }) => (start ?? day) <= day && day <= (end ?? day))
  return { problem, counts: { ...counts, customers: { total: customers.length, page, pages, rows }, unusual } }
}
