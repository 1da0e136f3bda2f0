/**
 * The interactions page, as the shell finds it. Its code comes when it is first opened.
 * @module
 */
import { definePage, type Glances } from '../../../page/define-page.ts'
import { countText } from '../../../page/figure-text.ts'
import type { LoadedInteractions } from './load.ts'
import { COMMIT, INTERACTIONS_GLANCE, type InteractionsGlance } from './snapshot.ts'
import { type InteractionsState, interactionsAddress } from './state.ts'

function readGlance(content: unknown): Glances {
  // written by this package, beside this page
  const { interactions, customers, channels, first_day, last_day } = content as InteractionsGlance
  return {
    scope: first_day === null ? 'No interactions' : `${first_day} – ${last_day}`,
    figures: [
      { label: 'Interactions', text: countText(interactions) },
      { label: 'Customers', text: countText(customers) },
      { label: 'Channels', text: countText(channels) },
    ],
  }
}

export const page = definePage<InteractionsState, LoadedInteractions>({
  id: 'interactions',
  title: 'Interactions',
  summary: 'Who talked to us, how often, through which channel, about which product.',
  route: 'interactions',
  icon: 'M3 5h12v8H8l-3 3v-3H3ZM18 9h3v8h-2v3l-3-3h-6v-2',
  versions: [COMMIT],
  glance: { file: INTERACTIONS_GLANCE, read: readGlance },
  empty: {
    title: 'No interactions here',
    text: 'The dashboard found no committed interactions. Import their files, and start the dashboard where its output folder is, or name it with --out. This page fills by itself.',
    commands: [
      'support-etl interactions generate',
      'support-etl interactions import',
      'support-etl dashboard --out output',
    ],
  },
  help: [
    {
      term: 'Interaction',
      text: 'One row of the interactions file. Two equal rows are two interactions.',
    },
    { term: 'Day and month', text: 'Those of the wall time that the file says. No time zone is applied.' },
    {
      term: 'Unknown type',
      text: 'The type of a customer without one, and of an id that the customers file does not have.',
    },
    {
      term: 'Product',
      text: 'What was sold in the month of the interaction; Unknown where the month has none. In a month with several products an interaction counts under each.',
    },
    {
      term: 'Unusual',
      text: 'A day, of all interactions, of a channel or of a customer, that differs from the mean of all days before it by more than 3 plus five standard deviations; a channel that begins after the first 28 days; an id that the customers file does not have.',
    },
    { term: 'Usual', text: 'The mean of all days before that day.' },
  ],
  load: async () => (await import('./load.ts')).loadInteractions(),
  state: interactionsAddress,
  mount: async ({ store }) => (await import('./interactions-page.ts')).interactionsPage(store),
})
