/**
 * The page of the monthly job: month × contact center × department, and the three answers with their evidence.
 * @module
 */
import { SNAPSHOT, type SupportSnapshot } from '../support-snapshot.ts'
import { card } from './card.ts'
import { button, element } from './element.ts'
import { blankPage, nothingHere } from './empty.ts'
import { answerCards } from './months-answers.ts'
import type { Store, ViewState } from './state.ts'
import { countText, oneDecimal, percentText, twoDecimals } from './words.ts'

const NO_REPORT = {
  title: 'No monthly report here',
  text: 'The dashboard found no committed state. Run the monthly job, and start the dashboard where its output folder is, or name it with --out.',
  commands: ['support-etl run --data data --out output', 'support-etl dashboard --out output'],
}

export interface MonthsPage {
  readonly element: HTMLElement
  /** What the data is. */
  about(): string
  onReady(listener: () => void): void
}

async function load(): Promise<SupportSnapshot | null> {
  const response = await fetch(SNAPSHOT, { cache: 'no-store' })
  if (!response.ok) return null
  // written by this package, beside this page
  return (await response.json()) as SupportSnapshot | null
}

function table(titles: readonly string[], rows: readonly (readonly string[])[], texts: number): HTMLElement {
  const cell = (index: number) => (index < texts ? '' : 'number')
  return element(
    'div',
    { class: 'scroll' },
    element(
      'table',
      {},
      element(
        'thead',
        {},
        element('tr', {}, ...titles.map((title, i) => element('th', { scope: 'col', class: cell(i) }, title))),
      ),
      element(
        'tbody',
        {},
        ...rows.map((row) => element('tr', {}, ...row.map((text, i) => element('td', { class: cell(i) }, text)))),
      ),
    ),
  )
}

function monthButtons(months: readonly string[], { months: chosen }: ViewState, store: Store): HTMLElement {
  const toggle = (month: string) => () =>
    store.change({ months: chosen.includes(month) ? chosen.filter((one) => one !== month) : [...chosen, month].sort() })
  return element(
    'div',
    { class: 'segments', role: 'group', 'aria-label': 'Months' },
    button('All months', { 'aria-pressed': String(chosen.length === 0) }, () => store.change({ months: [] })),
    ...months.map((month) =>
      button(month, { 'aria-pressed': String(chosen.includes(month)), 'data-month': month }, toggle(month)),
    ),
  )
}

function evidence({ evidence: rows }: SupportSnapshot): HTMLElement {
  const told = rows.map((row) => [
    row.contact_center_name,
    countText(row.total_calls),
    row.average_handle_minutes === null ? '–' : oneDecimal(row.average_handle_minutes),
    countText(row.calls_after_resolution),
    percentText(row.total_calls === 0 ? null : row.calls_after_resolution / row.total_calls),
    row.average_minutes_after_resolution === null ? '–' : oneDecimal(row.average_minutes_after_resolution),
  ])
  const titles = ['Contact center', 'Calls', 'Minutes until resolved', 'Went on after', 'Share', 'Minutes after']
  return card(
    {
      title: 'What makes calls long',
      class: 'wide',
      note: 'All months. A call’s duration also counts what follows its resolution, such as a survey.',
    },
    table(titles, told, 1),
  )
}

/** Returns the page; it reads its data once and follows the store. */
export function monthsPage(store: Store): MonthsPage {
  const outer = element('div', { class: 'months-page' })
  const listeners: (() => void)[] = []
  let snapshot: SupportSnapshot | null = null
  let isLoaded = false

  const update = (state: ViewState) => {
    if (!isLoaded || state.page !== 'months') return
    if (snapshot === null || snapshot.report.length === 0) {
      outer.replaceChildren(blankPage(NO_REPORT))
      return
    }
    const months = [...new Set(snapshot.report.map(({ month }) => month))].sort()
    const hadFocus = outer.contains(document.activeElement) ? document.activeElement?.getAttribute('data-month') : null
    const rows = snapshot.report.filter(({ month }) => state.months.length === 0 || state.months.includes(month))
    const told = rows.map((row) => [
      row.month,
      row.contact_center_name,
      row.department,
      countText(row.total_interactions),
      countText(row.total_calls),
      twoDecimals(row.total_call_duration),
    ])
    const titles = ['Month', 'Contact center', 'Department', 'Interactions', 'Calls', 'Minutes']
    outer.replaceChildren(
      element('div', { class: 'filters' }, element('div', { class: 'filter-row' }, monthButtons(months, state, store))),
      element(
        'div',
        { class: 'grid' },
        ...answerCards(snapshot, state.months),
        evidence(snapshot),
        card(
          {
            title: 'Support report',
            class: 'wide',
            note: `${countText(rows.length)} rows by month, contact center and department.`,
          },
          rows.length === 0 ? nothingHere('No rows in these months.') : table(titles, told, 3),
        ),
      ),
    )
    for (const one of outer.querySelectorAll<HTMLElement>('[data-month]')) {
      if (hadFocus !== null && one.getAttribute('data-month') === hadFocus) one.focus()
    }
  }
  store.subscribe(update)
  load()
    .catch(() => null)
    .then((loaded) => {
      snapshot = loaded
      isLoaded = true
      update(store.state)
      for (const listener of listeners) listener()
    })
  return {
    element: outer,
    about: () =>
      snapshot === null
        ? ''
        : `Commit ${snapshot.commit} of ${snapshot.committed_at.slice(0, 10)}, months of ${snapshot.month_from} in ${snapshot.time_zone}`,
    onReady: (listener) => void listeners.push(listener),
  }
}
