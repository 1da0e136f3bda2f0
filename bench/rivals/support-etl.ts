/**
 * The job's steps in this library, as the pipeline runs them: kernels over frames, nothing else loaded.
 * @module
 */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { csvReader } from '../../src/format/csv/read/reader.ts'
import { reportOf } from '../../src/systems/support/figures/cube-report.ts'
import { cubeOf } from '../../src/systems/support/figures/support-cube.ts'
import { agents, contactCenters, interactions, serviceCategories } from '../../src/systems/support/tables.ts'
import type { TimestampColumn } from '../../src/table/column.ts'
import type { TableContract } from '../../src/table/contract.ts'
import type { Frame } from '../../src/table/frame.ts'
import { localMonthCodes } from '../../src/time/local.ts'
import { zoneOf } from '../../src/time/zone.ts'
import { compileDelta, schemaOf } from '../../src/transform/delta/compile/compile-delta.ts'
import { resolveDeltaOptions } from '../../src/transform/delta/delta-options.ts'
import { foldDeltas } from '../../src/transform/delta/fold/fold.ts'
import { materialize, type TableMemory } from '../../src/transform/delta/write/materialize.ts'
import { type Inputs, measured, type Outcome, type ReportRow, type Step } from '../measure.ts'

const CONTRACTS: readonly TableContract[] = [interactions, agents, contactCenters, serviceCategories]
const window = new Uint8Array(2 ** 20)

function read(path: string, contract: TableContract, kind: 'extract' | 'delta'): Frame {
  const reader = csvReader({
    contract,
    file: path,
    expectedBytes: statSync(path).size,
    ...(kind === 'delta' ? { actionColumn: 'action', isDelete: (word: string) => word.trim() === 'delete' } : {}),
  })
  const file = openSync(path, 'r')
  for (let size = readSync(file, window); size > 0; size = readSync(file, window)) reader.push(window.subarray(0, size))
  closeSync(file)
  return reader.end().frame
}

type Steps = Pick<Outcome, 'steps' | 'report'>

/** Each step on its own, in one fresh process; a table is written over the one before, as a run does. */
export const steps = (inputs: Inputs): Promise<Steps> => stepsIn('reuse', inputs)

/** The step that is otherwise where the table before is kept as it was, as the public `applyDelta` keeps it. */
export async function stepsKept(inputs: Inputs): Promise<Steps> {
  const { steps: timings, report } = await stepsIn('own', inputs)
  return { steps: timings.filter(({ name }) => name.startsWith('apply')), report }
}

async function stepsIn(memory: TableMemory, inputs: Inputs): Promise<Steps> {
  const timings: Step[] = []
  const policies = resolveDeltaOptions({})
  const tables = new Map<string, Frame>()
  for (const contract of CONTRACTS) {
    const path = join(inputs.data, 'initial', `${contract.name}.csv`)
    const isTimed = contract === interactions
    tables.set(contract.name, await measured(isTimed ? timings : [], 'read', () => read(path, contract, 'extract')))
  }
  for (const [index, month] of inputs.months.entries()) {
    for (const contract of CONTRACTS) {
      const path = join(inputs.data, 'delta', `${contract.name}_delta_${month}.csv`)
      const table = tables.get(contract.name)
      if (!existsSync(path) || table === undefined) continue
      const delta = read(path, contract, 'delta')
      const isTimed = contract === interactions
      const after = await measured(isTimed ? timings : [], index === 0 ? 'apply' : 'apply again', () => {
        const compiled = compileDelta(delta, schemaOf(table), contract.key, policies)
        return materialize(foldDeltas(table, [compiled], contract.key), { memory })
      })
      tables.set(contract.name, after)
    }
  }
  const facts = tables.get('interactions') as Frame
  await measured(timings, 'month', () =>
    // the contract makes it a timestamp column
    localMonthCodes(facts.columns.get('interaction_start') as TimestampColumn, zoneOf('America/New_York')),
  )
  const report = await measured(timings, 'report', () =>
    reportOf(cubeOf(facts, { timeZone: 'America/New_York' }), {
      contactCenters: tables.get('contact_centers') as Frame,
      serviceCategories: tables.get('service_categories') as Frame,
    }),
  )
  const rows = Array.from({ length: report.rows }, (_, row) =>
    Object.fromEntries(Array.from(report.columns, ([name, column]) => [name, column.at(row)])),
  )
  // the report's columns are the row's
  return { steps: timings, report: rows as unknown as ReportRow[] }
}
