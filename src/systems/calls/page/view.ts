/**
 * A part of the page that shows a selection.
 * @module
 */
import type { CallSelection } from '../figures/selection.ts'
import type { CallsState } from './state.ts'

export interface View {
  readonly element: HTMLElement
  update(selection: CallSelection, state: CallsState): void
}

export const NO_MATCH = 'No calls match these filters.'
