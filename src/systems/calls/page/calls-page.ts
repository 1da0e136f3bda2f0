/**
 * The page of calls: filters, key figures and views of one selection.
 * @module
 */

import { tellScope } from '../../../page/card.ts'
import type { MountedPage, QualityNote, Told } from '../../../page/define-page.ts'
import { button, element } from '../../../page/element.ts'
import { blankPage } from '../../../page/empty.ts'
import { countText, dayText } from '../../../page/figure-text.ts'
import type { PageStore } from '../../../page/store.ts'
import { UNKNOWN } from '../../../table/unknown-member.ts'
import type { CallSet } from '../figures/call-set.ts'
import { dayRange } from '../figures/filter.ts'
import { type CallSelection, selectCalls, selectedRows } from '../figures/selection.ts'
import { Actions } from './actions.ts'
import { anomaliesView } from './anomalies-view.ts'
import { breakdownView } from './breakdown-view.ts'
import { callsTable } from './calls-table.ts'
import { durationsView } from './durations-view.ts'
import { filterBar } from './filter-bar.ts'
import { heatView } from './heat-view.ts'
import { kpiStrip } from './kpi-strip.ts'
import { scopeText } from './kpi-words.ts'
import { leaderboardView } from './leaderboard-view.ts'
import type { LoadedCalls } from './load.ts'
import { type CallsState, FIRST_STATE } from './state.ts'
import { timelineView } from './timeline-view.ts'

const NO_CALLS = {
  title: 'No calls in this file',
  text: 'The curated file is there and holds no call. Clean a log that has some, and this page fills by itself.',
  commands: ['support-etl calls generate', 'support-etl calls clean'],
}

/** Calls without a known agent. */
function unknownAgents({ dimensions: { region } }: CallSet): number {
  const code = region.members.indexOf(UNKNOWN)
  return code < 0 ? 0 : region.codes.reduce((count, one) => count + (one === code ? 1 : 0), 0)
}

/** What the set is, for the head of the page. */
export function tellCalls({ set, manifest }: LoadedCalls): Told {
  const asOf = manifest.generated_at
  if (set.rows === 0) return { about: 'No calls', asOf, quality: [] }
  const [oldest, newest] = dayRange(set).map((day) => dayText(day * 86_400_000))
  const unknown = unknownAgents(set)
  const notes: (QualityNote | false)[] = [
    unknown > 0 && {
      text: `${countText(unknown)} of unknown agents`,
      query: new URLSearchParams({ region: UNKNOWN }).toString(),
      isWarning: true,
    },
    { text: `newest ${newest}` },
  ]
  return {
    about: `${countText(set.rows)} calls, ${oldest} to ${newest}, days and hours in ${manifest.time_zone}`,
    asOf,
    quality: [{ text: `${countText(set.rows)} calls` }, ...notes.filter((note) => note !== false)],
  }
}

/** Returns the page; it follows the store. */
export function callsPage(store: PageStore<CallsState>): MountedPage<LoadedCalls> {
  const actions = new Actions(store)
  const filters = filterBar(actions)
  const kpis = kpiStrip()
  // what follows the state beside the filter: its order, its page, its minimum
  const ranking = leaderboardView(actions, store)
  const table = callsTable(store)
  const cards = [
    timelineView(actions),
    durationsView(actions),
    heatView(actions),
    breakdownView('issue', 'Issues', actions),
    breakdownView('region', 'Regions', actions),
    breakdownView('resolution', 'Resolutions', actions),
    breakdownView('rating', 'Ratings', actions),
    ranking,
    anomaliesView(),
    table,
  ]
  const notice = element('div', { class: 'notice', role: 'status', hidden: true })
  const grid = element('div', { class: 'grid' }, ...cards.map((view) => view.element))
  const content = element('div', { class: 'calls-page' }, filters.element, notice, kpis.element, grid)
  const outer = element('div', {}, content)

  let set: CallSet | null = null
  let selection: CallSelection | null = null
  let drawn: { readonly state: CallsState; readonly width: number } | null = null

  const update = (state: CallsState) => {
    if (set === null) return
    if (set.rows === 0) {
      outer.replaceChildren(blankPage(NO_CALLS))
      return
    }
    if (content.parentNode !== outer) outer.replaceChildren(content)
    const before = selection?.set === set ? selection : undefined
    const isSameView = drawn?.state.filter === state.filter && before !== undefined && drawn.width === innerWidth
    selection = isSameView ? before : selectCalls(set, state.filter, before)
    tellProblem(notice, store, selection, actions)
    // paging the table does not redraw the charts
    for (const view of isSameView ? [ranking, table] : [filters, kpis, ...cards]) view.update(selection, state)
    if (!isSameView) tellScope(grid, scopeText(selection))
    drawn = { state, width: innerWidth }
  }
  store.subscribe(update)
  let waiting = 0
  addEventListener('resize', () => {
    cancelAnimationFrame(waiting)
    waiting = requestAnimationFrame(() => {
      if (outer.checkVisibility() && drawn?.width !== innerWidth) update(store.state)
    })
  })
  return {
    element: outer,
    show(loaded) {
      set = loaded.set
      selection = null
      update(store.state)
      return tellCalls(loaded)
    },
  }
}

function tellProblem(
  notice: HTMLElement,
  store: PageStore<CallsState>,
  selection: CallSelection,
  actions: Actions,
): void {
  const isEmpty = selectedRows(selection).length === 0
  notice.hidden = !isEmpty && store.problem === null
  if (store.problem !== null) {
    notice.replaceChildren(
      element('p', {}, `The link could not be read in full: ${store.problem}. All calls are shown.`),
      button('Understood', { class: 'quiet' }, () => store.change(FIRST_STATE, 'stay')),
    )
  } else if (isEmpty) {
    notice.replaceChildren(
      element('p', {}, 'No calls match these filters. Take one away, or start over.'),
      button('Reset all', { class: 'primary' }, () => actions.reset()),
    )
  }
}
