/**
 * Agents by how surely they resolve calls.
 * @module
 */
import { type AgentFigures, agentLeaderboard } from '../../report/calls-leaderboard.ts'
import type { Actions } from './actions.ts'
import { card } from './card.ts'
import { button, element, setProperty } from './element.ts'
import { nothingHere } from './empty.ts'
import type { Store } from './state.ts'
import { NO_MATCH, type View } from './view.ts'
import { agentText, countText, minutesText, NONE, percentText, twoDecimals } from './words.ts'

const MINIMA = [1, 5, 10, 30, 100] as const
/** Agents shown before "show all". */
const FIRST = 10

/** Returns the card of agents. */
export function leaderboardView(actions: Actions, store: Store): View {
  let isWhole = false
  const body = element('tbody')
  const headings = ['', 'Agent', 'Calls', 'Resolved, with 95 % interval', 'Handle time', 'Rating']
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
      element('div', { class: 'scroll' }, table),
      more,
    ),
    update(selection, { minimumCalls }) {
      if (![...minimum.options].some(({ value }) => Number(value) === minimumCalls)) {
        minimum.append(element('option', { value: minimumCalls }, String(minimumCalls)))
      }
      minimum.value = String(minimumCalls)
      const agents = agentLeaderboard(selection, { minimumCalls })
      const ranked = agents.filter(({ place }) => place !== null).length
      note.textContent = `Ordered by the low end of the interval, so that few lucky calls do not lead. ${ranked} of ${agents.length} have at least ${minimumCalls} calls.`
      const shown = isWhole ? agents : agents.slice(0, FIRST)
      more.hidden = agents.length <= FIRST
      more.textContent = isWhole ? 'Show fewer' : `Show all ${agents.length} agents`
      const focused = body.contains(document.activeElement) ? document.activeElement?.getAttribute('data-member') : null
      const chosen = selection.filter.agent ?? []
      body.replaceChildren(
        ...(shown.length === 0
          ? [element('tr', {}, element('td', { colspan: 6 }, nothingHere(NO_MATCH)))]
          : shown.map((agent) => {
              const code = selection.set.dimensions.agent.members.indexOf(agent.member)
              return rowOf(
                agent,
                agentText(selection.set, code),
                chosen.length > 0,
                chosen.includes(agent.member),
                () => actions.toggle('agent', agent.member),
              )
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

function rowOf(
  agent: AgentFigures,
  name: string,
  isNarrowed: boolean,
  isChosen: boolean,
  toggle: () => void,
): HTMLElement {
  return element(
    'tr',
    { class: `${agent.place === null ? 'few' : ''} ${isNarrowed && !isChosen ? 'is-off' : ''}` },
    element('td', { class: 'place' }, agent.place ?? NONE),
    element(
      'th',
      { scope: 'row' },
      button(
        name,
        {
          class: 'link',
          'aria-pressed': String(isChosen),
          'data-member': agent.member ?? '',
          'data-value': agent.calls,
        },
        toggle,
      ),
      element('span', { class: 'note' }, agent.region),
    ),
    element('td', { class: 'number' }, countText(agent.calls)),
    element('td', {}, intervalOf(agent)),
    element('td', { class: 'number' }, minutesText(agent.average_handle_minutes)),
    element('td', { class: 'number' }, twoDecimals(agent.average_rating)),
  )
}

function intervalOf({ resolution_rate, interval }: AgentFigures): HTMLElement {
  const range = element('span', { class: 'interval', 'aria-hidden': 'true' }, element('i', {}), element('b', {}))
  setProperty(range, '--low', interval?.low ?? 0)
  setProperty(range, '--high', interval?.high ?? 0)
  setProperty(range, '--rate', resolution_rate ?? 0)
  const words = interval === null ? '' : ` (${percentText(interval.low)} to ${percentText(interval.high)})`
  return element(
    'span',
    { class: 'rate' },
    range,
    element('span', { class: 'number' }, percentText(resolution_rate)),
    element('span', { class: 'unseen' }, words),
  )
}
