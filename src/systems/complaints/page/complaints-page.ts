/**
 * The complaints page: volumes, times, the service level, agents and customers, what is more than chance, and every row.
 * @module
 */

import { tellScope } from '../../../page/card.ts'
import { redrawOnResize } from '../../../page/charts/redraw.ts'
import type { MountedPage, Told } from '../../../page/define-page.ts'
import { button, element } from '../../../page/element.ts'
import { countText } from '../../../page/figure-text.ts'
import { keyFigures } from '../../../page/key-figures.ts'
import type { PageStore } from '../../../page/store.ts'
import { nextTurn } from '../../../page/worker/turns.ts'
import { shareText } from '../figures/words.ts'
import { filterBar } from './filter-bar.ts'
import type { LoadedComplaints, ShownComplaints } from './load.ts'
import { agentsCard, repeatsCard } from './people-cards.ts'
import { deliveriesCard, quarantineCard } from './rows-cards.ts'
import { type ComplaintDimension, type ComplaintsState, DIMENSIONS, FIRST_STATE, MEMBERS } from './state.ts'
import { backlogCard, resolutionCard, serviceCard } from './time-cards.ts'
import { verdictsCard } from './verdicts-card.ts'
import { NO_MATCH, type Shown, type View } from './view.ts'
import { dimensionCard, timeCard } from './volume-cards.ts'

const TITLES: Readonly<Record<ComplaintDimension, string>> = {
  ...{ channel: 'Channels', category: 'Categories', status: 'Statuses', platform: 'Platforms' },
}

/** What the data is, for the head of the page. */
function tell({ snapshot }: LoadedComplaints): Told {
  const { commit, committed_at, time_zone, customers, deliveries, is_whole, waiting } = snapshot
  const days = deliveries.flatMap(({ day }) => (day === null ? [] : [day])).sort()
  const delivered = days.length === 0 ? 'No delivery yet' : `Delivered ${days[0]} – ${days.at(-1)}`
  return {
    about: `${delivered}, ${countText(customers)} customers; source clocks of ${time_zone}`,
    asOf: committed_at,
    quality: [
      { text: `commit ${commit}` },
      is_whole ? { text: 'every row is accounted for' } : { text: 'rows are missing', isWarning: true },
      ...(waiting > 0
        ? [{ text: `${countText(waiting)} problems in quarantine`, query: 'waits=all', isWarning: true }]
        : []),
    ],
  }
}

/** The choice in words, for every heading. */
function scopeText({ from, to, agent, ...state }: ComplaintsState): string {
  const parts = [
    from === null && to === null ? '' : `${from ?? ''} – ${to ?? ''}`,
    ...DIMENSIONS.map((name) => state[name].join(', ')),
    agent === null ? '' : `agent ${agent}`,
  ]
  return parts.filter((part) => part !== '').join('; ') || 'all complaints'
}

/** The key figures. */
function figuresOf({ complaints, backlog, service, repeats, slaHours }: ShownComplaints): HTMLElement {
  const count = (name: string, title: string, value: number) => ({ name, title, text: countText(value), value })
  const within = service[0]?.withinSla ?? null
  const old = backlog.reduce((sum, { ages }) => sum + ages[3], 0)
  return keyFigures([
    count('complaints', 'Complaints', complaints),
    count('resolved', 'Resolved', service[0]?.resolved ?? 0),
    count(
      'open',
      'Open',
      backlog.reduce((sum, { open }) => sum + open, 0),
    ),
    { name: 'within_sla', title: `Within ${slaHours} hours`, text: shareText(within), value: within },
    count('older', 'Open over 90 days', old),
    count('complainers', 'Complainers', repeats.complainers),
    count('repeaters', 'More than once', repeats.repeaters),
  ])
}

function toggled(name: ComplaintDimension, state: ComplaintsState, member: string): Partial<ComplaintsState> {
  const chosen = state[name]
  const next = chosen.includes(member) ? chosen.filter((one) => one !== member) : [...chosen, member]
  return { [name]: MEMBERS[name].filter((one) => next.includes(one)) }
}

/** Returns the page; it follows the store. */
export function complaintsPage(store: PageStore<ComplaintsState>): MountedPage<LoadedComplaints> {
  const bar = filterBar(store)
  const quarantine = quarantineCard(() => store.change({ waits: 'all' }))
  const kpis = element('div', {})
  const cards: readonly View[] = [
    timeCard((days) => store.change(days)),
    ...DIMENSIONS.map((name) =>
      dimensionCard(name, TITLES[name], (member) => store.change(toggled(name, store.state, member))),
    ),
    verdictsCard(),
    resolutionCard(),
    serviceCard(),
    backlogCard(),
    agentsCard((agent) => store.change({ agent })),
    repeatsCard(),
  ]
  // of all complaints, whatever is chosen
  const rows: readonly View[] = [deliveriesCard((waits) => store.change({ waits })), quarantine]
  const notice = element('div', { class: 'notice', role: 'status', hidden: true })
  const grid = element('div', { class: 'grid' }, ...cards.map((view) => view.element))
  const below = element('div', { class: 'grid' }, ...rows.map((view) => view.element))
  const outer = element('div', { class: 'complaints-page' }, bar.element, notice, kpis, grid, below)
  let loaded: LoadedComplaints | null = null
  let drawn: { readonly width: number; readonly waits: string | null } | null = null
  let wanted = 0

  const tellProblem = (text: string | null, label: string, act: () => void) => {
    notice.hidden = text === null
    notice.replaceChildren(...(text === null ? [] : [element('p', {}, text), button(label, { class: 'quiet' }, act)]))
  }
  const tellFailure = (error: unknown) =>
    tellProblem(error instanceof Error ? error.message : String(error), 'Try again', () => store.change({}, 'stay'))

  const draw = async (shown: Shown, turn: number): Promise<void> => {
    const focused = outer.contains(document.activeElement) ? document.activeElement : null
    const key = focused?.getAttribute('data-key')
    // each in a turn of its own, so that the page answers in between
    const update = async (act: () => void): Promise<boolean> => {
      act()
      await nextTurn()
      return turn === wanted
    }
    if (!(await update(() => bar.update(shown)))) return
    if (!(await update(() => kpis.replaceChildren(figuresOf(shown.figures))))) return
    for (const view of [...cards, ...rows]) if (!(await update(() => view.update(shown)))) return
    tellScope(grid, scopeText(shown.state))
    // what was made anew keeps the focus
    if (key && document.activeElement === document.body)
      outer.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true })
    const { waits } = shown.state
    if (waits !== null && waits !== drawn?.waits) {
      quarantine.element.scrollIntoView({ block: 'start' })
      quarantine.element.focus({ preventScroll: true })
    }
    drawn = { width: innerWidth, waits }
  }
  const update = async (): Promise<void> => {
    if (loaded === null) return
    const complaints = loaded
    const turn = ++wanted
    const { state } = store
    outer.setAttribute('aria-busy', 'true')
    try {
      const figures = await complaints.figures(state)
      // a later choice is on its way
      if (turn !== wanted) return
      const isEmpty = figures.complaints === 0
      const empty =
        complaints.snapshot.complaints === 0
          ? 'The lake has no complaint yet.'
          : `${NO_MATCH} Take a filter away, or start over.`
      const unread =
        store.problem === null ? null : `The link could not be read in full: ${store.problem}. That part is left out.`
      if (unread !== null) tellProblem(unread, 'Understood', () => store.change({}, 'stay'))
      else tellProblem(isEmpty ? empty : null, 'Reset all', () => store.change(FIRST_STATE))
      await draw({ figures, state, loaded: complaints }, turn)
    } finally {
      if (turn === wanted) outer.removeAttribute('aria-busy')
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
      return tell(next)
    },
  }
}
