/**
 * What every part of the page is: an element, and how it shows the figures of a choice.
 * @module
 */
import type { LoadedComplaints, ShownComplaints } from './load.ts'
import type { ComplaintsState } from './state.ts'

/** What is shown. */
export interface Shown {
  readonly figures: ShownComplaints
  readonly state: ComplaintsState
  readonly loaded: LoadedComplaints
}

/** A part of the page. */
export interface View {
  readonly element: HTMLElement
  update(shown: Shown): void
}

/** Said in place of a drawing of nothing. */
export const NO_MATCH = 'No complaints match.'
