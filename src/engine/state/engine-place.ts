/**
 * A place whose state is an engine's: its log, its small files and its tables are there, and its folder has the published copies.
 * @module
 */
import type { FileEntry, FileStore, StagedFile } from '../../connect/file-store.ts'
import { ConnectError, EtlError, PipelineError } from '../../errors.ts'
import type { EngineFold, EnginePlace, RollupForm, StagedRows, TableEngine } from '../../pipeline/engine-place.ts'
import type { Job, JobTable, RollupCells } from '../../pipeline/job/job.ts'
import type { OptionValues } from '../../pipeline/job/job-options.ts'
import { encodeMarker, markerOf, readMarker } from '../../pipeline/keeper.ts'
import { type CommitRecord, commitNumber, isReplayed, LOG, type StoredFile } from '../../pipeline/log/commit-record.ts'
import { MARKER } from '../../pipeline/marker-name.ts'
import { DATA, readWhole } from '../../pipeline/state/data-files.ts'
import type { TableContract } from '../../table/contract.ts'
import type { Frame } from '../../table/frame.ts'
import type { RepeatedKeys } from '../../transform/delta/fold/match-keys.ts'
import { type Batch, Bronze, type BronzeTools, noSuchFile } from './bronze.ts'
import { EngineFiles } from './engine-files.ts'
import type { RollupPlans } from './rollup-plan.ts'
import { refuseJob, SqlTables } from './sql-tables.ts'
import { type TellProgress, toldParts } from './told-parts.ts'
import type { Version, Versions, VersionTables } from './versions.ts'

/** What a place is made with. */
export interface EngineParts extends BronzeTools {
  /** Where the published copies are. */
  readonly folder: FileStore
  /** What the engine has of the place. */
  readonly state: Versions
  /** The plans of the program's rollups. */
  readonly plans: () => Promise<RollupPlans>
  /** As the marker of the folder names it. */
  readonly address: EnginePlace['address']
}

/** Where small files of a version are on their way into the engine. */
const PASSING = '.support-etl/engine/'

const isInternal = (name: string): boolean => name.startsWith(LOG) || name.startsWith(DATA)

/** The tables of a place: one version at a time. */
class Tables implements TableEngine {
  readonly #parts: EngineParts
  #job: Job | null = null
  /** Tables that this version folded, whose steps are dropped when it ends. */
  readonly #folded = new Set<string>()
  #version: Version | null = null
  #tell: TellProgress = () => {}

  constructor(parts: EngineParts) {
    this.#parts = parts
  }

  get title(): string {
    return this.#parts.state.title
  }

  get notice(): string | null {
    return this.#parts.state.notice
  }

  refuse(job: Job): void {
    refuseJob(job)
    this.#job = job
  }

  /** The tables of the version that was begun, or those that are committed. */
  async tables(): Promise<VersionTables> {
    return this.#version?.tables ?? this.#parts.state.read()
  }

  get isOpen(): boolean {
    return this.#version !== null
  }

  async #sql(tables?: VersionTables): Promise<SqlTables> {
    return new SqlTables(tables ?? (await this.tables()), await this.#parts.plans(), this.#tell)
  }

  async #bronze(): Promise<Bronze> {
    return new Bronze(await this.tables(), this.#parts)
  }

  async begin(tell: TellProgress): Promise<void> {
    this.#tell = tell
    this.#version = await this.#parts.state.begin()
    this.#folded.clear()
  }

  /** Makes the version durable. */
  async commit(): Promise<void> {
    await (await this.#sql()).dropSteps(this.#folded)
    await this.#version?.commit()
    this.#version = null
  }

  async end(): Promise<void> {
    const version = this.#version
    this.#version = null
    await version?.end()
  }

  async #batchesOf(files: readonly StoredFile[]): Promise<readonly Batch[]> {
    const known = new Map((await (await this.#bronze()).batches()).map((batch) => [batch.file, batch]))
    return files.map(({ name }) => {
      const batch = known.get(name)
      if (batch === undefined) throw noSuchFile(this.title, name)
      return batch
    })
  }

  async stage(table: JobTable, rows: StagedRows): Promise<StoredFile> {
    const bronze = await this.#bronze()
    const last = (await bronze.batches()).at(-1)?.batch ?? -1
    return bronze.stage(table, rows, last + 1)
  }

  async findRepeats(extract: StoredFile): Promise<RepeatedKeys | null> {
    const [batch] = await this.#batchesOf([extract])
    const bronze = await this.#bronze()
    const { connection } = await this.tables()
    const run = toldParts(this.#tell, connection, (batch as Batch).table, 1)
    return run(() => bronze.findRepeats(batch as Batch))
  }

  async loadTouched(table: JobTable, inputs: readonly StoredFile[], extract?: StoredFile): Promise<Frame> {
    this.#folded.add(table.contract.name)
    const [base] = await this.#batchesOf(extract === undefined ? [] : [extract])
    return (await this.#sql()).loadTouched(table, await this.#batchesOf(inputs), base)
  }

  async fold(table: JobTable, fold: EngineFold): Promise<number> {
    this.#folded.add(table.contract.name)
    const batches = await this.#inOrder(await this.#batchesOf(fold.inputs))
    return (await this.#sql()).fold(table, fold, batches, batches.slice(batches.length - fold.added))
  }

  /** Batches whose numbers rise; where an earlier input came late, those behind it get new numbers. */
  async #inOrder(batches: readonly Batch[]): Promise<readonly Batch[]> {
    const bronze = await this.#bronze()
    let next = ((await bronze.batches()).at(-1)?.batch ?? -1) + 1
    const ordered: Batch[] = []
    for (const batch of batches) {
      const last = ordered.at(-1)?.batch ?? -1
      ordered.push(batch.batch > last ? batch : await bronze.renumber(batch, next++))
    }
    return ordered
  }

  async rollUp(name: string, form: RollupForm, options: OptionValues): Promise<RollupCells | null> {
    const plans = await this.#parts.plans()
    const plan = Object.hasOwn(plans, name) ? plans[name] : undefined
    const contract = this.#job?.tables[plan?.table ?? '']?.contract
    if (plan === undefined || contract === undefined) return null
    const cells = await (await this.#sql()).rollUp(name, form, contract, options)
    return cells === null ? null : plan.finish(cells, options)
  }

  async loadTable(contract: TableContract, commit?: number): Promise<Frame> {
    if (commit === undefined || this.isOpen) return (await this.#sql()).loadTable(contract)
    // log and table are read as they are at one instant
    return this.#parts.state.readAtOnce(async (tables) => {
      const names = (await new EngineFiles(tables).list(LOG)).map(({ name }) => commitNumber(name) ?? 0)
      if (Math.max(...names) === commit) return (await this.#sql(tables)).loadTable(contract)
      throw new PipelineError(
        'commit_lost',
        `another run committed to ${this.title} while commit ${commit} was read; read the state again`,
      )
    })
  }

  async findDamage(_: Job, record: CommitRecord): Promise<readonly string[]> {
    const tables = await this.#sql()
    const damaged: string[] = []
    for (const [name, { contract, delta }] of Object.entries(record.tables)) {
      const files = record.inputs.filter(isReplayed).filter(({ table }) => table === name)
      const batches = await this.#batchesOf(files.map(({ stored }) => stored))
      // the record has what the job declared
      const table = { contract, delta } as unknown as JobTable
      if (!(await tables.isIntact(table, batches))) damaged.push(name)
    }
    for (const [name, plan] of Object.entries(await this.#parts.plans())) {
      const contract = record.tables[plan.table]?.contract
      if (contract === undefined || !Object.hasOwn(record.rollups, name)) continue
      if (!(await tables.isRollupIntact(name, plan, contract, record.jobOptions))) damaged.push(name)
    }
    return damaged
  }
}

/** A place of files: those of its log and its state are the engine's, all others those of its folder. */
class Place implements EnginePlace {
  readonly engine: Tables
  readonly #parts: EngineParts

  constructor(parts: EngineParts) {
    this.#parts = parts
    this.engine = new Tables(parts)
  }

  get folder(): FileStore {
    return this.#parts.folder
  }

  get address(): EnginePlace['address'] {
    return this.#parts.address
  }

  get location(): string {
    return this.#parts.folder.location
  }

  /** Changes rows of the version that was begun; outside of one each change is by itself. */
  async #change(work: (tables: VersionTables) => Promise<void>): Promise<void> {
    if (this.engine.isOpen) await work(await this.engine.tables())
    else await this.#parts.state.change(work)
  }

  async #files(): Promise<EngineFiles> {
    return new EngineFiles(await this.engine.tables())
  }

  async #bronze(): Promise<Bronze> {
    return new Bronze(await this.engine.tables(), this.#parts)
  }

  async list(prefix: string): Promise<readonly FileEntry[]> {
    const own = isInternal(prefix) ? [] : await this.#parts.folder.list(prefix)
    const outside = own.filter(({ name }) => !isInternal(name))
    const reaches = isInternal(prefix) || LOG.startsWith(prefix) || DATA.startsWith(prefix)
    if (!reaches || !(await this.#parts.state.exists())) return outside
    const kept = await (await this.#files()).list(prefix)
    const staged = (await (await this.#bronze()).batches())
      .filter(({ file }) => file.startsWith(prefix))
      .map(({ file, bytes }): FileEntry => ({ name: file, size: bytes, version: null, changedAt: null }))
    const all = [...outside, ...kept, ...staged]
    return all.sort((one, other) => (one.name < other.name ? -1 : 1))
  }

  async *read(name: string): AsyncGenerator<Uint8Array> {
    if (!isInternal(name)) {
      yield* this.#parts.folder.read(name)
      return
    }
    if (!(await this.#parts.state.exists())) throw noSuchFile(this.#parts.state.title, name)
    const bytes = await (await this.#files()).read(name)
    if (bytes !== null) {
      yield bytes
      return
    }
    const bronze = await this.#bronze()
    const batch = (await bronze.batches()).find(({ file }) => file === name)
    if (batch === undefined) throw noSuchFile(this.#parts.state.title, name)
    yield* bronze.read(batch)
  }

  async #add(name: string, bytes: Uint8Array): Promise<void> {
    await this.#change(async (tables) => {
      const files = new EngineFiles(tables)
      // named by its content, so that what is there is the same
      if ((await files.read(name)) === null) await files.add(name, bytes)
    })
  }

  async write(name: string, chunks: Parameters<FileStore['write']>[1]): Promise<void> {
    if (!isInternal(name)) return this.#parts.folder.write(name, chunks)
    const parts: Uint8Array[] = []
    for await (const chunk of chunks) parts.push(new Uint8Array(chunk))
    return this.#add(name, Buffer.concat(parts))
  }

  async writeIfAbsent(name: string, bytes: Uint8Array): Promise<boolean> {
    if (!isInternal(name)) return this.#parts.folder.writeIfAbsent(name, bytes)
    let isMine = false
    try {
      await this.#change(async (tables) => {
        const files = new EngineFiles(tables)
        if ((await files.read(name)) !== null) return
        await files.add(name, bytes)
        isMine = true
      })
      if (isMine && commitNumber(name) !== null && this.engine.isOpen) await this.engine.commit()
    } catch (error) {
      await this.engine.end()
      // another run was first: the engine refuses a second file of this name, or a second version after the same one
      if (error instanceof EtlError && (await (await this.#files()).read(name)) !== null) return false
      throw error
    }
    if (!isMine) return false
    if (commitNumber(name) !== null) await this.#mark(bytes)
    return true
  }

  /** Says in the folder which engine has its state, before the copies of a commit are published. */
  async #mark(commit: Uint8Array): Promise<void> {
    const { folder, address } = this.#parts
    // a record as `encodeCommit` wrote it
    const record = JSON.parse(new TextDecoder().decode(commit)) as CommitRecord
    await folder.write(MARKER, [encodeMarker(markerOf(address, record))])
  }

  async remove(name: string): Promise<void> {
    if (!isInternal(name)) return this.#parts.folder.remove(name)
    await this.#change(async (tables) => {
      await new EngineFiles(tables).remove(name)
      const bronze = new Bronze(tables, this.#parts)
      const batch = (await bronze.batches()).find(({ file }) => file === name)
      if (batch !== undefined) await bronze.remove(batch)
    })
  }

  async stage(...given: Parameters<NonNullable<FileStore['stage']>>): Promise<StagedFile> {
    const { folder } = this.#parts
    if (folder.stage === undefined) throw new ConnectError('path_invalid', `${folder.location} is no folder`)
    const staged = await folder.stage(...given)
    return {
      size: staged.size,
      version: staged.version,
      moveTo: async (name, durable) => {
        if (!isInternal(name)) return staged.moveTo(name, durable)
        // a staged file can be read when it has a name; under its own one the folder may have a file of an earlier state
        const passing = `${PASSING}${name.slice(name.lastIndexOf('/') + 1)}`
        await staged.moveTo(passing, 'later')
        await this.#add(name, await readWhole(folder, passing))
        await folder.remove(passing)
      },
      discard: () => staged.discard(),
    }
  }

  async leftovers(): Promise<readonly FileEntry[]> {
    return (await this.#parts.folder.leftovers?.()) ?? []
  }

  async flush(name: string): Promise<void> {
    if (!isInternal(name)) return this.#parts.folder.flush?.(name)
    // a run may have been killed between its commit and its marker
    if (commitNumber(name) !== null && (await readMarker(this.#parts.folder)) === null) {
      await this.#mark(await readWhole(this, name))
    }
  }
}

/** Returns the place of a folder whose state an engine keeps. */
export function enginePlace(parts: EngineParts): EnginePlace {
  return new Place(parts)
}
