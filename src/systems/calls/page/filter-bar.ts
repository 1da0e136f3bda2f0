/**
 * The bar of filters: period, members, durations, and the active filters.
 * @module
 */

import { button, element } from '../../../page/element.ts'
import { formatDay } from '../../../time/instant.ts'
import { CALL_DIMENSIONS, type Member } from '../figures/call-set.ts'
import { CALL_COMPARISONS, type PeriodPreset, windowDays } from '../figures/filter.ts'
import type { CallFacet } from '../figures/selection.ts'
import type { Actions } from './actions.ts'
import { type CallsFigures, LISTED_DIMENSIONS } from './calls-figures.ts'
import { dropDown, memberMenu } from './filter-menu.ts'
import type { View } from './view.ts'
import { DIMENSION_NAMES, memberText, periodText, rangeText } from './words.ts'

/** Whole weeks, so that the period before has the same weekdays. */
const PRESETS = { '7d': '7 days', '28d': '28 days', '91d': '91 days' } as const
const COMPARISONS = { previous: 'the period before', year: 'last year', none: 'nothing' } as const

/** The presets and "All"; exactly one is pressed unless calendar days are chosen. */
function periodButtons(actions: Actions): { element: HTMLElement; update: (figures: CallsFigures) => void } {
  const buttons = new Map<PeriodPreset | 'all', HTMLButtonElement>()
  for (const preset of Object.keys(PRESETS) as (keyof typeof PRESETS)[]) {
    buttons.set(
      preset,
      button(PRESETS[preset], {}, () => actions.setPeriod(preset)),
    )
  }
  buttons.set(
    'all',
    button('All', {}, () => actions.setPeriod(undefined)),
  )
  return {
    element: element(
      'div',
      { class: 'segments', role: 'group', 'aria-label': 'Period, whole days before the newest one' },
      ...buttons.values(),
    ),
    update({ filter }) {
      for (const [name, one] of buttons) one.setAttribute('aria-pressed', String((filter.period ?? 'all') === name))
    },
  }
}

/** Two calendar days, typed or picked. */
function dayInputs(actions: Actions): { element: HTMLElement; update: (figures: CallsFigures) => void } {
  const apply = () => {
    const [first, last] = [from.value, to.value]
    if (first === '' && last === '') actions.setPeriod(undefined)
    // days in the wrong order mean the same range
    else if (first !== '' && last !== '' && first > last) actions.setPeriod({ from: last, to: first })
    else actions.setPeriod({ ...(first === '' ? {} : { from: first }), ...(last === '' ? {} : { to: last }) })
  }
  const from = element('input', { type: 'date', 'aria-label': 'From day', onchange: apply })
  const to = element('input', { type: 'date', 'aria-label': 'To day', onchange: apply })
  return {
    element: element('div', { class: 'days' }, from, element('span', { 'aria-hidden': 'true' }, '–'), to),
    update({ overview, filter, windows }) {
      const [oldest, newest] = overview.days
      const [first, last] =
        windows.current === null ? [formatDay(oldest), formatDay(newest)] : windowDays(windows.current)
      for (const input of [from, to]) {
        input.min = formatDay(oldest)
        input.max = formatDay(newest)
        input.classList.toggle('is-told', typeof filter.period !== 'object')
      }
      from.value = first
      to.value = last
    },
  }
}

/** What the period is compared with. */
function comparisonChoice(actions: Actions): { element: HTMLElement; update: (figures: CallsFigures) => void } {
  const choice = element(
    'select',
    { id: 'compare', onchange: () => actions.setComparison(CALL_COMPARISONS[choice.selectedIndex] ?? 'previous') },
    ...CALL_COMPARISONS.map((name) => element('option', { value: name }, COMPARISONS[name])),
  )
  const outer = element('div', { class: 'compare' }, element('label', { for: 'compare' }, 'against'), choice)
  return {
    element: outer,
    update({ filter }) {
      choice.value = filter.compare ?? 'previous'
      outer.hidden = filter.period === undefined
    },
  }
}

function durationMenu(actions: Actions): { element: HTMLElement; update: (figures: CallsFigures) => void } {
  const apply = () => {
    const [from, to] = [low.valueAsNumber, high.valueAsNumber]
    const range = { ...(Number.isNaN(from) ? {} : { from }), ...(Number.isNaN(to) ? {} : { to }) }
    actions.setMinutes(Object.keys(range).length === 0 ? undefined : range)
  }
  const field = () => element('input', { type: 'number', min: 0, step: 'any', inputmode: 'decimal', onchange: apply })
  const [low, high] = [field(), field()]
  const clear = button('Clear', { class: 'quiet' }, () => actions.clear('minutes'))
  const panel = element(
    'div',
    { class: 'range' },
    element('label', {}, 'From minutes', low),
    element('label', {}, 'to under', high),
    clear,
  )
  const { element: wrapper, toggle } = dropDown('Duration', panel, () => undefined)
  wrapper.setAttribute('data-filter', 'minutes')
  return {
    element: wrapper,
    update({ filter }) {
      low.value = String(filter.minutes?.from ?? '')
      high.value = String(filter.minutes?.to ?? '')
      clear.disabled = filter.minutes === undefined
      toggle.classList.toggle('is-on', filter.minutes !== undefined)
    },
  }
}

/** Small buttons that name the active filters; a click removes one. */
function chips({ overview, filter }: CallsFigures, actions: Actions): HTMLElement[] {
  const chip = (name: string, text: string, remove: () => void) =>
    element(
      'li',
      {},
      button(
        element('span', {}, element('small', {}, name), ` ${text}`),
        { class: 'chip', 'aria-label': `Remove ${name} ${text}` },
        remove,
      ),
    )
  const made: HTMLElement[] = []
  const add = (facet: CallFacet, name: string, text: string) => made.push(chip(name, text, () => actions.clear(facet)))
  if (filter.period !== undefined) add('period', 'Period', periodText(filter.period))
  for (const dimension of CALL_DIMENSIONS) {
    const chosen: readonly Member[] = filter[dimension] ?? []
    const name = DIMENSION_NAMES[dimension]
    if (chosen.length > 3) add(dimension, name, `${chosen.length} chosen`)
    else
      for (const member of chosen)
        made.push(chip(name, memberText(overview.agents, dimension, member), () => actions.toggle(dimension, member)))
  }
  if (filter.minutes !== undefined) add('minutes', 'Duration', rangeText(filter.minutes))
  return made
}

/** Returns the bar. */
export function filterBar(actions: Actions): View {
  const period = periodButtons(actions)
  const days = dayInputs(actions)
  const comparison = comparisonChoice(actions)
  const menus = LISTED_DIMENSIONS.map((dimension) => memberMenu(dimension, actions))
  const duration = durationMenu(actions)
  const reset = button('Reset all', { class: 'quiet reset' }, () => actions.reset())
  const on = element('ul', { class: 'chips', 'aria-label': 'Filters that are on' })
  // on a phone only the period stands above the figures; the styles fold the rest away
  const more = button('Filters', { class: 'quiet more-filters', 'aria-expanded': 'false' }, () => {
    more.setAttribute('aria-expanded', String(outer.classList.toggle('is-open')))
  })
  const outer = element(
    'div',
    { class: 'filters', role: 'search', 'aria-label': 'Filters' },
    element(
      'div',
      { class: 'filter-row' },
      period.element,
      more,
      days.element,
      element('div', { class: 'menus' }, ...menus.map((menu) => menu.element), duration.element),
    ),
    element('div', { class: 'filter-on' }, on, comparison.element, reset),
  )
  return {
    element: outer,
    update(figures) {
      for (const part of [period, days, comparison, duration, ...menus]) part.update(figures)
      const made = chips(figures, actions)
      const hadFocus = on.contains(document.activeElement)
      on.replaceChildren(...made)
      reset.hidden = made.length === 0
      // the removed chip cannot keep the focus
      if (hadFocus) (on.querySelector('button') ?? period.element.querySelector('button'))?.focus()
    },
  }
}
