/**
 * A table's versions through its deltas.
 * @module
 */
import { type OptionNames, refuseUnknown, refuseUnless } from '../arguments.ts'
import { DeltaError } from '../errors.ts'
import { buildTable, type TableLike } from '../table/table-like.ts'
import { versionRows } from './delta/account/versions.ts'
import { DELTA_OPTIONS, type DeltaOptions } from './delta/delta-options.ts'
import type { TableKey } from './delta/table-key.ts'
import { accountTables } from './fold-tables.ts'

/** A delta and the time from which it is valid. */
export interface DatedDelta {
  /** A label that sorts as text: a month such as `2025-02`, a day, an ISO timestamp. */
  readonly at: string
  readonly delta: TableLike
}

/** The policies of the deltas, and the time from which the initial table is valid. */
export interface HistoryOptions extends DeltaOptions {
  readonly initialAt: string
}

const OPTIONS = { initialAt: true, ...DELTA_OPTIONS } satisfies OptionNames<HistoryOptions>

/**
 * Returns every version of every row (slowly changing dimension, type 2) as the same kind of table
 * as `initial`. It adds `valid_from` and `valid_to` (half-open; null = current), `is_deleted` (the
 * version ended with a delete) and `version` (from 1 for each key). Rows of the initial table come
 * in their order, then added keys in order of their first insertion; the versions of a key follow
 * each other. A write that changes no cell makes no version. A key that a later delta adds again
 * continues with the next version, after a gap; one that is deleted and added again in the same
 * delta has no gap. The rows with a null `valid_to` are the table after the deltas.
 *
 * @throws DeltaError snapshots_out_of_order - labels do not ascend
 * @throws ContractError column_exists - the table has a column of one of the four names
 * @throws DeltaError, ContractError - the errors of `applyDelta`
 * @example
 * const agents = table({ agent_id: ['A1', 'A2'], team: ['Claims', 'Claims'] })
 * const march = table({ agent_id: ['A1', 'A2'], team: ['Billing', null], action: ['update', 'delete'] })
 * history(agents, [{ at: '2025-03', delta: march }], 'agent_id', { initialAt: '2025-01' }).objects()
 * // [
 * //   { agent_id: 'A1', team: 'Claims', valid_from: '2025-01', valid_to: '2025-03', is_deleted: false, version: 1 },
 * //   { agent_id: 'A1', team: 'Billing', valid_from: '2025-03', valid_to: null, is_deleted: false, version: 2 },
 * //   { agent_id: 'A2', team: 'Claims', valid_from: '2025-01', valid_to: '2025-03', is_deleted: true, version: 1 },
 * // ]
 */
export function history<T extends TableLike>(
  initial: T,
  deltas: readonly DatedDelta[],
  key: TableKey,
  options: HistoryOptions,
): T {
  refuseUnless(Array.isArray(deltas), 'deltas', deltas, 'a list of { at, delta }', DeltaError)
  refuseUnknown(options, OPTIONS, DeltaError)
  const { initialAt, ...policies } = options
  const folded = accountTables(
    initial,
    deltas.map(({ delta }) => delta),
    key,
    policies,
  )
  return buildTable(versionRows(folded, [initialAt, ...deltas.map(({ at }) => at)]), initial)
}
