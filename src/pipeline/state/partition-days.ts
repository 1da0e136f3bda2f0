/**
 * Days of partitioned tables, of tables derived from them and of their rollups, each read when it is asked for.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import type { TableContract } from '../../table/contract.ts'
import type { Frame } from '../../table/frame.ts'
import { givenRows, makeRows } from '../derive/made-rows.ts'
import type { Effects } from '../effects.ts'
import { contractOf, type Job, type Partition, type RollupCells } from '../job.ts'
import { type OptionValues, optionsFor } from '../job-options.ts'
import type { InputRecord } from '../log/commit-record.ts'
import { readPartition } from './partition-files.ts'
import { stateContract } from './stored-contract.ts'
import { readStoredFrame } from './stored-rows.ts'

/** What days are read with. */
export interface DayReader {
  readonly job: Job
  readonly out: FileStore
  readonly values: OptionValues
  readonly effects: Pick<Effects, 'newHash' | 'freeBuffers'>
  /** Whether what is stored of a derived table or rollup is what would be made now. */
  isStored(name: string): boolean
}

/** Returns the rows of a table or derived table in one day. @throws PipelineError data_damaged, derived_invalid */
export async function rowsOfDay(name: string, day: InputRecord, reader: DayReader): Promise<Frame> {
  const { job, out, values, effects } = reader
  // steps name tables of the job
  const contract = contractOf(job, name) as TableContract
  const derived = Object.hasOwn(job.derived, name) ? job.derived[name] : undefined
  if (derived === undefined) {
    if (day.stored === null) throw new Error(`day ${day.unit} of ${name} has no rows`)
    return readPartition(out, day.stored, stateContract(contract), effects)
  }
  const file = reader.isStored(name) ? day.made?.[name] : undefined
  if (file !== undefined) return readPartition(out, file, contract, effects)
  const parent = givenRows(await rowsOfDay(derived.from, day, reader), contractOf(job, derived.from) as TableContract)
  return makeRows(name, derived, parent, values).frame
}

/** Returns the days of a table or derived table, to be read one by one. */
export function daysOfTable(name: string, days: readonly InputRecord[], reader: DayReader): readonly Partition[] {
  return days.map((day) => ({
    day: day.unit,
    file: day.name,
    rows: (Object.hasOwn(reader.job.derived, name) ? day.made?.[name] : day.stored)?.rows ?? 0,
    loadedAt: day.loadedAt ?? '',
    batch: day.batch ?? '',
    load: () => rowsOfDay(name, day, reader),
  }))
}

/** Returns a rollup of days, in their order. */
export async function mergeDays(name: string, days: readonly InputRecord[], reader: DayReader): Promise<RollupCells> {
  const { job, out, values } = reader
  const rollup = job.rollups[name]
  if (rollup?.merge === undefined) throw new Error(`rollup ${name} has no merge`)
  const options = optionsFor(values, rollup.uses ?? [], `rollup ${name}`)
  const parts: RollupCells[] = []
  for (const day of days) {
    const file = reader.isStored(name) ? day.made?.[name] : undefined
    if (file === undefined) parts.push(rollup.build(await rowsOfDay(rollup.table, day, reader), options))
    else {
      const { frame, metadata } = await readStoredFrame(out, file)
      parts.push({ cells: frame, metadata: Object.fromEntries(metadata) })
    }
  }
  return rollup.merge(parts, options)
}
