/**
 * What may be wider than its card: it scrolls sideways, also by key.
 * @module
 */
import { element } from './element.ts'

/** Returns a region that scrolls; its name has to differ from that of the card around it. */
export function scrollable(name: string, content: HTMLElement): HTMLElement {
  return element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': name }, content)
}
