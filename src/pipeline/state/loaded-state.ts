/**
 * Tables and rollups of a version in memory, each loaded at most once, when a step reads it.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import { PipelineError } from '../../errors.ts'
import type { Frame } from '../../table/frame.ts'
import { type LazyRows, lazyRows } from '../../table/lazy-rows.ts'
import type { TableEngine } from '../engine-place.ts'
import { type CommittedTable, foldInputs, type LaterInput, writeFolded } from '../fold/apply-inputs.ts'
import type { JobState, JobTable, Partition, RollupCells } from '../job/job.ts'
import { compareMonths } from '../job/month.ts'
import {
  type CommitRecord,
  type InputRecord,
  isReplayed,
  type ReplayedInput,
  type StoredFile,
  type TableState,
} from '../log/commit-record.ts'
import { readStoredFrame, readStoredRows } from './stored-rows.ts'

/** What a record says of a state's tables and rollups. */
export type StateFiles = Pick<CommitRecord, 'state' | 'rollups' | 'inputs'>

/** What gives the rows of tables that an engine keeps. */
export type EngineRows = Pick<TableEngine, 'loadTable'>

/** A state without files: only what is set can be read. */
export const EMPTY_STATE: StateFiles = { state: {}, rollups: {}, inputs: [] }

/** A rollup that was made, or how to make it when it is asked for. */
export type LateRollup = RollupCells | (() => Promise<RollupCells>)

/** A table that was made, or how to make it when it is asked for. */
export type LateTable = Frame | (() => Promise<Frame>)

function unknownName(name: string, known: readonly string[]): PipelineError {
  return new PipelineError(
    'invalid_option',
    `"${name}" is neither loaded nor in the state, which has ${known.join(', ') || 'nothing'}; an output names what it reads`,
  )
}

/** Days of a table are never put together: that is what they are kept apart for. */
function wholeTable(name: string): PipelineError {
  return new PipelineError(
    'invalid_option',
    `table ${name} is partitioned, and is not loaded as a whole; go through its days with partitions('${name}')`,
  )
}

/** The inputs that were applied after a table's snapshot, in their order. */
export function laterInputs(
  inputs: readonly InputRecord[],
  name: string,
  { through }: Pick<TableState, 'through'>,
): readonly ReplayedInput[] {
  return inputs.filter(isReplayed).filter(({ table, month }) => table === name && compareMonths(month, through) > 0)
}

/** Whether a whole table will be asked for, or likely its key columns and only the rows that change. */
export type TableScope = 'table' | { readonly key: readonly string[] }

async function readScope(out: FileStore, file: StoredFile, scope: TableScope): Promise<LazyRows> {
  const rows = await readStoredRows(out, file)
  if (scope === 'table') return lazyRows(await rows.load())
  await rows.load(scope.key)
  return rows
}

/** What is in memory of a version. */
export class LoadedState implements JobState {
  readonly #out: FileStore | null
  readonly #files: StateFiles
  readonly #jobTables: readonly JobTable[]
  readonly #engine: EngineRows | null
  readonly #tables = new Map<string, LateTable>()
  readonly #rollups = new Map<string, LateRollup>()
  readonly #partitions = new Map<string, readonly Partition[]>()

  /**
   * Without a place, only what is set can be read. `engine` has the tables of the last commit, where that is what is read and an
   * engine keeps them.
   */
  constructor(
    out: FileStore | null,
    files: StateFiles,
    jobTables: readonly JobTable[],
    engine: EngineRows | null = null,
  ) {
    this.#out = out
    this.#files = files
    this.#jobTables = jobTables
    this.#engine = engine
  }

  /** Keeps a table that was made, in place of its files. */
  setTable(name: string, table: LateTable): void {
    this.#tables.set(name, table)
  }

  setRollup(name: string, rollup: LateRollup): void {
    this.#rollups.set(name, rollup)
  }

  /** Keeps where the days of a partitioned table are. */
  setPartitions(name: string, days: readonly Partition[]): void {
    this.#partitions.set(name, days)
  }

  /** Lets go of a table's memory. */
  forget(name: string): void {
    this.#tables.delete(name)
  }

  /**
   * Reads a table's snapshot and the inputs that were applied since: all of it (`table`), or its key, and the rest as it is
   * asked for. Nothing is kept: the caller may write over it.
   */
  async loadCommitted(name: string, scope: TableScope): Promise<CommittedTable> {
    const files = this.#files.state
    // a name may be one that every object answers to, such as toString
    const table = Object.hasOwn(files, name) ? files[name] : undefined
    if (this.#out === null || table === undefined) throw unknownName(name, Object.keys(files))
    if (table.snapshot === null) throw wholeTable(name)
    const snapshot = await readScope(this.#out, table.snapshot, scope)
    const later: LaterInput[] = []
    for (const { name: file, stored } of laterInputs(this.#files.inputs, name, table)) {
      later.push({ name: file, rows: await readScope(this.#out, stored, scope) })
    }
    return { snapshot, later, rows: table.rows }
  }

  async loadTable(name: string): Promise<Frame> {
    if (this.#partitions.has(name) && !this.#tables.has(name)) throw wholeTable(name)
    const known = this.#tables.get(name)
    const loaded = await (typeof known === 'function' ? known() : (known ?? this.#readTable(name)))
    this.#tables.set(name, loaded)
    return loaded
  }

  async #readTable(name: string): Promise<Frame> {
    const table = this.#jobTables.find(({ contract }) => contract.name === name)
    if (this.#engine !== null && table !== undefined) return this.#engine.loadTable(table.contract)
    const committed = await this.loadCommitted(name, 'table')
    if (committed.later.length === 0) return committed.snapshot.all()
    if (table === undefined) throw unknownName(name, Object.keys(this.#files.state))
    return writeFolded(foldInputs(committed, [], table, 'lenient'), 'reuse')
  }

  async loadRollup(name: string): Promise<RollupCells> {
    const known = this.#rollups.get(name)
    const loaded = await (typeof known === 'function' ? known() : (known ?? this.#readRollup(name)))
    this.#rollups.set(name, loaded)
    return loaded
  }

  async #readRollup(name: string): Promise<RollupCells> {
    const { rollups } = this.#files
    const file = Object.hasOwn(rollups, name) ? rollups[name] : undefined
    if (this.#out === null || file === undefined) throw unknownName(name, Object.keys(rollups))
    const { frame, metadata } = await readStoredFrame(this.#out, file)
    return { cells: frame, metadata: Object.fromEntries(metadata) }
  }

  /** Loads tables and rollups by name, so that `table` and `rollup` have them. */
  async load(names: readonly string[]): Promise<this> {
    for (const name of names) {
      if (this.#rollups.has(name) || Object.hasOwn(this.#files.rollups, name)) await this.loadRollup(name)
      // days are read one by one, when a step asks for them
      else if (!this.#partitions.has(name)) await this.loadTable(name)
    }
    return this
  }

  /** Whether a table is in memory. */
  has(name: string): boolean {
    return this.#tables.has(name)
  }

  partitions(name: string): readonly Partition[] {
    const days = this.#partitions.get(name)
    if (days !== undefined) return days
    throw new PipelineError('invalid_option', `"${name}" is not a partitioned table; read it with table('${name}')`)
  }

  table(name: string): Frame {
    if (this.#partitions.has(name) && !this.#tables.has(name)) throw wholeTable(name)
    const known = this.#tables.get(name)
    if (known !== undefined && typeof known !== 'function') return known
    throw unknownName(name, [...this.#tables.keys()])
  }

  rollup(name: string): RollupCells {
    const known = this.#rollups.get(name)
    if (known !== undefined && typeof known !== 'function') return known
    throw unknownName(name, [...this.#rollups.keys()])
  }
}
