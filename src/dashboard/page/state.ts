/**
 * What the page shows, kept in its address, so that a view can be shared and the back button means something.
 * @module
 */
import { EtlError } from '../../errors.ts'
import type { CallFilter } from '../../systems/calls/figures/filter.ts'
import { MINIMUM_CALLS } from '../../systems/calls/figures/leaderboard.ts'
import { CALL_COLUMNS, type CallColumn } from '../../systems/calls/figures/order.ts'
import { filterFromQuery, filterToQuery } from '../../systems/calls/figures/query.ts'

/** Everything that the address carries. */
export interface ViewState {
  readonly page: 'calls' | 'months'
  readonly filter: CallFilter
  readonly minimumCalls: number
  readonly sort: CallColumn
  readonly direction: 'ascending' | 'descending'
  /** Of the table of calls, from 0. */
  readonly tablePage: number
  /** Of the monthly report: months chosen, or `all`; empty for the newest whole quarter. */
  readonly months: readonly string[]
}

export const FIRST_STATE: ViewState = {
  page: 'calls',
  filter: {},
  minimumCalls: MINIMUM_CALLS,
  sort: 'start',
  direction: 'descending',
  tablePage: 0,
  months: [],
}

/** Returns the state of an address's query, and what in it could not be read. */
export function stateFromQuery(text: string): { readonly state: ViewState; readonly problem: string | null } {
  const query = new URLSearchParams(text)
  const sort = query.get('sort') ?? ''
  const column = CALL_COLUMNS.find((name) => sort === name || sort === `-${name}`)
  const minimum = Number(query.get('minimum') ?? MINIMUM_CALLS)
  const rest = {
    page: query.get('view') === 'months' ? ('months' as const) : ('calls' as const),
    minimumCalls: Number.isInteger(minimum) && minimum > 0 ? minimum : MINIMUM_CALLS,
    sort: column ?? FIRST_STATE.sort,
    direction: column !== undefined && !sort.startsWith('-') ? ('ascending' as const) : ('descending' as const),
    tablePage: 0,
    months: query.getAll('month'),
  }
  try {
    return { state: { ...rest, filter: filterFromQuery(text) }, problem: null }
  } catch (error) {
    if (!(error instanceof EtlError)) throw error
    return { state: { ...rest, filter: {} }, problem: error.message }
  }
}

/** Returns the query of a state; what is as it was at first is left out. */
export function stateToQuery(state: ViewState): string {
  const query = new URLSearchParams()
  if (state.page !== 'calls') query.set('view', state.page)
  for (const month of state.months) query.append('month', month)
  if (state.minimumCalls !== MINIMUM_CALLS) query.set('minimum', String(state.minimumCalls))
  if (state.sort !== FIRST_STATE.sort || state.direction !== FIRST_STATE.direction) {
    query.set('sort', `${state.direction === 'descending' ? '-' : ''}${state.sort}`)
  }
  return [filterToQuery(state.filter), query.toString()].filter((part) => part !== '').join('&')
}

type Listener = (state: ViewState) => void

/** The one state of the page. A change is a step in the browser's history, unless it is one of a stream of small ones. */
export class Store {
  #state: ViewState
  readonly #listeners = new Set<Listener>()
  /** What of the address could not be read, for a notice. */
  problem: string | null

  constructor() {
    const { state, problem } = stateFromQuery(location.search)
    this.#state = state
    this.problem = problem
    addEventListener('popstate', () => {
      const read = stateFromQuery(location.search)
      this.#state = read.state
      this.problem = read.problem
      this.#tell()
    })
  }

  get state(): ViewState {
    return this.#state
  }

  /** Calls the listener now and after every change. */
  subscribe(listener: Listener): void {
    this.#listeners.add(listener)
    listener(this.#state)
  }

  change(change: Partial<ViewState>, history_: 'step' | 'stay' = 'step'): void {
    this.#state = { ...this.#state, ...change }
    this.problem = null
    const query = stateToQuery(this.#state)
    const address = `${location.pathname}${query === '' ? '' : `?${query}`}${location.hash}`
    if (history_ === 'step') history.pushState(null, '', address)
    else history.replaceState(null, '', address)
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.#state)
  }
}
