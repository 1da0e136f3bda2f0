/**
 * What the home page looks like.
 * @module
 */
import type { MountedPage, Page } from '../../../page/define-page.ts'
import { element } from '../../../page/element.ts'
import { siteLink } from '../../../page/site/site.ts'
import { placesTable } from '../places-table.ts'
import type { HomeData, SystemGlance } from './home-data.ts'

let titles = 0

function titled(title: string, route: string): { readonly id: string; readonly heading: HTMLElement } {
  const id = `home-${++titles}`
  return { id, heading: element('h2', { id }, element('a', { href: siteLink({ route }) }, title)) }
}

function systemCard({ page, glances }: SystemGlance): HTMLElement {
  const { id, heading } = titled(page.title, page.route)
  if (glances === null) return emptyCard(page, id, heading)
  return element(
    'section',
    { class: 'card', 'aria-labelledby': id, 'data-system': page.id },
    element('header', {}, element('div', {}, heading, element('p', { class: 'note' }, page.summary))),
    element(
      'dl',
      { class: 'glances' },
      ...glances.figures.map(({ label, text }) =>
        element('div', {}, element('dt', {}, label), element('dd', {}, text)),
      ),
    ),
    element('p', { class: 'note scope' }, glances.scope),
  )
}

function emptyCard({ id: name, empty }: Page, id: string, heading: HTMLElement): HTMLElement {
  return element(
    'section',
    { class: 'card is-empty', 'aria-labelledby': id, 'data-system': name },
    element(
      'header',
      {},
      element('div', {}, heading, element('p', { class: 'note' }, 'No data yet. These commands make some:')),
    ),
    element('pre', { tabindex: 0, 'aria-label': 'Commands' }, element('code', {}, (empty.commands ?? []).join('\n'))),
  )
}

/** Returns the home page. */
export function homeView(): MountedPage<HomeData> {
  const outer = element('div', { class: 'home-page' })
  return {
    element: outer,
    show({ systems, places }) {
      const { id, heading } = titled('Data', 'data')
      outer.replaceChildren(
        element('div', { class: 'grid' }, ...systems.map(systemCard)),
        places.length === 0
          ? ''
          : element(
              'section',
              { class: 'card wide outputs', 'aria-labelledby': id },
              element(
                'header',
                {},
                element('div', {}, heading, element('p', { class: 'note' }, 'The tables and outputs of every job.')),
              ),
              placesTable(places),
            ),
      )
      const ready = systems.filter(({ glances }) => glances !== null).length
      const about =
        ready === systems.length
          ? 'The newest figures of every system'
          : `${ready} of ${systems.length} systems have data`
      return { about, asOf: null, quality: [] }
    },
  }
}
