/**
 * The page of calls, as the shell finds it. Its code comes when it is first opened.
 * @module
 */
import { definePage, type Glances } from '../../../page/define-page.ts'
import { countText, dayText, minutesText, percentText } from '../../../page/figure-text.ts'
import type { CallsGlance } from '../figures/glance.ts'
import { CALLS_GLANCE, MANIFEST } from './files.ts'
import type { LoadedCalls } from './load.ts'
import { type CallsState, callsAddress } from './state.ts'

function readGlance(content: unknown): Glances {
  // written by this package, beside this page
  const { from, to, kpis } = content as CallsGlance
  return {
    scope: `Last 28 whole days, ${dayText(Date.parse(from))} – ${dayText(Date.parse(to))}`,
    figures: [
      { label: 'Calls', text: countText(kpis.calls) },
      { label: 'Resolved', text: percentText(kpis.resolution_rate) },
      { label: 'Average handle time', text: minutesText(kpis.average_handle_minutes) },
    ],
  }
}

export const page = definePage<CallsState, LoadedCalls>({
  id: 'calls',
  title: 'Calls',
  summary: 'How many calls came, how long they took, and what became of them.',
  route: 'calls',
  icon: 'M6 3h3l2 5-2.5 1.5a11 11 0 0 0 6 6L16 13l5 2v3a3 3 0 0 1-3 3A15 15 0 0 1 3 6a3 3 0 0 1 3-3Z',
  versions: [MANIFEST],
  glance: { file: CALLS_GLANCE, read: readGlance },
  empty: {
    title: 'No calls yet',
    text: 'There is no curated file here. Clean a call log, and this page fills by itself.',
    commands: ['support-etl calls generate', 'support-etl calls clean', 'support-etl dashboard'],
  },
  help: [
    { term: 'Calls', text: 'Calls that began in the period.' },
    { term: 'Average handle time', text: 'The mean duration of a call, in minutes.' },
    { term: 'Resolution rate', text: 'Calls with the resolution “resolved” as a share of all calls.' },
    { term: 'Escalations', text: 'Calls with the resolution “escalated”.' },
    { term: 'Median, 90th percentile', text: 'Half of the calls, and nine in ten, are shorter.' },
    { term: 'Average rating', text: 'The mean of the ratings of rated calls, 1 to 5.' },
    {
      term: 'Change',
      text: 'Against the other period, which is chosen beside “against”. Green and red: for the better and for the worse by more than chance; grey: within chance. Shares change in points.',
    },
    {
      term: 'Repeat, first contact',
      text: 'A repeat follows another call of the customer within a week. A first contact is settled when it is resolved and the customer does not call again within a week.',
    },
    {
      term: '95 % interval',
      text: 'Where the true share of an agent lies, as likely as 19 in 20. Agents are ordered by its low end.',
    },
    { term: 'Light bars', text: 'A day, week or month that is cut off or may not be over. It is not compared.' },
  ],
  load: async (onProgress) => (await import('./load.ts')).loadCalls(onProgress),
  state: callsAddress,
  mount: async ({ store }) => (await import('./calls-page.ts')).callsPage(store),
})
