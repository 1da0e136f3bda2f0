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
import { CALL_COLUMNS, type CallColumn } from '../figures/order.ts'
import type { CallsState } from './state.ts'
import { NO_MATCH, type RowsView } from './view.ts'

const TITLES: Readonly<Record<CallColumn, string>> = {
  start: 'Start (UTC)',
  call_id: 'Call',
  agent: 'Agent',
  region: 'Region',
  customer_id: 'Customer',
  issue: 'Issue',
  resolution: 'Resolution',
  minutes: 'Minutes',
  rating: 'Rating',
}
const classOf = (column: CallColumn) => (column === 'minutes' || column === 'rating' ? 'number' : '')

/** Returns the card of calls; `onSave` saves those in view as CSV. */
export function callsTable(store: PageStore<CallsState>, onSave: () => void): RowsView {
  const sortBy = (column: CallColumn) => {
    const { sort, direction } = store.state
    const turned = sort === column && direction === 'ascending' ? 'descending' : 'ascending'
    store.change({ sort: column, direction: sort === column ? turned : 'ascending', tablePage: 0 })
  }
  const heads = CALL_COLUMNS.map((column) => {
    const head = button(TITLES[column], { class: 'sort' }, () => sortBy(column))
    return { column, cell: element('th', { scope: 'col', class: classOf(column) }, head) }
  })
  const body = element('tbody')
  const turn = (by: number) => () => store.change({ tablePage: store.state.tablePage + by }, 'stay')
  const back = button('Previous', { class: 'quiet' }, turn(-1))
  const on = button('Next', { class: 'quiet' }, turn(1))
  const place = element('span', { class: 'place', role: 'status' })
  const save = button('Export CSV', { class: 'quiet', 'data-role': 'export' }, onSave)
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
    update({ total, from, rows }) {
      const { sort, direction } = store.state
      for (const { column, cell } of heads) {
        if (column === sort) cell.setAttribute('aria-sort', direction)
        else cell.removeAttribute('aria-sort')
      }
      body.replaceChildren(
        ...rows.map((cells) =>
          element(
            'tr',
            {},
            ...CALL_COLUMNS.map((column, at) => element('td', { class: classOf(column) }, cells[at] ?? '')),
          ),
        ),
      )
      if (rows.length === 0)
        body.append(element('tr', {}, element('td', { colspan: CALL_COLUMNS.length }, nothingHere(NO_MATCH))))
      place.textContent =
        total === 0 ? '' : `${countText(from + 1)}–${countText(from + rows.length)} of ${countText(total)}`
      back.disabled = from === 0
      on.disabled = from + rows.length >= total
      save.disabled = total === 0
    },
  }
}
