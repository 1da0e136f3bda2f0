/**
 * A table of words and figures.
 * @module
 */
import { element } from './element.ts'
import { scrollable } from './scroll.ts'

/**
 * Returns a table that scrolls sideways where it is wider than its card. The first `texts` columns are words, the others numbers;
 * a cell is text, or an element such as a link.
 */
export function figureTable(
  name: string,
  titles: readonly string[],
  rows: readonly (readonly (string | HTMLElement)[])[],
  texts: number,
): HTMLElement {
  const cell = (index: number) => (index < texts ? '' : 'number')
  return scrollable(
    name,
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
