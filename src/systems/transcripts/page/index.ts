/**
 * The transcripts page, as the shell finds it. Its code comes when it is first opened.
 * @module
 */
import { definePage, type Glances } from '../../../page/define-page.ts'
import { countText } from '../../../page/figure-text.ts'
import { fetchSite } from '../../../page/site/fetch-site.ts'
import { siteRequest } from '../../../page/site/site.ts'
import type { CallOverview } from '../figures/overview.ts'
import { COMMIT, SNAPSHOT, TRANSCRIPTS_GLANCE, type TranscriptsSnapshot } from './snapshot.ts'
import { type TranscriptsState, transcriptsAddress } from './state.ts'
import { dollarText, rateText } from './words.ts'

function readGlance(content: unknown): Glances {
  // written by this package, beside this page
  const { calls, conversion_rate, upsell_revenue } = content as CallOverview
  return {
    scope: 'All calls',
    figures: [
      { label: 'Calls', text: countText(calls) },
      { label: 'Conversion rate', text: rateText(conversion_rate) },
      { label: 'Upsell revenue', text: dollarText(upsell_revenue) },
    ],
  }
}

async function load(): Promise<TranscriptsSnapshot | null> {
  const response = await fetchSite(siteRequest(SNAPSHOT))
  if (!response.ok) throw new Error(`The transcripts could not be fetched (${response.status}).`)
  // written by this package, beside this page
  return (await response.json()) as TranscriptsSnapshot | null
}

export const page = definePage<TranscriptsState, TranscriptsSnapshot>({
  id: 'transcripts',
  title: 'Transcripts',
  summary: 'What calls sold, how customers felt, and the words that say so.',
  route: 'transcripts',
  icon: 'M4 5h16v11H9l-5 4ZM8 9h8M8 12h5',
  versions: [COMMIT],
  glance: { file: TRANSCRIPTS_GLANCE, read: readGlance },
  empty: {
    title: 'No transcripts here',
    text: 'The dashboard found no committed transcripts. Run their job, and start the dashboard where its output folder is, or name it with --out. This page fills by itself.',
    commands: ['support-etl transcripts generate', 'support-etl transcripts run', 'support-etl dashboard --out output'],
  },
  help: [
    { term: 'Conversion', text: 'The customer commits to something that is sold, and does not take it back.' },
    {
      term: 'Upsell revenue',
      text: 'The prices of accepted offers, as they were said. A price per month counts once.',
    },
    { term: 'Mood', text: 'How the customer sounds over the call, by the customer’s words alone.' },
    {
      term: 'Evidence',
      text: 'Words that a rule found; the mark names the rule. The line below them is whole for sales and praise, dashed for complaints and refusals, dotted for the agent’s scorecard.',
    },
  ],
  load,
  state: transcriptsAddress,
  mount: async ({ store }) => (await import('./transcripts-page.ts')).transcriptsPage(store),
})
