/**
 * Instants to local wall times.
 * @module
 */
import { buildWith, type TableLike, viewTable } from '../table/table-like.ts'
import type { WithColumns } from '../table/with-columns.ts'
import { type WallTimeOptions, withWallTimes } from './local-time.ts'

/** The columns that a conversion adds or replaces. */
export type WallTimeColumns<Name extends string, Options extends WallTimeOptions> =
  | `${Name}${Options extends { readonly suffix: infer Suffix extends string } ? Suffix : ''}`
  | (Options extends { readonly offset: true } ? `${Name}_offset_minutes` : never)

/**
 * Returns the table with the instants of one or more columns as local wall times of `timeZone`,
 * without a zone. In an Arrow table they are timestamps of the same unit without a zone, in an
 * Arquero table ISO text without an offset (`2025-02-28T20:30:00[.SSS]`), never Dates. The columns
 * are replaced, or with `suffix` added last. `offset: true` adds `<column>_offset_minutes`, the
 * minutes east of UTC. Null stays null; rows keep their order.
 *
 * Instants may be timestamps, Dates, whole epoch milliseconds or ISO text. Without a zone they are
 * UTC, or in `sourceTimeZone`. There, a wall time that occurs twice means the earlier instant, and
 * one that does not exist moves forward.
 *
 * @throws ContractError column_not_found - no such column; column_exists - an added column exists
 * already; time_zone_unknown - no such zone; timestamp_invalid - a text is not a timestamp, or a
 * number is not a whole epoch millisecond; type_mismatch - a column holds no instants
 * @example
 * import { table } from 'arquero'
 * const calls = table({ started_at: [new Date('2025-03-01T01:30Z'), new Date('2025-07-01T01:30Z')] })
 * convertTimeZone(calls, 'started_at', 'America/New_York', { suffix: '_local', offset: true }).select('started_at_local', 'started_at_offset_minutes')
 * // [{ started_at_local: '2025-02-28T20:30:00', started_at_offset_minutes: -300 },
 * //  { started_at_local: '2025-06-30T21:30:00', started_at_offset_minutes: -240 }]
 */
export function convertTimeZone<
  T extends TableLike,
  const Name extends string,
  const Options extends WallTimeOptions = object,
>(
  table: T,
  columns: Name | readonly Name[],
  timeZone: string,
  options?: Options,
): WithColumns<T, WallTimeColumns<Name, Options>> {
  const names: readonly Name[] = Array.isArray(columns) ? columns : [columns as Name]
  return buildWith(withWallTimes(viewTable(table), names, timeZone, options), table)
}
