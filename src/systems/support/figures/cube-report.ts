/**
 * A cube read with the dimensions of the day: ids become names, and cells of one name become one row.
 * @module
 */

import { numbersOf, textOf } from '../../../aggregate/columns.ts'
import { countsAt, sumsAt } from '../../../aggregate/counted-columns.ts'
import { sumExactly } from '../../../aggregate/exact-sum.ts'
import { groupIds, groupRows, heldGroups } from '../../../aggregate/group.ts'
import { ContractError } from '../../../errors.ts'
import { DictionaryColumn } from '../../../table/column.ts'
import { type Frame, frameOf } from '../../../table/frame.ts'
import { UNKNOWN } from '../tables.ts'
import { MICRO, type SupportCube } from './support-cube.ts'

/** The dimensions that give the report its names. */
export interface DimensionFrames {
  readonly contactCenters: Frame
  readonly serviceCategories: Frame
}

/**
 * Returns the name of each id: the dimension's attribute, `Unknown` where the id is null or not in it, or the name is null
 * or blank.
 * @throws ContractError dimension_duplicate_key - two rows of the dimension have one id
 */
export function namesOf(ids: DictionaryColumn, dimension: Frame, key: string, attribute: string): DictionaryColumn {
  const keys = textOf(dimension, key)
  const names = textOf(dimension, attribute)
  const nameOf = new Map<string, string>()
  for (let row = 0; row < dimension.rows; row++) {
    const id = keys.at(row)
    // no key, as in a delta
    if (id === null || id === '') continue
    if (nameOf.has(id)) {
      throw new ContractError(
        'dimension_duplicate_key',
        `dimension column "${key}" row ${row + 1} repeats a key; a dimension has one row a key: remove the duplicate`,
        { details: { column: key, row: row + 1, key: id } },
      )
    }
    const name = names.at(row)
    nameOf.set(id, name === null || name.trim() === '' ? UNKNOWN : name)
  }
  const values: string[] = []
  const codeOf = new Map<string, number>()
  const codeOfName = (name: string) => {
    let code = codeOf.get(name)
    if (code === undefined) {
      code = values.push(name) - 1
      codeOf.set(name, code)
    }
    return code
  }
  const nameCodes = ids.values.map((id) => codeOfName(nameOf.get(id) ?? UNKNOWN))
  const codes = ids.codes.map((code) => (code < 0 ? codeOfName(UNKNOWN) : (nameCodes[code] as number)))
  return new DictionaryColumn(codes, values)
}

/**
 * Returns the support report: one row per month, contact center name and department, sorted by the three by code unit;
 * `total_interactions`, `total_calls` and `total_call_duration` in minutes. Ids of one name share a row.
 *
 * @throws ContractError dimension_duplicate_key - a dimension has two rows of one key; column_not_found, type_mismatch - it
 * lacks a column; measure_overflow - a total passes what can be counted exactly
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
