/**
 * A part of the page that shows a selection.
 * @module
 */
import type { CallSelection } from '../../systems/calls/figures/selection.ts'
import type { ViewState } from './state.ts'

export interface View {
  readonly element: HTMLElement
  update(selection: CallSelection, state: ViewState): void
}

export const NO_MATCH = 'No calls match these filters.'
