/**
 * What a version keeps of a table: the snapshot it had, the extract itself, or a new one.
 * @module
 */
import type { FileStore } from '../connect/file-store.ts'
import { arrowChunks } from '../format/arrow/arrow.ts'
import type { Frame } from '../table/frame.ts'
import { foldInputs, writeFolded } from './apply-inputs.ts'
import type { InputRecord, StoredFile, TableState } from './commit-record.ts'
import { refuseDamaged } from './data-files.ts'
import type { Effects } from './effects.ts'
import type { JobTable } from './job.ts'
import { type LoadedState, laterInputs } from './loaded-state.ts'
import type { MadeTable } from './make-tables.ts'
import { lastSnapshot } from './snapshot.ts'
import { stateContract } from './stored-contract.ts'
import type { VersionDraft } from './version-draft.ts'

/** A table that is made, and what was kept of it before. */
export interface TableChange {
  readonly table: JobTable
  readonly made: MadeTable
  /** Null where the table begins with its extract. */
  readonly before: TableState | null
  /** Its inputs that were applied before. */
  readonly known: readonly InputRecord[]
}

/** How many of the new inputs a new snapshot holds; 0 for no new snapshot. */
function snapshotInputs({ table, made, before, known }: TableChange): number {
  const extracts = before === null ? 1 : 0
  const later = before === null ? [] : laterInputs(known, table.contract.name, before)
  const deltas = [...later, ...made.inputs.slice(extracts)].map(({ summary }) => ({
    rows: summary.deltaRows,
    rowsOut: summary.rowsOut,
  }))
  const last = lastSnapshot(before?.snapshot.rows ?? made.inputs[0]?.summary.rowsOut ?? 0, deltas)
  if (last >= later.length) return last - later.length + 1 + extracts
  // an extract of which no row was left out is the first snapshot
  return (made.inputs[0]?.summary.folded ?? 0) > 0 ? extracts : 0
}

/** What is kept of a table, on its way to disk. */
export interface KeptTable {
  readonly state: Promise<TableState> | TableState
  /** The new snapshot, which may stand in the memory of the extract that it is made of; null where there is none. */
  readonly snapshot: Promise<StoredFile> | null
}

/** Keeps a table: in place of what it had where its deltas have become many, and beside it otherwise. */
export async function keepTable(
  change: TableChange,
  loaded: LoadedState,
  { out, draft, effects }: { readonly out: FileStore; readonly draft: VersionDraft; readonly effects: Effects },
): Promise<KeptTable> {
  const { table, made, before, known } = change
  const { name } = table.contract
  const rows = made.inputs.at(-1)?.summary.rowsOut ?? 0
  const count = snapshotInputs(change)
  const standing = async (snapshot: Promise<StoredFile>, through: string | null): Promise<TableState> => ({
    snapshot: await snapshot,
    through,
    rows,
  })
  if (count === 0) {
    const [extract] = made.inputs
    // where nothing was before, the extract is the first input
    const isFirst = before === null && extract !== undefined
    return { state: isFirst ? standing(extract.stored, null) : { ...(before as TableState), rows }, snapshot: null }
  }
  // a new snapshot has a hash of its own: it must not be made of files that are no longer what they were
  const stored =
    before === null ? [] : [before.snapshot, ...laterInputs(known, name, before).map((input) => input.stored)]
  for (const file of stored) await refuseDamaged(out, file, effects.newHash())
  const through = made.inputs[count - 1]?.month ?? null
  const frame = count === made.inputs.length ? await loaded.loadTable(name) : await tableAfter(change, count, loaded)
  const chunks = arrowChunks(frame, { contract: stateContract(table.contract) })
  const snapshot = draft.write(name, 'arrow', frame.rows, chunks)
  return { state: standing(snapshot, through), snapshot }
}

/** The table after the first new inputs, which were accepted already. */
async function tableAfter({ table, made, before }: TableChange, count: number, loaded: LoadedState): Promise<Frame> {
  const standing = before === null ? null : await loaded.loadStanding(table.contract.name, 'table')
  return writeFolded(foldInputs(standing, made.rows.slice(0, count), table, 'lenient'))
}
