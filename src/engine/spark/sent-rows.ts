/**
 * Rows on their way to Spark: the Arrow stream that it reads, and what makes its types of it.
 * @module
 */
import { EngineError } from '../../errors.ts'
import { arrowChunks } from '../../format/arrow/arrow.ts'
import { joinChunks } from '../../table/chunks.ts'
import { BigIntColumn, type Column, TimestampColumn } from '../../table/column.ts'
import { type Frame, frameOf } from '../../table/frame.ts'
import { plainText } from '../../table/utf8.ts'

/** Quotes a name of Spark. */
export const quoteName = (name: string): string => `\`${name.replaceAll('`', '``')}\``

const MICROSECONDS = { s: 1_000_000n, ms: 1000n, us: 1n } as const

/** The microseconds of a row. Nanoseconds are sent where nothing of them is lost. */
function microsecondsOf({ values, unit }: TimestampColumn, row: number, name: string): bigint {
  const value = BigInt(values[row] as number | bigint)
  if (unit !== 'ns') return value * MICROSECONDS[unit]
  if (value % 1000n === 0n) return value / 1000n
  throw new EngineError('engine_cannot', `row ${row + 1}: column "${name}" has nanoseconds, which Spark does not keep`)
}

function longsOf(column: TimestampColumn, name: string): BigIntColumn {
  const longs = new BigInt64Array(column.length)
  const valid = new Uint8Array(column.length)
  for (let row = 0; row < column.length; row++) {
    if (column.isNull(row)) continue
    valid[row] = 1
    longs[row] = microsecondsOf(column, row, name)
  }
  return new BigIntColumn('int64', longs, valid)
}

/** Spark reads neither dictionaries nor timestamps in another unit than its own. */
function sent(column: Column, name: string): Column {
  if (column.kind === 'text') return plainText(column, name)
  return column instanceof TimestampColumn ? longsOf(column, name) : column
}

function selected(column: Column, name: string): string {
  const quoted = quoteName(name)
  if (!(column instanceof TimestampColumn)) return quoted
  const instant = `timestamp_micros(${quoted})`
  return `${column.zone === null ? `CAST(${instant} AS TIMESTAMP_NTZ)` : instant} AS ${quoted}`
}

/** Rows as Spark takes them. */
export interface SentRows {
  readonly data: Uint8Array
  /** What is selected of them, so that instants are instants again. */
  readonly select: string
}

/**
 * Returns the rows of a frame as Spark takes them.
 * @throws EngineError engine_cannot - nanoseconds; ContractError unsupported_type, malformed_text
 */
export function sentRows(frame: Frame): SentRows {
  const columns = [...frame.columns]
  const form = frameOf(
    columns.map(([name, column]) => [name, sent(column, name)] as const),
    frame.rows,
  )
  return {
    data: joinChunks(arrowChunks(form, { container: 'stream' })),
    select: columns.map(([name, column]) => selected(column, name)).join(', '),
  }
}
