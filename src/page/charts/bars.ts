/**
 * Named figures as bars, to compare and not to click.
 * @module
 */
import { element, setProperty } from '../element.ts'

/** One bar. */
export interface Measured {
  readonly name: string
  readonly value: number | null
  readonly text: string
  /** Whether it stands out: the one that a heading is about. */
  readonly isFirst: boolean
}

/** Returns the first bars, with a note of how many more there are. */
export function bars(all: readonly Measured[], shown = all.length): HTMLElement {
  const rows = all.slice(0, shown)
  const most = Math.max(0, ...rows.map(({ value }) => value ?? 0))
  return element(
    'ul',
    { class: 'bars still' },
    ...rows.map(({ name, value, text, isFirst }) => {
      const fill = element('span', { class: 'fill' })
      setProperty(fill, '--share', most === 0 || value === null ? 0 : value / most)
      return element(
        'li',
        {},
        element(
          'span',
          { class: `bar ${isFirst ? 'is-first' : ''}` },
          element('span', { class: 'name' }, name),
          element('span', { class: 'count' }, text),
          element('span', { class: 'track', 'aria-hidden': 'true' }, fill),
        ),
      )
    }),
    all.length > shown && element('li', { class: 'rest' }, `${all.length - shown} more`),
  )
}
