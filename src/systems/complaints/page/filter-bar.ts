/**
 * The bar of filters: days of opening, the service level, and what is chosen.
 * @module
 */
import { button, element } from '../../../page/element.ts'
import type { PageStore } from '../../../page/store.ts'
import {
  type ComplaintDimension,
  type ComplaintsState,
  DIMENSIONS,
  FIRST_STATE,
  isNarrowed,
  slaOfText,
} from './state.ts'
import type { View } from './view.ts'

const NAMES: Readonly<Record<ComplaintDimension, string>> = {
  ...{ channel: 'Channel', category: 'Category', status: 'Status', platform: 'Platform' },
}

/** Returns the bar. */
export function filterBar(store: PageStore<ComplaintsState>): View {
  const day = (name: 'from' | 'to', label: string) => {
    const input = element('input', {
      type: 'date',
      'aria-label': label,
      min: '0001-01-01',
      max: '9999-12-31',
      onchange: () => store.change({ [name]: input.value === '' ? null : input.value }),
    })
    return input
  }
  const [from, to] = [day('from', 'Opened from'), day('to', 'Opened to')]
  const sla = element('input', {
    inputmode: 'numeric',
    size: 5,
    'aria-label': 'Service level in hours',
    onchange: () => {
      const hours = slaOfText(sla.value.trim())
      sla.setCustomValidity(hours === null ? 'The service level is a whole number of hours from 1 to 10,000.' : '')
      if (sla.reportValidity() && hours !== null) store.change({ sla: hours })
    },
  })
  const chips = element('ul', { class: 'chips', 'aria-label': 'Filters that are on' })
  const reset = button('Reset all', { class: 'quiet reset' }, () => {
    store.change(FIRST_STATE)
    from.focus()
  })
  return {
    element: element(
      'div',
      { class: 'filters', role: 'search', 'aria-label': 'Filters' },
      element(
        'div',
        { class: 'filter-row' },
        element('div', { class: 'days' }, 'Opened', from, element('span', { 'aria-hidden': 'true' }, '–'), to),
        element('div', { class: 'days' }, 'Service level', sla, 'hours'),
        chips,
        reset,
      ),
    ),
    update({ state }) {
      from.value = state.from ?? ''
      to.value = state.to ?? ''
      sla.value = String(state.sla)
      sla.setCustomValidity('')
      const chip = (name: string, text: string, change: Partial<ComplaintsState>) =>
        element(
          'li',
          {},
          button(
            element('span', {}, element('small', {}, name), ` ${text}`),
            { class: 'chip', 'aria-label': `Remove ${name} ${text}` },
            () => store.change(change),
          ),
        )
      const made = [
        ...DIMENSIONS.flatMap((name) =>
          state[name].map((member) =>
            chip(NAMES[name], member, { [name]: state[name].filter((one) => one !== member) }),
          ),
        ),
        ...(state.agent === null ? [] : [chip('Agent', state.agent, { agent: null })]),
      ]
      const hadFocus = chips.contains(document.activeElement)
      chips.replaceChildren(...made)
      // the removed chip cannot keep the focus
      if (hadFocus) (chips.querySelector('button') ?? from).focus()
      reset.hidden = !isNarrowed(state) && state.sla === FIRST_STATE.sla
    },
  }
}
