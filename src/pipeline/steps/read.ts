/**
 * Phase 3, read: the planned inputs as typed rows, on their way to disk, and what each table has already.
 * @module
 */
import { arrowChunks } from '../../format/arrow/arrow.ts'
import type { Frame } from '../../table/frame.ts'
import { lazyRows } from '../../table/lazy-rows.ts'
import type { Effects } from '../effects.ts'
import type { TableEngine } from '../engine-place.ts'
import type { CommittedTable, InputRows } from '../fold/apply-inputs.ts'
import { isRead, isRecording, type JobTable, tablesOf } from '../job/job.ts'
import { compactMonth } from '../job/month.ts'
import {
  type InputRecord,
  isReplayed,
  type ReplayedInput,
  type StoredFile,
  type TableState,
} from '../log/commit-record.ts'
import type { PlannedInput, WithdrawnInput } from '../plan/make-plan.ts'
import type { SourceFile } from '../sources/files/inventory.ts'
import { extensionOf } from '../sources/formats/file-extension.ts'
import { concatFrames } from '../sources/read/concat-frames.ts'
import type { ReadPiece } from '../sources/read/read-appended.ts'
import { type ReadFacts, readSource, readStoredInput, streamSource } from '../sources/read/read-input.ts'
import type { LandBytes, MirroredInputs } from '../sources/read/read-mirrored.ts'
import type { ReadPartitions } from '../sources/read/read-partitions.ts'
import type { AppendedSource, MirroredSource } from '../sources/source.ts'
import { CountedFrames } from '../state/counted-frames.ts'
import { refuseDamaged } from '../state/data-files.ts'
import type { TableScope } from '../state/loaded-state.ts'
import { mirroredContract, stateContract, tombstoneContract } from '../state/stored-contract.ts'
import { readIntactFrame, readStoredFrame } from '../state/stored-rows.ts'
import { isCurrent, type Work } from './work.ts'

/** What is known of a planned input that was read. */
export interface KnownInput {
  readonly planned: PlannedInput
  /** Null where the rows were stored by an earlier run. */
  readonly file: ReadFacts | null
  readonly quarantined: number
  readonly stored: Promise<StoredFile>
}

/** A planned input that was read. */
export interface ReadInput extends KnownInput {
  readonly rows: InputRows
}

/** An extract whose rows an engine has: only some of them were in memory at once. */
export interface StagedExtract extends KnownInput {
  /** The name of its file. */
  readonly name: string
  /** Rows that fit. */
  readonly rowCount: number
}

/** A table of a replayed source whose inputs were read. */
export interface ReadTable {
  readonly law: 'replayed'
  readonly table: JobTable
  /** The extract that the table begins with, where an engine has its rows; it comes before the inputs. */
  readonly extract: StagedExtract | null
  readonly inputs: readonly ReadInput[]
  /** What the base has of it; null where it begins with its extract. */
  readonly before: TableState | null
  /** The rows before the inputs; null where they begin with the extract. */
  readonly committed: CommittedTable | null
  /** Whether all of it is asked for, or only the rows that the inputs touch. */
  readonly scope: TableScope
  /** Its inputs that stay applied as they are. */
  readonly known: readonly InputRecord[]
}

/** A table of a mirrored source whose new and changed inputs were read. */
export interface ReadMirror {
  readonly law: 'mirrored'
  readonly table: JobTable
  readonly source: MirroredSource
  readonly inputs: MirroredInputs
  /** The table as it was; without rows where it begins anew. */
  readonly before: Frame
  /** The rows that say when they were recorded: those of the last commit, also where the table begins anew. */
  readonly recorded: Frame | null
  readonly state: TableState | null
  readonly known: readonly InputRecord[]
  /** Files whose rows of before do not count any more: changed, read again, or gone. */
  readonly gone: ReadonlySet<string>
  /** Inputs that are gone. */
  readonly withdrawn: readonly WithdrawnInput[]
}

/** A table of an appended source whose new pieces were read. */
export interface ReadAppended {
  readonly law: 'appended'
  readonly table: JobTable
  readonly source: AppendedSource
  readonly inputs: readonly ReadPiece[]
  /** The table as it was; without rows where it begins anew. */
  readonly before: Frame
  /** Deleted keys, with their sequence. */
  readonly deleted: Frame
  readonly state: TableState | null
  readonly known: readonly InputRecord[]
}

/** A table whose inputs were read. */
export type ReadInputs = ReadTable | ReadMirror | ReadAppended | ReadPartitions

/** The stem of the file that stores an input's typed rows. */
function storedStem(table: string, month: string | null): string {
  return month === null ? `${table}-initial` : `${table}-delta-${compactMonth(month)}`
}

/** Where a planned input is read; null where its rows were stored by an earlier run. */
function sourceFile({ file, applied, ...planned }: PlannedInput): SourceFile | null {
  if (file !== null) return file
  return applied !== null && isReplayed(applied) ? null : { ...planned, bytes: 0, sha256: null }
}

async function readPlanned(work: Work, table: JobTable, planned: PlannedInput): Promise<ReadInput> {
  const { data, out, draft, plan, engine, effects, onChunk } = work
  const { applied, month } = planned
  const source = sourceFile(planned)
  if (source === null) {
    // without a source file it was applied before
    const { stored, ...input } = applied as ReplayedInput
    const rows = await readStoredInput(out, { ...input, stored }, effects)
    return { planned, rows, file: null, quarantined: rows.quarantined, stored: Promise.resolve(stored) }
  }
  const read = await readSource(data, table, source, { options: plan.options, effects, onChunk })
  const { frame, quarantined } = read
  const stem = storedStem(table.contract.name, month)
  const contract = stateContract(table.contract)
  const stored =
    engine === null
      ? draft.write(stem, 'arrow', frame.rows, arrowChunks(frame, { contract }))
      : Promise.resolve(await engine.stage(table, { stem, month, frames: oneFrame(frame) }))
  return { planned, rows: read, file: read, quarantined, stored }
}

async function* oneFrame(frame: Frame): AsyncGenerator<Frame> {
  yield frame
}

/** Rows of an extract that are handed to an engine together, at least. */
const EXTRACT_ROWS = 1 << 16

/** Passes frames on, and frees the memory of those before. */
async function* freeing<Result>(
  frames: AsyncGenerator<Frame, Result, undefined>,
  { freeBuffers }: Pick<Effects, 'freeBuffers'>,
): AsyncGenerator<Frame, Result, undefined> {
  let next = await frames.next()
  for (; !next.done; next = await frames.next()) {
    yield next.value
    freeBuffers()
  }
  return next.value
}

/** Hands an extract to an engine as it is read. */
async function stageExtract(
  { data, out, plan, effects, onChunk }: Work,
  engine: TableEngine,
  table: JobTable,
  planned: PlannedInput,
): Promise<StagedExtract> {
  const source = sourceFile(planned)
  if (source === null) {
    // without a source file it was applied before
    const { name, quarantined, stored } = planned.applied as ReplayedInput
    await refuseDamaged(out, stored, effects.newHash())
    return { planned, name, file: null, quarantined, rowCount: stored.rows, stored: Promise.resolve(stored) }
  }
  const reading = { options: plan.options, effects, onChunk }
  const rows = new CountedFrames(freeing(streamSource(data, table, source, reading, EXTRACT_ROWS), effects))
  const stem = storedStem(table.contract.name, null)
  const stored = await engine.stage(table, { stem, month: null, frames: rows })
  const { name, quarantined } = rows.result
  return { planned, name, file: rows.result, quarantined, rowCount: rows.rows, stored: Promise.resolve(stored) }
}

/** Whether a copy, an output, a derived table or a rollup that is built anew needs all rows of a table. */
function isAskedFor(work: Work, name: string): boolean {
  const { rollups, derived } = work.job
  return (
    work.plan.options.publish.includes(name) ||
    isRead(work.job, name) ||
    Object.entries(rollups).some(
      ([rollup, { table, update }]) => table === name && (update === undefined || !isCurrent(work, rollup)),
    ) ||
    // a derived table has the order of its parent
    Object.values(derived).some(({ from }) => from === name)
  )
}

/** The rows that inputs touch, of an engine's table or of its extract, as a table of which only they are there. */
async function touchedRows(
  engine: TableEngine,
  table: JobTable,
  inputs: readonly ReadInput[],
  { rows, extract }: { readonly rows: number; readonly extract?: StoredFile },
): Promise<CommittedTable> {
  const files = await Promise.all(inputs.map(({ stored }) => stored))
  return { snapshot: lazyRows(await engine.loadTouched(table, files, extract)), later: [], rows }
}

/** An engine gives the rows that the inputs touch, and keeps the others. */
async function readInEngine(work: Work, engine: TableEngine, table: JobTable): Promise<ReadTable> {
  const { plan, base } = work
  const { name, key } = table.contract
  const before = base?.state[name] ?? null
  const known = base?.inputs.filter((input) => input.table === name) ?? []
  const read = { law: 'replayed', table, before, scope: { key }, known } as const
  let extract: StagedExtract | null = null
  const inputs: ReadInput[] = []
  for (const planned of plan.apply.filter((input) => input.table === name)) {
    if (planned.month === null) extract = await stageExtract(work, engine, table, planned)
    else inputs.push(await readPlanned(work, table, planned))
  }
  const rows = extract === null ? before : { rows: extract.rowCount, extract: await extract.stored }
  const committed = rows === null || inputs.length === 0 ? null : await touchedRows(engine, table, inputs, rows)
  return { ...read, extract, inputs, committed }
}

async function readTable(work: Work, table: JobTable): Promise<ReadTable> {
  const { plan, base, loaded, engine } = work
  if (engine !== null) return readInEngine(work, engine, table)
  const { name, key } = table.contract
  const planned = plan.apply.filter((input) => input.table === name)
  const before = base?.state[name] ?? null
  const known = base?.inputs.filter((input) => input.table === name) ?? []
  const scope: TableScope = before === null || isAskedFor(work, name) ? 'table' : { key }
  const read = { law: 'replayed', table, extract: null, before, scope, known } as const
  if (planned.length === 0) return { ...read, inputs: [], committed: null }
  // loaded while the new inputs are read; the await below gets its error
  const committed = before === null ? null : loaded.loadCommitted(name, scope)
  committed?.catch(() => {})
  try {
    const inputs: ReadInput[] = []
    for (const input of planned) inputs.push(await readPlanned(work, table, input))
    return { ...read, inputs, committed: await committed }
  } finally {
    // a refused run reads nothing any more when it is over
    await committed?.catch(() => {})
  }
}

/** The rows of a table in the last commit, or null where it has none. */
async function lastRows({ head, out, effects }: Work, table: string): Promise<Frame | null> {
  const file = head?.state[table]?.snapshot ?? null
  return file === null ? null : readIntactFrame(out, file, effects.newHash())
}

async function readMirror(work: Work, table: JobTable, source: MirroredSource): Promise<ReadMirror> {
  const { plan, base, loaded, data, effects, onChunk, prints } = work
  const { name } = table.contract
  const planned = plan.apply.filter((input) => input.table === name)
  const withdrawn = plan.withdraw.filter((input) => input.table === name)
  const known = base?.inputs.filter((input) => input.table === name) ?? []
  const state = base?.state[name] ?? null
  // by unit: a snapshot may be packed now and not have been before
  const units = new Set([...planned, ...withdrawn].map(({ unit }) => unit))
  const gone = new Set<string>()
  for (const input of known) if (units.has(input.unit)) gone.add(input.name)
  const reading = { options: plan.options, effects, onChunk, prints }
  // loaded for jobs that have such a table
  const { readMirrored } = await import('../sources/read/read-mirrored.ts')
  const land: LandBytes = (file, bytes) => work.draft.land(name, extensionOf(file), [bytes])
  const landing = source.originals === 'keep' ? { land } : {}
  const inputs = await readMirrored(data, table, source, planned, { ...reading, ...landing })
  const isTouched = planned.length > 0 || withdrawn.length > 0
  const before =
    state !== null && isTouched
      ? (await loaded.loadCommitted(name, 'table')).snapshot.all()
      : concatFrames([], mirroredContract(table.contract))
  const recorded = isRecording(table.contract) && state === null ? await lastRows(work, name) : before
  return { law: 'mirrored', table, source, inputs, before, recorded, state, known, gone, withdrawn }
}

async function readAppended(work: Work, table: JobTable, source: AppendedSource): Promise<ReadAppended> {
  const { plan, base, loaded, out } = work
  const { contract } = table
  const { name } = contract
  const planned = plan.apply.filter((input) => input.table === name)
  const state = base?.state[name] ?? null
  const known = base?.inputs.filter((input) => input.table === name) ?? []
  // loaded for jobs that have such a table
  const { readPiece } = await import('../sources/read/read-appended.ts')
  const inputs: ReadPiece[] = []
  const ledger = [...known, ...planned]
  for (const input of planned) inputs.push(await readPiece(work, table, source, input, ledger))
  const isTouched = state !== null && planned.length > 0
  const before = isTouched
    ? (await loaded.loadCommitted(name, 'table')).snapshot.all()
    : concatFrames([], stateContract(contract))
  const { tombstones } = (isTouched ? state : null) ?? {}
  const deleted =
    tombstones === undefined
      ? concatFrames([], tombstoneContract(contract, source.sequenceBy ?? ''))
      : (await readStoredFrame(out, tombstones)).frame
  return { law: 'appended', table, source, inputs, before, deleted, state, known }
}

async function readOne(work: Work, table: JobTable): Promise<ReadInputs> {
  const { source } = table
  if (source.kind === 'partitions') {
    // loaded for jobs that have such a table
    const { readPartitions } = await import('../sources/read/read-partitions.ts')
    return readPartitions(work, table, source)
  }
  if (source.law === 'mirrored') return readMirror(work, table, source)
  if (source.law === 'appended') return readAppended(work, table, source)
  return readTable(work, table)
}

/**
 * Returns the tables of the job with their planned inputs read; those of the source are staged as typed rows.
 * @throws FormatError, ContractError, PipelineError - a file is damaged, or its rows cannot be accepted
 */
export async function readTables(work: Work): Promise<readonly ReadInputs[]> {
  const tables: ReadInputs[] = []
  for (const table of tablesOf(work.job)) {
    tables.push(await work.times.measure(table.contract.name, () => readOne(work, table)))
  }
  return tables
}
