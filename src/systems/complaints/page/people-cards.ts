/**
 * Whose complaints they are: the load of agents, and customers who complain again.
 * @module
 */
import { card } from '../../../page/card.ts'
import { button, element } from '../../../page/element.ts'
import { nothingHere } from '../../../page/empty.ts'
import { figureTable } from '../../../page/figure-table.ts'
import { countText, oneDecimal } from '../../../page/figure-text.ts'
import { shareText } from '../figures/words.ts'
import { NO_MATCH, type View } from './view.ts'

/** Agents listed at each end of the load. */
const LISTED = 10

/** Returns the card of agents. `choose` is given the id of one. */
export function agentsCard(choose: (agent: string) => void): View {
  const content = element('div', {})
  const note = element('span', {})
  return {
    element: card({ title: 'Load of agents', note }, content),
    update({ figures: { agents, ofUnknownAgents }, loaded }) {
      const named = agents.reduce((sum, { complaints }) => sum + complaints, 0)
      const mean = agents.length === 0 ? '' : `, ${oneDecimal(named / agents.length)} each`
      note.textContent = `${countText(agents.length)} agents${mean}; ${countText(ofUnknownAgents)} complaints have no agent of the sheet. The busiest, and the least busy, are listed.`
      if (agents.length === 0) {
        content.replaceChildren(nothingHere(NO_MATCH))
        return
      }
      const shown = agents.length <= 2 * LISTED ? agents : [...agents.slice(0, LISTED), ...agents.slice(-LISTED)]
      const rows = shown.map(({ agent, complaints, resolved }) => [
        button(agent, { class: 'link', 'data-key': `agent ${agent}` }, () => choose(agent)),
        loaded.snapshot.agent_names[agent] ?? '–',
        countText(complaints),
        countText(resolved),
        shareText(complaints === 0 ? null : resolved / complaints),
      ])
      const titles = ['Agent', 'Name', 'Complaints', 'Resolved', 'Share']
      content.replaceChildren(figureTable('Agents by complaints', titles, rows, 2))
    },
  }
}

/** Returns the card of repeat complainers. */
export function repeatsCard(): View {
  const content = element('div', {})
  return {
    element: card(
      { title: 'Repeat complainers', note: 'Customers with two complaints or more, and how many chance would make.' },
      content,
    ),
    update({ figures: { repeats }, loaded }) {
      const { complainers, repeaters, expectedRepeaters } = repeats
      const { customers } = loaded.snapshot
      const rows = [
        ['All', countText(customers), '–'],
        ['Complained', countText(complainers), shareText(customers === 0 ? null : complainers / customers)],
        ['More than once', countText(repeaters), shareText(complainers === 0 ? null : repeaters / complainers)],
        ['More than once, by chance', countText(Math.round(expectedRepeaters)), '–'],
      ]
      content.replaceChildren(
        figureTable('Customers by how often they complained', ['How often', 'Customers', 'Share'], rows, 1),
      )
    },
  }
}
