/**
 * The local hour of instants.
 * @module
 */
import { buildWith, type TableLike, viewTable } from '../table/table-like.ts'
import type { WithColumns } from '../table/with-columns.ts'
import { type LocalColumn, localPart, withLocalHour } from './local-time.ts'

/**
 * Returns the table with the local hour (0–23) of each instant in `timeZone`, in a last column
 * `hour` (or `as`). Otherwise like {@link localMonth}.
 *
 * @throws ContractError - the errors of {@link localMonth}
 * @example
 * import { table } from 'arquero'
 * const calls = table({ started_at: ['2025-03-01T01:30:00Z', '2025-07-01T05:00:00Z'] })
 * localHour(calls, 'started_at', 'America/New_York').array('hour') // [20, 1]
 */
export function localHour<T extends TableLike, const Name extends string = 'hour'>(
  table: T,
  column: string,
  timeZone: string,
  options: LocalColumn<Name> = {},
): WithColumns<T, Name> {
  const part = localPart(column, timeZone, 'hour', options)
  return buildWith(withLocalHour(viewTable(table), part), table)
}
