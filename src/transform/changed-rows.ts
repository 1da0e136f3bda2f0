/**
 * The rows that a delta changes.
 * @module
 */
import { buildTable, type TableLike } from '../table/table-like.ts'
import { touchedRows } from './delta/account/changed-rows.ts'
import type { DeltaOptions } from './delta/delta-options.ts'
import type { TableKey } from './delta/table-key.ts'
import { foldTable } from './fold-tables.ts'

/**
 * Returns the rows that the delta touches, as two tables of the table's kind: `before`, as they were, in order of the table,
 * and `after`, as they become, in order of the result. Inserted rows are in `after` alone, deleted ones in `before` alone;
 * rows written with the cells they had are in neither, and a key deleted and added again is in both.
 *
 * @throws DeltaError, ContractError - what `applyDelta` throws
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
  const { before, after } = touchedRows(foldTable(table, delta, key, options))
  return { before: buildTable(before, table), after: buildTable(after, table) }
}
