/**
 * What a view shows instead of data: why it is empty, and what to do about it.
 * @module
 */
import { button, element } from './element.ts'

/** One friendly sentence in place of a view. */
export function nothingHere(sentence: string): HTMLElement {
  return element('p', { class: 'nothing' }, sentence)
}

export interface Blank {
  readonly title: string
  readonly text: string
  /** Commands to type, one per line. */
  readonly commands?: readonly string[]
  readonly action?: { readonly label: string; readonly act: () => void }
  readonly link?: { readonly label: string; readonly address: string }
}

/** A whole page with nothing to show. */
export function blankPage({ title, text, commands, action, link }: Blank): HTMLElement {
  return element(
    'section',
    { class: 'blank' },
    element('h2', {}, title),
    element('p', {}, text),
    commands && element('pre', {}, element('code', {}, commands.join('\n'))),
    action && button(action.label, { class: 'primary' }, action.act),
    link && element('p', {}, element('a', { href: link.address }, link.label)),
  )
}
