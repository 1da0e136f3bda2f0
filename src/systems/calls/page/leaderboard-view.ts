/**
 * Agents ranked by how reliably they resolve calls.
 * @module
 */

import type { ShareInterval } from '../../../aggregate/intervals.ts'
import { card } from '../../../page/card.ts'
import { button, element, setProperty } from '../../../page/element.ts'
import { nothingHere } from '../../../page/empty.ts'
import { countText, minutesText, NONE, percentText, twoDecimals, wholePercent } from '../../../page/figure-text.ts'
import { scrollable } from '../../../page/scroll.ts'
import type { PageStore } from '../../../page/store.ts'
import type { AgentFigures } from '../figures/leaderboard.ts'
import type { Actions } from './actions.ts'
import type { CallsFigures, CallsRows } from './calls-figures.ts'
import type { CallsState } from './state.ts'
import { NO_MATCH, type RowsView } from './view.ts'
import { memberText } from './words.ts'

const MINIMA = [1, 5, 10, 30, 100] as const
/** Agents shown before "show all". */
const FIRST = 10

/** Returns the card of agents. */
export function leaderboardView(actions: Actions, store: PageStore<CallsState>): RowsView {
  let isWhole = false
  const body = element('tbody')
  const scale = element('span', {})
  const headings = ['', 'Agent', 'Calls', scale, 'Handle time', 'Rating']
  const table = element(
    'table',
    { class: 'agents' },
    element(
      'thead',
      {},
      element('tr', {}, ...headings.map((text) => element('th', { scope: 'col' }, text || place()))),
    ),
    body,
  )
  const minimum = element(
    'select',
    { id: 'minimum', onchange: () => store.change({ minimumCalls: Number(minimum.value) }) },
    ...MINIMA.map((count) => element('option', { value: count }, String(count))),
  )
  const more = button('', { class: 'quiet' }, () => {
    isWhole = !isWhole
    store.change({}, 'stay')
  })
  const note = element('span', {})
  return {
    element: card(
      {
        title: 'Agents',
        class: 'wide',
        note,
        tools: [element('label', { for: 'minimum' }, 'Ranked from'), minimum, element('span', {}, 'calls')],
      },
      scrollable('Ranking of agents', table),
      more,
    ),
    update({ agents }: CallsRows, { filter, overview }: CallsFigures) {
      const { minimumCalls } = store.state
      if (![...minimum.options].some(({ value }) => Number(value) === minimumCalls)) {
        minimum.append(element('option', { value: minimumCalls }, String(minimumCalls)))
      }
      minimum.value = String(minimumCalls)
      const ranked = agents.filter(({ place }) => place !== null).length
      note.textContent = `Ordered by the low end of the interval, so that few lucky calls do not lead. ${ranked} of ${agents.length} have at least ${minimumCalls} calls.`
      const range = rangeOf(agents)
      scale.textContent = `Resolved, 95 % interval on ${wholePercent(range.low)} to ${wholePercent(range.high)}`
      const shown = isWhole ? agents : agents.slice(0, FIRST)
      more.hidden = agents.length <= FIRST
      more.textContent = isWhole ? 'Show fewer' : `Show all ${agents.length} agents`
      const focused = body.contains(document.activeElement) ? document.activeElement?.getAttribute('data-member') : null
      const chosen = filter.agent ?? []
      body.replaceChildren(
        ...(shown.length === 0
          ? [element('tr', {}, element('td', { colspan: 6 }, nothingHere(NO_MATCH)))]
          : shown.map((agent) => {
              const isChosen = chosen.includes(agent.member)
              return rowOf(agent, {
                name: memberText(overview.agents, 'agent', agent.member),
                range,
                isChosen,
                isOff: chosen.length > 0 && !isChosen,
                toggle: () => actions.toggle('agent', agent.member),
              })
            })),
      )
      if (focused !== null) {
        for (const one of body.querySelectorAll('button')) if (one.getAttribute('data-member') === focused) one.focus()
      }
    },
  }
}

function place(): HTMLElement {
  return element('span', { class: 'unseen' }, 'Place')
}

/** The part of the scale that separates the ranked agents, in whole tenths. */
function rangeOf(agents: readonly AgentFigures[]): ShareInterval {
  const ranked = agents.filter(({ place }) => place !== null)
  const [lows, highs] = [
    ranked.map(({ interval }) => interval?.low ?? 0),
    ranked.map(({ interval }) => interval?.high ?? 1),
  ]
  if (ranked.length === 0) return { low: 0, high: 1 }
  return { low: Math.floor(Math.min(...lows) * 10) / 10, high: Math.ceil(Math.max(...highs) * 10) / 10 }
}

interface RowState {
  readonly name: string
  readonly range: ShareInterval
  readonly isChosen: boolean
  readonly isOff: boolean
  readonly toggle: () => void
}

function rowOf(agent: AgentFigures, { name, range, isChosen, isOff, toggle }: RowState): HTMLElement {
  const attributes = { 'aria-pressed': String(isChosen), 'data-member': agent.member ?? '', 'data-value': agent.calls }
  return element(
    'tr',
    { class: `${agent.place === null ? 'few' : ''} ${isOff ? 'is-off' : ''}` },
    element('td', { class: 'place' }, agent.place ?? NONE),
    element(
      'th',
      { scope: 'row' },
      button(name, { class: 'link', ...attributes }, toggle),
      element('span', { class: 'note' }, agent.region),
    ),
    element('td', { class: 'number' }, countText(agent.calls)),
    element('td', {}, intervalOf(agent, range)),
    element('td', { class: 'number' }, minutesText(agent.average_handle_minutes)),
    element('td', { class: 'number' }, twoDecimals(agent.average_rating)),
  )
}

function intervalOf({ resolution_rate, interval }: AgentFigures, range: ShareInterval): HTMLElement {
  const drawn = element('span', { class: 'interval', 'aria-hidden': 'true' }, element('i', {}), element('b', {}))
  const placeOf = (share: number) => Math.min(1, Math.max(0, (share - range.low) / (range.high - range.low || 1)))
  setProperty(drawn, '--low', placeOf(interval?.low ?? 0))
  setProperty(drawn, '--high', placeOf(interval?.high ?? 0))
  setProperty(drawn, '--rate', placeOf(resolution_rate ?? 0))
  const words = interval === null ? '' : ` (${percentText(interval.low)} to ${percentText(interval.high)})`
  return element(
    'span',
    { class: 'rate' },
    drawn,
    element('span', { class: 'number' }, percentText(resolution_rate)),
    element('span', { class: 'unseen' }, words),
  )
}
