/**
 * The support report at id grain: interactions, calls and durations by month, contact center id
 * and category id.
 * @module
 */

import { numbersOf, textOf } from '../../../aggregate/columns.ts'
import { countsAt, sumsAt } from '../../../aggregate/counted-columns.ts'
import { sumExactly } from '../../../aggregate/exact-sum.ts'
import { type Groups, groupIds, groupRows, type RowKeys } from '../../../aggregate/group.ts'
import { DictionaryColumn, type NumberColumn } from '../../../table/column.ts'
import { type Frame, frameOf } from '../../../table/frame.ts'
import { interactionMonths, type MonthOptions } from './interaction-month.ts'
import { callMicros, MICRO, phoneCodes } from './phone-rule.ts'

/**
 * The cube of a set of interactions: everything that the support report needs of them, without
 * names, so that a dimension can change without touching a fact. Two cubes of one zone and month
 * column can be added exactly.
 */
export interface SupportCube {
  readonly timeZone: string
  readonly monthFrom: string
  /**
   * One row per occurring month, contact center id and category id: `month`, `contact_center_id`,
   * `category_id`, `interactions`, `calls`, `call_duration_micro_minutes` (an integer); sorted by
   * the first three, null ids first.
   */
  readonly cells: Frame
  /** Interactions that take their month from `timestamp`, because `monthFrom` is null. */
  readonly monthFallbacks: number
  /** Interactions without a month, because both columns are null. */
  readonly monthMissing: number
}

/** A cube's description of interactions, without the counts. */
export interface CubeFacts extends Omit<SupportCube, 'cells'> {
  /** Month, contact center id and category id of each interaction. */
  readonly keys: RowKeys
}

/** The counts of each group, by group id. */
export interface CubeSums {
  readonly interactions: ArrayLike<number>
  readonly calls: ArrayLike<number>
  readonly duration: Float64Array
}

/** The cube's grain. */
export const CUBE_KEYS = ['month', 'contact_center_id', 'category_id'] as const
const DURATION = 'call_duration_minutes'

/**
 * Returns the counts of interactions by group.
 * @throws ContractError column_not_found, type_mismatch - a column is missing or of another kind; measure_overflow - a sum passes 2^53
 */
export function sumFacts(interactions: Frame, groups: Groups): CubeSums {
  return sumColumns(groups, textOf(interactions, 'channel'), numbersOf(interactions, DURATION))
}

function sumColumns(groups: Groups, channel: DictionaryColumn, minutes: NumberColumn): CubeSums {
  const { parts, size } = groups
  const [{ codes: first, places: firstPlaces }, { codes: second, places: secondPlaces }, third] = parts
  const { codes: thirdCodes, places: thirdPlaces } = third
  const interactions = new Int32Array(size)
  const calls = new Int32Array(size)
  const duration = new Float64Array(size)
  const isPhone = phoneCodes(channel)
  const { codes } = channel
  const { values, valid } = minutes
  let isPlain = true
  for (let row = 0; row < first.length; row++) {
    const id =
      (firstPlaces[(first[row] as number) + 1] as number) +
      (secondPlaces[(second[row] as number) + 1] as number) +
      (thirdPlaces[(thirdCodes[row] as number) + 1] as number)
    if (id < 0) continue
    const call = isPhone[(codes[row] as number) + 1] as number
    interactions[id] = (interactions[id] as number) + 1
    calls[id] = (calls[id] as number) + call
    if (call === 0 || (valid !== null && valid[row] === 0)) continue
    const scaled = (values[row] as number) * MICRO
    // negative or NaN: the slower loop below adds them up by the rule
    if (!(scaled >= 0)) {
      isPlain = false
      continue
    }
    // callMicros of a number that is not negative, written out for speed
    const whole = Math.floor(scaled)
    const micro = whole + Math.floor((scaled - whole) * 2)
    duration[id] = (duration[id] as number) + micro
  }
  // sums of non-negative numbers only grow: if the last sum is exact, all earlier ones are
  for (let id = 0; isPlain && id < size; id++) isPlain = (duration[id] as number) < 2 ** 53
  if (isPlain) return { interactions, calls, duration }
  const micros = Float64Array.from(values, (minutes, row) => {
    const isDuration = isPhone[(codes[row] as number) + 1] === 1 && (valid === null || valid[row] === 1)
    return isDuration ? callMicros(minutes) : 0
  })
  return { interactions, calls, duration: sumExactly(groupIds(groups), micros, size, DURATION) }
}

/** The measures of one line of the report. */
export interface CallTotals {
  readonly total_interactions: number
  readonly total_calls: number
  /** Minutes. */
  readonly total_call_duration: number
}

/**
 * Returns the counts of interactions that share a line of the report.
 * @throws ContractError column_not_found, type_mismatch, measure_overflow - as for {@link sumFacts}
 */
export function callTotals(interactions: Frame): CallTotals {
  const all = new DictionaryColumn(new Int32Array(interactions.rows), [''])
  const groups = groupRows([all])
  const sums = sumFacts(interactions, groups)
  const group = groupIds(groups)[0]
  if (group === undefined) return { total_interactions: 0, total_calls: 0, total_call_duration: 0 }
  return {
    total_interactions: sums.interactions[group] as number,
    total_calls: sums.calls[group] as number,
    total_call_duration: (sums.duration[group] as number) / MICRO,
  }
}

/**
 * The cells of the groups that count something, in canonical order: the same rows give the same
 * cells, however they were combined.
 */
export function cellsOf({ keysOf, size }: Groups, { interactions, calls, duration }: CubeSums): Frame {
  const held: number[] = []
  for (let id = 0; id < size; id++) {
    if (interactions[id] !== 0 || calls[id] !== 0 || duration[id] !== 0) held.push(id)
  }
  const { keys, order } = keysOf(new Int32Array(held))
  return frameOf([
    ...CUBE_KEYS.map((name, key) => [name, keys[key] as DictionaryColumn] as const),
    ['interactions', countsAt('interactions', interactions, order)],
    ['calls', countsAt('calls', calls, order)],
    ['call_duration_micro_minutes', sumsAt(duration, order)],
  ])
}

/**
 * Returns the cube keys of interactions, and how their months were found.
 * @throws ContractError column_not_found, type_mismatch, timestamp_invalid, time_zone_unknown - as their messages say
 */
export function keyFacts(interactions: Frame, options: MonthOptions = {}): CubeFacts {
  const { months, timeZone, monthFrom, fallbacks, missing } = interactionMonths(interactions, options)
  const keys = [months, textOf(interactions, 'contact_center_id'), textOf(interactions, 'category_id')] as const
  return { keys, timeZone, monthFrom, monthFallbacks: fallbacks, monthMissing: missing }
}

/**
 * Returns the cube of a frame of interactions. Calls are interactions whose channel is `phone`,
 * ignoring case and outer spaces. Their durations count as integers of 10⁻⁶ minutes, each rounded
 * half away from zero; durations of other rows do not count. Linear: a few passes over typed
 * arrays.
 *
 * @throws ContractError column_not_found, type_mismatch - a column is missing or of another kind;
 *   timestamp_invalid, time_zone_unknown - a month cannot be determined; measure_overflow - a sum
 *   passes 2^53
 */
export function cubeOf(interactions: Frame, options: MonthOptions = {}): SupportCube {
  const { keys, monthFallbacks, monthMissing, timeZone, monthFrom } = keyFacts(interactions, options)
  const groups = groupRows(keys)
  return { timeZone, monthFrom, cells: cellsOf(groups, sumFacts(interactions, groups)), monthFallbacks, monthMissing }
}
