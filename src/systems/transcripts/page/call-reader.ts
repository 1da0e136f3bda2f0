/**
 * Reads one call: its turns, with the words behind each finding marked.
 * @module
 */
import { card } from '../../../page/card.ts'
import { type Child, element } from '../../../page/element.ts'
import { momentText } from '../../../page/figure-text.ts'
import { talkOf } from '../figures/analysis/talk.ts'
import { parseTurns } from '../figures/turns.ts'
import type { ShownCall, ShownEvidence } from './snapshot.ts'
import { dollarText, METRICS, MOODS } from './words.ts'

/** The pieces of a text from one place to another, with what was found in them. Text is only ever text. */
function marked(text: string, from: number, to: number, evidence: readonly ShownEvidence[]): Child[] {
  const pieces: Child[] = []
  let at = from
  for (const { metric, rule, offset, length } of evidence) {
    // of findings that overlap, the first is marked
    if (offset < at || offset + length > to) continue
    pieces.push(text.slice(at, offset))
    const title = `${METRICS[metric]}, by the rule ${rule}`
    pieces.push(
      element(
        'mark',
        { 'data-metric': metric, title },
        text.slice(offset, offset + length),
        element('span', { class: 'unseen' }, ` (${title})`),
      ),
    )
    at = offset + length
  }
  pieces.push(text.slice(at, to))
  return pieces
}

/** Returns the card of a call. */
export function callReader({
  call_id,
  agent_name,
  call_timestamp,
  is_conversion,
  mood,
  upsell_amount,
  text,
  evidence,
}: ShownCall): HTMLElement {
  const outcome = [
    is_conversion ? 'conversion' : 'no conversion',
    MOODS[mood],
    ...(upsell_amount === null ? [] : [`upsells ${dollarText(upsell_amount)}`]),
  ].join(', ')
  const spoken = parseTurns(text)
  const { agentShare } = talkOf(text, spoken)
  const talk = agentShare === null ? '' : ` The agent says ${Math.round(100 * agentShare)}\u00a0% of the words.`
  const turns = spoken.map(({ speaker, offset, text: said }) =>
    element(
      'p',
      { class: `turn ${speaker}` },
      element('b', {}, `${speaker}: `),
      ...marked(text, offset, offset + said.length, evidence),
    ),
  )
  return card(
    {
      title: call_id,
      class: 'reader',
      note: `${agent_name}, ${momentText(Date.parse(call_timestamp))} UTC: ${outcome}.${talk}`,
    },
    element(
      'div',
      { class: 'transcript', tabindex: 0, role: 'region', 'aria-label': `Transcript of ${call_id}` },
      ...turns,
    ),
  )
}
