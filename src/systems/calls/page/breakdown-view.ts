/**
 * Calls by the members of a dimension, as bars that are buttons.
 * @module
 */

import { card } from '../../../page/card.ts'
import { type MemberBar, memberBars, replaceBars } from '../../../page/charts/member-bars.ts'
import { element } from '../../../page/element.ts'
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
      const shown = figures.slice(0, MOST).map((one) => bar(one, all, dimension))
      const bars = memberBars(shown, (member) =>
        actions.toggle(dimension, figures.find(isMember(member))?.member ?? null),
      )
      const rest = figures.slice(MOST).reduce((sum, { calls }) => sum + calls, 0)
      const more = `${figures.length - MOST} more with ${countText(rest)} calls`
      replaceBars(list, figures.length > MOST ? [...bars, element('li', { class: 'rest' }, more)] : bars)
    },
  }
}

/** Whether figures are those of a member; a bar knows the missing one as an empty text. */
const isMember =
  (text: string) =>
  ({ member }: MemberFigures): boolean =>
    (member ?? '') === text

function bar(figures: MemberFigures, { overview, filter }: CallsFigures, dimension: CallDimension): MemberBar {
  const { member, calls, share } = figures
  const chosen = filter[dimension] ?? []
  const isChosen = chosen.includes(member)
  return {
    member: member ?? '',
    name: memberText(overview.agents, dimension, member),
    ...{ value: calls, text: countText(calls), share: percentText(share), detail: detailOf(figures, dimension) },
    ...{ isChosen, isOff: chosen.length > 0 && !isChosen },
  }
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
