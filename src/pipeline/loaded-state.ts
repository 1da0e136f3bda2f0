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
  readonly state: Files
  readonly rollups: Files
}

type Files = Readonly<Record<string, StoredFile>>

function unknownName(name: string, known: readonly string[]): PipelineError {
  return new PipelineError(
    'invalid_option',
    `"${name}" is neither loaded nor in the state, which has ${known.join(', ') || 'nothing'}; an output names what it reads`,
  )
}

async function readFrame(out: FileStore | null, files: Files, name: string): Promise<RollupCells> {
  // a name may be one that every object answers to, such as toString
  const file = Object.hasOwn(files, name) ? files[name] : undefined
  if (out === null || file === undefined) throw unknownName(name, Object.keys(files))
  const { frame, metadata } = await readStoredFrame(out, file)
  return { cells: frame, metadata: Object.fromEntries(metadata) }
}

/** What is in memory of a version. */
export class LoadedState implements JobState {
  readonly #out: FileStore | null
  readonly #files: StateFiles
  readonly #tables = new Map<string, Frame>()
  readonly #rollups = new Map<string, RollupCells>()

  /** Without a place, only what is set can be read. */
  constructor(out: FileStore | null, files: StateFiles) {
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
    const loaded = this.#tables.get(name) ?? (await readFrame(this.#out, this.#files.state, name)).cells
    this.#tables.set(name, loaded)
    return loaded
  }

  async loadRollup(name: string): Promise<RollupCells> {
    const loaded = this.#rollups.get(name) ?? (await readFrame(this.#out, this.#files.rollups, name))
    this.#rollups.set(name, loaded)
    return loaded
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
    return loaded(this.#tables, name)
  }

  rollup(name: string): RollupCells {
    return loaded(this.#rollups, name)
  }
}

function loaded<Value>(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name)
  if (value !== undefined) return value
  throw unknownName(name, [...values.keys()])
}
