/**
 * Calls worth a second look.
 * @module
 */

import { card } from '../../../page/card.ts'
import { element } from '../../../page/element.ts'
import { nothingHere } from '../../../page/empty.ts'
import { countText, dayText, minutesText, oneDecimal } from '../../../page/figure-text.ts'
import { type AnomalyFinding, CALL_ANOMALIES, callAnomalies } from '../figures/anomalies.ts'
import type { CallSet } from '../figures/call-set.ts'
import { type CallSelection, lookingAt } from '../figures/selection.ts'
import { textAt } from './call-cells.ts'
import type { View } from './view.ts'
import { agentText } from './words.ts'

const KINDS = {
  duration_outlier: { title: 'Unusually long or short', explained: 'Far outside what is usual for the issue' },
  agent_overlap: { title: 'Two calls at once', explained: 'Began while the agent was still in another call' },
  rating_out_of_range: { title: 'Ratings outside 1–5', explained: 'Counted in the average as they are' },
} as const

/** Examples shown of each kind. */
const MOST = 4

function sentence(set: CallSet, { anomaly, row, other }: AnomalyFinding): string {
  const agent = agentText(set, set.dimensions.agent.codes[row] as number)
  if (anomaly === 'duration_outlier') return `${minutesText(set.minutes[row] as number)}, ${agent}`
  if (anomaly === 'rating_out_of_range') return `rated ${oneDecimal(set.rating[row] as number)}, ${agent}`
  return `${agent}, during ${other === null ? 'another call' : textAt(set.callId, other)}`
}

/** Returns the card of anomalies. They are computed once per set. */
export function anomaliesView(): View {
  const list = element('div', { class: 'anomalies' })
  let known: { readonly set: CallSet; readonly findings: readonly AnomalyFinding[] } | null = null
  return {
    element: card(
      { title: 'Worth a second look', class: 'wide', note: 'What is rarely right, among the calls in view.' },
      list,
    ),
    update({ set, failed }: CallSelection) {
      if (known?.set !== set) known = { set, findings: callAnomalies(set) }
      const bits = lookingAt('current')
      const inView = known.findings.filter(({ row }) => ((failed[row] as number) & bits) === 0)
      if (inView.length === 0) {
        list.replaceChildren(nothingHere('Nothing unusual among these calls.'))
        return
      }
      list.replaceChildren(
        ...CALL_ANOMALIES.map((kind) => {
          const findings = inView.filter(({ anomaly }) => anomaly === kind)
          const rest = findings.length - MOST
          return element(
            'section',
            {},
            element(
              'h3',
              { title: KINDS[kind].explained },
              KINDS[kind].title,
              element('b', {}, countText(findings.length)),
            ),
            element(
              'ul',
              {},
              ...findings
                .slice(0, MOST)
                .map((finding) =>
                  element(
                    'li',
                    {},
                    element('code', {}, textAt(set.callId, finding.row)),
                    ` ${dayText((set.day[finding.row] as number) * 86_400_000)}: ${sentence(set, finding)}`,
                  ),
                ),
              rest > 0 && element('li', { class: 'note' }, `and ${countText(rest)} more`),
            ),
          )
        }),
      )
    },
  }
}
