/**
 * Tables and rollups of a version in memory, each loaded once and only if somebody looks at it.
 * @module
 */
import type { FileStore } from '../connect/file-store.ts'
import { PipelineError } from '../errors.ts'
import type { Frame } from '../table/frame.ts'
import type { StoredFile } from './commit-record.ts'
import { readStoredFrame } from './data-files.ts'
import type { JobState, RollupCells } from './job.ts'

/** Files of a state by table and by rollup. */
export interface StateFiles {
  readonly state: Readonly<Record<string, StoredFile>>
  readonly rollups: Readonly<Record<string, StoredFile>>
}

async function readFrame(out: FileStore, file: StoredFile): Promise<RollupCells> {
  const { frame, metadata } = await readStoredFrame(out, file)
  return { cells: frame, metadata: Object.fromEntries(metadata) }
}

/** What is in memory of a version. */
export class LoadedState implements JobState {
  readonly #out: FileStore
  readonly #files: StateFiles
  readonly #tables = new Map<string, Frame>()
  readonly #rollups = new Map<string, RollupCells>()

  constructor(out: FileStore, files: StateFiles) {
    this.#out = out
    this.#files = files
  }

  /** Keeps a table that was made, in place of its file. */
  setTable(name: string, frame: Frame): void {
    this.#tables.set(name, frame)
  }

  setRollup(name: string, rollup: RollupCells): void {
    this.#rollups.set(name, rollup)
  }

  /** Lets go of a table's memory. */
  forget(name: string): void {
    this.#tables.delete(name)
  }

  async loadTable(name: string): Promise<Frame> {
    const loaded = this.#tables.get(name) ?? (await readFrame(this.#out, fileOf(this.#files.state, name))).cells
    this.#tables.set(name, loaded)
    return loaded
  }

  async loadRollup(name: string): Promise<RollupCells> {
    const loaded = this.#rollups.get(name) ?? (await readFrame(this.#out, fileOf(this.#files.rollups, name)))
    this.#rollups.set(name, loaded)
    return loaded
  }

  /** Loads tables and rollups by name, so that `table` and `rollup` have them. */
  async load(names: readonly string[]): Promise<this> {
    for (const name of names) {
      if (this.#rollups.has(name) || name in this.#files.rollups) await this.loadRollup(name)
      else await this.loadTable(name)
    }
    return this
  }

  table(name: string): Frame {
    return loaded(this.#tables, name)
  }

  rollup(name: string): RollupCells {
    return loaded(this.#rollups, name)
  }
}

function fileOf(files: Readonly<Record<string, StoredFile>>, name: string): StoredFile {
  const file = files[name]
  if (file !== undefined) return file
  throw new PipelineError('invalid_option', `the state has no "${name}"; it has ${Object.keys(files).join(', ')}`)
}

function loaded<Value>(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name)
  if (value !== undefined) return value
  throw new PipelineError('invalid_option', `"${name}" is not among what the output reads; name it there`)
}
