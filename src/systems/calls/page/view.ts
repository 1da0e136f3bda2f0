/**
 * A part of the page that shows figures.
 * @module
 */
import type { CallsFigures, CallsRows } from './calls-figures.ts'

export interface View {
  readonly element: HTMLElement
  update(figures: CallsFigures): void
}

/** A part of the page that shows the ranking or rows, which change without the figures: by their order, by a page. */
export interface RowsView {
  readonly element: HTMLElement
  update(rows: CallsRows, figures: CallsFigures): void
}

export const NO_MATCH = 'No calls match these filters.'
