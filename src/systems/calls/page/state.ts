/**
 * What the page of calls shows, in its address.
 * @module
 */
import { EtlError } from '../../../errors.ts'
import type { AddressForm } from '../../../page/store.ts'
import type { CallFilter } from '../figures/filter.ts'
import { MINIMUM_CALLS } from '../figures/leaderboard.ts'
import { CALL_COLUMNS, type CallColumn } from '../figures/order.ts'
import { filterFromQuery, filterToQuery } from '../figures/query.ts'

/** The part of the state that the page of calls reads and changes. */
export interface CallsState {
  readonly filter: CallFilter
  readonly minimumCalls: number
  readonly sort: CallColumn
  readonly direction: 'ascending' | 'descending'
  /** Of the table of calls, from 0. */
  readonly tablePage: number
}

export const FIRST_STATE: CallsState = {
  filter: {},
  minimumCalls: MINIMUM_CALLS,
  sort: 'start',
  direction: 'descending',
  tablePage: 0,
}

export const callsAddress: AddressForm<CallsState> = {
  fromQuery(text, path = []) {
    const query = new URLSearchParams(text)
    const sort = query.get('sort') ?? ''
    const column = CALL_COLUMNS.find((name) => sort === name || sort === `-${name}`)
    const minimum = Number(query.get('minimum') ?? MINIMUM_CALLS)
    const rest = {
      minimumCalls: Number.isInteger(minimum) && minimum > 0 ? minimum : MINIMUM_CALLS,
      sort: column ?? FIRST_STATE.sort,
      direction: column !== undefined && !sort.startsWith('-') ? ('ascending' as const) : ('descending' as const),
      tablePage: 0,
    }
    try {
      const filter = filterFromQuery(text)
      // `/calls/agents/A12` is the page of one agent
      const [entity, id] = path
      return {
        state: { ...rest, filter: entity === 'agents' && id !== undefined ? { ...filter, agent: [id] } : filter },
        problem: null,
      }
    } catch (error) {
      if (!(error instanceof EtlError)) throw error
      return { state: { ...rest, filter: {} }, problem: error.message }
    }
  },
  toQuery({ filter, minimumCalls, sort, direction }) {
    const query = new URLSearchParams()
    if (minimumCalls !== MINIMUM_CALLS) query.set('minimum', String(minimumCalls))
    if (sort !== FIRST_STATE.sort || direction !== FIRST_STATE.direction) {
      query.set('sort', `${direction === 'descending' ? '-' : ''}${sort}`)
    }
    return [filterToQuery(filter), query.toString()].filter((part) => part !== '').join('&')
  },
}
