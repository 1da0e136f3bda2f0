/**
 * The page of interactions: customers × channels, over time, by type and product, and what is unusual.
 * @module
 */
import { tellScope } from '../../../page/card.ts'
import type { MountedPage, Told } from '../../../page/define-page.ts'
import { button, element } from '../../../page/element.ts'
import { nothingHere } from '../../../page/empty.ts'
import { countText } from '../../../page/figure-text.ts'
import { keyFigures } from '../../../page/key-figures.ts'
import type { PageStore } from '../../../page/store.ts'
import { type CellCounts, countCells, filterProblem } from '../figures/cell-counts.ts'
import { anomaliesCard, pivotCard, productsCard } from './cards.ts'
import { customersCard } from './customers-card.ts'
import { filterBar } from './filter-bar.ts'
import type { ShownInteractions } from './snapshot.ts'
import { FIRST_STATE, type InteractionsState } from './state.ts'

/** What the state is, for the head of the page. */
function tell({ commit, committed_at, quarantined, customers, days }: ShownInteractions): Told {
  const waiting = `${countText(quarantined)} ${quarantined === 1 ? 'row' : 'rows'} in quarantine`
  const unknown = `${countText(customers.unknown.length)} of ${countText(customers.ids.length)} customers are not in the customers file`
  return {
    about: days.length === 0 ? 'No interactions' : `Days of wall time, ${days[0]} – ${days.at(-1)}`,
    asOf: committed_at,
    quality: [
      { text: `commit ${commit}` },
      ...(quarantined > 0 ? [{ text: waiting, isWarning: true }] : []),
      ...(customers.unknown.length > 0 ? [{ text: unknown, isWarning: true }] : []),
    ],
  }
}

/** The filter in words, for every heading. */
function scopeText({ channels, types, customer, start, end }: InteractionsState): string {
  const parts = [
    start === null && end === null ? '' : `${start ?? ''} – ${end ?? ''}`,
    channels.join(', '),
    types.join(', '),
    customer === null ? '' : `customer ${customer}`,
  ]
  return parts.filter((part) => part !== '').join('; ') || 'all interactions'
}

function figuresOf({ total, customers, channels }: CellCounts, unusual: number): HTMLElement {
  const count = (name: string, title: string, value: number) => ({ name, title, text: countText(value), value })
  return keyFigures([
    count('interactions', 'Interactions', total),
    count('customers', 'Customers', customers.length),
    count('channels', 'Channels', channels.length),
    count('unusual', 'Unusual', unusual),
  ])
}

/** The first and the last day of a month. */
function daysOfMonth(month: string): Pick<InteractionsState, 'start' | 'end'> {
  const last = new Date(`${month}-01T00:00:00Z`)
  last.setUTCMonth(last.getUTCMonth() + 1, 0)
  return { start: `${month}-01`, end: last.toISOString().slice(0, 10) }
}

/** Returns the page; it follows the store. */
export function interactionsPage(store: PageStore<InteractionsState>): MountedPage<ShownInteractions> {
  const bar = filterBar(store)
  const notice = element('div', { class: 'notice', role: 'status', hidden: true })
  const content = element('div', {})
  const outer = element('div', { class: 'interactions-page' }, bar.element, notice, content)
  let snapshot: ShownInteractions | null = null

  const tellProblem = (text: string | null, act: () => void, label: string) => {
    notice.hidden = text === null
    notice.replaceChildren(...(text === null ? [] : [element('p', {}, text), button(label, { class: 'quiet' }, act)]))
  }
  const cardsOf = (shown: ShownInteractions, state: InteractionsState): HTMLElement[] => {
    const counts = countCells(shown, state)
    const odd = shown.anomalies.filter(({ day }) => (state.start ?? day) <= day && day <= (state.end ?? day))
    const choose = (change: Partial<InteractionsState>) => store.change({ ...change, page: 0 })
    const [byMonth, byType] = [
      {
        title: 'Over time',
        note: 'By month; months without interactions are left out.',
        table: 'Interactions by month',
      },
      { title: 'By type', note: 'By the type of the customer.', table: 'Interactions by type' },
    ]
    return [
      figuresOf(counts, odd.length),
      element(
        'div',
        { class: 'grid' },
        customersCard(shown, counts, store),
        pivotCard({ ...byMonth, first: 'Month' }, counts, counts.byMonth, (month) => choose(daysOfMonth(month))),
        pivotCard({ ...byType, first: 'Type' }, counts, counts.byType, (type) => choose({ types: [type] })),
        productsCard(counts),
        anomaliesCard(odd, (day) => choose({ start: day, end: day })),
      ),
    ]
  }
  const update = (state: InteractionsState) => {
    if (snapshot === null) return
    const key = outer.contains(document.activeElement) ? document.activeElement?.getAttribute('data-key') : null
    bar.update(state, snapshot)
    const problem = filterProblem(snapshot, state)
    if (problem !== null) {
      tellProblem(`Nothing is counted: ${problem}.`, () => store.change(FIRST_STATE), 'Reset all')
      content.replaceChildren()
    } else {
      const unread =
        store.problem === null ? null : `The link could not be read in full: ${store.problem}. That part is left out.`
      tellProblem(unread, () => store.change({}, 'stay'), 'Understood')
      content.replaceChildren(
        ...(snapshot.customers.ids.length === 0
          ? [nothingHere('The committed files have no customer and no interaction.')]
          : cardsOf(snapshot, state)),
      )
      tellScope(outer, scopeText(state))
    }
    // what was made anew keeps the focus
    if (key) outer.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus()
  }
  store.subscribe(update)
  return {
    element: outer,
    show(next) {
      snapshot = next
      update(store.state)
      return tell(next)
    },
  }
}
