/**
 * Columns of timestamps and days as Temporal values.
 * @module
 */
import { ContractError } from '../errors.ts'
import { type Column, DateColumn, NullColumn, TimestampColumn } from '../table/column.ts'
import { columnOf } from '../table/frame.ts'
import { type TableLike, viewTable } from '../table/table-like.ts'
import { civilFromDays } from '../time/instant.ts'
import { currentTemporal, type TemporalNamespace, type TemporalValue } from '../time/temporal.ts'

const NANOSECONDS = { s: 1_000_000_000n, ms: 1_000_000n, us: 1000n, ns: 1n } as const

function valueAt(column: TimestampColumn | DateColumn, row: number, temporal: TemporalNamespace): TemporalValue {
  if (column instanceof DateColumn) {
    const { year, month, day } = civilFromDays(column.values[row] as number)
    return new temporal.PlainDate(year, month, day)
  }
  const { unit, zone, values } = column
  const instant = new temporal.Instant(BigInt(values[row] as number | bigint) * NANOSECONDS[unit])
  if (zone === 'UTC') return instant
  const zoned = instant.toZonedDateTimeISO(zone ?? 'UTC')
  return zone === null ? zoned.toPlainDateTime() : zoned
}

function refuseKind({ kind }: Column, name: string): ContractError {
  return new ContractError(
    'type_mismatch',
    `column "${name}" holds ${kind}; expected timestamps or days: read it with a contract, or checkTable with one`,
    { details: { column: name, kind } },
  )
}

/**
 * Returns a column's cells as Temporal values, row by row, null where a cell is null: Instants for
 * timestamps in UTC, ZonedDateTimes for timestamps in another zone, PlainDateTimes for wall times,
 * PlainDates for days. Exact to the nanosecond. The values come from the runtime's Temporal, or
 * from the polyfill; in the second case `await loadTemporal()` first. Each value costs
 * microseconds, so use it for thousands of rows, not millions.
 *
 * @throws ContractError column_not_found - no such column; type_mismatch - the column holds neither
 * timestamps nor days; timestamp_invalid - a value is beyond Temporal's range; unsupported_type -
 * no Temporal is loaded
 * @example
 * import { table } from 'arquero'
 * await loadTemporal()
 * const calls = table({ started_at: [new Date('2025-03-01T01:30Z'), null] })
 * toTemporal(calls, 'started_at').map(String) // ['2025-03-01T01:30:00Z', 'null']
 * toTemporal(convertTimeZone(calls, 'started_at', 'America/New_York'), 'started_at').map(String)
 * // ['2025-02-28T20:30:00', 'null']
 */
export function toTemporal(table: TableLike, column: string): (TemporalValue | null)[] {
  const found = columnOf(viewTable(table), column)
  const temporal = currentTemporal()
  if (found instanceof NullColumn) return Array.from({ length: found.length }, () => null)
  if (!(found instanceof TimestampColumn || found instanceof DateColumn)) throw refuseKind(found, column)
  return Array.from({ length: found.length }, (_, row) => {
    if (found.isNull(row)) return null
    try {
      return valueAt(found, row, temporal)
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause
      throw new ContractError(
        'timestamp_invalid',
        `column "${column}" row ${row + 1}: Temporal does not hold it; expected the years -271821 to 275760 and a zone that the runtime knows`,
        { cause, details: { column, rows: [row + 1] } },
      )
    }
  })
}
