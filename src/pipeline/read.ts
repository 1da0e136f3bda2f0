/**
 * Phase 3, read: the planned inputs as typed rows, on their way to disk, and what each table has already.
 * @module
 */
import { arrowChunks } from '../format/arrow/arrow.ts'
import type { InputRows, StandingTable } from './apply-inputs.ts'
import type { InputRecord, StoredFile, TableState } from './commit-record.ts'
import { type JobTable, tablesOf } from './job.ts'
import type { TableScope } from './loaded-state.ts'
import { compactMonth } from './month.ts'
import type { PlannedInput } from './plan.ts'
import { type ReadFile, readSource, readStoredInput } from './read-input.ts'
import { stateContract } from './stored-contract.ts'
import { isCurrentRollup, type Work } from './work.ts'

/** A planned input that was read. */
export interface ReadInput {
  readonly planned: PlannedInput
  readonly rows: InputRows
  /** Null where the rows were stored by an earlier run. */
  readonly file: ReadFile | null
  readonly stored: Promise<StoredFile>
}

/** A table whose inputs were read. */
export interface ReadTable {
  readonly table: JobTable
  readonly inputs: readonly ReadInput[]
  /** What the base has of it; null where it begins with its extract. */
  readonly before: TableState | null
  readonly standing: StandingTable | null
  /** Whether all of it is asked for, or only the rows that the inputs touch. */
  readonly scope: TableScope
  /** Its inputs that stay applied as they are. */
  readonly known: readonly InputRecord[]
}

/** The stem of the file that stores an input's typed rows. */
function storedStem(table: string, month: string | null): string {
  return month === null ? `${table}-initial` : `${table}-delta-${compactMonth(month)}`
}

async function readPlanned(work: Work, table: JobTable, planned: PlannedInput): Promise<ReadInput> {
  const { data, out, draft, plan, effects, onChunk } = work
  const { file, applied, month } = planned
  if (file === null && applied !== null) {
    const rows = await readStoredInput(out, applied, effects)
    return { planned, rows, file: null, stored: Promise.resolve(applied.stored) }
  }
  const found = file ?? { ...planned, bytes: 0, sha256: null }
  const read = await readSource(data, table, found, { options: plan.options, effects, onChunk })
  const contract = stateContract(table.contract)
  const stem = storedStem(table.contract.name, month)
  const stored = draft.write(stem, 'arrow', read.frame.rows, arrowChunks(read.frame, { contract }))
  return { planned, rows: read, file: read, stored }
}

/** Whether a copy, an output or a rollup that is built anew needs all rows of a table. */
function isAskedFor(work: Work, name: string): boolean {
  const { rollups, outputs } = work.job
  return (
    work.plan.options.publish.includes(name) ||
    Object.values(outputs).some(({ reads }) => reads.includes(name)) ||
    Object.entries(rollups).some(([rollup, { table }]) => table === name && !isCurrentRollup(work, rollup))
  )
}

async function readTable(work: Work, table: JobTable): Promise<ReadTable> {
  const { plan, base, loaded } = work
  const { name, key } = table.contract
  const planned = plan.apply.filter((input) => input.table === name)
  const before = base?.state[name] ?? null
  const known = base?.inputs.filter((input) => input.table === name) ?? []
  const scope: TableScope = before === null || isAskedFor(work, name) ? 'table' : { key }
  if (planned.length === 0) return { table, inputs: [], before, standing: null, scope, known }
  // loaded while the new inputs are read; whoever awaits it below gets its error
  const standing = before === null ? null : loaded.loadStanding(name, scope)
  standing?.catch(() => {})
  try {
    const inputs: ReadInput[] = []
    for (const input of planned) inputs.push(await readPlanned(work, table, input))
    return { table, inputs, before, standing: await standing, scope, known }
  } finally {
    // a refused run reads nothing any more when it is over
    await standing?.catch(() => {})
  }
}

/**
 * Returns the tables of the job with their planned inputs read; those of the source are staged as typed rows.
 * @throws FormatError, ContractError, PipelineError - a file is damaged, or its rows cannot be accepted
 */
export async function readTables(work: Work): Promise<readonly ReadTable[]> {
  const tables: ReadTable[] = []
  for (const table of tablesOf(work.job)) tables.push(await readTable(work, table))
  return tables
}
