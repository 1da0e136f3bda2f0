/**
 * The page of the monthly report, as the shell finds it. Its code comes when it is first opened.
 * @module
 */
import { definePage, type Glances } from '../../../page/define-page.ts'
import { countText, NONE, twoDecimals } from '../../../page/figure-text.ts'
import { fetchSite } from '../../../page/site/fetch-site.ts'
import { siteRequest } from '../../../page/site/site.ts'
import { COMMIT, SNAPSHOT, SUPPORT_GLANCE, type SupportGlance, type SupportSnapshot } from './snapshot.ts'
import { type MonthsState, monthsAddress } from './state.ts'

function readGlance(content: unknown): Glances {
  // written by this package, beside this page
  const { quarter, total_interactions, busiest_month, longest_average_call: longest } = content as SupportGlance
  return {
    scope: `Newest whole quarter, ${quarter}`,
    figures: [
      { label: 'Interactions', text: countText(total_interactions) },
      { label: 'Busiest month', text: busiest_month ?? NONE },
      {
        label: `Longest average call${longest === null ? '' : `: ${longest.contact_center_name}`}`,
        text: longest === null ? NONE : `${twoDecimals(longest.average_call_minutes)} min`,
      },
    ],
  }
}

async function load(): Promise<SupportSnapshot | null> {
  const response = await fetchSite(siteRequest(SNAPSHOT))
  if (!response.ok) throw new Error(`The monthly report could not be fetched (${response.status}).`)
  // written by this package, beside this page
  return (await response.json()) as SupportSnapshot | null
}

export const page = definePage<MonthsState, SupportSnapshot>({
  id: 'support',
  title: 'Monthly report',
  summary: 'Interactions by month, contact center and department, and the three questions about them.',
  route: 'support',
  icon: 'M7 2v3M17 2v3M4 6h16v14H4ZM4 10h16M8 14h3M8 17h6',
  versions: [COMMIT],
  glance: { file: SUPPORT_GLANCE, read: readGlance },
  empty: {
    title: 'No monthly report here',
    text: 'The dashboard found no committed state. Run the monthly job, and start the dashboard where its output folder is, or name it with --out. This page fills by itself.',
    commands: [
      'support-etl generate --out data',
      'support-etl run --data data --out output',
      'support-etl dashboard --out output',
    ],
  },
  help: [
    { term: 'Interactions', text: 'Contacts of customers of any kind, counted in the month that they belong to.' },
    { term: 'Calls', text: 'Interactions by phone that have a duration.' },
    { term: 'Minutes', text: 'The sum of their durations; in the answers, the mean of a call.' },
    { term: 'Until resolved', text: 'The mean time from the start of a call to its resolution, in minutes.' },
    {
      term: 'Went on after',
      text: 'Calls that went on after their resolution, such as for a survey; “Share” is their share of all calls.',
    },
    { term: 'Minutes after', text: 'How long those calls went on, on average.' },
    { term: 'Unknown', text: 'The contact center or the month of interactions that name none that is known.' },
    {
      term: 'Newest whole quarter',
      text: 'The newest three months of a quarter that the report has from the first to the last.',
    },
  ],
  load,
  state: monthsAddress,
  mount: async ({ store }) => (await import('./months-page.ts')).monthsPage(store),
})
