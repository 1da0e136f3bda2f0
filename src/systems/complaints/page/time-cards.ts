/**
 * How long complaints take: by channel and category, against the service level, and how old the open ones are.
 * @module
 */

import type { ShareInterval } from '../../../aggregate/intervals.ts'
import { card } from '../../../page/card.ts'
import { bars } from '../../../page/charts/bars.ts'
import { element } from '../../../page/element.ts'
import { figureTable } from '../../../page/figure-table.ts'
import { countText } from '../../../page/figure-text.ts'
import { durationText, shareText } from '../figures/words.ts'
import type { View } from './view.ts'

const intervalText = (interval: ShareInterval | null): string =>
  interval === null ? '–' : `${(interval.low * 100).toFixed(1)} – ${shareText(interval.high)}`

/** Returns the card of resolution times. */
export function resolutionCard(): View {
  const content = element('div', {})
  return {
    element: card(
      {
        title: 'Time until resolved',
        class: 'wide',
        note: 'Until half, and nine in ten, are resolved; open complaints count as open. A call is resolved at its end, or stays open.',
      },
      content,
    ),
    update({ figures: { resolution, slaHours } }) {
      const titles = ['Channel', 'Category', 'Complaints', 'Resolved', 'Median', 'Nine in ten', `Within ${slaHours} h`]
      // a channel that is not chosen has none
      const rows = resolution
        .filter(({ complaints }) => complaints > 0)
        .map((row) => [
          ...[row.channel, row.category, countText(row.complaints), countText(row.resolved)],
          ...[durationText(row.medianHours), durationText(row.p90Hours), shareText(row.withinSla)],
        ])
      content.replaceChildren(figureTable('Resolution times by channel and category', titles, rows, 2))
    },
  }
}

/** Returns the card of the service level. */
export function serviceCard(): View {
  const content = element('div', {})
  const note = element('span', {})
  return {
    element: card({ title: 'Service level', note }, content),
    update({ figures: { service, slaHours } }) {
      note.textContent = `Resolved within ${slaHours} hours. Open complaints that are younger are undecided.`
      const titles = ['Channel', 'In time', 'Missed', 'Undecided', 'Share', '95 % interval']
      const rows = service
        .filter(({ channel, complaints }) => channel === null || complaints > 0)
        .map((row) => [
          ...[row.channel ?? 'All', countText(row.kept), countText(row.missed), countText(row.undecided)],
          ...[shareText(row.withinSla), intervalText(row.withinSlaInterval)],
        ])
      content.replaceChildren(figureTable('Service level by channel', titles, rows, 1))
    },
  }
}

const AGES = ['Up to 7 days', '7 to 30 days', '30 to 90 days', 'Over 90 days'] as const

/** Returns the card of open complaints by age. */
export function backlogCard(): View {
  const content = element('div', {})
  return {
    element: card(
      { title: 'Backlog by age', note: 'Open complaints at the end of the last delivery day; age in days.' },
      content,
    ),
    update({ figures: { backlog } }) {
      const open = backlog.reduce((sum, row) => sum + row.open, 0)
      const oldest = backlog.reduce((sum, { ages }) => sum + ages[3], 0)
      const ages = AGES.map((name, at) => {
        const value = backlog.reduce((sum, row) => sum + (row.ages[at] ?? 0), 0)
        const text = `${countText(value)}, ${shareText(open === 0 ? null : value / open)}`
        return { name, value, text, isFirst: at === 3 && oldest > 0 }
      })
      content.replaceChildren(
        bars(ages),
        figureTable(
          'Open complaints by category and age',
          ['Category', 'Open', 'Up to 7', '7 to 30', '30 to 90', 'Over 90'],
          backlog.map((row) => [row.category, countText(row.open), ...row.ages.map(countText)]),
          1,
        ),
      )
    },
  }
}
