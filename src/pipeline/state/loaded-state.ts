/**
 * Tables and rollups of a version in memory, each loaded at most once, when a step reads it.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import { PipelineError } from '../../errors.ts'
import type { Frame } from '../../table/frame.ts'
import { type LazyRows, lazyRows } from '../../table/lazy-rows.ts'
import { type FoldRules, foldInputs, type LaterInput, type StandingTable, writeFolded } from '../fold/apply-inputs.ts'
import type { JobState, RollupCells } from '../job.ts'
import {
  type CommitRecord,
  type InputRecord,
  isReplayed,
  type ReplayedInput,
  type StoredFile,
  type TableState,
} from '../log/commit-record.ts'
import { compareMonths } from '../month.ts'
import { readStoredFrame, readStoredRows } from './stored-rows.ts'

/** What a record says of a state's tables and rollups. */
export type StateFiles = Pick<CommitRecord, 'state' | 'rollups' | 'inputs'>

/** A state without files: only what is set can be read. */
export const EMPTY_STATE: StateFiles = { state: {}, rollups: {}, inputs: [] }

/** A table that was made, or how to make it when it is asked for. */
export type LateTable = Frame | (() => Promise<Frame>)

function unknownName(name: string, known: readonly string[]): PipelineError {
  return new PipelineError(
    'invalid_option',
    `"${name}" is neither loaded nor in the state, which has ${known.join(', ') || 'nothing'}; an output names what it reads`,
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
  readonly #jobTables: readonly FoldRules[]
  readonly #tables = new Map<string, LateTable>()
  readonly #rollups = new Map<string, RollupCells>()

  /** Without a place, only what is set can be read. */
  constructor(out: FileStore | null, files: StateFiles, jobTables: readonly FoldRules[]) {
    this.#out = out
    this.#files = files
    this.#jobTables = jobTables
  }

  /** Keeps a table that was made, in place of its files. */
  setTable(name: string, table: LateTable): void {
    this.#tables.set(name, table)
  }

  setRollup(name: string, rollup: RollupCells): void {
    this.#rollups.set(name, rollup)
  }

  /** Lets go of a table's memory. */
  forget(name: string): void {
    this.#tables.delete(name)
  }

  /**
   * Reads a table's snapshot and the inputs that were applied since: all of it (`table`), or its key, and the rest as it is
   * asked for. Nothing is kept: the caller may write over it.
   */
  async loadStanding(name: string, scope: TableScope): Promise<StandingTable> {
    const files = this.#files.state
    // a name may be one that every object answers to, such as toString
    const table = Object.hasOwn(files, name) ? files[name] : undefined
    if (this.#out === null || table === undefined) throw unknownName(name, Object.keys(files))
    const snapshot = await readScope(this.#out, table.snapshot, scope)
    const later: LaterInput[] = []
    for (const { name: file, stored } of laterInputs(this.#files.inputs, name, table)) {
      later.push({ name: file, rows: await readScope(this.#out, stored, scope) })
    }
    return { snapshot, later, rows: table.rows }
  }

  async loadTable(name: string): Promise<Frame> {
    const known = this.#tables.get(name)
    const loaded = await (typeof known === 'function' ? known() : (known ?? this.#readTable(name)))
    this.#tables.set(name, loaded)
    return loaded
  }

  async #readTable(name: string): Promise<Frame> {
    const standing = await this.loadStanding(name, 'table')
    if (standing.later.length === 0) return standing.snapshot.all()
    const table = this.#jobTables.find(({ contract }) => contract.name === name)
    if (table === undefined) throw unknownName(name, Object.keys(this.#files.state))
    return writeFolded(foldInputs(standing, [], table, 'lenient'), 'reuse')
  }

  async loadRollup(name: string): Promise<RollupCells> {
    const loaded = this.#rollups.get(name) ?? (await this.#readRollup(name))
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
      else await this.loadTable(name)
    }
    return this
  }

  /** Whether a table is in memory. */
  has(name: string): boolean {
    return this.#tables.has(name)
  }

  table(name: string): Frame {
    const known = this.#tables.get(name)
    if (known !== undefined && typeof known !== 'function') return known
    throw unknownName(name, [...this.#tables.keys()])
  }

  rollup(name: string): RollupCells {
    const known = this.#rollups.get(name)
    if (known !== undefined) return known
    throw unknownName(name, [...this.#rollups.keys()])
  }
}
