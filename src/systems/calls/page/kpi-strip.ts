/**
 * The key figures, each with its change against the period it is compared with.
 * @module
 */

import { hideTip, showTip } from '../../../page/charts/tip.ts'
import { element } from '../../../page/element.ts'
import { countText, percentText } from '../../../page/figure-text.ts'
import type { ContactFigures } from '../figures/customers.ts'
import type { CallKpi, CallKpiReport, CallKpis } from '../figures/kpis.ts'
import type { CallsFigures } from './calls-figures.ts'
import { comparisonText, KPI_FIGURES, type KpiFigure, kpiTip, oddText, toldChange } from './kpi-words.ts'
import type { View } from './view.ts'

/** Customers in one sentence; null where no call names a customer. */
function contactsText({ customers, repeat_rate, first_contact_resolution }: ContactFigures): string {
  if (customers === 0) return ''
  return `${countText(customers)} customers; ${percentText(repeat_rate)} of calls come within a week of another, ${percentText(first_contact_resolution)} of first contacts settle it.`
}

function meanWithout({ odd }: CallKpiReport, kpi: CallKpi): number | null {
  return kpi === 'average_handle_minutes' || kpi === 'average_rating' ? (odd[kpi]?.mean_without ?? null) : null
}

/** One card. Pointer, touch and key open its note. */
function cardOf(figure: KpiFigure, figures: CallsFigures): HTMLElement {
  const { kpi, title } = figure
  const report = figures.kpis
  const change = report.change?.[kpi]
  const { text, mood, words } = toldChange(change, figures)
  const odd = oddText(report, figure)
  const tip = kpiTip(figure, report, figures)
  const show = () => {
    const { left, bottom } = card.getBoundingClientRect()
    showTip(tip, left, bottom, 'below')
  }
  const value = report.change === null || change?.told === null ? null : change?.difference
  const card = element(
    'div',
    {
      class: 'kpi',
      'data-kpi': kpi,
      tabindex: 0,
      onpointerenter: show,
      onpointerleave: hideTip,
      onfocus: show,
      onblur: hideTip,
    },
    element('dt', {}, title),
    element('dd', { class: 'figure', 'data-value': report.current[kpi] }, shownValue(report.current, figure)),
    element(
      'dd',
      {},
      element(
        'span',
        { class: `change ${mood}`, 'data-value': value },
        text,
        words !== '' && element('span', { class: 'unseen' }, ` ${words}`),
      ),
    ),
    odd !== null && element('dd', { class: 'odd', 'data-value': meanWithout(report, kpi) }, odd),
  )
  return card
}

/** Returns the strip of key figures. */
export function kpiStrip(): View {
  const list = element('dl', { class: 'kpis' })
  const footing = element('p', { class: 'footing' })
  return {
    element: element('section', { class: 'kpi-section', 'aria-label': 'Key figures' }, list, footing),
    update(figures) {
      list.replaceChildren(...KPI_FIGURES.map((figure) => cardOf(figure, figures)))
      footing.replaceChildren(
        element('span', { class: 'comparison' }, comparisonText(figures)),
        element('span', { class: 'contacts' }, contactsText(figures.contacts)),
      )
    },
  }
}

function shownValue(kpis: CallKpis, { kpi, text }: KpiFigure): HTMLElement | string {
  const value = kpis[kpi]
  const shown = text(value)
  const unit = shown.endsWith(' min') ? 'min' : kpi === 'average_rating' && value !== null ? '/ 5' : ''
  if (unit === '') return shown
  return element('span', {}, shown.replace(/ min$/, ''), element('small', {}, ` ${unit}`))
}
