/**
 * The support report of Arquero or Arrow tables, at once or by way of a cube that deltas keep up to date.
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

/** The rows that a delta touches, as they were and as they are. */
export interface ChangedInteractions {
  readonly before: TableLike
  readonly after: TableLike
}

/** The dimensions that give the report its names; the report is the kind of table that `contactCenters` is. */
export interface SupportDimensions<T extends TableLike = TableLike> {
  readonly contactCenters: T
  readonly serviceCategories: TableLike
}

/** The fact and the two dimensions of the report; the report is the kind of table that `interactions` is. */
export interface SupportTables<T extends TableLike = TableLike> {
  readonly interactions: T
  readonly contactCenters: TableLike
  readonly serviceCategories: TableLike
}

/** Whose wall clock decides the month, from which column, and what becomes of a row without any. */
export interface CubeOptions extends MonthOptions {
  /** An interaction whose month cannot be told: `ignore` (default) leaves it out, counted by the cube; `error` refuses it. */
  readonly monthMissing?: 'ignore' | 'error'
}

const OPTIONS = { timeZone: true, monthFrom: true, monthMissing: true } satisfies OptionNames<CubeOptions>
/** Rows that a message names. */
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
 * Returns the cube of a table of interactions: what the support report needs of them at the grain of month, contact center
 * id and category id, without names. It is a plain value of this library's own, whatever kind of table it was made of.
 * The month is the local month of `monthFrom`, or of `timestamp` where that is null (`monthFallbacks` counts these;
 * `monthMissing` those where both are, which are in no cell). Calls are rows whose channel is `phone`, case and outer spaces
 * ignored; one whose duration is null or NaN counts as a call of no minutes, and the durations of other rows do not count.
 *
 * @throws ContractError column_not_found, type_mismatch - a column is missing or of another kind; timestamp_invalid - a
 * text is no stamp; time_zone_unknown - no such zone; measure_overflow - a sum of durations passes 2^53 millionths;
 * invalid_option - an option of another name; month_missing - a row is in no month, with `monthMissing: 'error'`
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
 * Returns the cube after a delta, from the rows it touched alone (`changedRows` tells them); equal to building it anew.
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
 * Returns the cube of both sets of interactions; equal to building it from all of them.
 *
 * @throws ContractError cube_mismatch - they differ in time zone or month column; measure_overflow - a sum passes 2^53
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
 * Returns the support report of a cube: one row per local month, contact center name and department, sorted by the three by
 * code unit, with `total_interactions`, `total_calls` and `total_call_duration` (minutes). An id that is null or not in its
 * dimension, and a name that is null or blank, is `Unknown`; ids of one name share a row. The same kind of table as
 * `contactCenters`.
 *
 * @throws ContractError dimension_duplicate_key - a dimension has two rows of one key; column_not_found, type_mismatch - a
 * dimension lacks a column; measure_overflow - a total is too large to be exact
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
 * Returns the support report of the tables: what {@link supportReport} gives for the cube of `interactions`, as the same
 * kind of table as `interactions`. Rows without any month are in no row of it: `supportCube(interactions).monthMissing` counts
 * them, `monthMissing: 'error'` refuses them. A call whose duration is null or NaN counts as one of no minutes.
 *
 * @throws ContractError what {@link supportCube} and {@link supportReport} throw
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
