/**
 * The card of customers × channels: in pages, with the rows behind it and a file of all of it.
 * @module
 */
import { card } from '../../../page/card.ts'
import { button, element } from '../../../page/element.ts'
import { nothingHere } from '../../../page/empty.ts'
import { figureTable } from '../../../page/figure-table.ts'
import { countText } from '../../../page/figure-text.ts'
import { saveFile } from '../../../page/save-file.ts'
import { siteLink } from '../../../page/site/site.ts'
import type { PageStore } from '../../../page/store.ts'
import { countTexts } from './cards.ts'
import type { LoadedInteractions } from './load.ts'
import { PAGE_SIZE, type ShownCounts } from './shown-counts.ts'
import type { InteractionsState } from './state.ts'

/** The page of data with the interactions that a filter selects; its filters know no type of customer. */
function rowsAddress(place: string, { channels, customer, start, end }: InteractionsState): string {
  const query = new URLSearchParams(place === '' ? [] : [['at', place]])
  for (const channel of channels) query.append('is.channel', channel)
  const range = (column: string, from: number | null, to: number | null) => {
    if (from !== null) query.set(`from.${column}`, String(from))
    if (to !== null) query.set(`to.${column}`, String(to))
  }
  range('customer_id', customer, customer)
  const time = (day: string | null, clock: string) => (day === null ? null : Date.parse(`${day}T${clock}Z`))
  range('started_on', time(start, '00:00:00.000'), time(end, '23:59:59.999'))
  return siteLink({ route: 'data', path: ['interactions'], query: query.toString() })
}

/** Returns the card. */
export function customersCard(
  loaded: LoadedInteractions,
  { channels, customers }: ShownCounts,
  store: PageStore<InteractionsState>,
  tellFailure: (error: unknown) => void,
): HTMLElement {
  const { state } = store
  const { page, pages, total } = customers
  const first = page * PAGE_SIZE
  const rows = customers.rows.map(({ customer_id, isKnown, interactions }) => {
    const choose = () => store.change({ customer: customer_id, page: 0 })
    const link = button(String(customer_id), { class: 'link', 'data-key': `customer ${customer_id}` }, choose)
    return [
      element('span', { 'data-customer': customer_id }, link, !isKnown && ' not in the file'),
      ...countTexts(channels, interactions),
    ]
  })
  const save = button('Export CSV', { class: 'quiet', 'data-role': 'export', 'data-key': 'export' }, () =>
    loaded.csv(state).then((bytes) => saveFile([bytes], 'interactions.csv'), tellFailure),
  )
  save.disabled = rows.length === 0 || channels.length === 0
  const turn = (label: string, by: number) => {
    const made = button(label, { class: 'quiet', 'data-key': `turn ${by}` }, () =>
      store.change({ page: page + by }, 'stay'),
    )
    made.disabled = page + by < 0 || page + by >= pages
    return made
  }
  const rowsText = state.types.length === 0 ? 'Rows' : 'Rows, of every type'
  return card(
    {
      title: 'Customers and channels',
      class: 'wide',
      note: 'Every channel that occurs anywhere, zeros included. An id narrows the page to its customer.',
      tools: [
        loaded.hasRows &&
          element('a', { href: rowsAddress(loaded.overview.place, state), 'data-role': 'rows' }, rowsText),
        save,
      ],
    },
    rows.length === 0
      ? nothingHere('No customer matches these filters.')
      : figureTable('Interactions by customer and channel', ['Customer', ...channels, 'All'], rows, 1),
    element(
      'nav',
      { class: 'pager', 'aria-label': 'Pages of customers' },
      turn('Previous', -1),
      element(
        'span',
        { class: 'place', role: 'status' },
        rows.length === 0
          ? 'no customers'
          : `${countText(first + 1)}–${countText(first + rows.length)} of ${countText(total)}`,
      ),
      turn('Next', 1),
    ),
  )
}
