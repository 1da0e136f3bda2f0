/**
 * Two deltas as one.
 * @module
 */
import { buildTable, type TableLike, viewTable } from '../table/table-like.ts'
import { composeFrames } from './delta/compose-frames.ts'
import { keyNames, type TableKey } from './delta/table-key.ts'

/**
 * Returns one delta with the effect of `first`, then `second`, under the default policies, as the
 * same kind of table as `first`. It has one row per key, in order of insertion; a key that is
 * deleted and added again has two, delete and add. An update after an add of its key becomes an
 * add. The columns are those of `first`, with `action` last. In delete rows only the key has cells.
 * Composing is associative, and a delta without rows changes nothing.
 *
 * @throws DeltaError column_missing, column_extra - the deltas have different columns
 * @throws DeltaError unknown_action, action_column_missing, null_key, key_type, type_mismatch - a
 * delta is invalid
 * @throws ContractError column_not_found - the deltas have no such key column
 * @example
 * const february = table({ agent_id: ['A1', 'A2'], team: ['Claims', 'Claims'], action: ['add', 'update'] })
 * const march = table({ agent_id: ['A1', 'A2'], team: ['Billing', null], action: ['update', 'delete'] })
 * composeDeltas(february, march, 'agent_id').objects()
 * // [{ agent_id: 'A1', team: 'Billing', action: 'add' }, { agent_id: 'A2', team: null, action: 'delete' }]
 */
export function composeDeltas<T extends TableLike>(first: T, second: TableLike, key: TableKey): T {
  const open = { mixed: 'opaque' } as const
  const [one, two] = [viewTable(first, 'first', open), viewTable(second, 'second', open)]
  return buildTable(composeFrames(one, two, keyNames(key)), first)
}
