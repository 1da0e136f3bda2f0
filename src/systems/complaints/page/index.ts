/**
 * The complaints page, as the shell finds it. Its code comes when it is first opened.
 * @module
 */
import { definePage, type Glances } from '../../../page/define-page.ts'
import { countText, percentText } from '../../../page/figure-text.ts'
import type { LoadedComplaints } from './load.ts'
import { COMMIT, COMPLAINTS_GLANCE, type ComplaintsGlance } from './snapshot.ts'
import { type ComplaintsState, complaintsAddress } from './state.ts'

function readGlance(content: unknown): Glances {
  // written by this package, beside this page
  const { complaints, open, sla_hours, within_sla, first_day, last_day } = content as ComplaintsGlance
  return {
    scope: first_day === null ? 'No complaints' : `Opened ${first_day} – ${last_day}`,
    figures: [
      { label: 'Complaints', text: countText(complaints) },
      { label: 'Open', text: countText(open) },
      { label: `Within ${sla_hours} hours`, text: percentText(within_sla) },
    ],
  }
}

export const page = definePage<ComplaintsState, LoadedComplaints>({
  id: 'complaints',
  title: 'Complaints',
  summary: 'What customers complain about, how long it takes, and which differences are more than chance.',
  route: 'complaints',
  icon: 'M12 3 22 20H2ZM12 9v5M12 16.5v.5',
  versions: [COMMIT],
  glance: { file: COMPLAINTS_GLANCE, read: readGlance },
  empty: {
    title: 'No complaints here',
    text: 'The dashboard found no committed complaints. Run their job, and start the dashboard where its output folder is, or name it with --out. This page fills by itself.',
    commands: ['support-etl complaints generate', 'support-etl complaints run', 'support-etl dashboard --out output'],
  },
  help: [
    { term: 'Complaint', text: 'One complaint of a channel, as its latest delivery says. Days and times are UTC.' },
    { term: 'Open', text: 'Any status but Resolved, at the end of the last delivery day.' },
    {
      term: 'Median, nine in ten',
      text: 'The time until half, and nine in ten, are resolved. Open complaints count as open (Kaplan–Meier), so a time that is not reached yet is not shown.',
    },
    {
      term: 'Within the service level',
      text: 'Resolved in time, as a share of those that were resolved or are open for longer. Younger open ones are undecided. The interval holds the true share as likely as 19 in 20.',
    },
    {
      term: 'Repeat complainers',
      text: 'Customers with two complaints or more. Chance: how many there would be if complaints came from all customers at random.',
    },
    {
      term: 'More than chance',
      text: 'Each question is tested (chi-square, log-rank, dispersion) and corrected for the number of questions (Holm). “no significant difference”: what is seen may be chance.',
    },
    {
      term: 'Effect',
      text: 'V: from 0 to 1, negligible below 0.05. ×: how much faster the fastest group is than the slowest. × chance: 1 is what chance makes.',
    },
    {
      term: 'Every row',
      text: 'source = duplicate + refused + landed; landed = quarantined + cleaned; the report counts what is cleaned.',
    },
  ],
  load: async (onProgress) => (await import('./load.ts')).loadComplaints(onProgress),
  state: complaintsAddress,
  mount: async ({ store }) => (await import('./complaints-page.ts')).complaintsPage(store),
})
