/**
 * The support report of Arquero or Arrow tables, computed at once or from a cube that deltas keep
 * up to date.
 * @module
 */

import { isRecord, type OptionNames, refuseUnknown, refuseUnless } from '../../../arguments.ts'
import { ContractError } from '../../../errors.ts'
import type { Frame } from '../../../table/frame.ts'
import { buildTable, type TableLike, viewTable } from '../../../table/table-like.ts'
import { addCubes, changeCube } from './cube-arithmetic.ts'
import { reportOf } from './cube-report.ts'
import { type MonthOptions, monthMissingRows } from './interaction-month.ts'
import { cubeOf, type SupportCube } from './support-cube.ts'

/** The rows that a delta changed, before and after. */
export interface ChangedInteractions {
  readonly before: TableLike
  readonly after: TableLike
}

/**
 * The dimensions that give the report its names; the report has the table kind of
 * `contactCenters`.
 */
export interface SupportDimensions<T extends TableLike = TableLike> {
  readonly contactCenters: T
  readonly serviceCategories: TableLike
}

/**
 * The fact and the two dimensions of the report; the report has the table kind of `interactions`.
 */
export interface SupportTables<T extends TableLike = TableLike> {
  readonly interactions: T
  readonly contactCenters: TableLike
  readonly serviceCategories: TableLike
}

/**
 * Which zone's wall time and which column decide the month, and how a row without a month is
 * treated.
 */
export interface CubeOptions extends MonthOptions {
  /**
   * An interaction without a month: `ignore` (default) leaves it out and counts it; `error`
   * refuses it.
   */
  readonly monthMissing?: 'ignore' | 'error'
}

const OPTIONS = { timeZone: true, monthFrom: true, monthMissing: true } satisfies OptionNames<CubeOptions>
/** A message lists at most this many rows. */
const SHOWN = 10

function refuseMissingMonths(interactions: Frame, options: MonthOptions, { monthFrom }: SupportCube): void {
  const missing = monthMissingRows(interactions, options)
  const rows = Array.from(missing.subarray(0, SHOWN), (row) => row + 1)
  const more = missing.length > SHOWN ? ` and ${missing.length - SHOWN} more` : ''
  const [which, are] = missing.length === 1 ? ['row', 'is'] : ['rows', 'are']
  const columns = monthFrom === 'timestamp' ? 'timestamp is' : `${monthFrom} and timestamp are`
  throw new ContractError(
    'month_missing',
    `interactions ${which} ${rows.join(', ')}${more} ${are} in no month: ${columns} null; fill ${monthFrom === 'timestamp' ? 'it' : 'one of them'}`,
    { details: { rows, count: missing.length } },
  )
}

function refuseNoCube(cube: SupportCube, name: string): void {
  refuseUnless(isRecord(cube) && isRecord(cube.cells), name, cube, 'a cube that supportCube made')
}

/**
 * Returns the cube of a table of interactions: all that the support report needs, at the grain of
 * month, contact center id and category id, without names. It is a plain value of this library,
 * whatever the kind of table. The month is the local month of `monthFrom`, or of `timestamp` where
 * that is null (`monthFallbacks` counts these rows). `monthMissing` counts rows where both are
 * null; they are in no cell. Calls are rows whose channel is `phone`, ignoring case and outer
 * spaces. A call whose duration is null or NaN counts as 0 minutes; durations of other rows do not
 * count.
 *
 * @throws ContractError column_not_found, type_mismatch - a column is missing or of another kind;
 *   timestamp_invalid - a text is not a timestamp; time_zone_unknown - an unknown zone;
 *   measure_overflow - a sum of durations passes 2^53 millionths; invalid_option - an unknown
 *   option; month_missing - a row has no month, with `monthMissing: 'error'`
 * @example
 * import { table } from 'arquero'
 * const interactions = table({
 *   interaction_start: [new Date('2025-03-01T01:30Z'), new Date('2025-03-01T09:00Z')],
 *   contact_center_id: ['ctr1', 'ctr1'],
 *   category_id: ['bill', 'bill'],
 *   channel: ['phone', 'chat'],
 *   call_duration_minutes: [14.5, null],
 * })
 * supportCube(interactions).cells.columns.get('month') // ['2025-02', '2025-03']
 */
export function supportCube(interactions: TableLike, options: CubeOptions = {}): SupportCube {
  refuseUnknown(options, OPTIONS)
  const { monthMissing = 'ignore', ...month } = options
  const isKnown = monthMissing === 'ignore' || monthMissing === 'error'
  refuseUnless(isKnown, 'monthMissing', monthMissing, '"ignore" or "error"')
  const frame = viewTable(interactions, 'interactions')
  const cube = cubeOf(frame, month)
  if (monthMissing === 'error' && cube.monthMissing > 0) refuseMissingMonths(frame, month, cube)
  return cube
}

/**
 * Returns the cube after a delta, from the changed rows alone (`changedRows` gives them). It
 * equals a cube built anew.
 *
 * @throws ContractError cube_mismatch - `before` holds rows that the cube did not count; and what {@link supportCube} throws
 * @example
 * import { table } from 'arquero'
 * const call = { interaction_start: ['2025-02-03T15:00Z'], contact_center_id: ['ctr1'], category_id: ['bill'] }
 * const before = table({ ...call, channel: ['phone'], call_duration_minutes: [4] })
 * const after = table({ ...call, channel: ['phone'], call_duration_minutes: [5.5] })
 * const cube = updateSupportCube(supportCube(before), { before, after })
 * cube.cells.columns.get('call_duration_micro_minutes') // [5500000]
 */
export function updateSupportCube(cube: SupportCube, changed: ChangedInteractions): SupportCube {
  refuseNoCube(cube, 'cube')
  refuseUnless(isRecord(changed), 'changed', changed, '{ before, after }, as changedRows gives them')
  const { before, after } = changed
  return changeCube(cube, { before: viewTable(before, 'before'), after: viewTable(after, 'after') })
}

/**
 * Returns the cube of both sets of interactions. It equals a cube built from all of them.
 *
 * @throws ContractError cube_mismatch - the cubes differ in time zone or month column;
 *   measure_overflow - a sum passes 2^53
 * @example
 * import { table } from 'arquero'
 * const calls = table({
 *   interaction_start: ['2025-02-03T15:00Z'],
 *   contact_center_id: ['ctr1'],
 *   category_id: ['bill'],
 *   channel: ['phone'],
 *   call_duration_minutes: [0.1],
 * })
 * const cube = supportCube(calls)
 * const three = mergeSupportCubes(cube, mergeSupportCubes(cube, cube))
 * three.cells.columns.get('call_duration_micro_minutes') // [300000]
 */
export function mergeSupportCubes(first: SupportCube, second: SupportCube): SupportCube {
  refuseNoCube(first, 'first')
  refuseNoCube(second, 'second')
  return addCubes(first, second)
}

/**
 * Returns the support report of a cube: one row per local month, contact center name and
 * department, sorted by the three by code unit, with `total_interactions`, `total_calls` and
 * `total_call_duration` (minutes). The name is `Unknown` where an id is null or not in its
 * dimension, or the name is null or blank. Ids with the same name share a row. The report has the
 * table kind of `contactCenters`.
 *
 * @throws ContractError dimension_duplicate_key - two rows of a dimension have the same key;
 *   column_not_found, type_mismatch - a column is missing or of another kind; measure_overflow - a
 *   total is too large to be exact
 * @example
 * import { table } from 'arquero'
 * const cube = supportCube(
 *   table({
 *     interaction_start: ['2025-02-03T15:00Z', '2025-02-03T16:00Z'],
 *     contact_center_id: ['ctr1', 'ctr9'],
 *     category_id: ['bill', 'bill'],
 *     channel: ['phone', 'email'],
 *     call_duration_minutes: [4.25, null],
 *   }),
 * )
 * const contactCenters = table({ contact_center_id: ['ctr1'], contact_center_name: ['Oslo'] })
 * const serviceCategories = table({ category_id: ['bill'], department: ['Accounts'] })
 * supportReport(cube, { contactCenters, serviceCategories }).array('contact_center_name') // ['Oslo', 'Unknown']
 */
export function supportReport<T extends TableLike>(cube: SupportCube, dimensions: SupportDimensions<T>): T {
  refuseNoCube(cube, 'cube')
  refuseUnless(isRecord(dimensions), 'dimensions', dimensions, '{ contactCenters, serviceCategories }')
  const report = reportOf(cube, {
    contactCenters: viewTable(dimensions.contactCenters, 'contactCenters'),
    serviceCategories: viewTable(dimensions.serviceCategories, 'serviceCategories'),
  })
  return buildTable(report, dimensions.contactCenters)
}

/**
 * Returns the support report of the tables: the result of {@link supportReport} for the cube of
 * `interactions`, with the table kind of `interactions`. Rows without a month are left out:
 * `supportCube(interactions).monthMissing` counts them, `monthMissing: 'error'` refuses them. A
 * call whose duration is null or NaN counts as 0 minutes.
 *
 * @throws ContractError whatever {@link supportCube} and {@link supportReport} throw
 * @example
 * import { table } from 'arquero'
 * const interactions = table({
 *   interaction_start: [new Date('2025-02-03T15:00Z'), new Date('2025-03-01T01:30Z')],
 *   contact_center_id: ['ctr1', 'ctr1'],
 *   category_id: ['bill', 'bill'],
 *   channel: ['phone', 'chat'],
 *   call_duration_minutes: [14.5, null],
 * })
 * const contactCenters = table({ contact_center_id: ['ctr1'], contact_center_name: ['Oslo'] })
 * const serviceCategories = table({ category_id: ['bill'], department: ['Accounts'] })
 * buildSupportReport({ interactions, contactCenters, serviceCategories })
 * // [{ month: '2025-02', contact_center_name: 'Oslo', department: 'Accounts',
 * //    total_interactions: 2, total_calls: 1, total_call_duration: 14.5 }]
 */
export function buildSupportReport<T extends TableLike>(tables: SupportTables<T>, options: CubeOptions = {}): T {
  refuseUnless(isRecord(tables), 'tables', tables, '{ interactions, contactCenters, serviceCategories }')
  const report = reportOf(supportCube(tables.interactions, options), {
    contactCenters: viewTable(tables.contactCenters, 'contactCenters'),
    serviceCategories: viewTable(tables.serviceCategories, 'serviceCategories'),
  })
  return buildTable(report, tables.interactions)
}
