/**
 * A button that opens a list of members to choose from.
 * @module
 */

import { button, element } from '../../../page/element.ts'
import { countText } from '../../../page/figure-text.ts'
import type { Actions } from './actions.ts'
import type { CallsFigures, ListedDimension } from './calls-figures.ts'
import { DIMENSION_NAMES, memberText } from './words.ts'

/** Lists of at least this many members get a search field. */
const SEARCHABLE = 9
/** Lists at most this many members at once. */
const LISTED = 200

/** A panel under a button. Escape, a click elsewhere, or leaving the panel closes it. */
export function dropDown(
  label: string,
  panel: HTMLElement,
  onOpen: () => void,
): { element: HTMLElement; toggle: HTMLButtonElement } {
  const toggle = button(label, { class: 'menu-button', 'aria-expanded': 'false', 'aria-haspopup': 'dialog' }, () => {
    if (panel.hidden) open()
    else close()
  })
  panel.hidden = true
  panel.classList.add('panel')
  panel.setAttribute('role', 'dialog')
  panel.setAttribute('aria-label', label)
  const outside = (event: Event) => {
    if (event.target instanceof Node && !wrapper.contains(event.target)) close()
  }
  function open(): void {
    onOpen()
    panel.hidden = false
    toggle.setAttribute('aria-expanded', 'true')
    // a panel at the right edge opens to the left
    panel.classList.toggle('to-left', wrapper.getBoundingClientRect().left + panel.offsetWidth > innerWidth - 8)
    document.addEventListener('pointerdown', outside)
    panel.querySelector<HTMLElement>('input:not([hidden]), button:not([disabled])')?.focus()
  }
  function close(): void {
    panel.hidden = true
    toggle.setAttribute('aria-expanded', 'false')
    document.removeEventListener('pointerdown', outside)
  }
  const wrapper = element(
    'div',
    {
      class: 'menu',
      onkeydown: (event: KeyboardEvent) => {
        if (event.key !== 'Escape' || panel.hidden) return
        close()
        toggle.focus()
        event.stopPropagation()
      },
      onfocusout: (event: FocusEvent) => {
        if (event.relatedTarget instanceof Node && !wrapper.contains(event.relatedTarget)) close()
      },
    },
    toggle,
    panel,
  )
  return { element: wrapper, toggle }
}

/** Returns the menu of a dimension. */
export function memberMenu(
  dimension: ListedDimension,
  actions: Actions,
): { element: HTMLElement; update: (figures: CallsFigures) => void } {
  const name = DIMENSION_NAMES[dimension]
  let shown: CallsFigures | null = null
  const list = element('ul', { class: 'options' })
  const search = element('input', {
    type: 'search',
    placeholder: `Find ${name.toLowerCase()}`,
    'aria-label': `Find ${name.toLowerCase()}`,
    oninput: () => fill(),
  })
  const clear = button('Clear', { class: 'quiet' }, () => actions.clear(dimension))
  const panel = element('div', {}, search, list, clear)

  function fill(): void {
    if (shown === null) return
    const { overview, filter } = shown
    const members = shown.members[dimension]
    search.hidden = members.length < SEARCHABLE
    clear.disabled = !filter[dimension]?.length
    const wanted = search.hidden ? '' : search.value.trim().toLowerCase()
    const found = members
      .map((figures) => ({ ...figures, text: memberText(overview.agents, dimension, figures.member) }))
      .filter(({ text }) => text.toLowerCase().includes(wanted))
    const focused = list.contains(document.activeElement) ? document.activeElement?.getAttribute('data-member') : null
    list.replaceChildren(
      ...found.slice(0, LISTED).map(({ member, calls, text }) =>
        element(
          'li',
          {},
          element(
            'label',
            {},
            element('input', {
              type: 'checkbox',
              checked: filter[dimension]?.includes(member) ?? false,
              'data-member': member ?? '',
              onchange: () => actions.toggle(dimension, member),
            }),
            element('span', {}, text),
            element('span', { class: 'count' }, countText(calls)),
          ),
        ),
      ),
    )
    if (found.length === 0) list.append(element('li', { class: 'note' }, 'None found.'))
    if (found.length > LISTED)
      list.append(element('li', { class: 'note' }, `${found.length - LISTED} more: search for them.`))
    for (const input of list.querySelectorAll('input')) {
      if (focused !== null && input.getAttribute('data-member') === focused) input.focus()
    }
  }

  const { element: wrapper, toggle } = dropDown(name, panel, () => {
    search.value = ''
    fill()
  })
  wrapper.setAttribute('data-filter', dimension)
  return {
    element: wrapper,
    update(next) {
      shown = next
      const count = next.filter[dimension]?.length ?? 0
      toggle.replaceChildren(name, ...(count === 0 ? [] : [element('span', { class: 'badge' }, String(count))]))
      toggle.classList.toggle('is-on', count > 0)
      if (!panel.hidden) fill()
    },
  }
}
