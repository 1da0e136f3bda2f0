/**
 * Converts columns to other kinds. A cell is converted only if it survives the way back; the others
 * are reported row by row.
 * @module
 */
import { formatDay, formatTimestamp, type Instant } from '../../time/instant.ts'
import { originName } from '../arrow/type.ts'
import { BigIntColumn, type Column, type NumberColumn, TimestampColumn } from '../column.ts'
import type { ColumnContract } from '../contract.ts'
import { markedRows } from '../take.ts'
import { codeTexts } from '../utf8.ts'
import { buildDays, buildTexts, buildTimestamps, type Misfits, noneFits } from './build-cells.ts'
import { isNumberKind, nullsOf, type Target, targetOf } from './column-form.ts'
import { convertBigInts, convertNumbers } from './numbers.ts'
import { instantToDay, type Strictness } from './parse-cells.ts'
import { convertText } from './text.ts'

const DAY = 86_400_000

/** Whether ISO text of the instant parses again: the years 0 to 9999. */
const hasFourDigitYear = (milliseconds: number) =>
  milliseconds >= -62_167_219_200_000 && milliseconds < 253_402_300_800_000

/**
 * A converted column, and the rows (from 0, ascending) whose cells did not fit. Those cells are
 * null.
 */
export interface Conversion {
  readonly column: Column
  readonly misfits: Int32Array
}

/** The options of a conversion. */
export interface ConvertOptions {
  /**
   * `value` (default): '5.0' is 5, and any ISO text an instant. `key`: the spelling must survive
   * too, so '01' is not 1.
   */
  readonly as?: Strictness
}

const NONE = new Int32Array(0)

function isSameForm(column: Column, target: Target): boolean {
  if (column.kind !== target.kind) return false
  switch (column.kind) {
    case 'text':
      return column.encoding === (target.encoding ?? 'dictionary')
    case 'timestamp':
      return column.unit === (target.unit ?? 'ms') && column.zone === (target.zone === undefined ? 'UTC' : target.zone)
    case 'opaque':
      return originName(column.origin) === originName(target.origin ?? null)
    default:
      return true
  }
}

function instantAt(column: TimestampColumn, row: number): Instant | undefined {
  if (column.isNull(row)) return undefined
  return { milliseconds: column.milliseconds(row), nanoseconds: column.nanoseconds(row) }
}

function convertTimestamps(column: TimestampColumn, target: Target, misfits: Misfits): Column {
  switch (target.kind) {
    case 'timestamp':
      return buildTimestamps(misfits, target, (row) => instantAt(column, row))
    case 'date':
      return buildDays(misfits, (row) => {
        const instant = instantAt(column, row)
        return instant && instantToDay(instant)
      })
    case 'text':
      return buildTexts(misfits, target, (row) => {
        const instant = instantAt(column, row)
        if (instant === undefined) return undefined
        return hasFourDigitYear(instant.milliseconds) ? formatTimestamp(instant, column.zone) : null
      })
    default:
      return noneFits(column, target, misfits)
  }
}

/**
 * Returns a plain JavaScript value as text; null where it has no text, undefined where it is
 * missing.
 */
function textOfValue(value: unknown): string | null | undefined {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'string') return value
  if (typeof value === 'number' && Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value)
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString()
  return null
}

function convertOther(column: Column, target: Target, strictness: Strictness, misfits: Misfits): Column {
  switch (column.kind) {
    case 'null':
      return nullsOf(target, column.length)
    case 'boolean':
      if (target.kind !== 'text') return noneFits(column, target, misfits)
      return buildTexts(misfits, target, (row) => (column.isNull(row) ? undefined : String(column.values[row] === 1)))
    case 'date': {
      const { values } = column
      if (target.kind === 'text') {
        return buildTexts(misfits, target, (row) => {
          if (column.isNull(row)) return undefined
          const day = values[row] as number
          return hasFourDigitYear(day * DAY) ? formatDay(day) : null
        })
      }
      if (target.kind !== 'timestamp') return noneFits(column, target, misfits)
      return buildTimestamps(misfits, target, (row) =>
        column.isNull(row) ? undefined : { milliseconds: (values[row] as number) * DAY, nanoseconds: 0 },
      )
    }
    case 'opaque': {
      if (target.kind === 'opaque') return noneFits(column, target, misfits)
      const texts = column.values.map((value, row) => {
        const text = textOfValue(value)
        if (text === null) misfits[row] = 1
        return text
      })
      return convertText(codeTexts(texts, texts.length), target, strictness, misfits)
    }
    default:
      return noneFits(column, target, misfits)
  }
}

function convertForm(column: Column, target: Target, strictness: Strictness, misfits: Misfits): Column {
  if (column.kind === 'text') return convertText(column, target, strictness, misfits)
  if (column instanceof TimestampColumn) return convertTimestamps(column, target, misfits)
  if (column instanceof BigIntColumn) return convertBigInts(column, target, misfits)
  if (isNumberKind(column.kind)) return convertNumbers(column as NumberColumn, target, strictness, misfits)
  return convertOther(column, target, strictness, misfits)
}

/**
 * Returns the column in the kind and form of another column, or of a contract's column. A column
 * that has them already is shared. Rows keep their order. A cell fits when it survives the way
 * back: '5.0' is 5 and 14.0 is 14, but '01' is not 1, 2.5 is not an integer, and no double holds
 * 2^53 + 1. Instants may be ISO text (UTC where it names no zone), epoch milliseconds, or
 * timestamps of any unit that is fine enough. A timestamp's zone is form, not value. Text is
 * converted once per distinct value. Opaque decimals, clock times and durations are converted as
 * their text: 12.50 is 12.5. Lists, structs and bytes never fit. A column of nulls converts to
 * anything. With a column of nulls as the target, the column stays as it is.
 *
 * @example
 * const minutes = new DictionaryColumn(Int32Array.of(0, 1, 2, -1), ['5.0', '01', '7'])
 * const { column, misfits } = convertColumn(minutes, float64())
 * Array.from(column) // [5, null, 7, null]
 * misfits // Int32Array [1]
 */
export function convertColumn(
  column: Column,
  like: Column | ColumnContract,
  { as: strictness = 'value' }: ConvertOptions = {},
): Conversion {
  const target = targetOf(like)
  if (target.kind === 'null') return { column, misfits: NONE }
  if (isSameForm(column, target)) {
    const isOtherFace = column instanceof TimestampColumn && target.face !== undefined && target.face !== column.face
    const faced = isOtherFace ? new TimestampColumn(column.values, { ...column, face: target.face }) : column
    return { column: faced, misfits: NONE }
  }
  const misfits: Misfits = new Uint8Array(column.length)
  const converted = convertForm(column, target, strictness, misfits)
  return { column: converted, misfits: markedRows(misfits) }
}
