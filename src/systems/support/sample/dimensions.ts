/**
 * The dimensions of a generated support operation, and their changes in each month.
 * @module
 */

import { chance } from '../../../sample/extract-bytes.ts'
import { formatDay } from '../../../time/instant.ts'

const CENTERS = [
  'Portland ME',
  'Burlington VT',
  'Concord NH',
  'Worcester MA',
  'Hartford CT',
  'Albany NY',
  'Buffalo NY',
  'Trenton NJ',
  'Erie PA',
  'Dover DE',
  'Baltimore MD',
  'Roanoke VA',
  'Durham NC',
  'Columbia SC',
  'Macon GA',
  'Tampa FL',
  'Orlando FL',
  'Akron OH',
  'Columbus OH',
  'Toledo OH',
  'Lansing MI',
  'Charleston WV',
  'Lexington KY',
  'Savannah GA',
]

const CATEGORIES: readonly (readonly [id: string, name: string, department: string])[] = [
  ['OUTG', 'Power Outage', 'Network'],
  ['METR', 'Meter Reading', 'Field Work'],
  ['PAYM', 'Payment Plan', 'Accounts'],
  ['TARF', 'Tariff Change', 'Accounts'],
  ['MOVE', 'Moving Home', 'Front Desk'],
  ['FAXR', 'Fax Request', 'Back Office'],
  ['REFD', 'Refund', 'Accounts'],
  ['GASL', 'Gas Leak', 'Network'],
  ['VOLT', 'Low Voltage', 'Network'],
  ['TREE', 'Tree on Line', 'Field Work'],
  ['LAMP', 'Street Lamp', 'Field Work'],
  ['CONN', 'New Connection', 'Field Work'],
  ['NAME', 'Change of Name', 'Front Desk'],
  ['COMP', 'Complaint', 'Front Desk'],
  ['PORT', 'Online Portal', 'Digital'],
  ['APPX', 'Mobile App', 'Digital'],
  ['SMRT', 'Smart Meter', 'Digital'],
  ['HEAT', 'Heat Pump', 'New Energy'],
  ['SOLR', 'Solar Feed-in', 'New Energy'],
  ['EVCH', 'Car Charging', 'New Energy'],
]

const FIRST =
  'Ada Bruno Chidi Dana Emre Freya Gil Hana Ivo Jun Kofi Lena Milo Nia Otto Pilar Quinn Rosa Sven Tala'.split(' ')
const LAST =
  'Abara Brandt Castel Dvorak Eriksen Falk Gruber Hamdi Ionescu Jansen Keita Lund Mbeki Novak Ochoa Petit Reyes Sato Tran Ueda'.split(
    ' ',
  )

/** At most this many months of deltas are generated. */
export const MOST_DELTAS = 9

/**
 * Contact centers that exist from the start. The last one opens in the month of the first delta;
 * the second delta adds it, one file late.
 */
export const KNOWN_CENTERS = CENTERS.length - 1
/**
 * Categories that exist from the start. The first delta adds one more in time; the last one comes
 * one file late.
 */
export const KNOWN_CATEGORIES = CATEGORIES.length - 2
export const CENTER_COUNT = CENTERS.length
export const CATEGORY_COUNT = CATEGORIES.length
export const CATEGORY_IDS = CATEGORIES.map(([id]) => id)

/** `C01` … */
export function centerId(center: number): string {
  return `C${String(center + 1).padStart(2, '0')}`
}

export function agentId(agent: number): string {
  return `A${String(agent + 1).padStart(5, '0')}`
}

/** The number of agents: one per 2,500 interactions, but at least one per contact center. */
export function agentCount(interactions: number): number {
  return Math.max(CENTER_COUNT, Math.round(interactions / 2500))
}

function centerRow(center: number, name = CENTERS[center]): string {
  return `${centerId(center)},${name},${CENTERS[center]}`
}

function categoryRow(category: number): string {
  return (CATEGORIES[category] ?? []).join(',')
}

function agentRow(seed: number, agent: number, center = agent % KNOWN_CENTERS): string {
  const dice = chance(seed, 1, agent)
  const first = FIRST[dice % FIRST.length]
  const last = LAST[(dice >>> 8) % LAST.length]
  // a name with a comma needs quotes
  const name = agent % 40 === 3 ? `"${last}, ${first}"` : `${first} ${last}`
  const category = CATEGORY_IDS[(dice >>> 16) % KNOWN_CATEGORIES]
  return `${agentId(agent)},${name},${centerId(center)},${formatDay(18_000 + (dice % 1800))},${category}`
}

/** The rows of the agents' full extract, without line ends. */
export function* agentRows(seed: number, interactions: number): Generator<string> {
  for (let agent = 0; agent < agentCount(interactions); agent++) yield agentRow(seed, agent)
}

/** The rows of the centers' full extract. The first center has a name that a delta changes. */
export function* centerRows(): Generator<string> {
  yield centerRow(0, 'Portland Interim')
  for (let center = 1; center < KNOWN_CENTERS; center++) yield centerRow(center)
}

/** The rows of the categories' full extract: some departments have a trailing space. */
export function* categoryRows(): Generator<string> {
  for (let category = 0; category < KNOWN_CATEGORIES; category++) {
    yield categoryRow(category) + (category % 4 === 3 ? ' ' : '')
  }
}

/**
 * The changes of the agents in a month (from 1): about a tenth join, move or leave; the agent who
 * left the month before returns.
 */
export function* agentChanges(seed: number, interactions: number, month: number): Generator<string> {
  const known = agentCount(interactions)
  const joining = Math.ceil(known / 20)
  for (let i = 0; i < joining; i++) {
    const agent = known + (month - 1) * joining + i
    // the first new agent works in the new center
    yield `${agentRow(seed, agent, i === 0 ? CENTER_COUNT - 1 : undefined)},add`
  }
  // agents 1 to MOST_DELTAS leave, one a month, so that no absent agent is moved
  if (month > 1) yield `${agentRow(seed, month - 1)},add `
  yield month % 2 === 1 ? `${agentRow(seed, month)},delete ` : `${agentId(month)},,,,,delete`
  const settled = MOST_DELTAS + 1
  const moving = Math.max(1, Math.floor(known / 25))
  for (let i = 0; i < moving; i++) {
    const agent = settled + ((month * moving + i) % (known - settled))
    yield `${agentRow(seed, agent, (agent + month) % KNOWN_CENTERS)},update`
  }
}

/**
 * The changes of the centers in a month. The second month's file renames one and adds the one that
 * opened in the first month.
 */
export function* centerChanges(month: number): Generator<string> {
  if (month !== 2) return
  yield `${centerRow(0)},update`
  yield `${centerRow(CENTER_COUNT - 1)},add `
}

/**
 * The changes of the categories in a month: one in time, one late, one moved to another
 * department, one deleted.
 */
export function* categoryChanges(month: number): Generator<string> {
  if (month === 1) {
    yield `${categoryRow(CATEGORY_COUNT - 2)},add`
    yield `${categoryRow(4).replace('Front Desk', 'Accounts')},update `
  }
  if (month === 2) {
    yield `${categoryRow(CATEGORY_COUNT - 1)},add`
    yield `${categoryRow(5)},delete `
  }
}
