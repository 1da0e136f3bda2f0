/**
 * Any column of instants as epoch ticks: timestamps, epoch milliseconds, ISO text.
 * @module
 */
import { ContractError } from '../../errors.ts'
import { parseTimestampAt, TimestampReading } from '../../time/read-stamp.ts'
import { type Instants, toMilliseconds, toTicks } from '../../time/steps.ts'
import { LAST_INSTANT, type Zone, zoneOf } from '../../time/zone.ts'
import {
  BigIntColumn,
  type Column,
  DictionaryColumn,
  NullColumn,
  NumberColumn,
  type TextColumn,
  TimestampColumn,
  Utf8Column,
} from '../column.ts'
import { timestampBytes } from './text-instants.ts'

/** How wall times without a zone are read. */
export interface SourceZone {
  /** The zone of text and timestamps without one; UTC by default. */
  readonly sourceTimeZone?: string
}

const CELLS_SHOWN = 10

function invalidCells(name: string, rows: readonly number[], column: Column, problem: string): ContractError {
  const where = `${rows.length === 1 ? 'row' : 'rows'} ${rows.map((row) => row + 1).join(', ')}`
  return new ContractError('timestamp_invalid', `column "${name}" ${where}: ${problem}`, {
    details: { column: name, rows: rows.map((row) => row + 1), found: rows.map((row) => column.at(row)) },
  })
}

function notTimestamps(name: string, rows: readonly number[], column: TextColumn): ContractError {
  const problem = 'the text is not an ISO timestamp (YYYY-MM-DDTHH:mm:ss, with or without a zone, at most microseconds)'
  return invalidCells(name, rows, column, problem)
}

/**
 * Returns numbers as epoch milliseconds: whole, and within a Date's range, as a table's contract
 * requires.
 */
function numberInstants(column: NumberColumn | BigIntColumn, name: string): Instants {
  const { values: numbers, valid } = column
  const values = new Float64Array(numbers.length).fill(Number.NaN)
  const bad: number[] = []
  for (let row = 0; row < numbers.length && bad.length < CELLS_SHOWN; row++) {
    if (valid !== null && valid[row] === 0) continue
    const value = Number(numbers[row])
    if (Number.isInteger(value) && value >= -LAST_INSTANT && value <= LAST_INSTANT) values[row] = value
    else bad.push(row)
  }
  if (bad.length === 0) return { values, unit: 'ms' }
  throw invalidCells(
    name,
    bad,
    column,
    'expected whole epoch milliseconds of the years -271821 to 275760; round the number, or give the instant as ISO text, which may have microseconds',
  )
}

/** Parses ISO texts to epoch ticks: milliseconds, or microseconds where a text is finer. */
function parseTexts(column: Utf8Column, name: string, zone: Zone | null): Instants {
  const { bytes, offsets, length } = column
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const reading = new TimestampReading()
  const values = new Float64Array(length).fill(Number.NaN)
  const micros = new Float64Array(length)
  let isFiner = false
  const bad: number[] = []
  for (let row = 0; row < length && bad.length < CELLS_SHOWN; row++) {
    if (column.isNull(row)) continue
    const isTimestamp = parseTimestampAt(view, offsets[row] as number, offsets[row + 1] as number, reading)
    const { milliseconds, nanoseconds, offsetMinutes } = reading
    if (!isTimestamp || nanoseconds % 1000 !== 0) bad.push(row)
    else {
      values[row] = offsetMinutes === null && zone !== null ? zone.instant(milliseconds) : milliseconds
      micros[row] = nanoseconds / 1000
      if (nanoseconds !== 0) isFiner = true
    }
  }
  if (bad.length > 0) throw notTimestamps(name, bad, column)
  if (!isFiner) return { values, unit: 'ms' }
  return { values: values.map((value, row) => value * 1000 + (micros[row] as number)), unit: 'us' }
}

function dictionaryInstants(column: DictionaryColumn, name: string, zone: Zone | null): Instants {
  const { codes } = column
  // unused entries may be any text
  const firstRow = new Int32Array(column.values.length).fill(-1)
  for (let row = codes.length - 1; row >= 0; row--) {
    const code = codes[row] as number
    if (code >= 0) firstRow[code] = row
  }
  const used = timestampBytes(column.values.map((text, code) => ((firstRow[code] as number) < 0 ? null : text)))
  try {
    const { values: parsed, unit } = parseTexts(used, name, zone)
    const values = new Float64Array(codes.length)
    for (let row = 0; row < codes.length; row++) {
      const code = codes[row] as number
      values[row] = code < 0 ? Number.NaN : (parsed[code] as number)
    }
    return { values, unit }
  } catch (error) {
    // the error names dictionary codes; name rows instead
    const codesOf = error instanceof ContractError ? error.details.rows : undefined
    if (!Array.isArray(codesOf)) throw error
    const rows = codesOf.map((code: number) => firstRow[code - 1] as number)
    throw notTimestamps(name, rows, column)
  }
}

function timestampInstants(column: TimestampColumn, zone: Zone | null): Instants {
  const { values, unit } = column
  let instants: Instants
  if (values instanceof Float64Array && unit !== 'ns') instants = { values, unit }
  else
    instants = {
      values: Float64Array.from({ length: column.length }, (_, row) => column.milliseconds(row)),
      unit: 'ms',
    }
  if (column.zone !== null || zone === null) return instants
  return {
    values: instants.values.map((wall) => {
      const milliseconds = Math.floor(toMilliseconds(wall, instants.unit))
      return Number.isNaN(wall) ? wall : wall + toTicks(zone.instant(milliseconds) - milliseconds, instants.unit)
    }),
    unit: instants.unit,
  }
}

/**
 * Returns a column's instants as epoch ticks, NaN where it is null. It takes timestamps
 * (nanoseconds are rounded down to milliseconds), whole epoch milliseconds, and ISO text, which is
 * parsed once per distinct value where it is dictionary-coded. Without a zone they are UTC, or in
 * `sourceTimeZone`.
 *
 * @throws ContractError timestamp_invalid - a text is not a timestamp, or a number is not a whole
 * epoch millisecond; type_mismatch - the column holds no instants; time_zone_unknown - the source
 * zone is unknown
 */
export function instantsOf(column: Column, name: string, { sourceTimeZone }: SourceZone = {}): Instants {
  const zone = sourceTimeZone === undefined ? null : zoneOf(sourceTimeZone)
  if (column instanceof TimestampColumn) return timestampInstants(column, zone)
  if (column instanceof DictionaryColumn) return dictionaryInstants(column, name, zone)
  if (column instanceof Utf8Column) return parseTexts(column, name, zone)
  if (column instanceof NullColumn) return { values: new Float64Array(column.length).fill(Number.NaN), unit: 'ms' }
  if (column instanceof NumberColumn || column instanceof BigIntColumn) return numberInstants(column, name)
  throw new ContractError(
    'type_mismatch',
    `column "${name}" holds ${column.kind}; expected timestamps, epoch milliseconds or ISO text`,
    { details: { column: name, kind: column.kind } },
  )
}
