/**
 * The calls themselves: sorted, in pages, with a download as CSV.
 * @module
 */

import { card } from '../../../page/card.ts'
import { button, element } from '../../../page/element.ts'
import { nothingHere } from '../../../page/empty.ts'
import { countText } from '../../../page/figure-text.ts'
import { scrollable } from '../../../page/scroll.ts'
import type { PageStore } from '../../../page/store.ts'
import type { CallSet } from '../figures/call-set.ts'
import { callKpis } from '../figures/kpis.ts'
import { type CallColumn, orderCalls, pageOfCalls } from '../figures/order.ts'
import type { CallSelection } from '../figures/selection.ts'
import { cellText } from './call-cells.ts'
import { saveCalls } from './save-calls.ts'
import type { CallsState } from './state.ts'
import { NO_MATCH, type View } from './view.ts'

const PAGE = 20

const COLUMNS: readonly { readonly column: CallColumn; readonly title: string; readonly isNumber?: true }[] = [
  { column: 'start', title: 'Start (UTC)' },
  { column: 'call_id', title: 'Call' },
  { column: 'agent', title: 'Agent' },
  { column: 'region', title: 'Region' },
  { column: 'customer_id', title: 'Customer' },
  { column: 'issue', title: 'Issue' },
  { column: 'resolution', title: 'Resolution' },
  { column: 'minutes', title: 'Minutes', isNumber: true },
  { column: 'rating', title: 'Rating', isNumber: true },
]

/** Orders of a set, each computed when it is first needed. */
class Orders {
  #set: CallSet | null = null
  readonly #orders = new Map<CallColumn, Int32Array>()

  of(set: CallSet, column: CallColumn): Int32Array {
    if (this.#set !== set) this.#orders.clear()
    this.#set = set
    let order = this.#orders.get(column)
    if (order === undefined) {
      order = orderCalls(set, column)
      this.#orders.set(column, order)
    }
    return order
  }
}

/** Returns the card of calls. */
export function callsTable(store: PageStore<CallsState>): View {
  const orders = new Orders()
  let selection: CallSelection | null = null
  const sortBy = (column: CallColumn) => {
    const { sort, direction } = store.state
    const turned = sort === column && direction === 'ascending' ? 'descending' : 'ascending'
    store.change({ sort: column, direction: sort === column ? turned : 'ascending', tablePage: 0 })
  }
  const heads = COLUMNS.map(({ column, title, isNumber }) => {
    const head = button(title, { class: 'sort' }, () => sortBy(column))
    return { column, cell: element('th', { scope: 'col', class: isNumber ? 'number' : '' }, head) }
  })
  const body = element('tbody')
  const turn = (by: number) => () => store.change({ tablePage: store.state.tablePage + by }, 'stay')
  const back = button('Previous', { class: 'quiet' }, turn(-1))
  const on = button('Next', { class: 'quiet' }, turn(1))
  const place = element('span', { class: 'place', role: 'status' })
  const save = button('Export CSV', { class: 'quiet', 'data-role': 'export' }, () => {
    if (selection !== null) saveCalls(selection)
  })
  const section = card(
    { title: 'Calls', class: 'wide', note: 'The calls in view, one by one.', tools: [save] },
    scrollable(
      'The calls in view',
      element(
        'table',
        { class: 'calls' },
        element('thead', {}, element('tr', {}, ...heads.map(({ cell }) => cell))),
        body,
      ),
    ),
    element('nav', { class: 'pager', 'aria-label': 'Pages of calls' }, back, place, on),
  )
  return {
    element: section,
    update(next, { sort, direction, tablePage }) {
      selection = next
      const { set } = next
      for (const { column, cell } of heads) {
        if (column === sort) cell.setAttribute('aria-sort', direction)
        else cell.removeAttribute('aria-sort')
      }
      const total = callKpis(next).current.calls
      const pages = Math.max(1, Math.ceil(total / PAGE))
      const page = Math.min(tablePage, pages - 1)
      const rows = pageOfCalls(next, orders.of(set, sort), { direction, from: page * PAGE, size: PAGE })
      body.replaceChildren(
        ...rows.map((row) =>
          element(
            'tr',
            {},
            ...COLUMNS.map(({ column, isNumber }) =>
              element('td', { class: isNumber ? 'number' : '' }, cellText(set, column, row)),
            ),
          ),
        ),
      )
      if (rows.length === 0)
        body.append(element('tr', {}, element('td', { colspan: COLUMNS.length }, nothingHere(NO_MATCH))))
      place.textContent =
        total === 0
          ? ''
          : `${countText(page * PAGE + 1)}–${countText(page * PAGE + rows.length)} of ${countText(total)}`
      back.disabled = page === 0
      on.disabled = page >= pages - 1
      save.disabled = total === 0
    },
  }
}
