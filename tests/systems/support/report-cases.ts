/** Random changes of interactions, centers and categories, and the report after all of them, by the library. */
import fc from 'fast-check'
import type { Relation } from '../../../src/engine/index.ts'
import { applyDelta, buildSupportReport } from '../../../src/index.ts'
import { supportReportPlan } from '../../../src/systems/support/plan.ts'
import { contactCenters, interactions, serviceCategories } from '../../../src/systems/support/tables.ts'
import { toArquero } from '../../../src/table/arquero/arquero.ts'
import type { TableContract } from '../../../src/table/contract.ts'
import { convertColumn } from '../../../src/table/convert/convert.ts'
import { type Frame, frameOf } from '../../../src/table/frame.ts'
import { inferColumn } from '../../../src/table/infer.ts'
import type { EngineRow } from '../../engine/engines.ts'
import type { StagedChange, StagedTable } from '../../engine/staging.ts'

/** Moments around the turns of months in New York and UTC, before and after the clocks change. */
const TURNS = [Date.UTC(2025, 2, 1, 5), Date.UTC(2025, 3, 1, 4), Date.UTC(2025, 10, 1, 4), Date.UTC(2024, 11, 1, 5)]
const moment = fc
  .tuple(fc.constantFrom(...TURNS), fc.constantFrom(-3_600_000, -1, 0, 1, 14_400_000))
  .map(([a, b]) => a + b)
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { freq: 4 })

const centerId = fc.constantFrom('C1', 'C2', 'C3', 'Č')
const categoryId = fc.constantFrom('K1', 'K2', "K'3")
const interaction = fc.record({
  interaction_id: fc.constantFrom('I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'İ7'),
  timestamp: maybe(moment),
  channel: maybe(fc.constantFrom('phone', ' Phone\u00a0', 'PHONE\t', 'web', 'phones', '')),
  category_id: maybe(categoryId),
  contact_center_id: maybe(centerId),
  interaction_start: maybe(moment),
  call_duration_minutes: maybe(fc.constantFrom(14, 0.1, 1.0000005, 2.0000015, -0.0000005, -3.25, 0, Number.NaN, 1e9)),
})
const center = fc.record({
  contact_center_id: centerId,
  contact_center_name: maybe(fc.constantFrom('Harbor', 'Quay', ' \u3000', "O'Neill \\ Sons", 'Harbor')),
})
const category = fc.record({ category_id: categoryId, department: maybe(fc.constantFrom('Care', 'IT', '')) })

const changesOf = (row: fc.Arbitrary<StagedChange['row']>): fc.Arbitrary<StagedChange[]> =>
  fc.array(fc.record({ action: fc.constantFrom('add', 'update', 'delete'), row }), { maxLength: 6 })
/** An extract and up to two deltas of a table. */
const filesOf = (row: fc.Arbitrary<StagedChange['row']>, key: string): fc.Arbitrary<StagedChange[][]> =>
  fc
    .tuple(
      fc.uniqueArray(row, { selector: (one) => one[key], maxLength: 6 }),
      fc.array(changesOf(row), { maxLength: 2 }),
    )
    .map(([rows, deltas]) => [rows.map((each) => ({ action: 'add', row: each }) as const), ...deltas])

function frame(contract: TableContract, rows: readonly StagedChange['row'][], action?: readonly string[]): Frame {
  const columns = Object.entries(contract.columns).map(([name, column]) => {
    const cells = rows.map((row) => {
      const cell = row[name] ?? null
      return column.kind === 'timestamp' && cell !== null ? new Date(cell as number) : cell
    })
    return [name, convertColumn(inferColumn(cells, name), column).column] as const
  })
  const actions = action === undefined ? [] : [['action', inferColumn([...action], 'action')] as const]
  return frameOf([...columns, ...actions], rows.length)
}

/** The rows of a table after all of its files, by the library. */
function current(contract: TableContract, [extract = [], ...deltas]: readonly (readonly StagedChange[])[]) {
  const rows = (changes: readonly StagedChange[]) => changes.map(({ row }) => row)
  let table = toArquero(frame(contract, rows(extract)))
  for (const changes of deltas.filter(({ length }) => length > 0)) {
    const delta = frame(
      contract,
      rows(changes),
      changes.map(({ action }) => action),
    )
    table = applyDelta(table, toArquero(delta), contract)
  }
  return table
}

type Files = readonly (readonly StagedChange[])[]

export interface ReportCase {
  readonly facts: Files
  readonly centers: Files
  readonly categories: Files
  readonly timeZone: string
}

export const reportCase: fc.Arbitrary<ReportCase> = fc.record({
  facts: filesOf(interaction, 'interaction_id'),
  centers: filesOf(center, 'contact_center_id'),
  categories: filesOf(category, 'category_id'),
  timeZone: fc.constantFrom('America/New_York', 'UTC', 'Asia/Kathmandu'),
})

export function stagedReport({ facts, centers, categories }: ReportCase): readonly StagedTable[] {
  return [
    { name: 'i', contract: interactions, files: facts },
    { name: 'c', contract: contactCenters, files: centers },
    { name: 's', contract: serviceCategories, files: categories },
  ]
}

export function reportPlanOf({ timeZone }: ReportCase): Relation {
  return supportReportPlan({
    ...{ timeZone, monthFrom: 'interaction_start', first: Date.UTC(2024, 0, 1), last: Date.UTC(2026, 0, 1) },
    staged: { interactions: { staged: 'i' }, contact_centers: { staged: 'c' }, service_categories: { staged: 's' } },
  })
}

export function expectedReport({ facts, centers, categories, timeZone }: ReportCase): readonly EngineRow[] {
  const report = buildSupportReport(
    {
      interactions: current(interactions, facts),
      contactCenters: current(contactCenters, centers),
      serviceCategories: current(serviceCategories, categories),
    },
    { timeZone },
  )
  return report.objects() as EngineRow[]
}
