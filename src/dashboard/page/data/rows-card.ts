/**
 * The rows of a table: sorted, in pages, with a download as CSV.
 * @module
 */
import { card } from '../../../page/card.ts'
import { button, element } from '../../../page/element.ts'
import { nothingHere } from '../../../page/empty.ts'
import { countText } from '../../../page/figure-text.ts'
import { saveFile } from '../../../page/save-file.ts'
import type { FactHeader } from '../../../page/selection/fact-set.ts'
import type { FactPage, Facts } from '../../../page/selection/facts.ts'
import type { PageStore } from '../../../page/store.ts'
import { BLANK } from './column-card.ts'
import type { DataState } from './state.ts'

export const PAGE_SIZE = 50

function isNumber({ kind }: FactHeader): boolean {
  return kind === 'number' || kind === 'integer'
}

function cellText(header: FactHeader, cell: string | null): HTMLElement {
  const name = isNumber(header) ? 'number' : ''
  if (cell === null) return element('td', { class: `${name} blank-cell` }, element('span', { class: 'unseen' }, BLANK))
  return element('td', { class: name }, header.kind === 'timestamp' ? cell.replace('T', ' ') : cell)
}

/** Returns the card of the rows of a page. */
export function rowsCard(
  facts: Facts,
  headers: readonly FactHeader[],
  { total, rows }: FactPage,
  store: PageStore<DataState>,
): HTMLElement {
  const { state } = store
  const { sort, direction, page, filters, name } = state
  const sortBy = (column: string) => {
    // a third click goes back to the table's own order
    if (sort !== column) store.change({ sort: column, direction: 'ascending', page: 0 })
    else if (direction === 'ascending') store.change({ direction: 'descending', page: 0 })
    else store.change({ sort: null, direction: 'ascending', page: 0 })
  }
  const save = button('Export CSV', { class: 'quiet', 'data-role': 'export' }, async () => {
    save.disabled = true
    const bytes = await facts.csv(filters, state).finally(() => {
      save.disabled = false
    })
    saveFile([bytes], `${name}.csv`)
  })
  const pages = Math.max(1, Math.ceil(total / PAGE_SIZE))
  const turn = (by: number) => () => store.change({ page: page + by }, 'stay')
  const [back, on] = [
    button('Previous', { class: 'quiet', 'data-turn': 'back' }, turn(-1)),
    button('Next', { class: 'quiet', 'data-turn': 'on' }, turn(1)),
  ]
  back.disabled = page === 0
  on.disabled = page >= pages - 1
  save.disabled = total === 0
  const first = page * PAGE_SIZE
  return card(
    { title: 'Rows', class: 'wide rows', note: 'Click a name to sort.', tools: [save] },
    element(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Rows' },
      element(
        'table',
        { class: 'facts' },
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            ...headers.map((header) =>
              element(
                'th',
                {
                  scope: 'col',
                  class: isNumber(header) ? 'number' : '',
                  'aria-sort': header.name === sort ? direction : null,
                },
                button(header.name, { class: 'sort', 'data-sort': header.name }, () => sortBy(header.name)),
              ),
            ),
          ),
        ),
        element(
          'tbody',
          {},
          ...rows.map((cells) =>
            element('tr', {}, ...headers.map((header, at) => cellText(header, cells[at] ?? null))),
          ),
        ),
      ),
    ),
    rows.length === 0 && nothingHere('No rows match these filters.'),
    element(
      'nav',
      { class: 'pager', 'aria-label': 'Pages of rows' },
      back,
      element(
        'span',
        { class: 'place', role: 'status' },
        total === 0 ? 'no rows' : `${countText(first + 1)}–${countText(first + rows.length)} of ${countText(total)}`,
      ),
      on,
    ),
  )
}
