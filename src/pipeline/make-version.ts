/**
 * The next version from a plan: inputs become tables, tables rollups and copies, all of them files that wait for a commit.
 * @module
 */
import type { FileStore } from '../connect/file-store.ts'
import { arrowChunks } from '../format/arrow/arrow.ts'
import type { ColumnTest } from '../table/lazy-rows.ts'
import type { CommitRecord, InputRecord, PublishedFile, StoredFile, TableRecord, TableState } from './commit-record.ts'
import { copyName } from './copies.ts'
import { readStored } from './data-files.ts'
import type { Effects } from './effects.ts'
import { type ChangedRows, type Job, type JobTable, type Rollup, type RollupCells, tablesOf } from './job.ts'
import { optionsFor } from './job-options.ts'
import { keepTable } from './keep-table.ts'
import { encodePage, orderInputs, paged } from './ledger-pages.ts'
import { EMPTY_STATE, LoadedState, laterInputs, type TableScope } from './loaded-state.ts'
import { type MadeInput, type MadeTable, makeTable } from './make-tables.ts'
import { isSameValues, type Note, type Plan } from './plan.ts'
import { decodeQuarantine, encodeQuarantine, orderQuarantine, type QuarantinedRow } from './quarantine.ts'
import { type AppliedInput, summaryNotes } from './run-result.ts'
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
  readonly tables: Readonly<Record<string, TableRecord>>
  /** Rollup or output to fingerprint, as they are now. */
  readonly steps: Readonly<Record<string, string>>
  /** The copies of the last version that are still what they were. */
  readonly intact: readonly PublishedFile[]
}

/** What a record says of a version, but for who made it and when. */
export type VersionContent = Pick<
  CommitRecord,
  | 'features'
  | 'job'
  | 'options'
  | 'jobOptions'
  | 'tables'
  | 'fingerprints'
  | 'inputs'
  | 'pages'
  | 'state'
  | 'rollups'
  | 'quarantine'
  | 'published'
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
  readonly #state = new Map<string, Promise<TableState> | TableState>()
  readonly #rollups = new Map<string, Promise<StoredFile> | StoredFile>()
  readonly #copies = new Map<string, Promise<PublishedFile> | PublishedFile>()
  readonly #inputs: (InputRecord | MadeInput)[] = []
  readonly #waiting: QuarantinedRow[] = []
  readonly #notes: Note[] = []
  readonly #applied: AppliedInput[] = []

  constructor(places: VersionPlaces, input: VersionInput) {
    this.#places = places
    this.#input = input
    this.#base = input.plan.action === 'rebuild' ? null : input.head
    this.#loaded = new LoadedState(places.out, this.#base ?? EMPTY_STATE, tablesOf(input.job))
  }

  async make(): Promise<MadeVersion> {
    const { job, plan, tables, steps } = this.#input
    for (const table of tablesOf(job)) await this.#makeTable(table)
    await this.#makeOutputs()
    const quarantine = await this.#writeQuarantine()
    const inputs = orderInputs(await Promise.all(this.#inputs.map(storedInput)), Object.keys(job.tables))
    const pages = paged(inputs).map((page) =>
      this.#places.draft.write('ledger', 'jsonl', page.length, [encodePage(page)]),
    )
    await this.#places.draft.settle()
    const published = await settled(this.#copies)
    const content: VersionContent = {
      job: job.name,
      options: plan.options,
      jobOptions: plan.jobOptions,
      features: pages.length > 0 ? ['ledger_pages'] : [],
      tables,
      fingerprints: steps,
      inputs,
      pages: await Promise.all(pages),
      state: Object.fromEntries(await settled(this.#state)),
      rollups: Object.fromEntries(await settled(this.#rollups)),
      quarantine,
      published: plan.options.publish.flatMap((output) => published.find(([name]) => name === output)?.[1] ?? []),
    }
    return { content, applied: this.#applied, notes: this.#notes }
  }

  async #makeTable(table: JobTable): Promise<void> {
    const { name } = table.contract
    const { plan, job, tables } = this.#input
    const { draft } = this.#places
    const planned = plan.apply.filter((input) => input.table === name)
    const before = this.#base?.state[name]
    const known = (this.#base?.inputs ?? []).filter((input) => input.table === name)
    this.#inputs.push(...known)
    let made: MadeTable | null = null
    if (planned.length > 0) {
      const { effects, onPiece } = this.#places
      // it is read while the new inputs are; what goes wrong is heard when it is needed
      const isWhole = before === undefined || this.#isAskedFor(name)
      const scope: TableScope = isWhole ? 'table' : { key: table.contract.key }
      const standing = before === undefined ? null : this.#loaded.loadStanding(name, scope)
      standing?.catch(() => {})
      const isAsked = this.#askedColumns(name)
      const tablePlan = { standing, planned, known, contract: tables[name]?.fingerprint ?? '', scope, isAsked }
      try {
        made = await makeTable(this.#places, table, tablePlan, { options: plan.options, effects, onPiece })
      } finally {
        // nothing is read any more when a run is over, also where it is refused
        await standing?.catch(() => {})
      }
      this.#take(made.inputs, made.waiting, made.notes)
    } else if (before !== undefined) this.#state.set(name, before)

    const rollups = Object.entries(job.rollups).filter(([, rollup]) => rollup.table === name)
    if (made !== null) await this.#places.effects.breathe()
    // looked at first: the table is written over its snapshot
    const touched = new Map<string, ChangedRows>()
    for (const [rollupName, { columns }] of rollups) {
      if (made !== null && this.#isCurrent(rollupName)) touched.set(rollupName, made.touched(columns))
    }
    if (made !== null) {
      const { table: write } = made
      // its files may still be on their way to disk, out of the memory that is written over
      const files = made.inputs.map(({ stored }) => stored)
      this.#loaded.setTable(name, async () => {
        await draft.taken(files)
        return write()
      })
      const change = { table, made, before: before ?? null, known }
      const { state, snapshot } = await keepTable(change, this.#loaded, this.#places)
      if (snapshot !== null) files.push(snapshot)
      // a failure is heard when the version is put together
      if (state instanceof Promise) state.catch(() => {})
      this.#state.set(name, state)
    }
    for (const [rollupName, rollup] of rollups) {
      await this.#makeRollup(rollupName, rollup, made === null, touched.get(rollupName) ?? null)
    }
    if (plan.options.publish.includes(name)) await this.#copyTable(table, made)
    const isRead = Object.values(job.outputs).some(({ reads }) => reads.includes(name))
    if (!isRead) this.#loaded.forget(name)
  }

  /** Whether a copy, an output or a rollup that is not brought forward needs all rows of a table. */
  #isAskedFor(name: string): boolean {
    const { job, plan } = this.#input
    const { rollups, outputs } = job
    return (
      plan.options.publish.includes(name) ||
      Object.values(outputs).some(({ reads }) => reads.includes(name)) ||
      Object.entries(rollups).some(([rollup, { table }]) => table === name && !this.#isCurrent(rollup))
    )
  }

  /** Which columns of changed rows its rollups look at. */
  #askedColumns(table: string): ColumnTest {
    const looks = Object.values(this.#input.job.rollups).filter((rollup) => rollup.table === table)
    return (name) => looks.some(({ columns }) => columns === undefined || columns.includes(name))
  }

  #take(inputs: readonly MadeInput[], waiting: readonly QuarantinedRow[], notes: readonly Note[]): void {
    this.#inputs.push(...inputs)
    this.#waiting.push(...waiting)
    this.#notes.push(...notes)
    for (const input of inputs) {
      const { table, month, name, rows, quarantined, summary } = input
      this.#applied.push({ table, month, name, rows, quarantined, summary })
      this.#notes.push(...summaryNotes(input))
    }
  }

  /** Whether the stored rollup was made as it would be made now, so that it can be updated. */
  #isCurrent(name: string): boolean {
    if (this.#base === null || !Object.hasOwn(this.#base.rollups, name)) return false
    return this.#base.fingerprints[name] === this.#input.steps[name]
  }

  async #makeRollup(name: string, rollup: Rollup, isUnchanged: boolean, touched: ChangedRows | null): Promise<void> {
    const options = optionsFor(this.#input.plan.jobOptions, rollup.uses ?? [], `rollup ${name}`)
    const kept = this.#isCurrent(name) ? this.#base?.rollups[name] : undefined
    if (kept !== undefined && isUnchanged) {
      this.#rollups.set(name, kept)
      return
    }
    await this.#places.effects.breathe()
    const made: RollupCells =
      kept !== undefined && touched !== null
        ? rollup.update(await this.#loaded.loadRollup(name), touched, options)
        : rollup.build(await this.#loaded.loadTable(rollup.table), options)
    this.#loaded.setRollup(name, made)
    this.#rollups.set(name, this.#places.draft.write(name, 'arrow', made.cells.rows, arrowChunks(made.cells, made)))
  }

  /** Copies a table, unless the copy of the last version still shows the same rows in the same format. */
  async #copyTable({ contract }: JobTable, made: MadeTable | null): Promise<void> {
    const { name } = contract
    const { intact, head, plan } = this.#input
    const { effects, draft } = this.#places
    const same = intact.find((file) => file.name === copyName(name, plan.options.format))
    // another version of the library may write the same rows in other bytes
    const isSameWriter = head?.versions['support-etl'] === effects.versions['support-etl']
    // Parquet copies show the job's options in their metadata
    const isSameForm =
      plan.options.format !== 'parquet' || (head !== null && isSameValues(head.jobOptions, plan.jobOptions))
    if (same !== undefined && isSameWriter && isSameForm && (made === null || (await this.#hasSameRows(name, made)))) {
      this.#copies.set(name, same)
      return
    }
    const frame = await this.#loaded.loadTable(name)
    this.#copies.set(name, draft.copy({ output: name, contract, frame }, plan))
  }

  /** Whether a table that was made has the rows of the last version: its deltas did nothing, or it is made of the same files. */
  async #hasSameRows(name: string, { summaries }: MadeTable): Promise<boolean> {
    if (this.#base !== null)
      return summaries.every(({ inserted, updated, deleted }) => inserted + updated + deleted === 0)
    const { head } = this.#input
    const [before, now] = [head?.state[name], await this.#state.get(name)]
    if (head === null || before === undefined || now === undefined) return false
    const inputs = await Promise.all(this.#inputs.filter(({ table }) => table === name).map(storedInput))
    const files = (known: readonly InputRecord[], state: TableState) =>
      [state.snapshot, ...laterInputs(known, name, state).map(({ stored }) => stored)]
        .map(({ sha256 }) => sha256)
        .join(' ')
    return files(head.inputs, before) === files(inputs, now)
  }

  async #makeOutputs(): Promise<void> {
    const { job, plan } = this.#input
    for (const [name, output] of Object.entries(job.outputs)) {
      if (!plan.options.publish.includes(name)) continue
      const options = optionsFor(plan.jobOptions, output.uses ?? [], `output ${name}`)
      const frame = output.build(await this.#loaded.load(output.reads), options)
      this.#copies.set(name, this.#places.draft.copy({ output: name, contract: output.contract, frame }, plan))
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
    const names = Object.keys(job.tables)
    const waiting = orderQuarantine(
      [...kept.filter(({ table, month }) => !reread.has(`${month} ${table}`)), ...this.#waiting],
      names,
    )
    if (waiting.length === 0) return null
    const rows = new Set(waiting.map(({ file, row }) => `${row} ${file}`)).size
    return this.#places.draft.write('quarantine', 'jsonl', rows, [encodeQuarantine(waiting)])
  }
}

async function storedInput(input: InputRecord | MadeInput): Promise<InputRecord> {
  return { ...input, stored: await input.stored }
}

async function settled<Value>(promises: ReadonlyMap<string, Promise<Value> | Value>): Promise<[string, Value][]> {
  const values: [string, Value][] = []
  for (const [name, promise] of promises) values.push([name, await promise])
  return values
}
