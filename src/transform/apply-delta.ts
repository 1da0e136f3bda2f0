/**
 * A table after one delta.
 * @module
 */
import { buildTable, type TableLike } from '../table/table-like.ts'
import type { DeltaOptions } from './delta/delta-options.ts'
import type { TableKey } from './delta/table-key.ts'
import { materialize } from './delta/write/materialize.ts'
import { foldTable } from './fold-tables.ts'

/**
 * Returns the table as the delta leaves it: the same kind of table (Arquero or Arrow), with the table's columns, types and
 * faces. The inputs are not touched.
 *
 * A delta has the table's columns and `action` (`add`, `update`, `delete` and their synonyms). Rows stand in order of last
 * insertion: rows of the table keep their place and are updated in it, added ones follow in order of the delta, and a key
 * that is deleted and added again moves to the end. Several changes of one key are taken in order. A cell of another type is
 * converted where it survives the way back. What is odd is decided by `options`, and counted by `summarizeDelta`.
 *
 * @throws DeltaError base_duplicate_key, null_key, unknown_action, action_column_missing, column_extra, column_renamed,
 * column_missing, type_mismatch, key_type, null_sequence - the table or the delta is not what it must be, and nothing is applied
 * @throws DeltaError add_existing, update_missing, delete_missing, delta_duplicate_key, sequence_tie - the options refuse it
 * @throws DeltaError invalid_option - an option does not exist or has another value than those allowed
 * @throws ContractError column_not_found - the table has no such key column
 * @example
 * const agents = table({ agent_id: ['A1', 'A2'], team: ['Claims', 'Claims'] })
 * const march = table({ agent_id: ['A2', 'A3', 'A1'], team: ['Billing', 'Claims', null], action: ['update', 'add', 'delete'] })
 * applyDelta(agents, march, 'agent_id').objects()
 * // [{ agent_id: 'A2', team: 'Billing' }, { agent_id: 'A3', team: 'Claims' }]
 */
export function applyDelta<T extends TableLike>(table: T, delta: TableLike, key: TableKey, options?: DeltaOptions): T {
  return buildTable(materialize(foldTable(table, delta, key, options)), table)
}
