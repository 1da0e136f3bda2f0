/**
 * Reads a cube with current dimensions: ids become names, and cells with one name become one row.
 * @module
 */

import { numbersOf, textOf } from '../../../aggregate/columns.ts'
import { countsAt, sumsAt } from '../../../aggregate/counted-columns.ts'
import { sumExactly } from '../../../aggregate/exact-sum.ts'
import { groupIds, groupRows, heldGroups } from '../../../aggregate/group.ts'
import type { DictionaryColumn } from '../../../table/column.ts'
import { type Frame, frameOf } from '../../../table/frame.ts'
import { joinFrames } from '../../../transform/dimension-join.ts'
import { MICRO } from './phone-rule.ts'
import type { SupportCube } from './support-cube.ts'

/** The dimensions that give the report its names. */
export interface DimensionFrames {
  readonly contactCenters: Frame
  readonly serviceCategories: Frame
}

/**
 * Returns the name of each id: the dimension's attribute; `Unknown` where the id is null or not in
 * the dimension, or the name is null or blank.
 * @throws ContractError dimension_duplicate_key - two rows of the dimension have the same id
 */
export function namesOf(ids: DictionaryColumn, dimension: Frame, key: string, attribute: string): DictionaryColumn {
  const members = frameOf([
    [key, textOf(dimension, key)],
    [attribute, textOf(dimension, attribute)],
  ])
  const named = joinFrames(frameOf([['id', ids]]), members, {
    on: { id: key },
    select: { name: attribute },
    blank: 'unknown',
  })
  return textOf(named, 'name')
}

/**
 * Returns the support report: one row per month, contact center name and department, sorted by the
 * three by code unit, with `total_interactions`, `total_calls` and `total_call_duration` in
 * minutes. Ids with the same name share a row.
 *
 * @throws ContractError dimension_duplicate_key - two rows of a dimension have the same key;
 *   column_not_found, type_mismatch - a column is missing or of another kind; measure_overflow - a
 *   total is too large to count exactly
 */
export function reportOf({ cells }: SupportCube, { contactCenters, serviceCategories }: DimensionFrames): Frame {
  const center = namesOf(textOf(cells, 'contact_center_id'), contactCenters, 'contact_center_id', 'contact_center_name')
  const department = namesOf(textOf(cells, 'category_id'), serviceCategories, 'category_id', 'department')
  const groups = groupRows([textOf(cells, 'month'), center, department])
  const ids = groupIds(groups)
  const { size, keysOf } = groups
  const sum = (name: string) => sumExactly(ids, numbersOf(cells, name).values, size, name)
  const interactions = sum('interactions')
  const calls = sum('calls')
  const duration = sum('call_duration_micro_minutes')
  const { keys, order } = keysOf(heldGroups(ids, size))
  const [months, centers, departments] = keys as [DictionaryColumn, DictionaryColumn, DictionaryColumn]
  return frameOf([
    ['month', months],
    ['contact_center_name', centers],
    ['department', departments],
    ['total_interactions', countsAt('interactions', interactions, order)],
    ['total_calls', countsAt('calls', calls, order)],
    ['total_call_duration', sumsAt(duration, order, MICRO)],
  ])
}
