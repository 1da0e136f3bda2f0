/**
 * Calls by the members of a dimension, as bars that are buttons.
 * @module
 */

import { card } from '../../../page/card.ts'
import { button, element, setProperty } from '../../../page/element.ts'
import { nothingHere } from '../../../page/empty.ts'
import { countText, minutesText, oneDecimal, percentText } from '../../../page/figure-text.ts'
import type { MemberFigures } from '../figures/breakdown.ts'
import type { CallDimension } from '../figures/call-set.ts'
import type { Actions } from './actions.ts'
import type { CallsFigures, ListedDimension } from './calls-figures.ts'
import { NO_MATCH, type View } from './view.ts'
import { memberText } from './words.ts'

/** Members shown; the card says how many more there are. */
const MOST = 12

/** Returns the card of a dimension. */
export function breakdownView(dimension: ListedDimension, title: string, actions: Actions): View {
  const list = element('ul', { class: 'bars', 'data-dimension': dimension })
  return {
    element: card({ title, class: 'quarter' }, list),
    update(all) {
      const figures = all.members[dimension]
      if (figures.every(({ calls }) => calls === 0)) {
        list.replaceChildren(element('li', {}, nothingHere(NO_MATCH)))
        return
      }
      // the focused button is about to be replaced: remember its member
      const focused = list.contains(document.activeElement) ? document.activeElement?.getAttribute('data-member') : null
      const most = Math.max(...figures.map(({ calls }) => calls))
      const shown = figures.slice(0, MOST)
      list.replaceChildren(...shown.map((one) => bar(one, most, all, dimension, actions)))
      if (figures.length > MOST) {
        const rest = figures.slice(MOST).reduce((sum, { calls }) => sum + calls, 0)
        list.append(element('li', { class: 'rest' }, `${figures.length - MOST} more with ${countText(rest)} calls`))
      }
      if (focused !== null) {
        for (const one of list.querySelectorAll('button')) if (one.getAttribute('data-member') === focused) one.focus()
      }
    },
  }
}

function bar(
  figures: MemberFigures,
  most: number,
  { overview, filter }: CallsFigures,
  dimension: CallDimension,
  actions: Actions,
): HTMLElement {
  const { member, calls, share } = figures
  const chosen = filter[dimension] ?? []
  const isChosen = chosen.includes(member)
  const fill = element('span', { class: 'fill' })
  setProperty(fill, '--share', most === 0 ? 0 : calls / most)
  return element(
    'li',
    {},
    button(
      element(
        'span',
        { class: 'bar' },
        element('span', { class: 'name' }, memberText(overview.agents, dimension, member)),
        element('span', { class: 'count' }, countText(calls)),
        element('span', { class: 'share' }, percentText(share)),
        element('span', { class: 'track', 'aria-hidden': 'true' }, fill),
        element('span', { class: 'detail' }, detailOf(figures, dimension)),
      ),
      {
        class: chosen.length > 0 && !isChosen ? 'is-off' : '',
        'aria-pressed': String(isChosen),
        'data-member': member ?? '',
        'data-value': calls,
      },
      () => actions.toggle(dimension, member),
    ),
  )
}

/** Details of a member that its name does not show. */
function detailOf(figures: MemberFigures, dimension: CallDimension): string {
  const { resolution_rate, average_handle_minutes, average_rating } = figures
  return [
    dimension === 'resolution' ? null : `${percentText(resolution_rate)} resolved`,
    minutesText(average_handle_minutes),
    dimension === 'rating' || average_rating === null ? null : `rated ${oneDecimal(average_rating)}`,
  ]
    .filter((part) => part !== null)
    .join(', ')
}
