/**
 * The delta between two tables.
 * @module
 */
import { buildTable, type TableLike, viewTable } from '../table/table-like.ts'
import { diffFrames } from './delta/diff-frames.ts'
import { keyNames, type TableKey, typeNulls } from './delta/table-key.ts'

/**
 * Returns the smallest delta from `before` to `after`, ignoring row order, as the same kind of
 * table as `before`: `applyDelta(before, diffTables(before, after, key), key)` has the rows of
 * `after`. It has one change per key that differs: deletes in order of `before`, with only their
 * key, then updates and adds in order of `after`. The columns are those of `before`, with `action`
 * last. Metadata columns (`_…`) are carried by the changes, but a difference in metadata alone is
 * not a change.
 *
 * @throws DeltaError base_duplicate_key, null_key - rows of one table share a key, or have none
 * @throws DeltaError column_missing, column_extra, type_mismatch, key_type - the tables' columns or
 * types differ
 * @throws ContractError column_exists - the tables have a column `action` of their own
 * @throws ContractError column_not_found - the tables have no such key column
 * @example
 * const february = table({ agent_id: ['A1', 'A2'], team: ['Claims', 'Claims'] })
 * const march = table({ agent_id: ['A3', 'A2'], team: ['Claims', 'Billing'] })
 * diffTables(february, march, 'agent_id').objects()
 * // [
 * //   { agent_id: 'A1', team: null, action: 'delete' },
 * //   { agent_id: 'A3', team: 'Claims', action: 'add' },
 * //   { agent_id: 'A2', team: 'Billing', action: 'update' },
 * // ]
 */
export function diffTables<T extends TableLike>(before: T, after: TableLike, key: TableKey): T {
  const frames = [viewTable(before, 'before'), viewTable(after, 'after')] as const
  return buildTable(diffFrames(typeNulls(frames[0], key), frames[1], keyNames(key)), before)
}
