/**
 * Temporal values in cells, of any implementation, as timestamp and day columns. Their tags
 * identify them.
 * @module
 */
import { ContractError } from '../../errors.ts'
import { daysFromCivil } from '../../time/instant.ts'
import { type Column, DateColumn, NULL_DAY, NULL_NANOSECONDS, TimestampColumn } from '../column.ts'
import { toTicks } from './parse-cells.ts'

/** The Temporal types that a column can hold. */
export type TemporalShape =
  | 'Temporal.Instant'
  | 'Temporal.ZonedDateTime'
  | 'Temporal.PlainDateTime'
  | 'Temporal.PlainDate'

const SHAPES: ReadonlySet<string> = new Set([
  'Temporal.Instant',
  'Temporal.ZonedDateTime',
  'Temporal.PlainDateTime',
  'Temporal.PlainDate',
] satisfies TemporalShape[])

/** The members used of an Instant or a ZonedDateTime. */
interface Exact {
  readonly epochNanoseconds: bigint
  readonly timeZoneId?: string
}

/** The members used of a PlainDate or a PlainDateTime. */
interface Plain {
  withCalendar(calendar: 'iso8601'): Readonly<Record<'year' | 'month' | 'day', number>> & Partial<Clock>
}

type Clock = Readonly<Record<'hour' | 'minute' | 'second' | 'millisecond' | 'microsecond' | 'nanosecond', number>>

/** Returns the value's Temporal type, null for any other value. */
export function temporalShape(value: object): TemporalShape | null {
  const tag = Object.prototype.toString.call(value).slice(8, -1)
  // the set holds only these tags
  return SHAPES.has(tag) ? (tag as TemporalShape) : null
}

const isMissing = (value: unknown) => value === null || value === undefined

function daysOf(value: unknown): number {
  // the tag proves that it is a PlainDate or a PlainDateTime
  const { year, month, day } = (value as Plain).withCalendar('iso8601')
  return daysFromCivil(year, month, day)
}

/** Returns the wall time in nanoseconds since 1970. */
function wallNanoseconds(value: unknown): bigint {
  const {
    hour = 0,
    minute = 0,
    second = 0,
    millisecond = 0,
    microsecond = 0,
    nanosecond = 0,
  } = (value as Plain).withCalendar('iso8601')
  const milliseconds = daysOf(value) * 86_400_000 + hour * 3_600_000 + minute * 60_000 + second * 1000 + millisecond
  return BigInt(milliseconds) * 1_000_000n + BigInt(microsecond * 1000 + nanosecond)
}

/** Returns the one zone of all ZonedDateTimes. Throws where they differ. */
function zoneOf(values: ArrayLike<unknown>, name: string): string {
  let zone: string | null = null
  for (let row = 0; row < values.length; row++) {
    const value = values[row]
    if (isMissing(value)) continue
    const { timeZoneId = 'UTC' } = value as Exact
    zone ??= timeZoneId
    if (timeZoneId === zone) continue
    throw new ContractError(
      'type_mismatch',
      `column "${name}" row ${row + 1}: the ZonedDateTime is in ${timeZoneId}, the first one in ${zone}; a column has one zone: bring them to it with withTimeZone, or give their toInstant()`,
      { details: { column: name, row: row + 1, expected: zone, found: timeZoneId } },
    )
  }
  return zone ?? 'UTC'
}

/** Returns timestamps in the coarsest exact unit: milliseconds, microseconds or nanoseconds. */
function timestamps(nanoseconds: readonly (bigint | null)[], name: string, zone: string | null): TimestampColumn {
  for (const unit of ['ms', 'us'] as const) {
    const ticks = Float64Array.from(nanoseconds, (value) => {
      if (value === null) return Number.NaN
      const finer = ((value % 1_000_000n) + 1_000_000n) % 1_000_000n
      return toTicks({ milliseconds: Number((value - finer) / 1_000_000n), nanoseconds: Number(finer) }, unit)
    })
    if (ticks.every((tick, row) => !Number.isNaN(tick) || nanoseconds[row] === null)) {
      return new TimestampColumn(ticks, { unit, zone })
    }
  }
  const row = nanoseconds.findIndex(
    (value) => value !== null && (BigInt.asIntN(64, value) !== value || value === NULL_NANOSECONDS),
  )
  if (row >= 0) {
    throw new ContractError(
      'timestamp_invalid',
      `column "${name}" row ${row + 1}: one of the column's values is finer than a millisecond, and nanoseconds reach from 1677 to 2262; round the values to milliseconds`,
      { details: { column: name, rows: [row + 1] } },
    )
  }
  return new TimestampColumn(
    BigInt64Array.from(nanoseconds, (value) => value ?? NULL_NANOSECONDS),
    { unit: 'ns', zone },
  )
}

/**
 * Returns Temporal values of one type as a column: Instants as timestamps in UTC, ZonedDateTimes as
 * timestamps of their zone, PlainDateTimes as timestamps without a zone, PlainDates as days. Null
 * and undefined become null. Returns null when a value is of another type.
 * @throws ContractError type_mismatch - ZonedDateTimes are in several zones; timestamp_invalid - no
 * unit holds all of them
 */
export function readTemporals(values: ArrayLike<unknown>, shape: TemporalShape, name: string): Column | null {
  for (let row = 0; row < values.length; row++) {
    const value = values[row]
    if (!isMissing(value) && (typeof value !== 'object' || temporalShape(value as object) !== shape)) return null
  }
  if (shape === 'Temporal.PlainDate') {
    const days = Array.from(values, (value) => (isMissing(value) ? NULL_DAY : daysOf(value)))
    return new DateColumn(Int32Array.from(days))
  }
  const isPlain = shape === 'Temporal.PlainDateTime'
  const nanoseconds = Array.from(values, (value) => {
    if (isMissing(value)) return null
    return isPlain ? wallNanoseconds(value) : (value as Exact).epochNanoseconds
  })
  return timestamps(nanoseconds, name, isPlain ? null : shape === 'Temporal.Instant' ? 'UTC' : zoneOf(values, name))
}
