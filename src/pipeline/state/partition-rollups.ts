/**
 * Rollups of partitioned tables: one small file a day, merged when they are read.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import type { Effects } from '../effects.ts'
import type { Job, JobTable, Rollup, RollupCells } from '../job.ts'
import { type OptionValues, optionsFor } from '../job-options.ts'
import type { InputRecord } from '../log/commit-record.ts'
import { readPartition } from './partition-files.ts'
import { stateContract } from './stored-contract.ts'
import { readStoredFrame } from './stored-rows.ts'

/** The rollups of a table, by name. */
export function rollupsOf(job: Pick<Job, 'rollups'>, table: string): readonly (readonly [string, Rollup])[] {
  return Object.entries(job.rollups).filter(([, rollup]) => rollup.table === table)
}

/** A rollup of a partitioned table, and what it is made of. */
export interface PartitionedRollup {
  readonly out: FileStore
  readonly name: string
  readonly rollup: Rollup
  readonly table: JobTable
  readonly values: OptionValues
  /** Whether what is stored was made as it would be made now. */
  readonly isCurrent: boolean
  readonly effects: Pick<Effects, 'newHash'>
}

async function cellsOf(
  day: InputRecord,
  { out, name, rollup, table, isCurrent, effects }: PartitionedRollup,
  options: OptionValues,
): Promise<RollupCells> {
  const file = isCurrent ? day.made?.[name] : undefined
  if (file !== undefined) {
    const { frame, metadata } = await readStoredFrame(out, file)
    return { cells: frame, metadata: Object.fromEntries(metadata) }
  }
  if (day.stored === null) throw new Error(`day ${day.unit} of ${day.table} has no rows`)
  return rollup.build(await readPartition(out, day.stored, stateContract(table.contract), effects), options)
}

/** Returns the rollup of days, in their order. */
export async function mergeDays(days: readonly InputRecord[], partitioned: PartitionedRollup): Promise<RollupCells> {
  const { name, rollup, values } = partitioned
  if (rollup.merge === undefined) throw new Error(`rollup ${name} has no merge`)
  const options = optionsFor(values, rollup.uses ?? [], `rollup ${name}`)
  const parts: RollupCells[] = []
  for (const day of days) parts.push(await cellsOf(day, partitioned, options))
  return rollup.merge(parts, options)
}
