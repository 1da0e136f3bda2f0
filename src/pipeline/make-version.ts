/**
 * The next version from a plan: inputs become tables, tables rollups and copies, all of them files that wait for a commit.
 * @module
 */
import type { FileStore } from '../connect/file-store.ts'
import { arrowChunks } from '../format/arrow.ts'
import { touchedRows } from '../transform/delta/touched-rows.ts'
import type { AppliedInputs } from './apply-inputs.ts'
import type { CommitRecord, InputRecord, PublishedFile, StoredFile } from './commit-record.ts'
import { copyName } from './copies.ts'
import { readStored } from './data-files.ts'
import type { Effects } from './effects.ts'
import type { Job, JobTable, Rollup, RollupCells } from './job.ts'
import { LoadedState } from './loaded-state.ts'
import { makeTable } from './make-tables.ts'
import { compareMonths } from './month.ts'
import type { Note, Plan } from './plan.ts'
import { decodeQuarantine, encodeQuarantine, orderQuarantine, type QuarantinedRow } from './quarantine.ts'
import { type AppliedInput, summaryNotes } from './run-result.ts'
import { stateContract } from './stored-contract.ts'
import type { VersionDraft } from './version-draft.ts'

/** Where a version comes from, and where it goes. */
export interface VersionPlaces {
  readonly data: FileStore
  readonly out: FileStore
  readonly draft: VersionDraft
  readonly effects: Effects
  onPiece(): void
}

/** What a version is made of. */
export interface VersionInput {
  readonly job: Job
  readonly plan: Plan
  readonly head: CommitRecord | null
  readonly contracts: Readonly<Record<string, string>>
  /** The copies of the last version that are still what they were. */
  readonly intact: readonly PublishedFile[]
}

/** What a record says of a version, but for who made it and when. */
export type VersionContent = Pick<
  CommitRecord,
  'job' | 'options' | 'contracts' | 'inputs' | 'state' | 'rollups' | 'quarantine' | 'published'
>

/** A version that is written and waits for its commit. */
export interface MadeVersion {
  readonly content: VersionContent
  readonly applied: readonly AppliedInput[]
  readonly notes: readonly Note[]
}

/** Writes the next version. Nothing that a reader sees is touched. */
export async function makeVersion(places: VersionPlaces, input: VersionInput): Promise<MadeVersion> {
  const maker = new VersionMaker(places, input)
  return maker.make()
}

class VersionMaker {
  readonly #places: VersionPlaces
  readonly #input: VersionInput
  /** The version before, as far as it is a base. */
  readonly #base: CommitRecord | null
  readonly #loaded: LoadedState
  readonly #state = new Map<string, Promise<StoredFile> | StoredFile>()
  readonly #rollups = new Map<string, Promise<StoredFile> | StoredFile>()
  readonly #copies = new Map<string, Promise<PublishedFile> | PublishedFile>()
  readonly #inputs: InputRecord[] = []
  readonly #waiting: QuarantinedRow[] = []
  readonly #notes: Note[] = []
  readonly #applied: AppliedInput[] = []

  constructor(places: VersionPlaces, input: VersionInput) {
    this.#places = places
    this.#input = input
    this.#base = input.plan.action === 'rebuild' ? null : input.head
    const { state = {}, rollups = {} } = this.#base ?? {}
    this.#loaded = new LoadedState(places.out, { state, rollups })
  }

  async make(): Promise<MadeVersion> {
    const { job, plan, contracts } = this.#input
    for (const table of job.tables) await this.#makeTable(table)
    await this.#makeOutputs()
    const quarantine = await this.#writeQuarantine()
    await this.#places.draft.settle()
    const place = new Map(job.tables.map(({ contract }, at) => [contract.name, at]))
    const published = await settled(this.#copies)
    const content: VersionContent = {
      job: job.name,
      options: plan.options,
      contracts,
      inputs: this.#inputs.sort(
        (a, b) => compareMonths(a.month, b.month) || (place.get(a.table) ?? 0) - (place.get(b.table) ?? 0),
      ),
      state: Object.fromEntries(await settled(this.#state)),
      rollups: Object.fromEntries(await settled(this.#rollups)),
      quarantine,
      published: plan.options.publish.flatMap((output) => published.find(([name]) => name === output)?.[1] ?? []),
    }
    return { content, applied: this.#applied, notes: this.#notes }
  }

  async #makeTable(table: JobTable): Promise<void> {
    const { name } = table.contract
    const { plan, job, contracts } = this.#input
    const planned = plan.apply.filter((input) => input.table === name)
    const before = this.#base?.state[name]
    const known = (this.#base?.inputs ?? []).filter((input) => input.table === name)
    this.#inputs.push(...known)
    let applied: AppliedInputs | null = null
    if (planned.length > 0) {
      const base = before === undefined ? null : await this.#loaded.loadTable(name)
      const { effects, onPiece } = this.#places
      const tablePlan = { base, planned, known, contract: contracts[name] ?? '' }
      const made = await makeTable(this.#places, table, tablePlan, { options: plan.options, effects, onPiece })
      applied = made.applied
      this.#take(made.inputs, made.waiting, made.notes)
      this.#loaded.setTable(name, applied.state)
      const chunks = arrowChunks(applied.state, { contract: stateContract(table.contract) })
      this.#state.set(name, this.#places.draft.write(name, 'arrow', applied.state.rows, chunks))
    } else if (before !== undefined) this.#state.set(name, before)

    for (const [rollupName, rollup] of Object.entries(job.rollups)) {
      if (rollup.table === name) await this.#makeRollup(rollupName, rollup, applied)
    }
    if (plan.options.publish.includes(name)) await this.#copyTable(table, applied !== null)
    const isRead = Object.values(job.outputs).some(({ reads }) => reads.includes(name))
    if (!isRead) this.#loaded.forget(name)
  }

  #take(inputs: readonly InputRecord[], waiting: readonly QuarantinedRow[], notes: readonly Note[]): void {
    this.#inputs.push(...inputs)
    this.#waiting.push(...waiting)
    this.#notes.push(...notes)
    for (const input of inputs) {
      const { table, month, name, rows, quarantined, summary } = input
      this.#applied.push({ table, month, name, rows, quarantined, summary })
      this.#notes.push(...summaryNotes(input))
    }
  }

  async #makeRollup(name: string, rollup: Rollup, applied: AppliedInputs | null): Promise<void> {
    const { options } = this.#input.plan
    const kept = this.#base?.rollups[name]
    const isSame =
      this.#base?.options.timeZone === options.timeZone && this.#base.options.monthFrom === options.monthFrom
    const isCurrent = kept !== undefined && isSame
    if (isCurrent && applied === null) {
      this.#rollups.set(name, kept)
      return
    }
    let made: RollupCells
    if (isCurrent && applied !== null && applied.folded !== null) {
      made = rollup.update(await this.#loaded.loadRollup(name), touchedRows(applied.folded), options)
    } else made = rollup.build(await this.#loaded.loadTable(rollup.table), options)
    this.#loaded.setRollup(name, made)
    this.#rollups.set(name, this.#places.draft.write(name, 'arrow', made.cells.rows, arrowChunks(made.cells, made)))
  }

  /** Copies a table, unless the copy of the last version still shows the same rows in the same format. */
  async #copyTable({ contract }: JobTable, isApplied: boolean): Promise<void> {
    const { name } = contract
    const { intact, head, plan } = this.#input
    const { effects, draft } = this.#places
    const same = intact.find((file) => file.name === copyName(name, plan.options.format))
    // another version of the library may write the same rows in other bytes
    const isSameWriter = head?.versions['support-etl'] === effects.versions['support-etl']
    const isSameRows = !isApplied || (await this.#state.get(name))?.sha256 === head?.state[name]?.sha256
    if (same !== undefined && isSameWriter && isSameRows) this.#copies.set(name, same)
    else {
      const frame = await this.#loaded.loadTable(name)
      this.#copies.set(name, draft.copy({ output: name, contract, frame }, plan.options))
    }
  }

  async #makeOutputs(): Promise<void> {
    const { job, plan } = this.#input
    for (const [name, output] of Object.entries(job.outputs)) {
      if (!plan.options.publish.includes(name)) continue
      const frame = output.build(await this.#loaded.load(output.reads), plan.options)
      this.#copies.set(name, this.#places.draft.copy({ output: name, contract: output.contract, frame }, plan.options))
    }
  }

  /** Rows that wait: those of inputs that stay as they are, and those that were met now. */
  async #writeQuarantine(): Promise<StoredFile | null> {
    const { head, plan, job } = this.#input
    if (this.#base !== null && this.#waiting.length === 0) return this.#base.quarantine
    const reread = new Set(
      plan.apply.filter(({ file }) => file !== null).map(({ table, month }) => `${month} ${table}`),
    )
    const file = head?.quarantine ?? null
    const kept = file === null ? [] : decodeQuarantine(await readStored(this.#places.out, file))
    const names = job.tables.map(({ contract }) => contract.name)
    const waiting = orderQuarantine(
      [...kept.filter(({ table, month }) => !reread.has(`${month} ${table}`)), ...this.#waiting],
      names,
    )
    if (waiting.length === 0) return null
    const rows = new Set(waiting.map(({ file, row }) => `${row} ${file}`)).size
    return this.#places.draft.write('quarantine', 'jsonl', rows, [encodeQuarantine(waiting)])
  }
}

async function settled<Value>(promises: ReadonlyMap<string, Promise<Value> | Value>): Promise<[string, Value][]> {
  const values: [string, Value][] = []
  for (const [name, promise] of promises) values.push([name, await promise])
  return values
}
