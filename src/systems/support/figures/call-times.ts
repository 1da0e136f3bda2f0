/**
 * What happens within calls: the time until the agent resolved them, and what followed.
 * @module
 */

import { textOf } from '../../../aggregate/columns.ts'
import { sumExactly } from '../../../aggregate/exact-sum.ts'
import { groupIds, groupRows, heldGroups } from '../../../aggregate/group.ts'
import { type DictionaryColumn, NumberColumn } from '../../../table/column.ts'
import { instantsOf } from '../../../table/convert/instants.ts'
import { columnOf, type Frame, frameOf } from '../../../table/frame.ts'
import { toMilliseconds } from '../../../time/steps.ts'
import type { MonthFilter } from './center-totals.ts'
import { namesOf } from './cube-report.ts'
import { interactionMonths, type MonthOptions } from './interaction-month.ts'
import { phoneCodes } from './phone-rule.ts'

/** Which months count, and how an interaction's month is determined. */
export interface CallTimeOptions extends MonthOptions, MonthFilter {}

function millisecondsOf(frame: Frame, name: string): Float64Array {
  const { values, unit } = instantsOf(columnOf(frame, name), name)
  return unit === 'ms' ? values : values.map((value) => toMilliseconds(value, unit))
}

/**
 * The calls among the interactions, grouped by contact center name. Group −1 holds rows that are
 * not calls, or of another month.
 */
function callsByCenter(
  interactions: Frame,
  contactCenters: Frame,
  { months, ...options }: CallTimeOptions,
  by: 'center' | 'month and center' = 'center',
) {
  const channel = textOf(interactions, 'channel')
  const isPhone = phoneCodes(channel)
  const ids = textOf(interactions, 'contact_center_id')
  const isByMonth = by === 'month and center'
  const month = months === undefined && !isByMonth ? null : interactionMonths(interactions, options).months
  const centers = namesOf(ids, contactCenters, 'contact_center_id', 'contact_center_name')
  const groups = groupRows(isByMonth && month !== null ? [month, centers] : [centers])
  const isWanted = months === undefined ? null : month?.values.map((value) => months.includes(value))
  const calls = groupIds(groups).map((id, row) => {
    const isInMonth = month === null || !isWanted || isWanted[month.codes[row] as number] === true
    return isInMonth && isPhone[(channel.codes[row] as number) + 1] === 1 ? id : -1
  })
  const { keys, order } = groups.keysOf(heldGroups(calls, groups.size))
  const sum = (name: string, values: Float64Array) => {
    const sums = sumExactly(calls, values, groups.size, name)
    return Float64Array.from(order, (id) => sums[id] as number)
  }
  return { keys, names: keys.at(-1) as DictionaryColumn, sum, rows: interactions.rows }
}

const counted = (counts: Float64Array) => new NumberColumn('int32', Int32Array.from(counts))

/** Minutes per row, from whole microseconds; null where the count is 0. */
function averages(microseconds: Float64Array, counts: Float64Array): NumberColumn {
  const valid = Uint8Array.from(counts, (count) => (count > 0 ? 1 : 0))
  const values = microseconds.map((sum, row) => (valid[row] === 1 ? sum / (counts[row] as number) / 6e7 : 0))
  return new NumberColumn('float64', values, valid.includes(0) ? valid : null)
}

const isCounted = (microseconds: Float64Array) => microseconds.map((value) => (Number.isNaN(value) ? 0 : 1))
const zeroed = (microseconds: Float64Array) => microseconds.map((value) => (Number.isNaN(value) ? 0 : value))

function span(from: Float64Array, to: Float64Array): Float64Array {
  return from.map((start, row) => Math.round(((to[row] as number) - start) * 1000))
}

/** Microseconds from the start to the agent's resolution; NaN if either is missing. */
function handleSpans(interactions: Frame): Float64Array {
  const start = millisecondsOf(interactions, 'interaction_start')
  return span(start, millisecondsOf(interactions, 'agent_resolution_timestamp'))
}

/** Microseconds that calls went on after the agent's resolution; NaN if they did not. */
function tailSpans(interactions: Frame): Float64Array {
  const resolved = millisecondsOf(interactions, 'agent_resolution_timestamp')
  return span(resolved, millisecondsOf(interactions, 'interaction_end')).map((microseconds) =>
    microseconds > 0 ? microseconds : Number.NaN,
  )
}

/** Two flags per row: rated, and rated with a tail. */
function ratedFlags(interactions: Frame, tails: Float64Array) {
  const rating = columnOf(interactions, 'satisfaction_rating')
  const rated = Float64Array.from(tails, (_, row) => (rating.isNull(row) ? 0 : 1))
  return { rated, ratedTails: rated.map((is, row) => is * (tails[row] as number)) }
}

/**
 * Returns one row per contact center with calls: `contact_center_name`, `total_calls`,
 * `handled_calls` (calls with both timestamps) and `average_handle_minutes` from
 * `interaction_start` to `agent_resolution_timestamp`, null without handled calls; sorted by name.
 * Calls whose center is not in the dimension count as `Unknown`.
 * @throws ContractError column_not_found, type_mismatch, timestamp_invalid, dimension_duplicate_key - as their messages say
 */
export function centerHandleTime(interactions: Frame, contactCenters: Frame, options: CallTimeOptions = {}): Frame {
  const { names, sum, rows } = callsByCenter(interactions, contactCenters, options)
  const handle = handleSpans(interactions)
  const handled = sum('handled calls', isCounted(handle))
  return frameOf([
    ['contact_center_name', names],
    ['total_calls', counted(sum('calls', new Float64Array(rows).fill(1)))],
    ['handled_calls', counted(handled)],
    ['average_handle_minutes', averages(sum('handle time', zeroed(handle)), handled)],
  ])
}

/**
 * Returns one row per contact center with calls: `contact_center_name`, `total_calls`,
 * `calls_after_resolution` (calls that ended after the agent resolved them), their
 * `average_minutes_after_resolution`, `rated_calls`, and `rated_calls_after_resolution` (both);
 * sorted by name.
 * @throws ContractError column_not_found, type_mismatch, timestamp_invalid, dimension_duplicate_key - as their messages say
 */
export function centerCallTails(interactions: Frame, contactCenters: Frame, options: CallTimeOptions = {}): Frame {
  const { names, sum, rows } = callsByCenter(interactions, contactCenters, options)
  const tail = tailSpans(interactions)
  const tails = isCounted(tail)
  const { rated, ratedTails } = ratedFlags(interactions, tails)
  const tailed = sum('calls after resolution', tails)
  return frameOf([
    ['contact_center_name', names],
    ['total_calls', counted(sum('calls', new Float64Array(rows).fill(1)))],
    ['calls_after_resolution', counted(tailed)],
    ['average_minutes_after_resolution', averages(sum('minutes after resolution', zeroed(tail)), tailed)],
    ['rated_calls', counted(sum('rated calls', rated))],
    ['rated_calls_after_resolution', counted(sum('rated calls', ratedTails))],
  ])
}

/** Which calls went on. */
export interface LateCallsQuery extends MonthOptions {
  /** The name of the contact center, as the report has it. */
  readonly center: string
  /** Null for all months; a call without a month is in none. */
  readonly months: readonly string[] | null
}

/**
 * Returns the rows of the calls of a contact center that ended after the agent had resolved them, ascending: those that
 * `calls_after_resolution` counts.
 * @throws ContractError column_not_found, type_mismatch, timestamp_invalid, dimension_duplicate_key - as their messages say
 */
export function callsAfterResolution(
  interactions: Frame,
  contactCenters: Frame,
  { center, months, ...options }: LateCallsQuery,
): Int32Array {
  const channel = textOf(interactions, 'channel')
  const isPhone = phoneCodes(channel)
  const ids = textOf(interactions, 'contact_center_id')
  const centers = namesOf(ids, contactCenters, 'contact_center_id', 'contact_center_name')
  const month = interactionMonths(interactions, options).months
  const isWanted = month.values.map((value) => months === null || months.includes(value))
  const tails = tailSpans(interactions)
  const rows: number[] = []
  for (let row = 0; row < interactions.rows; row++) {
    const isCall = isPhone[(channel.codes[row] as number) + 1] === 1
    if (!isCall || Number.isNaN(tails[row])) continue
    if (isWanted[month.codes[row] as number] !== true) continue
    if (centers.values[centers.codes[row] as number] === center) rows.push(row)
  }
  return Int32Array.from(rows)
}

/**
 * Returns one row per month and contact center with calls: the sums from which the means of any
 * months can be computed. Columns: `month`, `contact_center_name`, `total_calls`, `handled_calls`,
 * `handle_microseconds`, `calls_after_resolution`, `microseconds_after_resolution`, `rated_calls`,
 * `rated_calls_after_resolution`; sorted by month and name, null months first.
 * @throws ContractError column_not_found, type_mismatch, timestamp_invalid, dimension_duplicate_key - as their messages say
 */
export function centerCallMonths(interactions: Frame, contactCenters: Frame, options: MonthOptions = {}): Frame {
  const { keys, names, sum, rows } = callsByCenter(interactions, contactCenters, options, 'month and center')
  const [handle, tail] = [handleSpans(interactions), tailSpans(interactions)]
  const tails = isCounted(tail)
  const { rated, ratedTails } = ratedFlags(interactions, tails)
  const microseconds = (name: string, values: Float64Array) => new NumberColumn('float64', sum(name, zeroed(values)))
  return frameOf([
    ['month', keys[0] as DictionaryColumn],
    ['contact_center_name', names],
    ['total_calls', counted(sum('calls', new Float64Array(rows).fill(1)))],
    ['handled_calls', counted(sum('handled calls', isCounted(handle)))],
    ['handle_microseconds', microseconds('handle time', handle)],
    ['calls_after_resolution', counted(sum('calls after resolution', tails))],
    ['microseconds_after_resolution', microseconds('minutes after resolution', tail)],
    ['rated_calls', counted(sum('rated calls', rated))],
    ['rated_calls_after_resolution', counted(sum('rated calls', ratedTails))],
  ])
}
