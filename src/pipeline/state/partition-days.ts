/**
 * Days of partitioned tables, of tables derived from them and of their rollups, each read when it is asked for.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import { collected } from '../../table/chunks.ts'
import type { TableContract } from '../../table/contract.ts'
import { type Frame, selectColumns } from '../../table/frame.ts'
import { givenRows, makeRows } from '../derive/made-rows.ts'
import type { Effects } from '../effects.ts'
import { ownContract } from '../fold/compare-rows.ts'
import { contractOf, type Job, type Partition, type RollupCells } from '../job/job.ts'
import { type OptionValues, optionsFor } from '../job/job-options.ts'
import type { InputRecord } from '../log/commit-record.ts'
import { concatFrames } from '../sources/read/concat-frames.ts'
import { readGroups } from './partition-files.ts'
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

/**
 * Yields the rows of a table or derived table in one day, some at a time: all columns, or those that are named.
 * @throws PipelineError data_damaged, derived_invalid
 */
export async function* groupsOfDay(
  name: string,
  day: InputRecord,
  reader: DayReader,
  columns?: readonly string[],
): AsyncGenerator<Frame, void, undefined> {
  const { job, out, values, effects } = reader
  // steps name tables of the job
  const contract = contractOf(job, name) as TableContract
  const derived = Object.hasOwn(job.derived, name) ? job.derived[name] : undefined
  if (derived === undefined) {
    if (day.stored === null) throw new Error(`day ${day.unit} of ${name} has no rows`)
    yield* readGroups(out, day.stored, stateContract(contract), effects, columns)
    return
  }
  const file = reader.isStored(name) ? day.made?.[name] : undefined
  if (file !== undefined) {
    yield* readGroups(out, file, contract, effects, columns)
    return
  }
  const parent = contractOf(job, derived.from) as TableContract
  for await (const rows of groupsOfDay(derived.from, day, reader)) {
    const { frame } = makeRows(name, derived, givenRows(rows, parent), values)
    yield columns === undefined ? frame : selectColumns(frame, columns)
  }
}

/** Returns the rows of a table or derived table in one day. @throws PipelineError data_damaged, derived_invalid */
export async function rowsOfDay(name: string, day: InputRecord, reader: DayReader): Promise<Frame> {
  const contract = contractOf(reader.job, name) as TableContract
  const isDerived = Object.hasOwn(reader.job.derived, name)
  return concatFrames(
    await collected(groupsOfDay(name, day, reader)),
    isDerived ? ownContract(contract) : stateContract(contract),
  )
}

/** Returns a rollup of one day: of its rows at once where they are few, else merged from those of its parts. */
export async function rollupOfDay(name: string, day: InputRecord, reader: DayReader): Promise<RollupCells> {
  const { job, values } = reader
  const rollup = job.rollups[name]
  if (rollup?.merge === undefined) throw new Error(`rollup ${name} has no merge`)
  const options = optionsFor(values, rollup.uses ?? [], `rollup ${name}`)
  const parts: RollupCells[] = []
  for await (const rows of groupsOfDay(rollup.table, day, reader)) parts.push(rollup.build(rows, options))
  const [only] = parts
  if (only === undefined) return rollup.build(await rowsOfDay(rollup.table, day, reader), options)
  return parts.length === 1 ? only : rollup.merge(parts, options)
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
    groups: (columns) => groupsOfDay(name, day, reader, columns),
  }))
}

/** So many rollups of days are held at a time, so that a merge holds no more for a year than for a month. */
const HELD_ROLLUPS = 8

/** Returns a rollup of days, in their order. */
export async function mergeDays(name: string, days: readonly InputRecord[], reader: DayReader): Promise<RollupCells> {
  const { job, out, values } = reader
  const rollup = job.rollups[name]
  if (rollup?.merge === undefined) throw new Error(`rollup ${name} has no merge`)
  const options = optionsFor(values, rollup.uses ?? [], `rollup ${name}`)
  let parts: RollupCells[] = []
  for (const day of days) {
    if (parts.length === HELD_ROLLUPS) parts = [rollup.merge(parts, options)]
    const file = reader.isStored(name) ? day.made?.[name] : undefined
    if (file === undefined) parts.push(await rollupOfDay(name, day, reader))
    else {
      const { frame, metadata } = await readStoredFrame(out, file)
      parts.push({ cells: frame, metadata: Object.fromEntries(metadata) })
    }
  }
  return rollup.merge(parts, options)
}
