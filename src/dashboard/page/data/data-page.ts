/**
 * What the page of data looks like: a list of all tables, or the rows, columns and figures of one.
 * @module
 */
import type { MountedPage, Told } from '../../../page/define-page.ts'
import { button, element } from '../../../page/element.ts'
import { blankPage } from '../../../page/empty.ts'
import { countText } from '../../../page/figure-text.ts'
import { isBroken, type JobPlace, type PlacedTable, type Places } from '../../../page/places.ts'
import { Facts, type OpenedFacts } from '../../../page/selection/facts.ts'
import type { FactFilter } from '../../../page/selection/selection.ts'
import { siteLink, siteRequest } from '../../../page/site/site.ts'
import type { PageStore } from '../../../page/store.ts'
import { placesTable } from '../places-table.ts'
import { BLANK, columnCard } from './column-card.ts'
import { columnOf, contractCard } from './contract-card.ts'
import { PAGE_SIZE, rowsCard } from './rows-card.ts'
import { type DataState, isVoid } from './state.ts'

/** A table with its place. */
interface Found {
  readonly place: JobPlace
  readonly table: PlacedTable
}

/** The table that an address names: in its own folder, or in any where it names none. */
export function findTable(places: Places, { at, name }: Pick<DataState, 'at' | 'name'>): Found | null {
  const found = places.flatMap((place) =>
    isBroken(place) ? [] : place.tables.filter((table) => table.name === name).map((table) => ({ place, table })),
  )
  return found.find(({ place }) => place.id === at) ?? (at === '' ? (found[0] ?? null) : null)
}

function tellTable({ place, table }: Found, { rows }: OpenedFacts): Told {
  const kind = { output: 'Output', derived: 'Derived table', table: 'Table' }[table.kind]
  const { quarantined, commit } = place
  const copies = table.copies.length === 0 ? [] : [{ text: `published as ${table.copies.join(', ')}` }]
  return {
    about: `${kind} ${table.name} of job ${place.job}, ${countText(rows)} ${rows === 1 ? 'row' : 'rows'}`,
    asOf: place.committed_at,
    quality: [
      { text: `commit ${commit}` },
      ...copies,
      ...(quarantined > 0
        ? [{ text: `${countText(quarantined)} rows of the job in quarantine`, isWarning: true }]
        : []),
    ],
  }
}

function filterText(name: string, { members, contains, from, to }: FactFilter): string {
  const parts = [
    members?.length ? `is ${members.map((member) => member ?? BLANK).join(' or ')}` : null,
    contains ? `contains “${contains}”` : null,
    from === undefined ? null : `from ${from}`,
    to === undefined ? null : `to ${to}`,
  ]
  return `${name} ${parts.filter((part) => part !== null).join(', ')}`
}

function chips(store: PageStore<DataState>): HTMLElement {
  const { filters } = store.state
  const names = Object.keys(filters)
  const without = (name: string) => Object.fromEntries(Object.entries(filters).filter(([other]) => other !== name))
  const on = names.map((name) => {
    const text = filterText(name, filters[name] ?? {})
    return element(
      'li',
      {},
      button(element('span', {}, text), { class: 'chip', 'aria-label': `Remove ${text}` }, () =>
        store.change({ filters: without(name), page: 0 }),
      ),
    )
  })
  const row = element(
    'div',
    { class: 'filter-on' },
    element('ul', { class: 'chips', 'aria-label': 'Filters that are on' }, ...on),
    button('Reset all', { class: 'quiet reset' }, () => store.change({ filters: {}, page: 0 })),
  )
  row.hidden = names.length === 0
  return row
}

/** An element's own name among the page's controls, by which the focus finds its successor. */
const MARKS = ['data-sort', 'data-turn', 'data-column', 'data-member', 'data-field'] as const

function focusMark(outer: HTMLElement): string | null {
  const active = document.activeElement
  if (active === null || !outer.contains(active)) return null
  const mark = MARKS.find((name) => active.hasAttribute(name))
  return mark === undefined ? null : `[${mark}="${CSS.escape(active.getAttribute(mark) ?? '')}"]`
}

/** Returns the page; it follows the store. `tell` says what is shown. */
export function dataPage(store: PageStore<DataState>, tell: (told: Told) => void): MountedPage<Places> {
  const outer = element('div', { class: 'data-page' })
  let places: Places = []
  let facts: Facts | null = null
  let opened: (OpenedFacts & { readonly tag: string; readonly found: Found }) | null = null
  /** Counts what was asked, so that a slow answer does not replace a later one. */
  let turn = 0

  const list = () => {
    outer.replaceChildren(element('section', { class: 'card wide', 'aria-label': 'Every table' }, placesTable(places)))
    tell(tellPlaces(places))
  }
  const open = async (found: Found, tag: string, mine: number): Promise<boolean> => {
    if (opened?.tag === tag) return true
    const bar = element('progress', { max: 1, value: 0, 'aria-label': `Reading: ${found.table.name}` })
    if (opened === null || opened.found.table.file !== found.table.file) {
      outer.replaceChildren(element('section', { class: 'blank' }, element('p', {}, 'Reading the table'), bar))
    }
    facts ??= new Facts()
    const next = await facts.open(siteRequest(found.table.file), (share) => {
      bar.value = share
    })
    if (mine !== turn) return false
    opened = { ...next, tag, found }
    tell(tellTable(found, next))
    return true
  }
  const draw = async (found: Found, mine: number) => {
    if (facts === null || opened === null) return
    const { state } = store
    const { headers } = opened
    const known = new Set(headers.map(({ name }) => name))
    const filters = Object.fromEntries(Object.entries(state.filters).filter(([name]) => known.has(name)))
    const order = { sort: state.sort !== null && known.has(state.sort) ? state.sort : null, direction: state.direction }
    const header = headers.find(({ name }) => name === state.column)
    const [rows, figures] = await Promise.all([
      facts.page(filters, order, state.page * PAGE_SIZE, PAGE_SIZE),
      header === undefined ? null : facts.figures(filters, header.name),
    ])
    if (mine !== turn) return
    const mark = focusMark(outer)
    const choose = (column: string) => store.change({ column: column === state.column ? null : column })
    const filter = (one: FactFilter) => {
      const { [header?.name ?? '']: _, ...others } = filters
      store.change({
        filters: isVoid(one) || header === undefined ? others : { ...others, [header.name]: one },
        page: 0,
      })
    }
    outer.replaceChildren(
      element(
        'nav',
        { class: 'crumbs', 'aria-label': 'Where this is' },
        element('a', { href: siteLink({ route: 'data' }) }, 'All tables'),
        element('h2', {}, found.table.name),
      ),
      chips(store),
      element(
        'div',
        { class: 'grid' },
        rowsCard(facts, headers, rows, store),
        contractCard(headers, found.table.contract, state.column, choose),
        header !== undefined && figures !== null
          ? columnCard(header, figures, filters[header.name] ?? {}, columnOf(found.table.contract, header.name), {
              filter,
              close: () => store.change({ column: null }),
            })
          : '',
      ),
    )
    if (mark !== null) outer.querySelector<HTMLElement>(mark)?.focus()
  }
  const update = async (state: DataState) => {
    const mine = ++turn
    if (places.length === 0) return
    if (state.name === null) {
      list()
      return
    }
    const found = findTable(places, state)
    if (found === null) {
      outer.replaceChildren(
        blankPage({
          title: `There is no table ${state.name}`,
          text: 'No job here has a table or an output of this name.',
          link: { label: 'All tables', address: siteLink({ route: 'data' }) },
        }),
      )
      return
    }
    try {
      const { place, table } = found
      if (await open(found, `${table.file} ${place.sha256}`, mine)) await draw(found, mine)
    } catch (error) {
      if (mine !== turn) return
      opened = null
      const text = error instanceof Error ? error.message : String(error)
      const action = { label: 'Try again', act: () => void update(store.state) }
      outer.replaceChildren(blankPage({ title: 'The table could not be read', text, action }))
    }
  }
  store.subscribe((state) => void update(state))
  return {
    element: outer,
    show(next) {
      places = next
      void update(store.state)
      return opened === null || store.state.name === null ? tellPlaces(next) : tellTable(opened.found, opened)
    },
  }
}

function tellPlaces(places: Places): Told {
  const jobs = places.flatMap((place) => (isBroken(place) ? [] : [place]))
  const tables = jobs.reduce((sum, place) => sum + place.tables.length, 0)
  const broken = places.length - jobs.length
  return {
    about: `${countText(tables)} tables of ${countText(jobs.length)} ${jobs.length === 1 ? 'job' : 'jobs'}`,
    asOf: null,
    quality: broken === 0 ? [] : [{ text: `${broken} places cannot be read`, isWarning: true }],
  }
}
