/**
 * Local wall times, months, days and hours of a frame's instants.
 * @module
 */
import { type OptionNames, refuseUnknown, refuseUnless } from '../arguments.ts'
import { ContractError } from '../errors.ts'
import {
  type Column,
  DateColumn,
  DictionaryColumn,
  NULL_DAY,
  NULL_NANOSECONDS,
  NumberColumn,
  TimestampColumn,
  type Validity,
} from '../table/column.ts'
import { instantsOf, type SourceZone } from '../table/convert/instants.ts'
import { columnOf, type Frame, withColumns } from '../table/frame.ts'
import { localMonthCodes, localOffsets, localWallTimes } from '../time/local.ts'
import { type Instants, toTicks } from '../time/steps.ts'
import { type Zone, zoneOf } from '../time/zone.ts'

const DAY = 86_400_000
const HOUR = 3_600_000

/** Where the wall times go, and whether to add their offsets. */
export interface WallTimeOptions extends SourceZone {
  /** Adds columns with this suffix and keeps the instants, instead of replacing them. */
  readonly suffix?: string
  /**
   * `true` adds `<column>_offset_minutes`, the minutes east of UTC. They distinguish the two passes
   * of autumn's repeated hour.
   */
  readonly offset?: boolean
}

/**
 * Returns the frame with a column added last.
 * @throws ContractError column_exists - the name exists; `remedy` says how to choose another
 */
export function addColumn(frame: Frame, name: string, column: Column, remedy: string): Frame {
  if (frame.columns.has(name)) {
    throw new ContractError('column_exists', `the table already has a column "${name}"; ${remedy}`, {
      details: { column: name },
    })
  }
  return withColumns(frame, [[name, column]])
}

function validityOf(values: Float64Array): Validity {
  const valid = Uint8Array.from(values, (value) => (Number.isNaN(value) ? 0 : 1))
  return valid.includes(0) ? valid : null
}

/**
 * Returns nanoseconds as wall times. They do not fit a double, so the milliseconds' offsets are
 * added to the bigints.
 */
function nanosecondWalls(values: BigInt64Array, offsets: Int32Array): BigInt64Array {
  return values.map((value, row) =>
    value === NULL_NANOSECONDS ? value : value + BigInt(offsets[row] as number) * 1_000_000_000n,
  )
}

function wallTimes(column: Column, instants: Instants, zone: Zone, source: SourceZone): TimestampColumn {
  const form = { zone: null, face: 'text' } as const
  if (!(column instanceof TimestampColumn && column.values instanceof BigInt64Array)) {
    return new TimestampColumn(localWallTimes(instants, zone), { ...form, unit: instants.unit })
  }
  const { values } = column
  const offsets = localOffsets(instants, zone)
  // wall times in a source zone: the instants already differ from the column's values by the
  // source's offset
  if (column.zone === null && source.sourceTimeZone !== undefined) {
    for (let row = 0; row < offsets.length; row++) {
      const shift = (instants.values[row] as number) - column.milliseconds(row)
      offsets[row] = (offsets[row] as number) + shift / 1000
    }
  }
  return new TimestampColumn(nanosecondWalls(values, offsets), { ...form, unit: 'ns' })
}

function offsetMinutes(instants: Instants, zone: Zone): NumberColumn {
  const offsets = localOffsets(instants, zone)
  return new NumberColumn(
    'float64',
    Float64Array.from(offsets, (seconds) => seconds / 60),
    validityOf(instants.values),
  )
}

/**
 * Returns the frame with the columns' instants as local wall times, without a zone: in place, or
 * with `suffix` added last.
 * @throws ContractError column_not_found, column_exists, time_zone_unknown, timestamp_invalid,
 * type_mismatch
 */
export function withWallTimes(
  frame: Frame,
  columns: readonly string[],
  timeZone: string,
  options: WallTimeOptions = {},
): Frame {
  refuseNoText(columns, timeZone)
  refuseUnknown(options, { suffix: true, offset: true, sourceTimeZone: true } satisfies OptionNames<WallTimeOptions>)
  const { suffix = '', offset = false, ...source } = options
  const zone = zoneOf(timeZone)
  let result = frame
  for (const name of columns) {
    const column = columnOf(frame, name)
    const instants = instantsOf(column, name, source)
    const walls = wallTimes(column, instants, zone, source)
    result =
      suffix === ''
        ? withColumns(result, [[name, walls]])
        : addColumn(result, name + suffix, walls, 'choose another suffix')
    if (!offset) continue
    result = addColumn(result, `${name}_offset_minutes`, offsetMinutes(instants, zone), 'rename it or leave offset out')
  }
  return result
}

/** Which instants, in which time zone, under which name. */
export interface LocalPart extends SourceZone {
  readonly column: string
  readonly timeZone: string
  readonly as: string
}

/** The name of the added column, and how wall times without a zone are read. */
export interface LocalColumn<Name extends string> extends SourceZone {
  readonly as?: Name
}

/** Throws where the zone or a column is not text: callers without types may leave them out. */
function refuseNoText(columns: readonly unknown[], timeZone: unknown): void {
  const wrong = columns.find((name) => typeof name !== 'string')
  refuseUnless(wrong === undefined && columns.length > 0, 'column', wrong, 'the name of a column')
  refuseUnless(typeof timeZone === 'string', 'timeZone', timeZone, 'a zone such as "America/New_York"')
}

/** Returns the arguments of the local functions with every default filled in. */
export function localPart(column: string, timeZone: string, name: string, options: LocalColumn<string>): LocalPart {
  refuseNoText([column], timeZone)
  refuseUnknown(options, { as: true, sourceTimeZone: true } satisfies OptionNames<LocalColumn<string>>)
  const { as = name, ...source } = options
  return { column, timeZone, as, ...source }
}

function partOf(frame: Frame, { column, timeZone, ...source }: LocalPart): { instants: Instants; zone: Zone } {
  return { instants: instantsOf(columnOf(frame, column), column, source), zone: zoneOf(timeZone) }
}

const REMEDY = 'name the new one with { as }'

/** Returns the calendar day of each wall time, as {@link localWallTimes} gives them; null where there is none. */
export function wallDates({ values, unit }: Instants): DateColumn {
  const day = toTicks(DAY, unit)
  return new DateColumn(Int32Array.from(values, (wall) => (Number.isNaN(wall) ? NULL_DAY : Math.floor(wall / day))))
}

/** Returns the hour (0–23) of each wall time, as {@link localWallTimes} gives them; null where there is none. */
export function wallHours({ values, unit }: Instants): NumberColumn {
  const [day, hour] = [toTicks(DAY, unit), toTicks(HOUR, unit)]
  const hours = Int32Array.from(values, (wall) => Math.floor(wall / hour) - Math.floor(wall / day) * 24)
  return new NumberColumn('int32', hours, validityOf(values))
}

/** Returns the wall times of a part's instants, in the instants' unit. */
function wallsOf(frame: Frame, part: LocalPart): Instants {
  const { instants, zone } = partOf(frame, part)
  return { values: localWallTimes(instants, zone), unit: instants.unit }
}

/** Returns the frame with the local month (`YYYY-MM`) of the instants added last. */
export function withLocalMonth(frame: Frame, part: LocalPart): Frame {
  const { instants, zone } = partOf(frame, part)
  const { codes, months } = localMonthCodes(instants, zone)
  return addColumn(frame, part.as, new DictionaryColumn(codes, months), REMEDY)
}

/** Returns the frame with the local calendar day of the instants added last. */
export function withLocalDate(frame: Frame, part: LocalPart): Frame {
  return addColumn(frame, part.as, wallDates(wallsOf(frame, part)), REMEDY)
}

/** Returns the frame with the local hour (0–23) of the instants added last. */
export function withLocalHour(frame: Frame, part: LocalPart): Frame {
  return addColumn(frame, part.as, wallHours(wallsOf(frame, part)), REMEDY)
}
