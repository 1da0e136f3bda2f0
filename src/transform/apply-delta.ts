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
 * Returns the table after the delta: the same kind of table (Arquero or Arrow), with the table's
 * columns and types. The inputs are not changed.
 *
 * A delta has the table's columns and `action` (`add`, `update`, `delete` and their synonyms). Rows
 * are in order of last insertion: rows of the table keep their position and are updated in place,
 * added ones follow in order of the delta, and a key that is deleted and added again moves to the
 * end. Several changes of one key apply in order. A cell of another type is converted where it
 * survives the way back. `options` decide what happens to unexpected changes; `summarizeDelta`
 * counts them.
 *
 * @throws DeltaError base_duplicate_key, null_key, unknown_action, action_column_missing,
 * column_extra, column_renamed, column_missing, type_mismatch, key_type, null_sequence - the table
 * or the delta is invalid; nothing is applied
 * @throws DeltaError add_existing, update_missing, delete_missing, delta_duplicate_key,
 * sequence_tie - the options refuse the change
 * @throws DeltaError invalid_option - an unknown option, or a value that is not allowed
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
