/**
 * Checks any table against its contract.
 * @module
 */
import type { Issue } from '../../errors.ts'
import { refuseNoContract, type TableContract } from '../contract.ts'
import { buildTable, type TableLike, viewTable } from '../table-like.ts'
import { checkFrame } from './check.ts'

/** The rows that fit, as the same kind of table, and the issues of the other rows. */
export interface CheckedTable<T extends TableLike> {
  readonly table: T
  readonly issues: readonly Issue[]
}

/**
 * Returns the rows that fit the contract, and an issue for each cell that does not. Rows keep their
 * order. Columns have the contract's order and kinds: numeric text becomes a number, ISO text an
 * instant, where nothing is lost. Rows with an issue are left out; of rows with the same key the
 * first stays. Unknown columns follow the contract's `unknownColumns`. Issues are in row order,
 * `row` counts from 1, and `found` may hold customers' values.
 *
 * @throws ContractError column_renamed - a name differs from the contract's only in case or spacing
 * @throws ContractError column_missing - the table lacks a column of the contract
 * @throws ContractError column_extra - the table has a column that a frozen contract does not know
 * @throws ContractError unsupported_table - the table is neither Arquero's nor Arrow's
 * @example
 * const ratings = defineTable('ratings', { id: key(string()), rating: measure(float64()) })
 * const found = checkTable(aq.table({ id: ['a', 'b', 'c'], rating: ['4.0', 'good', null] }), ratings)
 * found.table.objects() // [{ id: 'a', rating: 4 }]
 * found.issues.map(({ row, code }) => [row, code]) // [[2, 'type_mismatch'], [3, 'null_value']]
 */
export function checkTable<T extends TableLike>(table: T, contract: TableContract): CheckedTable<T> {
  refuseNoContract(contract)
  const { frame, issues } = checkFrame(viewTable(table, 'table', { mixed: 'opaque' }), contract)
  return { table: buildTable(frame, table), issues }
}
