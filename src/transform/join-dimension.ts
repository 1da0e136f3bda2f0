/**
 * A fact with attributes of a dimension.
 * @module
 */
import { buildWith, type TableLike, viewTable } from '../table/table-like.ts'
import type { WithColumns } from '../table/with-columns.ts'
import { type JoinOptions, joinFrames } from './dimension-join.ts'

/** The names that a selection adds. */
export type SelectedNames<Select> = Select extends string
  ? Select
  : Select extends readonly (infer Name extends string)[]
    ? Name
    : keyof Select & string

/**
 * Returns the fact with attributes of the dimension added last. The fact keeps its rows and their order, whatever the
 * dimension holds. Text attributes of rows without a match, null references included, hold `unknown` (`'Unknown'`), other
 * kinds null; a null that was found stays null, unless `blank` is `'unknown'`: then it, and a text of white space, hold
 * `unknown` too. A column of nothing but null counts as text. Rows of the dimension without a key are never found.
 *
 * @throws ContractError dimension_duplicate_key - two rows of the dimension have one key; column_exists - the fact has a
 * column of that name already (`select: { dept: 'department' }` renames); column_not_found - no such column; key_type - a
 * reference is text where the key is not, or cannot be compared
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
