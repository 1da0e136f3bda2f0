/**
 * Every row of every delivery, and the rows that wait in quarantine.
 * @module
 */
import { card } from '../../../page/card.ts'
import { button, element } from '../../../page/element.ts'
import { nothingHere } from '../../../page/empty.ts'
import { figureTable } from '../../../page/figure-table.ts'
import { countText } from '../../../page/figure-text.ts'
import { siteLink } from '../../../page/site/site.ts'
import type { ReconciledDelivery } from '../figures/reconciled-delivery.ts'
import { lossText } from '../figures/words.ts'
import type { LoadedComplaints } from './load.ts'
import type { WaitingRow } from './snapshot.ts'
import type { View } from './view.ts'

const DAY = 86_400_000
/** Rows of the list. */
const LISTED = 50

/** A count that leads to its rows, where the site has them. */
function rowsLink(
  { snapshot, tables }: LoadedComplaints,
  table: string,
  { day, table: cleaned }: ReconciledDelivery,
  rows: number,
): HTMLElement | string {
  const text = countText(rows)
  if (rows === 0 || !tables.has(table)) return text
  const query = new URLSearchParams(snapshot.place === '' ? {} : { at: snapshot.place })
  if (day !== null) {
    const number = String(Date.parse(day) / DAY)
    query.set('from._day', number)
    query.set('to._day', number)
  }
  const what = table === cleaned ? 'cleaned' : 'landed'
  const label = `${text} ${what} rows of ${cleaned}${day === null ? '' : `, ${day}`}`
  return element(
    'a',
    { href: siteLink({ route: 'data', path: [table], query: query.toString() }), 'aria-label': label },
    text,
  )
}

/** Returns the card of deliveries. `list` is given the table whose rows in quarantine are asked for. */
export function deliveriesCard(list: (table: string) => void): View {
  const content = element('div', {})
  const note = element('span', {})
  return {
    element: card({ title: 'Every row', class: 'wide', note }, content),
    update({ loaded }) {
      const { is_whole, deliveries } = loaded.snapshot
      note.textContent = is_whole
        ? 'Every row of every delivery is accounted for. Landed and cleaned rows lead to the rows, rows that were set aside to the list below.'
        : `Rows are missing: ${deliveries
            .map(lossText)
            .filter((text) => text !== '')
            .join('; ')}.`
      const waiting = (table: string, rows: number, what: string): HTMLElement | string =>
        rows === 0
          ? '0'
          : button(
              countText(rows),
              { class: 'link', 'data-key': `waits ${table} ${what}`, 'aria-label': `${countText(rows)} ${what} rows` },
              () => list(table),
            )
      const rows = deliveries.map((one) => {
        const raw = `raw_${one.table}`
        return [
          ...[one.table, one.day ?? '–', countText(one.source)],
          waiting(raw, one.duplicate, `duplicate, ${one.table} ${one.day ?? ''}`),
          waiting(raw, one.refused, `refused, ${one.table} ${one.day ?? ''}`),
          rowsLink(loaded, raw, one, one.landed),
          waiting(one.table, one.quarantined, `quarantined, ${one.table} ${one.day ?? ''}`),
          rowsLink(loaded, one.table, one, one.cleaned),
          one.reported === null ? '–' : countText(one.reported),
        ]
      })
      const titles = ['Table', 'Day', 'Source', 'Duplicate', 'Refused', 'Landed', 'Quarantined', 'Cleaned', 'Reported']
      content.replaceChildren(figureTable('Rows of each delivery at each hop', titles, rows, 2))
    },
  }
}

function waitingTable(rows: readonly WaitingRow[]): HTMLElement {
  return figureTable(
    'Rows in quarantine',
    ['Table', 'File', 'Column', 'Problem', 'Expected', 'Record'],
    rows
      .slice(0, LISTED)
      .map(({ table, file, row, column, code, expected }) => [
        ...[table, file, column ?? '–', code, expected],
        countText(row),
      ]),
    5,
  )
}

/** Returns the card of rows in quarantine. */
export function quarantineCard(all: () => void): View {
  const content = element('div', {})
  const note = element('span', {})
  const more = button('All tables', { class: 'quiet', 'data-key': 'waits all' }, all)
  const made = card({ title: 'Quarantine', class: 'wide', note, tools: [more] }, content)
  made.tabIndex = -1
  return {
    element: made,
    update({ loaded: { snapshot }, state }) {
      const { waits } = state
      const isAll = waits === null || waits === 'all'
      const found = snapshot.waiting_rows.filter(({ table }) => isAll || table === waits)
      const beyond =
        snapshot.waiting > snapshot.waiting_rows.length
          ? `, the first ${countText(snapshot.waiting_rows.length)} can be listed here`
          : ''
      const listed = found.length > LISTED ? `; ${countText(LISTED)} of ${countText(found.length)} are listed` : ''
      made.hidden = snapshot.waiting === 0
      more.hidden = isAll
      note.textContent = `${countText(snapshot.waiting)} problems of rows that were set aside${beyond}${isAll ? '' : `; those of ${waits}`}${listed}. Cells are not shown: support-etl quarantine prints them.`
      content.replaceChildren(found.length === 0 ? nothingHere('No row of this table waits.') : waitingTable(found))
    },
  }
}
