/**
 * What a version stores of a table: the snapshot it had, the extract itself, or a new one.
 * @module
 */
import { arrowChunks } from '../../format/arrow/arrow.ts'
import type { Frame } from '../../table/frame.ts'
import type { DeltaSummary } from '../../transform/delta/delta-summary.ts'
import { foldInputs, type InputRows, writeFolded } from '../fold/apply-inputs.ts'
import type { JobTable } from '../job/job.ts'
import type { InputRecord, StoredFile, TableState } from '../log/commit-record.ts'
import type { Work } from '../steps/work.ts'
import { refuseDamaged } from './data-files.ts'
import { type LoadedState, laterInputs } from './loaded-state.ts'
import { lastSnapshot } from './snapshot-policy.ts'
import { stateContract } from './stored-contract.ts'
import type { StagedInput } from './version-draft.ts'

/** A table after its new inputs, and what is stored of it already. */
export interface TableChange {
  readonly table: JobTable
  /** The new inputs, and their rows. */
  readonly inputs: readonly (StagedInput & { readonly summary: DeltaSummary })[]
  readonly rows: readonly InputRows[]
  /** Null where the table begins with its extract. */
  readonly before: TableState | null
  /** Its inputs that were applied before. */
  readonly known: readonly InputRecord[]
}

/** How many of the new inputs a new snapshot holds; 0 for no new snapshot. */
function snapshotInputs({ table, inputs, before, known }: TableChange): number {
  const extracts = before === null ? 1 : 0
  const later = before === null ? [] : laterInputs(known, table.contract.name, before)
  const deltas = [...later, ...inputs.slice(extracts)].map(({ summary }) => ({
    rows: summary.deltaRows,
    rowsOut: summary.rowsOut,
  }))
  const last = lastSnapshot(before?.snapshot?.rows ?? inputs[0]?.summary.rowsOut ?? 0, deltas)
  if (last >= later.length) return last - later.length + 1 + extracts
  // the stored extract is the first snapshot, unless it lost duplicate rows
  return (inputs[0]?.summary.folded ?? 0) > 0 ? extracts : 0
}

/** What is stored of a table, on its way to disk. */
export interface StoredTable {
  readonly state: Promise<TableState> | TableState
  /** The new snapshot, which may be in the memory of the extract that it is made of; null where there is none. */
  readonly snapshot: Promise<StoredFile> | null
}

/** Stages a new snapshot where the deltas since the last one have become many; the inputs alone otherwise. */
export async function snapshotTable(
  { out, draft, loaded, effects }: Pick<Work, 'out' | 'draft' | 'loaded' | 'effects'>,
  change: TableChange,
): Promise<StoredTable> {
  const { table, inputs, before, known } = change
  const { name } = table.contract
  const rowsOut = inputs.at(-1)?.summary.rowsOut ?? 0
  const count = snapshotInputs(change)
  const stateAfter = async (snapshot: Promise<StoredFile>, through: string | null): Promise<TableState> => ({
    snapshot: await snapshot,
    through,
    rows: rowsOut,
  })
  if (count === 0) {
    const [extract] = inputs
    // without a state before it the extract is the first input
    const isFirst = before === null && extract !== undefined
    return {
      state: isFirst ? stateAfter(extract.stored, null) : { ...(before as TableState), rows: rowsOut },
      snapshot: null,
    }
  }
  // a new snapshot has a hash of its own: it must not be made of files that are no longer what they were
  const stored =
    before === null
      ? []
      : [
          ...(before.snapshot === null ? [] : [before.snapshot]),
          ...laterInputs(known, name, before).map((input) => input.stored),
        ]
  for (const file of stored) await refuseDamaged(out, file, effects.newHash())
  const through = inputs[count - 1]?.month ?? null
  const frame = count === inputs.length ? await loaded.loadTable(name) : await tableAfter(change, count, loaded)
  const chunks = arrowChunks(frame, { contract: stateContract(table.contract) })
  const snapshot = draft.write(name, 'arrow', frame.rows, chunks)
  return { state: stateAfter(snapshot, through), snapshot }
}

/** The table after the first new inputs, which were accepted already. */
async function tableAfter({ table, rows, before }: TableChange, count: number, loaded: LoadedState): Promise<Frame> {
  const committed = before === null ? null : await loaded.loadCommitted(table.contract.name, 'table')
  return writeFolded(foldInputs(committed, rows.slice(0, count), table, 'lenient'))
}
