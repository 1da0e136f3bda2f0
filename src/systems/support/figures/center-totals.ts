/**
 * Totals of the support report by contact center and by month.
 * @module
 */

import { numbersOf, textOf } from '../../../aggregate/columns.ts'
import { sumExactly } from '../../../aggregate/exact-sum.ts'
import { groupIds, groupRows, heldGroups } from '../../../aggregate/group.ts'
import { type DictionaryColumn, NumberColumn } from '../../../table/column.ts'
import { type Frame, frameOf } from '../../../table/frame.ts'
import { takeRows } from '../../../table/take.ts'
import { UNKNOWN } from '../tables.ts'

/** Which months count; default all. */
export interface MonthFilter {
  /** `YYYY-MM` */
  readonly months?: readonly string[]
}

/** The month with the most interactions. */
export interface BusiestMonth {
  readonly month: string
  readonly total_interactions: number
}

/** The contact center whose calls take longest on average. */
export interface LongestAverageCall {
  readonly contact_center_name: string
  readonly total_calls: number
  readonly total_call_duration: number
  readonly average_call_minutes: number
}

/**
 * The report's sums by one of its text columns: the names by code unit, and the interactions,
 * calls and minutes of each.
 */
function sumsBy(report: Frame, name: 'month' | 'contact_center_name', { months }: MonthFilter) {
  const month = textOf(report, 'month')
  const isWanted = month.values.map((value) => months === undefined || months.includes(value))
  const groups = groupRows([textOf(report, name)])
  const ids = groupIds(groups).map((id, row) => (isWanted[month.codes[row] as number] === true ? id : -1))
  const sum = (measure: string, scale = 1) => {
    const { values, valid } = numbersOf(report, measure)
    const whole = Float64Array.from(values, (value, row) =>
      valid !== null && valid[row] === 0 ? 0 : Math.round(value * scale),
    )
    return sumExactly(ids, whole, groups.size, measure)
  }
  const { keys, order } = groups.keysOf(heldGroups(ids, groups.size))
  const interactions = sum('total_interactions')
  const calls = sum('total_calls')
  // the report's minutes are whole millionths, so their sum is exact
  const duration = sum('total_call_duration', 1e6)
  const pick = (sums: Float64Array) => Float64Array.from(order, (id) => sums[id] as number)
  return {
    names: keys[0] as DictionaryColumn,
    interactions: pick(interactions),
    calls: pick(calls),
    micros: pick(duration),
  }
}

/** The rows ordered by `values`, largest first, NaN last; ties keep the order of their names. */
function descending(values: Float64Array): Int32Array {
  const order = Int32Array.from(values, (_, row) => row)
  const rankable = values.map((value) => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value))
  // the sort is stable; a subtraction of two infinities would give NaN
  return order.sort((first, second) => {
    const [one, other] = [rankable[first] as number, rankable[second] as number]
    return one === other ? first - second : one > other ? -1 : 1
  })
}

/**
 * Returns one row per contact center: `contact_center_name`, `total_interactions`; largest first, ties by name.
 * @throws ContractError column_not_found, type_mismatch - the table is not a support report
 */
export function centerInteractions(report: Frame, filter: MonthFilter = {}): Frame {
  const { names, interactions } = sumsBy(report, 'contact_center_name', filter)
  const frame = frameOf([
    ['contact_center_name', names],
    ['total_interactions', new NumberColumn('int32', Int32Array.from(interactions))],
  ])
  return takeRows(frame, descending(interactions))
}

/**
 * Returns one row per contact center: `contact_center_name`, `total_calls`, `total_call_duration` and
 * `average_call_minutes` = Σ duration / Σ calls, null without calls; longest average first, ties by name.
 * @throws ContractError column_not_found, type_mismatch - the table is not a support report
 */
export function centerCalls(report: Frame, filter: MonthFilter = {}): Frame {
  const { names, calls, micros } = sumsBy(report, 'contact_center_name', filter)
  const averages = micros.map((micro, row) => micro / (calls[row] as number) / 1e6)
  const valid = Uint8Array.from(calls, (count) => (count > 0 ? 1 : 0))
  const frame = frameOf([
    ['contact_center_name', names],
    ['total_calls', new NumberColumn('int32', Int32Array.from(calls))],
    [
      'total_call_duration',
      new NumberColumn(
        'float64',
        micros.map((micro) => micro / 1e6),
      ),
    ],
    [
      'average_call_minutes',
      new NumberColumn(
        'float64',
        averages.map((average, row) => (valid[row] === 1 ? average : 0)),
        valid.includes(0) ? valid : null,
      ),
    ],
  ])
  return takeRows(frame, descending(averages.map((average, row) => (valid[row] === 1 ? average : Number.NaN))))
}

/**
 * Returns the month with the most interactions, the earliest in a tie; null when the report has no
 * rows.
 * @throws ContractError column_not_found, type_mismatch - the table is not a support report
 */
export function monthOfMost(report: Frame): BusiestMonth | null {
  const { names, interactions } = sumsBy(report, 'month', {})
  const row = [...descending(interactions)].find((row) => names.at(row) !== UNKNOWN)
  if (row === undefined) return null
  return { month: names.at(row) ?? '', total_interactions: interactions[row] as number }
}

/**
 * Returns the contact center whose calls take longest on average, the first by name in a tie.
 * `Unknown` never wins; without calls the result is null.
 * @throws ContractError column_not_found, type_mismatch - the table is not a support report
 */
export function centerOfLongestCalls(report: Frame): LongestAverageCall | null {
  const calls = centerCalls(report)
  const names = textOf(calls, 'contact_center_name')
  const average = numbersOf(calls, 'average_call_minutes')
  for (let row = 0; row < calls.rows; row++) {
    const name = names.at(row)
    const minutes = average.at(row)
    if (name === null || name === UNKNOWN || minutes === null) continue
    return {
      contact_center_name: name,
      total_calls: numbersOf(calls, 'total_calls').at(row) ?? 0,
      total_call_duration: numbersOf(calls, 'total_call_duration').at(row) ?? 0,
      average_call_minutes: minutes,
    }
  }
  return null
}
