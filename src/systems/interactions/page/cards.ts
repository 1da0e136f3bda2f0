/**
 * The cards of the interactions page: counts by channel and month, type, product, and what is unusual.
 * @module
 */
import { card } from '../../../page/card.ts'
import { button } from '../../../page/element.ts'
import { nothingHere } from '../../../page/empty.ts'
import { figureTable } from '../../../page/figure-table.ts'
import { countText, NONE, twoDecimals } from '../../../page/figure-text.ts'
import { ANOMALY_WORDS, type InteractionAnomaly } from '../figures/anomalies.ts'
import type { ChannelCounts } from '../figures/cell-counts.ts'
import type { ShownCounts } from './shown-counts.ts'

/** Unusual things that a card lists. */
const LISTED = 50

/** Counts of one line, channel by channel, with their sum. */
export function countTexts(channels: readonly string[], counts: ChannelCounts): string[] {
  const all = channels.map((channel) => counts.get(channel) ?? 0)
  return [...all, all.reduce((sum, count) => sum + count, 0)].map(countText)
}

interface Pivot {
  readonly title: string
  readonly note: string
  readonly table: string
  readonly first: string
}

/** Returns a card of lines by channels, and their sum; choosing a line's name narrows the page to it. */
export function pivotCard(
  { title, note, table, first }: Pivot,
  { channels, byChannel }: ShownCounts,
  lines: ReadonlyMap<string, ChannelCounts>,
  choose: (name: string) => void,
): HTMLElement {
  const rows = Array.from(lines, ([name, counts]) => [
    button(name, { class: 'link', 'data-key': `${first} ${name}` }, () => choose(name)),
    ...countTexts(channels, counts),
  ])
  return card(
    { title, note },
    rows.length === 0
      ? nothingHere('No interactions.')
      : figureTable(table, [first, ...channels, 'All'], [...rows, ['All', ...countTexts(channels, byChannel)]], 1),
  )
}

/** Returns the card of products by type of customer. */
export function productsCard({ products, monthsWithSeveralProducts: several }: ShownCounts): HTMLElement {
  const rows = products.flatMap(({ customer_type, products: sold }) =>
    sold.map(({ product, interaction_count }) => [customer_type, product, countText(interaction_count)]),
  )
  const twice =
    several.length === 0 ? '' : ` Interactions of ${several.join(', ')} count under each product of their month.`
  return card(
    { title: 'Products', note: `What was sold in the month of the interaction, by type of customer.${twice}` },
    rows.length === 0
      ? nothingHere('No interactions.')
      : figureTable('Products by type', ['Type', 'Product', 'Interactions'], rows, 2),
  )
}

/** Returns the card of what is unusual within the days of the filter. */
export function anomaliesCard(found: readonly InteractionAnomaly[], chooseDay: (day: string) => void): HTMLElement {
  const rows = found
    .slice(0, LISTED)
    .map(({ day, kind, subject, count, expected }) => [
      button(day, { class: 'link', 'data-key': `anomaly ${kind} ${day} ${subject}` }, () => chooseDay(day)),
      ANOMALY_WORDS[kind],
      subject ?? '',
      countText(count),
      expected === null ? NONE : twoDecimals(expected),
    ])
  const rest = found.length > LISTED ? ` The newest ${LISTED} of ${countText(found.length)} are listed.` : ''
  return card(
    {
      title: 'Unusual',
      note: `Days, channels and customers far outside their history, of all interactions of these days.${rest}`,
    },
    rows.length === 0
      ? nothingHere('Nothing is far outside its history.')
      : figureTable('Unusual days, channels and customers', ['Day', 'What', 'Which', 'Interactions', 'Usual'], rows, 3),
  )
}
