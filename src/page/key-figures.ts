/**
 * The figures at the top of a page, without a comparison.
 * @module
 */
import { element } from './element.ts'

/** One figure: a name for programs, its title, its text, and its value for those who check it. */
export interface KeyFigure {
  readonly name: string
  readonly title: string
  readonly text: string
  readonly value: number | null
}

/** Returns the figures as a section. */
export function keyFigures(figures: readonly KeyFigure[]): HTMLElement {
  return element(
    'section',
    { class: 'kpi-section', 'aria-label': 'Key figures' },
    element(
      'dl',
      { class: 'kpis' },
      ...figures.map(({ name, title, text, value }) =>
        element(
          'div',
          { class: 'kpi', 'data-kpi': name },
          element('dt', {}, title),
          element('dd', { class: 'figure', 'data-value': value }, text),
        ),
      ),
    ),
  )
}
