/**
 * Planned inputs of one table, read, kept typed and applied.
 * @module
 */
import type { FileStore } from '../connect/file-store.ts'
import { arrowChunks } from '../format/arrow/arrow.ts'
import type { Frame } from '../table/frame.ts'
import type { ColumnTest } from '../table/lazy-rows.ts'
import { touchedSince } from '../transform/delta/account/changed-since.ts'
import type { DeltaSummary } from '../transform/delta/delta-summary.ts'
import { accountInputs, foldInputs, type InputRows, type StandingTable, writeFolded } from './apply-inputs.ts'
import type { InputRecord, StoredFile } from './commit-record.ts'
import type { ChangedRows, JobTable } from './job.ts'
import type { TableScope } from './loaded-state.ts'
import { compactMonth } from './month.ts'
import { narrowTable } from './narrow-table.ts'
import { type Note, noteDuplicate, type PlannedInput } from './plan.ts'
import type { QuarantinedRow } from './quarantine.ts'
import { type ReadFile, type ReadingOptions, readKept, readSource } from './read-input.ts'
import { stateContract } from './stored-contract.ts'
import type { VersionDraft } from './version-draft.ts'

/** Where inputs are read from and what becomes of their typed rows. */
export interface TablePlaces {
  readonly data: FileStore
  readonly out: FileStore
  readonly draft: VersionDraft
}

/** What a record says of an input whose typed rows are on their way to disk. */
export interface MadeInput extends Omit<InputRecord, 'stored'> {
  readonly stored: Promise<StoredFile>
}

/** A table after its planned inputs, not yet written out. */
export interface MadeTable {
  /** What each planned input did, in their order. */
  readonly summaries: readonly DeltaSummary[]
  /** The rows that they touched, in columns that the plan says will be asked for; to be asked for before the table. */
  touched(columns?: readonly string[]): ChangedRows
  /** The table, written over what it is made of: to be asked for once. */
  table(): Frame
  /** The rows of the planned inputs. */
  readonly rows: readonly InputRows[]
  readonly inputs: readonly MadeInput[]
  readonly waiting: readonly QuarantinedRow[]
  readonly notes: readonly Note[]
}

interface TakenInput {
  readonly rows: InputRows
  readonly file: ReadFile | null
  readonly planned: PlannedInput
  readonly stored: Promise<StoredFile>
}

/** The stem of the file that keeps an input's typed rows. */
function storedStem(table: string, month: string | null): string {
  return month === null ? `${table}-initial` : `${table}-delta-${compactMonth(month)}`
}

async function takeInput(
  { data, out, draft }: TablePlaces,
  table: JobTable,
  planned: PlannedInput,
  reading: ReadingOptions,
): Promise<TakenInput> {
  const { file, applied, month } = planned
  if (file === null && applied !== null) {
    return {
      rows: await readKept(out, applied, reading.effects),
      file: null,
      planned,
      stored: Promise.resolve(applied.stored),
    }
  }
  const read = await readSource(data, table, file ?? { ...planned, bytes: 0, sha256: null }, reading)
  const contract = stateContract(table.contract)
  const stem = storedStem(table.contract.name, month)
  const stored = draft.write(stem, 'arrow', read.frame.rows, arrowChunks(read.frame, { contract }))
  return { rows: read, file: read, planned, stored }
}

function notesOf(
  taken: readonly TakenInput[],
  known: readonly Pick<InputRecord, 'table' | 'month' | 'name' | 'sha256'>[],
): Note[] {
  const notes: Note[] = []
  const others = [...known]
  for (const { file, planned } of taken) {
    if (file === null) continue
    const duplicate = noteDuplicate(planned, file.sha256, others, file.records)
    if (duplicate !== null) notes.push(duplicate)
    others.push({ table: planned.table, month: planned.month, name: file.name, sha256: file.sha256 })
    notes.push(...file.told.map((note): Note => ({ ...note, severity: 'info', file: file.name })))
    if (file.month === null && file.records === 0) {
      notes.push({
        code: 'empty_extract',
        severity: 'warning',
        file: file.name,
        message: `${file.name}: the extract has no rows`,
      })
    }
    if (file.quarantined > 0) {
      const message = `${file.name}: ${file.quarantined} of ${file.records} rows do not fit their contract and wait in quarantine`
      notes.push({ code: 'quarantined', severity: 'warning', file: file.name, message })
    }
  }
  return notes
}

/** Reads a table's planned inputs, keeps them typed and folds them into what stands. */
export async function makeTable(
  places: TablePlaces,
  table: JobTable,
  { planned, known, contract, scope, isAsked, ...plan }: TablePlan,
  reading: ReadingOptions,
): Promise<MadeTable> {
  const taken: TakenInput[] = []
  for (const input of planned) taken.push(await takeInput(places, table, input, reading))
  const { name } = table.contract
  reading.effects.onProgress({ step: 'apply', name, done: null, total: null })
  const rows = taken.map((input) => input.rows)
  const { mode } = reading.options
  const standing = await plan.standing
  const isNarrow = scope !== 'table' && standing !== null && rows.every(({ month }) => month !== null)
  const narrow = isNarrow ? narrowTable(standing, rows, table.contract.key, isAsked) : { standing, narrowing: null }
  // long work would keep what is being written from the disk
  await reading.effects.breathe()
  const { folded, summaries } = accountInputs(narrow.standing, rows, table, mode, narrow.narrowing)
  const inputs: MadeInput[] = []
  for (const [at, { file, planned, rows, stored }] of taken.entries()) {
    const summary = summaries[at]
    const origin = file ?? planned.applied
    // each input has a summary, and an input is a file or was applied before
    if (summary === undefined || origin === null) continue
    const { sha256, bytes, version } = origin
    const records = file === null ? summary.deltaRows : file.records
    inputs.push({
      table: name,
      unit: planned.month ?? '',
      month: planned.month,
      name: origin.name,
      sha256,
      bytes,
      version,
      rows: records,
      quarantined: rows.quarantined,
      summary,
      stored,
      contract,
    })
  }
  return {
    summaries,
    touched: (columns) => touchedSince(folded, columns),
    table: () => writeFolded(isNarrow ? foldInputs(standing, rows, table, mode) : folded, 'reuse'),
    rows,
    inputs,
    waiting: taken.flatMap(({ file }) => file?.waiting ?? []),
    notes: notesOf(taken, known),
  }
}

/** What is to be applied to what. */
export interface TablePlan {
  /** Null where the table begins with its extract. */
  readonly standing: Promise<StandingTable> | null
  readonly scope: TableScope
  /** The columns of touched rows that will be asked for; others may be missing in them. */
  readonly isAsked: ColumnTest
  readonly planned: readonly PlannedInput[]
  /** Inputs of the table that stay applied. */
  readonly known: readonly InputRecord[]
  /** The fingerprint of contract and policies. */
  readonly contract: string
}
