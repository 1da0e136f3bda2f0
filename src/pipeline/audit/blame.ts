/**
 * The file and line that wrote each cell of a row.
 * @module
 */
import { type OptionNames, refuseUnless } from '../../arguments.ts'
import type { FileStore } from '../../connect/file-store.ts'
import { PipelineError } from '../../errors.ts'
import { columnOf, type Frame } from '../../table/frame.ts'
import { takeRows } from '../../table/take.ts'
import { type Effects, nodeEffects } from '../effects.ts'
import { isPartitioned, type Job } from '../job/job.ts'
import { type OutOptions, refuseCall } from '../job/options.ts'
import { openCommitted, tableOf } from '../state/committed-state.ts'
import { findOrigins, type RowOrigin, textOf, type UnreadFile } from './explain.ts'
import { readHistory } from './history.ts'

/** Whose cells are asked for. */
export interface BlameQuery extends OutOptions {
  readonly table: string
  /** The key of the row: a text for each key column. */
  readonly key: readonly string[]
  /** The folder, or place, of the source files; `data` by default. */
  readonly data?: string | FileStore
}

/** One cell, and the record that gave it its value. */
export interface BlamedCell {
  readonly column: string
  readonly value: unknown
  /** The month of the delta that wrote it; null for the extract, and for tables without months. */
  readonly month: string | null
  readonly origin: RowOrigin
}

/** The cells of a row. */
export interface BlamedRow {
  readonly table: string
  /** In the order of the table's columns. */
  readonly cells: readonly BlamedCell[]
  /** The month whose delta removed the row; null where it is there. Its cells are then those that it had. */
  readonly removed: string | null
  readonly unread: readonly UnreadFile[]
}

const QUERY = { out: true, table: true, key: true, data: true } satisfies OptionNames<BlameQuery>

/** The rows with a key, in their order. */
function rowsOfKey(frame: Frame, names: readonly string[], key: readonly string[]): Int32Array {
  const columns = names.map((name) => columnOf(frame, name))
  const rows = Array.from({ length: frame.rows }, (_, row) => row)
  return Int32Array.from(rows.filter((row) => columns.every((column, at) => String(column.at(row)) === key[at])))
}

/** Values of one column compare by their text: instants and big integers are made anew on every read. */
function isSame(one: unknown, other: unknown): boolean {
  return Object.is(one, other) || (one !== null && other !== null && String(one) === String(other))
}

/** For each column the number of the version that wrote it: the last one that changed it, or made the row anew. */
function writersOf(versions: Frame, names: readonly string[]): Map<string, number> {
  const removed = versions.columns.get('is_deleted')
  const writers = new Map(names.map((name) => [name, 0]))
  for (let version = 1; version < versions.rows; version++) {
    const isNew = removed?.at(version - 1) === true
    for (const name of names) {
      const column = columnOf(versions, name)
      if (isNew || !isSame(column.at(version - 1), column.at(version))) writers.set(name, version)
    }
  }
  return writers
}

/** Every version of the row: one, where a table keeps only what is there now. */
async function versionsOf(job: Job, { table, key, out }: BlameQuery, effects: Effects): Promise<Frame> {
  const { contract, source } = tableOf(job, table)
  refuseUnless(
    Array.isArray(key) && key.length === contract.key.length && key.every((part) => typeof part === 'string'),
    'key',
    key,
    `a list with a text for each of ${contract.key.join(', ')}`,
    PipelineError,
  )
  if (isPartitioned(job, table)) {
    throw new PipelineError(
      'invalid_option',
      `table ${table} is kept by day, and its keys count within a day; each of its rows is one line of its day's file`,
    )
  }
  const place = out === undefined ? {} : { out }
  const all =
    source.law === 'replayed'
      ? await readHistory(job, { ...place, table }, effects)
      : await (await openCommitted(job, place, effects)).loadTable(table)
  const rows = rowsOfKey(all, contract.key, key)
  if (rows.length > 0) return takeRows(all, rows)
  throw new PipelineError('invalid_option', `${table} never had a row with this ${contract.key.join(', ')}`, {
    details: { found: key.join(', ') },
  })
}

/**
 * Returns, for each cell of a row, the file, record and line that gave it its value. A later record that repeats the value did
 * not write it. Where several records of one file change a row, the last of them stands for all. A table without deltas has one
 * record for all cells of a row.
 *
 * @throws PipelineError nothing_committed - there is no commit; invalid_option - the job has no such table, the table never had a
 * row with the key, or is kept by day; options_changed, log_damaged, data_damaged - the state cannot be read with this job
 * @throws ConnectError - a place cannot be read
 * @example
 * import { memoryStore } from 'support-etl/connect'
 * import { blameRow, defineJob, extractsAndDeltas, runPipeline } from 'support-etl/pipeline'
 * import { defineTable, int32, key, string } from 'support-etl'
 *
 * const halls = defineTable('halls', { id: key(string()), name: string(), seats: int32() })
 * const source = extractsAndDeltas()
 * const job = defineJob({ name: 'halls', tables: { halls: { contract: halls, source } } })
 * const data = memoryStore({
 *   'initial/halls.csv': 'id,name,seats\nH1,North,80\n',
 *   'delta/halls_delta_202502.csv': 'id,name,seats,action\nH1,North,95,update\n',
 * })
 * const out = memoryStore()
 * await runPipeline(job, { data, out })
 * const { cells } = await blameRow(job, { data, out, table: 'halls', key: ['H1'] })
 * cells.map(({ column, origin }) => [column, origin.file, origin.source?.line])
 * // [['id', 'initial/halls.csv', 2], ['name', 'initial/halls.csv', 2], ['seats', 'delta/halls_delta_202502.csv', 2]]
 */
export async function blameRow(job: Job, query: BlameQuery, given: Partial<Effects> = {}): Promise<BlamedRow> {
  refuseCall(job, query, QUERY)
  const effects: Effects = { ...nodeEffects(), ...given }
  const { table, out, data = 'data' } = query
  const jobTable = tableOf(job, table)
  const names = Object.entries(jobTable.contract.columns).flatMap(([name, { role }]) =>
    role === 'metadata' || role === 'recorded' ? [] : [name],
  )
  const versions = await versionsOf(job, query, effects)
  const state = await openCommitted(job, out === undefined ? {} : { out }, effects)
  const writers = writersOf(versions, names)
  const { origins, unread } = await findOrigins(versions, {
    data: await state.openSource(typeof data === 'string' ? effects.openSource(data) : data),
    inputs: state.inputs,
    effects,
    text: textOf(jobTable),
  })
  const last = versions.rows - 1
  const textAt = (name: string, row: number): string | null => {
    const value = versions.columns.get(name)?.at(row) ?? null
    return value === null ? null : String(value)
  }
  const cells = names.map((column): BlamedCell => {
    const writer = writers.get(column) ?? 0
    const value = columnOf(versions, column).at(last)
    // one origin a version
    return { column, value, month: textAt('valid_from', writer), origin: origins[writer] as RowOrigin }
  })
  const isRemoved = versions.columns.get('is_deleted')?.at(last) === true
  return { table, cells, removed: isRemoved ? textAt('valid_to', last) : null, unread }
}
