/**
 * The page of interactions: customers × channels, over time, by type and product, and what is unusual.
 * @module
 */

import { tellScope } from '../../../page/card.ts'
import { redrawOnResize } from '../../../page/charts/redraw.ts'
import type { MountedPage, Told } from '../../../page/define-page.ts'
import { button, element } from '../../../page/element.ts'
import { nothingHere } from '../../../page/empty.ts'
import { countText } from '../../../page/figure-text.ts'
import { keyFigures } from '../../../page/key-figures.ts'
import type { PageStore } from '../../../page/store.ts'
import { anomaliesCard, pivotCard, productsCard } from './cards.ts'
import { customersCard } from './customers-card.ts'
import { filterBar } from './filter-bar.ts'
import type { LoadedInteractions } from './load.ts'
import type { ShownCounts } from './shown-counts.ts'
import { FIRST_STATE, type InteractionsState } from './state.ts'
import { timeCard } from './time-card.ts'

/** What the state is, for the head of the page. */
function tell({ overview }: LoadedInteractions): Told {
  const { commit, committed_at, quarantined, customers, unknownCustomers, firstDay, lastDay } = overview
  const waiting = `${countText(quarantined)} ${quarantined === 1 ? 'row' : 'rows'} in quarantine`
  const unknown = `${countText(unknownCustomers)} of ${countText(customers)} customers are not in the customers file`
  return {
    about: firstDay === null ? 'No interactions' : `Days of wall time, ${firstDay} – ${lastDay}`,
    asOf: committed_at,
    quality: [
      { text: `commit ${commit}` },
      ...(quarantined > 0 ? [{ text: waiting, isWarning: true }] : []),
      ...(unknownCustomers > 0 ? [{ text: unknown, isWarning: true }] : []),
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

function figuresOf({ total, customers, channels, unusual }: ShownCounts): HTMLElement {
  const count = (name: string, title: string, value: number) => ({ name, title, text: countText(value), value })
  return keyFigures([
    count('interactions', 'Interactions', total),
    count('customers', 'Customers', customers.total),
    count('channels', 'Channels', channels.length),
    count('unusual', 'Unusual', unusual.length),
  ])
}

/** The first and the last day of a month. */
function daysOfMonth(month: string): Pick<InteractionsState, 'start' | 'end'> {
  const last = new Date(`${month}-01T00:00:00Z`)
  last.setUTCMonth(last.getUTCMonth() + 1, 0)
  return { start: `${month}-01`, end: last.toISOString().slice(0, 10) }
}

/** Returns the page; it follows the store. */
export function interactionsPage(store: PageStore<InteractionsState>): MountedPage<LoadedInteractions> {
  const bar = filterBar(store)
  const notice = element('div', { class: 'notice', role: 'status', hidden: true })
  const content = element('div', {})
  const outer = element('div', { class: 'interactions-page' }, bar.element, notice, content)
  const choose = (change: Partial<InteractionsState>) => store.change({ ...change, page: 0 })
  // kept between drawings, so that it keeps the focus
  const time = timeCard(choose)
  let loaded: LoadedInteractions | null = null
  let wanted = 0
  let drawnAt = 0

  const tellProblem = (text: string | null, act: () => void, label: string) => {
    notice.hidden = text === null
    notice.replaceChildren(...(text === null ? [] : [element('p', {}, text), button(label, { class: 'quiet' }, act)]))
  }
  const tellFailure = (error: unknown) =>
    tellProblem(error instanceof Error ? error.message : String(error), () => store.change({}, 'stay'), 'Try again')

  const cardsOf = (interactions: LoadedInteractions, counts: ShownCounts): HTMLElement[] => {
    const byMonth = {
      title: 'By month',
      note: 'Months without interactions are left out.',
      table: 'Interactions by month',
    }
    const byType = { title: 'By type', note: 'By the type of the customer.', table: 'Interactions by type' }
    return [
      figuresOf(counts),
      element(
        'div',
        { class: 'grid' },
        time.element,
        customersCard(interactions, counts, store, tellFailure),
        pivotCard({ ...byMonth, first: 'Month' }, counts, counts.byMonth, (month) => choose(daysOfMonth(month))),
        pivotCard({ ...byType, first: 'Type' }, counts, counts.byType, (type) => choose({ types: [type] })),
        productsCard(counts),
        anomaliesCard(counts.unusual, (day) => choose({ start: day, end: day })),
      ),
    ]
  }
  const draw = (interactions: LoadedInteractions, counts: ShownCounts): void => {
    const isEmpty = interactions.overview.customers === 0
    content.replaceChildren(
      ...(isEmpty
        ? [nothingHere('The committed files have no customer and no interaction.')]
        : cardsOf(interactions, counts)),
    )
    if (!isEmpty) time.draw(counts.overTime)
    drawnAt = innerWidth
    tellScope(outer, scopeText(store.state))
  }
  const update = async (): Promise<void> => {
    if (loaded === null) return
    const interactions = loaded
    const turn = ++wanted
    const { state } = store
    outer.setAttribute('aria-busy', 'true')
    try {
      const found = await interactions.counts(state)
      // a later choice is on its way
      if (turn !== wanted) return
      const focused = outer.contains(document.activeElement) ? (document.activeElement as HTMLElement) : null
      const key = focused?.getAttribute('data-key')
      bar.update(state, interactions.overview)
      if (found.problem !== null) {
        tellProblem(`Nothing is counted: ${found.problem}.`, () => store.change(FIRST_STATE), 'Reset all')
        content.replaceChildren()
      } else {
        const unread =
          store.problem === null ? null : `The link could not be read in full: ${store.problem}. That part is left out.`
        tellProblem(unread, () => store.change({}, 'stay'), 'Understood')
        draw(interactions, found.counts)
      }
      // what was made anew keeps the focus, and so does the drawing, which was taken out and put back
      const again = key ? outer.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`) : focused
      if (again !== document.activeElement) again?.focus()
    } finally {
      if (turn === wanted) outer.removeAttribute('aria-busy')
    }
  }
  const follow = () => void update().catch(tellFailure)
  store.subscribe(follow)
  redrawOnResize(outer, () => drawnAt, follow)
  return {
    element: outer,
    async show(next) {
      loaded = next
      await update()
      return tell(next)
    },
  }
}
