/**
 * Any table as a frame.
 * @module
 */

import type { Frame } from './frame.ts'
import { type TableLike, viewTable } from './table-like.ts'

/**
 * Returns a table as a frame, the form in which jobs build their outputs: named columns of typed
 * arrays. Arquero tables come filtered and ordered as they look, Arrow tables with chunks joined
 * and slices cut. A frame is returned as it is.
 *
 * @throws ContractError unsupported_table - it is not a table; type_mismatch - a plain array holds
 * values of several kinds
 * @example
 * const frame = toFrame(table({ agent_id: ['A1', 'A2'], calls: [3, 4] }))
 * frame.rows // 2
 * frame.columns.get('calls').at(1) // 4
 */
export function toFrame(table: TableLike): Frame {
  return viewTable(table)
}
