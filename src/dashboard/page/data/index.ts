/**
 * The page of data: every table and output of every job, whatever the job is.
 * @module
 */
import { definePage } from '../../../page/define-page.ts'
import { PLACES, type Places } from '../../../page/places.ts'
import { readVersion } from '../../../page/site/watch.ts'
import { type DataState, dataAddress } from './state.ts'

async function load(): Promise<Places | null> {
  // written by this package, beside this page
  const places = ((await readVersion(PLACES))?.content ?? []) as Places
  return places.length === 0 ? null : places
}

export const page = definePage<DataState, Places>({
  id: 'data',
  title: 'Data',
  summary: 'The tables and outputs of every job.',
  route: 'data',
  icon: 'M4 5h16v14H4ZM4 10h16M4 14.5h16M10 5v14',
  versions: [PLACES],
  empty: {
    title: 'No data yet',
    text: 'No job has a committed state here. Run one, or name the folder of its output with --out.',
    commands: ['support-etl generate --out data', 'support-etl run --data data --out output'],
  },
  help: [
    { term: 'Output', text: 'A table that a job makes of its tables, such as a report.' },
    { term: 'Table', text: 'The current rows of one of the job’s own tables, without where they came from.' },
    { term: 'Derived', text: 'A table that a job makes of another one, row by row.' },
    { term: 'Key', text: 'The columns that tell a row from every other one.' },
    { term: 'Blank', text: 'Rows without a value in a column.' },
    { term: 'Distinct', text: 'How many different values a column has among the rows in view.' },
    { term: 'Median', text: 'Half of the values are smaller.' },
  ],
  load,
  state: dataAddress,
  mount: async ({ store, tell }) => (await import('./data-page.ts')).dataPage(store, tell),
})
