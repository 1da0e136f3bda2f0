/**
 * The page of calls: filters, key figures and views of what the worker says of them.
 * @module
 */

import { tellScope } from '../../../page/card.ts'
import { redrawOnResize } from '../../../page/charts/redraw.ts'
import type { MountedPage, QualityNote, Told } from '../../../page/define-page.ts'
import { button, element } from '../../../page/element.ts'
import { blankPage } from '../../../page/empty.ts'
import { countText, dayText } from '../../../page/figure-text.ts'
import { saveFile } from '../../../page/save-file.ts'
import type { PageStore } from '../../../page/store.ts'
import { nextTurn } from '../../../page/worker/turns.ts'
import { UNKNOWN } from '../../../table/unknown-member.ts'
import { Actions } from './actions.ts'
import { anomaliesView } from './anomalies-view.ts'
import { breakdownView } from './breakdown-view.ts'
import type { CallsFigures } from './calls-figures.ts'
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

/** What the calls are, for the head of the page. */
export function tellCalls({ overview, manifest }: Pick<LoadedCalls, 'overview' | 'manifest'>): Told {
  const asOf = manifest.generated_at
  const { rows, days, unknownAgents } = overview
  if (rows === 0) return { about: 'No calls', asOf, quality: [] }
  const [oldest, newest] = days.map((day) => dayText(day * 86_400_000))
  const notes: (QualityNote | false)[] = [
    unknownAgents > 0 && {
      text: `${countText(unknownAgents)} of unknown agents`,
      query: new URLSearchParams({ region: UNKNOWN }).toString(),
      isWarning: true,
    },
    { text: `newest ${newest}` },
  ]
  return {
    about: `${countText(rows)} calls, ${oldest} to ${newest}, days and hours in ${manifest.time_zone}`,
    asOf,
    quality: [{ text: `${countText(rows)} calls` }, ...notes.filter((note) => note !== false)],
  }
}

/** What is drawn: figures of which calls, and how wide. */
interface Drawn {
  readonly loaded: LoadedCalls
  readonly figures: CallsFigures
  readonly filter: CallsState['filter']
  readonly width: number
}

/** Returns the page; it follows the store. */
export function callsPage(store: PageStore<CallsState>): MountedPage<LoadedCalls> {
  const actions = new Actions(store)
  const filters = filterBar(actions)
  const kpis = kpiStrip()
  const cards = [
    timelineView(actions),
    durationsView(actions),
    heatView(actions),
    breakdownView('issue', 'Issues', actions),
    breakdownView('region', 'Regions', actions),
    breakdownView('resolution', 'Resolutions', actions),
    breakdownView('rating', 'Ratings', actions),
  ]
  const ranking = leaderboardView(actions, store)
  const anomalies = anomaliesView()
  const save = async () => {
    if (loaded !== null) saveFile([await loaded.csv(store.state.filter)], 'calls.csv')
  }
  const table = callsTable(store, () => void save().catch(tellFailure))
  const notice = element('div', { class: 'notice', role: 'status', hidden: true })
  const shown = [...cards, ranking, anomalies, table]
  const grid = element('div', { class: 'grid' }, ...shown.map((view) => view.element))
  const content = element('div', { class: 'calls-page' }, filters.element, notice, kpis.element, grid)
  const outer = element('div', {}, content)

  let loaded: LoadedCalls | null = null
  let drawn: Drawn | null = null
  /** Counts what was asked for, so that an answer that is no longer wanted is not drawn. */
  let wanted = 0

  function tellFailure(error: unknown): void {
    notice.hidden = false
    notice.replaceChildren(element('p', {}, error instanceof Error ? error.message : String(error)))
  }

  const draw = async (calls: LoadedCalls, turn: number): Promise<void> => {
    const { filter, ...order } = store.state
    const width = innerWidth
    // paging the table does not redraw the charts
    const isSameFilter = drawn?.loaded === calls && drawn.filter === filter
    const isSameView = isSameFilter && drawn?.width === width
    const [figures, rows] = await Promise.all([
      isSameFilter && drawn !== null ? drawn.figures : calls.figures(filter),
      calls.rows(filter, order),
    ])
    if (turn !== wanted) return
    if (!isSameView) {
      tellProblem(notice, store, figures, actions)
      // each in a turn of its own, so that the page answers in between
      for (const view of [filters, kpis, ...cards, anomalies]) {
        view.update(figures)
        await nextTurn()
        if (turn !== wanted) return
      }
      tellScope(grid, scopeText(figures))
    }
    ranking.update(rows, figures)
    await nextTurn()
    if (turn !== wanted) return
    table.update(rows, figures)
    drawn = { loaded: calls, figures, filter, width }
  }

  const update = async (): Promise<void> => {
    if (loaded === null) return
    const calls = loaded
    const turn = ++wanted
    if (calls.overview.rows === 0) {
      outer.replaceChildren(blankPage(NO_CALLS))
      return
    }
    if (content.parentNode !== outer) outer.replaceChildren(content)
    content.setAttribute('aria-busy', 'true')
    try {
      await draw(calls, turn)
    } finally {
      if (turn === wanted) content.removeAttribute('aria-busy')
    }
  }
  const follow = () => void update().catch(tellFailure)
  store.subscribe(follow)
  redrawOnResize(outer, () => drawn?.width, follow)
  return {
    element: outer,
    async show(next) {
      loaded = next
      await update()
      return tellCalls(next)
    },
  }
}

function tellProblem(
  notice: HTMLElement,
  store: PageStore<CallsState>,
  { kpis }: CallsFigures,
  actions: Actions,
): void {
  const isEmpty = kpis.current.calls === 0
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
