/**
 * What the dashboard shows, in its address: which page, and the state of each.
 * @module
 */
import type { AddressForm } from '../../page/store.ts'
import { type CallsState, callsAddress } from '../../systems/calls/page/state.ts'
import { type MonthsState, monthsAddress } from '../../systems/support/page/state.ts'

/** Everything that the address carries. */
export interface ViewState extends CallsState, MonthsState {
  readonly page: 'calls' | 'months'
}

export const viewAddress: AddressForm<ViewState> = {
  fromQuery(text) {
    const page = new URLSearchParams(text).get('view') === 'months' ? ('months' as const) : ('calls' as const)
    const [calls, months] = [callsAddress.fromQuery(text), monthsAddress.fromQuery(text)]
    return { state: { page, ...calls.state, ...months.state }, problem: calls.problem ?? months.problem }
  },
  toQuery(state) {
    const view = state.page === 'calls' ? '' : new URLSearchParams({ view: state.page }).toString()
    const parts = [callsAddress.toQuery(state), view, monthsAddress.toQuery(state)]
    return parts.filter((part) => part !== '').join('&')
  },
}
