/**
 * The tables and outputs of every place, as a table of links.
 * @module
 */
import { element } from '../../page/element.ts'
import { countText } from '../../page/figure-text.ts'
import { isBroken, type JobPlace, type Places } from '../../page/places.ts'
import { scrollable } from '../../page/scroll.ts'
import { siteLink } from '../../page/site/site.ts'

/** The tables of a place as links to the page of data. */
function placeRows(place: JobPlace): HTMLElement[] {
  return place.tables.map(({ name, kind, rows }) =>
    element(
      'tr',
      {},
      element(
        'th',
        { scope: 'row' },
        element(
          'a',
          {
            href: siteLink({
              route: 'data',
              path: [name],
              query: place.id === '' ? '' : new URLSearchParams({ at: place.id }).toString(),
            }),
          },
          name,
        ),
      ),
      element('td', {}, kind),
      element('td', {}, place.job),
      element('td', { class: 'number' }, rows === null ? '' : countText(rows)),
      element('td', {}, `commit ${place.commit}, ${place.committed_at.slice(0, 10)}`),
    ),
  )
}

/** Returns every table that there is, as a table of links. */
export function placesTable(places: Places): HTMLElement {
  const heads = ['Name', 'Kind', 'Job', 'Rows', 'State']
  const broken = places.filter(isBroken)
  return element(
    'div',
    {},
    scrollable(
      'Tables and outputs',
      element(
        'table',
        {},
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            ...heads.map((text) => element('th', { scope: 'col', class: text === 'Rows' ? 'number' : '' }, text)),
          ),
        ),
        element('tbody', {}, ...places.flatMap((place) => (isBroken(place) ? [] : placeRows(place)))),
      ),
    ),
    ...broken.map(({ id, problem }) =>
      element('p', { class: 'note' }, `${id === '' ? 'The state' : `The state in ${id}`} cannot be read: ${problem}.`),
    ),
  )
}
