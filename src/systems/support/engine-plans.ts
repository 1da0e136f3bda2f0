/**
 * The rollups of the support job as plans, so that an engine keeps the cube by what each delta changed.
 * @module
 */
import { textOf } from '../../aggregate/columns.ts'
import { measureOverflow } from '../../aggregate/exact-sum.ts'
import { type Groups, groupIds, groupRows } from '../../aggregate/group.ts'
import { and, COUNT, cast, column, type Expression, integer, isNull, not, sum, when } from '../../engine/expression.ts'
import type { RollupPlan, RollupPlans } from '../../engine/state/rollup-plan.ts'
import type { OptionValues } from '../../pipeline/job/job-options.ts'
import { BigIntColumn } from '../../table/column.ts'
import { int64, nullable, string } from '../../table/contract.ts'
import { columnOf, type Frame } from '../../table/frame.ts'
import { cubeMetadata } from './figures/cube-storage.ts'
import { CUBE_KEYS, cellsOf } from './figures/support-cube.ts'
import { factsPlan, instantPlan } from './plan.ts'

const MEASURES = ['interactions', 'calls', 'call_duration_micro_minutes', 'month_fallbacks'] as const

const text = nullable(string())

const optionsOf = (options: OptionValues) => {
  // the job's options, which it has read
  const { timeZone, monthFrom } = options as { readonly timeZone: string; readonly monthFrom: string }
  return { timeZone, monthFrom }
}

/** 1 where the month is that of `timestamp`, because the column that decides it is null. */
function isFallback(monthFrom: string): Expression {
  if (monthFrom === 'timestamp') return integer(0)
  return when(and(isNull(column(monthFrom)), not(isNull(column('timestamp')))), integer(1), integer(0))
}

/** A measure as the cube holds it. @throws ContractError measure_overflow - a sum passes 2^53 */
function measureOf(cells: Frame, name: string): Float64Array {
  const values = columnOf(cells, name)
  if (!(values instanceof BigIntColumn)) throw new TypeError(`column ${name} is not of whole numbers`)
  return Float64Array.from(values.values, (value) => {
    const number = Number(value)
    if (Number.isSafeInteger(number)) return number
    throw measureOverflow(name)
  })
}

/** The measure of each group, by group id: each row of cells is a group of its own. */
function byGroup(groups: Groups, values: Float64Array): Float64Array {
  const sums = new Float64Array(groups.size)
  for (const [row, id] of groupIds(groups).entries()) if (id >= 0) sums[id] = values[row] as number
  return sums
}

const supportCube: RollupPlan = {
  table: 'interactions',
  columns: {
    ...{ month: text, contact_center_id: text, category_id: text },
    ...Object.fromEntries(MEASURES.map((name) => [name, int64()])),
  },
  keys: CUBE_KEYS,
  instant: (options) => instantPlan(optionsOf(options).monthFrom),
  timeZone: (options) => optionsOf(options).timeZone,
  cells(rows, months, options) {
    const { monthFrom } = optionsOf(options)
    // interactions without a month have cells too: the cube says how many they are
    const facts = factsPlan(rows, { ...months, monthFrom }, [['fallback', isFallback(monthFrom)]])
    return {
      ...{ op: 'group', name: 'cube', of: facts, keys: CUBE_KEYS },
      figures: [
        ['interactions', cast(COUNT, 'int64')],
        ['calls', sum(column('call'))],
        ['call_duration_micro_minutes', sum(column('micro_minutes'))],
        ['month_fallbacks', sum(column('fallback'))],
      ],
    }
  },
  finish(cells, options) {
    const month = textOf(cells, 'month')
    const [interactions, calls, duration, fallbacks] = MEASURES.map((name) => measureOf(cells, name))
    const groups = groupRows([month, textOf(cells, 'contact_center_id'), textOf(cells, 'category_id')])
    const none = new Float64Array(cells.rows)
    const sums = [interactions, calls, duration].map((values) => byGroup(groups, values ?? none))
    const [counted, called, minutes] = sums as [Float64Array, Float64Array, Float64Array]
    let [monthFallbacks, monthMissing] = [0, 0]
    for (let row = 0; row < cells.rows; row++) {
      monthFallbacks += fallbacks?.[row] ?? 0
      if (month.isNull(row)) monthMissing += interactions?.[row] ?? 0
    }
    const held = cellsOf(groups, { interactions: counted, calls: called, duration: minutes })
    const cube = { ...optionsOf(options), cells: held, monthFallbacks, monthMissing }
    return { cells: held, metadata: cubeMetadata(cube) }
  },
}

/** The rollups of the support job, by name. */
export const SUPPORT_PLANS: RollupPlans = { support_cube: supportCube }
