/**
 * The key figures, each with its change against the period before.
 * @module
 */
import { contactFigures } from '../../systems/calls/figures/customers.ts'
import { type CallKpi, type CallKpis, callKpis, type KpiChange } from '../../systems/calls/figures/kpis.ts'
import type { CallSelection } from '../../systems/calls/figures/selection.ts'
import { element } from './element.ts'
import type { View } from './view.ts'
import { countText, minutesText, NONE, oneDecimal, percentText, periodText, twoDecimals } from './words.ts'

interface Figure {
  readonly kpi: CallKpi
  readonly title: string
  readonly explained: string
  readonly text: (value: number | null) => string
  /** How a change is told: as a share of what it was, in percentage points, or in the figure's own unit. */
  readonly changeIn: 'share' | 'points' | 'unit'
  readonly better: 'higher' | 'lower' | 'neither'
}

const FIGURES: readonly Figure[] = [
  {
    kpi: 'calls',
    title: 'Calls',
    explained: 'Calls that began in the period',
    text: countText,
    changeIn: 'share',
    better: 'neither',
  },
  {
    kpi: 'average_handle_minutes',
    title: 'Average handle time',
    explained: 'Mean duration of a call',
    text: minutesText,
    changeIn: 'share',
    better: 'lower',
  },
  {
    kpi: 'resolution_rate',
    title: 'Resolution rate',
    explained: 'Resolved calls as a share of all calls',
    text: percentText,
    changeIn: 'points',
    better: 'higher',
  },
  {
    kpi: 'escalations',
    title: 'Escalations',
    explained: 'Calls that were escalated',
    text: countText,
    changeIn: 'share',
    better: 'lower',
  },
  {
    kpi: 'median_minutes',
    title: 'Median duration',
    explained: 'Half of the calls are shorter',
    text: minutesText,
    changeIn: 'share',
    better: 'lower',
  },
  {
    kpi: 'p90_minutes',
    title: '90th percentile',
    explained: 'Nine of ten calls are shorter',
    text: minutesText,
    changeIn: 'share',
    better: 'lower',
  },
  {
    kpi: 'average_rating',
    title: 'Average rating',
    explained: 'What customers gave, of those who rated',
    text: twoDecimals,
    changeIn: 'unit',
    better: 'higher',
  },
]

function changeText({ difference, relative }: KpiChange, { changeIn }: Figure): string | null {
  if (changeIn === 'share') return relative === null ? null : `${oneDecimal(Math.abs(relative * 100))}%`
  if (difference === null) return null
  return changeIn === 'points' ? `${oneDecimal(Math.abs(difference * 100))} pts` : twoDecimals(Math.abs(difference))
}

const DIRECTIONS = {
  up: { arrow: '▲', word: 'up' },
  down: { arrow: '▼', word: 'down' },
  flat: { arrow: '', word: 'no change' },
}

function changeElement(figure: Figure, change: KpiChange | undefined, against: string): HTMLElement {
  const text = change === undefined ? null : changeText(change, figure)
  if (change === undefined || text === null) return element('span', { class: 'change' }, NONE)
  const difference = change.difference ?? 0
  const { arrow, word } = DIRECTIONS[difference > 0 ? 'up' : difference < 0 ? 'down' : 'flat']
  const isGood = (figure.better === 'higher') === difference > 0
  const mood = difference === 0 || figure.better === 'neither' ? 'even' : isGood ? 'good' : 'bad'
  return element(
    'span',
    { class: `change ${mood}`, 'data-value': difference },
    element('span', { class: 'arrow', 'aria-hidden': 'true' }, arrow),
    element('span', { class: 'unseen' }, `${word} `),
    difference === 0 ? 'no change' : text,
    element('span', { class: 'unseen' }, ` against ${against}`),
  )
}

/** Customers in one sentence; nothing where no call names one. */
function contactsText(selection: CallSelection): string {
  const { customers, repeat_rate, first_contact_resolution } = contactFigures(selection)
  if (customers === 0) return ''
  return `${countText(customers)} customers; ${percentText(repeat_rate)} of calls come within a week of another, ${percentText(first_contact_resolution)} of first contacts settle it.`
}

/** Returns the strip of key figures. */
export function kpiStrip(): View {
  const list = element('dl', { class: 'kpis' })
  const footing = element('p', { class: 'footing' })
  return {
    element: element('section', { class: 'kpi-section', 'aria-label': 'Key figures' }, list, footing),
    update(selection) {
      const { current, previous, change } = callKpis(selection)
      const { period } = selection.filter
      const against = period === undefined ? 'an earlier period' : 'the period of equal length before'
      list.replaceChildren(
        ...FIGURES.map((figure) =>
          element(
            'div',
            { class: 'kpi', title: figure.explained, 'data-kpi': figure.kpi },
            element('dt', {}, figure.title),
            element('dd', { class: 'figure', 'data-value': current[figure.kpi] }, shownValue(current, figure)),
            element('dd', {}, changeElement(figure, change?.[figure.kpi], against)),
          ),
        ),
      )
      footing.replaceChildren(
        element('span', {}, comparison(period, previous)),
        element('span', { class: 'contacts' }, contactsText(selection)),
      )
    },
  }
}

function shownValue(kpis: CallKpis, { kpi, text }: Figure): HTMLElement | string {
  const value = kpis[kpi]
  const shown = text(value)
  const unit = shown.endsWith(' min') ? 'min' : kpi === 'average_rating' && value !== null ? '/ 5' : ''
  if (unit === '') return shown
  return element('span', {}, shown.replace(/ min$/, ''), element('small', {}, ` ${unit}`))
}

function comparison(period: Parameters<typeof periodText>[0] | undefined, previous: CallKpis | null): string {
  if (period === undefined) return 'All calls of the data. Choose a period to see what changed against the one before.'
  const shown = periodText(period)
  const begin = shown.charAt(0).toUpperCase() + shown.slice(1)
  if (previous === null)
    return `${begin}. The data does not reach back over the whole period before, so nothing is compared.`
  return `${begin}, compared with the period of equal length right before.`
}
