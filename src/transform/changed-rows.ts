/**
 * The rows that a delta changes.
 * @module
 */
import { buildTable, type TableLike } from '../table/table-like.ts'
import { changedRowsOf } from './delta/account/changed-rows.ts'
import type { DeltaOptions } from './delta/delta-options.ts'
import type { TableKey } from './delta/table-key.ts'
import { foldTable } from './fold-tables.ts'

/**
 * Returns the rows that the delta changes, as two tables of the table's kind: `before` in order of
 * the table, and `after` in order of the result. Inserted rows are only in `after`, deleted ones
 * only in `before`. Rows written with equal cells are in neither. A key that is deleted and added
 * again is in both.
 *
 * @throws DeltaError, ContractError - the errors of `applyDelta`
 * @example
 * const agents = table({ agent_id: ['A1', 'A2'], team: ['Claims', 'Claims'] })
 * const march = table({ agent_id: ['A2', 'A3'], team: ['Billing', 'Claims'], action: ['update', 'add'] })
 * const { before, after } = changedRows(agents, march, 'agent_id')
 * before.objects() // [{ agent_id: 'A2', team: 'Claims' }]
 * after.objects() // [{ agent_id: 'A2', team: 'Billing' }, { agent_id: 'A3', team: 'Claims' }]
 */
export function changedRows<T extends TableLike>(
  table: T,
  delta: TableLike,
  key: TableKey,
  options?: DeltaOptions,
): { before: T; after: T } {
  const { before, after } = changedRowsOf(foldTable(table, delta, key, options))
  return { before: buildTable(before, table), after: buildTable(after, table) }
}
