/**
 * The local calendar day of instants.
 * @module
 */
import { buildWith, type TableLike, viewTable } from '../table/table-like.ts'
import type { WithColumns } from '../table/with-columns.ts'
import { type LocalColumn, localPart, withLocalDate } from './local-time.ts'

/**
 * Returns the table with the local calendar day of each instant in `timeZone`, in a last column
 * `date` (or `as`): a date in an Arrow table, text `YYYY-MM-DD` in an Arquero table. Otherwise like
 * {@link localMonth}.
 *
 * @throws ContractError - the errors of {@link localMonth}
 * @example
 * import { table } from 'arquero'
 * const calls = table({ started_at: ['2025-03-01T01:30:00Z', '2025-03-01T05:00:00Z'] })
 * localDate(calls, 'started_at', 'America/New_York').array('date') // ['2025-02-28', '2025-03-01']
 */
export function localDate<T extends TableLike, const Name extends string = 'date'>(
  table: T,
  column: string,
  timeZone: string,
  options: LocalColumn<Name> = {},
): WithColumns<T, Name> {
  const part = localPart(column, timeZone, 'date', options)
  return buildWith(withLocalDate(viewTable(table), part), table)
}
