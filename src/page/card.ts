/**
 * A card: a heading, a line about it, tools, and a view.
 * @module
 */
import { type Child, element } from './element.ts'

export interface CardParts {
  readonly title: string
  readonly class?: string
  readonly note?: HTMLElement | string
  readonly tools?: readonly Child[]
}

let cards = 0

/** Writes the scope of a page, such as its dates, into the heading of every card. */
export function tellScope(page: HTMLElement, scope: string): void {
  for (const one of page.querySelectorAll('h2 > .scope')) one.textContent = scope
}

/** Returns a section with its heading as its name. */
export function card({ title, class: name = '', note, tools = [] }: CardParts, ...content: Child[]): HTMLElement {
  const id = `card-${++cards}`
  return element(
    'section',
    { class: `card ${name}`, 'aria-labelledby': id },
    element(
      'header',
      {},
      element(
        'div',
        {},
        element('h2', { id }, title, element('span', { class: 'scope' })),
        note && element('p', { class: 'note' }, note),
      ),
      tools.length > 0 && element('div', { class: 'tools' }, ...tools),
    ),
    ...content,
  )
}
