/**
 * What a delta would do to a table.
 * @module
 */
import type { TableLike } from '../table/table-like.ts'
import type { DeltaOptions } from './delta/delta-options.ts'
import type { DeltaSummary } from './delta/delta-summary.ts'
import type { TableKey } from './delta/table-key.ts'
import { accountTables } from './fold-tables.ts'

/**
 * Returns what `applyDelta` would do, in numbers. Each key of the delta counts once by its net
 * effect: `rowsOut = rowsIn + inserted − deleted`, and all counts but those two add up to
 * `deltaRows`. Each code of the decision table that occurs is counted row by row, with at most ten
 * changes as a sample. Under `baseDuplicates: 'first'` or `'last'`, `rowsIn` counts the rows that
 * stay.
 *
 * @throws DeltaError, ContractError - the errors of `applyDelta`
 * @example
 * const agents = table({ agent_id: ['A1', 'A2'], team: ['Claims', 'Claims'] })
 * const march = table({ agent_id: ['A2', 'A3', 'A9'], team: ['Claims', 'Billing', null], action: ['update', 'add', 'delete'] })
 * const { inserted, unchanged, ignored, codes } = summarizeDelta(agents, march, 'agent_id')
 * ;[inserted, unchanged, ignored, codes.at(-1)]
 * // [1, 1, 1, { code: 'delete_missing', severity: 'info', count: 1, sample: [{ key: ['A9'], file: null, row: 3 }] }]
 */
export function summarizeDelta(
  table: TableLike,
  delta: TableLike,
  key: TableKey,
  options?: DeltaOptions,
): DeltaSummary {
  // one delta gives one summary
  return accountTables(table, [delta], key, options).summaries[0] as DeltaSummary
}
