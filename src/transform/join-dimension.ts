/**
 * Adds attributes of a dimension to a fact.
 * @module
 */
import { buildWith, type TableLike, viewTable } from '../table/table-like.ts'
import type { WithColumns } from '../table/with-columns.ts'
import { type JoinOptions, joinFrames } from './dimension-join.ts'

/** The column names that a selection adds. */
export type SelectedNames<Select> = Select extends string
  ? Select
  : Select extends readonly (infer Name extends string)[]
    ? Name
    : keyof Select & string

/**
 * Returns the fact with attributes of the dimension added last. The fact keeps all its rows, in their
 * order. In rows without a match, including null references, text attributes hold `unknown`
 * (`'Unknown'`) and other kinds null. A null in a found row stays null, unless `blank` is
 * `'unknown'`: then null and white space become `unknown` too. A column of nulls counts as text. Rows
 * of the dimension without a key are never found.
 *
 * @throws ContractError dimension_duplicate_key - two rows of the dimension have the same key;
 * column_exists - the fact already has a column of that name (`select: { dept: 'department' }`
 * renames); column_not_found - no such column; key_type - only one of reference and key is text, or
 * they cannot be compared
 * @example
 * import { table } from 'arquero'
 * const calls = table({ call: [1, 2, 3], category_id: ['bill', null, 'bill'] })
 * const categories = table({ category_id: ['bill', 'tech'], department: ['Accounts', 'Repairs'] })
 * joinDimension(calls, categories, { on: 'category_id', select: { dept: 'department' } }).array('dept')
 * // ['Accounts', 'Unknown', 'Accounts']
 */
export function joinDimension<T extends TableLike, const Select extends JoinOptions['select']>(
  fact: T,
  dimension: TableLike,
  options: JoinOptions & { readonly select: Select },
): WithColumns<T, SelectedNames<Select>> {
  return buildWith(joinFrames(viewTable(fact, 'fact'), viewTable(dimension, 'dimension'), options), fact)
}
