/**
 * The bar of filters: channels, types, days and one customer.
 * @module
 */
import { button, element } from '../../../page/element.ts'
import type { PageStore } from '../../../page/store.ts'
import { FIRST_STATE, type InteractionsState, idOf } from './state.ts'

/** So many names stand side by side; the others are in a list. */
const SIDE_BY_SIDE = 12

type Store = PageStore<InteractionsState>

function toggled(list: readonly string[], name: string): readonly string[] {
  return list.includes(name) ? list.filter((one) => one !== name) : [...list, name].sort()
}

/** The names of a dimension as buttons; those that do not fit, and are not chosen, as a list. */
function nameButtons(
  facet: 'channels' | 'types',
  title: string,
  names: readonly string[],
  { state, change }: { readonly state: InteractionsState; readonly change: Store['change'] },
): HTMLElement {
  const chosen = state[facet]
  // an address may name what the data does not have: it can be taken away here
  const near = [...new Set([...names.slice(0, SIDE_BY_SIDE), ...chosen])].sort()
  const far = names.filter((name) => !near.includes(name))
  const more = element(
    'select',
    {
      'aria-label': `More: ${title}`,
      'data-key': `${facet} more`,
      onchange: () => change({ [facet]: toggled(chosen, far[more.selectedIndex - 1] ?? ''), page: 0 }),
    },
    element('option', {}, `${far.length} more`),
    ...far.map((name) => element('option', {}, name)),
  )
  return element(
    'div',
    { class: 'segments', role: 'group', 'aria-label': title },
    button(`All ${title.toLowerCase()}`, { 'aria-pressed': String(chosen.length === 0), 'data-key': `${facet}` }, () =>
      change({ [facet]: [], page: 0 }),
    ),
    ...near.map((name) =>
      button(name, { 'aria-pressed': String(chosen.includes(name)), 'data-key': `${facet} is ${name}` }, () =>
        change({ [facet]: toggled(chosen, name), page: 0 }),
      ),
    ),
    far.length > 0 && more,
  )
}

export interface FilterBar {
  readonly element: HTMLElement
  /** Shows the filter of a state, over these names. */
  update(
    state: InteractionsState,
    names: { readonly channels: readonly string[]; readonly types: readonly string[] },
  ): void
}

/** Returns the bar. */
export function filterBar(store: Store): FilterBar {
  const day = (name: 'start' | 'end', label: string) => {
    const input = element('input', {
      type: 'date',
      'aria-label': label,
      min: '0001-01-01',
      max: '9999-12-31',
      onchange: () => store.change({ [name]: input.value === '' ? null : input.value, page: 0 }),
    })
    return input
  }
  const [start, end] = [day('start', 'First day'), day('end', 'Last day')]
  const customer = element('input', {
    inputmode: 'numeric',
    size: 10,
    placeholder: 'Customer',
    'aria-label': 'Customer, by id',
    onchange: () => {
      const text = customer.value.trim()
      const id = text === '' ? null : idOf(text)
      customer.setCustomValidity(text !== '' && id === null ? 'An id is a whole number from 1 to 2,147,483,647.' : '')
      if (customer.reportValidity()) store.change({ customer: id, page: 0 })
    },
  })
  const reset = button('Reset all', { class: 'quiet reset' }, () => {
    store.change(FIRST_STATE)
    start.focus()
  })
  const names = element('div', { class: 'filter-row' })
  return {
    element: element(
      'div',
      { class: 'filters', role: 'search', 'aria-label': 'Filters' },
      names,
      element(
        'div',
        { class: 'filter-row' },
        element('div', { class: 'days' }, start, element('span', { 'aria-hidden': 'true' }, '–'), end),
        element('div', { class: 'days' }, customer),
        reset,
      ),
    ),
    update(state, { channels, types }) {
      const host = { state, change: store.change.bind(store) }
      names.replaceChildren(
        nameButtons('channels', 'Channels', channels, host),
        nameButtons('types', 'Types', types, host),
      )
      start.value = state.start ?? ''
      end.value = state.end ?? ''
      customer.value = String(state.customer ?? '')
      customer.setCustomValidity('')
      const { channels: some, types: others } = state
      reset.hidden = some.length + others.length === 0 && (state.customer ?? state.start ?? state.end) === null
    },
  }
}
