/**
 * The local month of instants.
 * @module
 */
import { buildWith, type TableLike, viewTable } from '../table/table-like.ts'
import type { WithColumns } from '../table/with-columns.ts'
import { type LocalColumn, localPart, withLocalMonth } from './local-time.ts'

/**
 * Returns the table with the local month of each instant in `timeZone`, as text `YYYY-MM` in a last
 * column `month` (or `as`). Null stays null; rows keep their order. Instants may be timestamps,
 * Dates, whole epoch milliseconds or ISO text. Without a zone they are UTC, or in `sourceTimeZone`.
 *
 * @throws ContractError column_not_found - no such column; column_exists - the table has a column
 * of the new name; time_zone_unknown - no such zone; timestamp_invalid - a text is not a timestamp,
 * or a number is not a whole epoch millisecond; type_mismatch - the column holds no instants
 * @example
 * import { table } from 'arquero'
 * const calls = table({ started_at: ['2025-03-01T01:30:00Z', '2025-03-01T05:00:00Z'] })
 * localMonth(calls, 'started_at', 'America/New_York').array('month') // ['2025-02', '2025-03']
 */
export function localMonth<T extends TableLike, const Name extends string = 'month'>(
  table: T,
  column: string,
  timeZone: string,
  options: LocalColumn<Name> = {},
): WithColumns<T, Name> {
  const part = localPart(column, timeZone, 'month', options)
  return buildWith(withLocalMonth(viewTable(table), part), table)
}
