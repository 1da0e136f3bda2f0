/**
 * Calls worth a second look.
 * @module
 */

import { card } from '../../../page/card.ts'
import { element } from '../../../page/element.ts'
import { nothingHere } from '../../../page/empty.ts'
import { countText } from '../../../page/figure-text.ts'
import type { View } from './view.ts'

const KINDS = {
  duration_outlier: { title: 'Unusually long or short', explained: 'Far outside what is usual for the issue' },
  agent_overlap: { title: 'Two calls at once', explained: 'Began while the agent was still in another call' },
  rating_out_of_range: { title: 'Ratings outside 1–5', explained: 'Counted in the average as they are' },
} as const

/** Returns the card of anomalies. */
export function anomaliesView(): View {
  const list = element('div', { class: 'anomalies' })
  return {
    element: card(
      { title: 'Worth a second look', class: 'wide', note: 'What is rarely right, among the calls in view.' },
      list,
    ),
    update({ anomalies }) {
      if (anomalies.every(({ count }) => count === 0)) {
        list.replaceChildren(nothingHere('Nothing unusual among these calls.'))
        return
      }
      list.replaceChildren(
        ...anomalies.map(({ kind, count, examples }) => {
          const { title, explained } = KINDS[kind]
          const rest = count - examples.length
          return element(
            'section',
            {},
            element('h3', { title: explained }, title, element('b', {}, countText(count))),
            element(
              'ul',
              {},
              ...examples.map(({ call, text }) => element('li', {}, element('code', {}, call), ` ${text}`)),
              rest > 0 && element('li', { class: 'note' }, `and ${countText(rest)} more`),
            ),
          )
        }),
      )
    },
  }
}
