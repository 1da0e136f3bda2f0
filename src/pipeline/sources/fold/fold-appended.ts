/**
 * Appended tables in the fold: pieces are applied in the order of the ledger; a change is left out when its key has already
 * had a greater sequence.
 * @module
 */
import { arrowChunks } from '../../../format/arrow/arrow.ts'
import { columnOf, type Frame, selectColumns } from '../../../table/frame.ts'
import { concatKeys, keyBytes } from '../../../table/key/key.ts'
import { KeyIndex } from '../../../table/key/key-index.ts'
import { lazyRows } from '../../../table/lazy-rows.ts'
import { markedRows, takeRows } from '../../../table/take.ts'
import type { Accounted } from '../../../transform/delta/account/account-deltas.ts'
import { changedSince } from '../../../transform/delta/account/changed-since.ts'
import { DELETE, readActions } from '../../../transform/delta/compile/actions.ts'
import { sequenceRows } from '../../../transform/delta/compile/delta-sequence.ts'
import { resolveDeltaOptions } from '../../../transform/delta/delta-options.ts'
import type { DeltaSummary } from '../../../transform/delta/delta-summary.ts'
import { accountInputs, type InputRows, writeFolded } from '../../fold/apply-inputs.ts'
import { type FoldedTable, restrictColumns } from '../../fold/folded-table.ts'
import type { ChangedRows, JobTable } from '../../job/job.ts'
import type { InputRecord, TableState } from '../../log/commit-record.ts'
import { summaryNotes } from '../../run-result.ts'
import { actionColumn, ROW, stateContract, tombstoneContract } from '../../state/stored-contract.ts'
import type { ReadAppended } from '../../steps/read.ts'
import { changedFor, type Work } from '../../steps/work.ts'
import { concatFrames } from '../read/concat-frames.ts'
import { pieceLabel } from '../read/piece-label.ts'
import type { ReadPiece } from '../read/read-appended.ts'

/** Rows of pieces that count, and the deletes whose sequence is to be remembered. */
interface Sequenced {
  readonly inputs: readonly (InputRows & { readonly stale: number })[]
  readonly deleted: Frame
}

/** Marks rows that delete; a piece without an action column has none. */
function deletesIn({ frame, name }: InputRows, table: JobTable): Uint8Array {
  const column = frame.columns.get(actionColumn(table))
  if (column === undefined || column.kind !== 'text') return new Uint8Array(frame.rows)
  const records = columnOf(frame, ROW)
  const { codes } = readActions(column, resolveDeltaOptions(table.delta), (row) => `${name} row ${records.at(row)}`)
  return codes.map((code) => (code === DELETE ? 1 : 0))
}

/**
 * Leaves out the changes whose key has had a greater sequence, in the table, in a delete or in a change before them: which ones
 * those are does not depend on how many pieces one run applies.
 */
function inSequence(
  table: JobTable,
  sequenceBy: string,
  before: Frame,
  deleted: Frame,
  inputs: readonly InputRows[],
): Sequenced {
  const { contract } = table
  const known = tombstoneContract(contract, sequenceBy)
  const parts = [before, deleted, ...inputs.map(({ frame }) => frame)].map((frame) =>
    selectColumns(frame, Object.keys(known.columns)),
  )
  const all = concatFrames(parts, known)
  const groups = KeyIndex.of(concatKeys(parts.map((part) => keyBytes(part, contract.key)))).groupOf
  const starts: number[] = []
  for (const part of parts) starts.push((starts.at(-1) ?? 0) + part.rows)
  const whereIs = (row: number): string => {
    const part = starts.findIndex((end) => row < end)
    const { frame, name } = inputs[part - 2] ?? {}
    return frame === undefined ? contract.name : `${name} row ${columnOf(frame, ROW).at(row - (starts[part - 1] ?? 0))}`
  }
  const { order, ranks: sorted } = sequenceRows(columnOf(all, sequenceBy), sequenceBy, whereIs)
  const ranks = new Int32Array(all.rows)
  for (let at = 0; at < ranks.length; at++) ranks[order === null ? at : (order[at] as number)] = sorted[at] as number

  const best = new Int32Array(all.rows).fill(-1)
  const last = new Int32Array(all.rows).fill(-1)
  const counts = new Uint8Array(all.rows)
  for (let row = 0; row < counts.length; row++) {
    const group = groups[row] as number
    const rank = ranks[row] as number
    if (rank < (best[group] as number)) continue
    best[group] = rank
    last[group] = row
    counts[row] = 1
  }
  const isDelete = new Uint8Array(all.rows)
  isDelete.fill(1, before.rows, before.rows + deleted.rows)
  for (const [at, input] of inputs.entries()) isDelete.set(deletesIn(input, table), starts[at + 1])
  const isTombstone = new Uint8Array(all.rows)
  for (const row of last) if (row >= 0 && isDelete[row] === 1) isTombstone[row] = 1
  return {
    deleted: takeRows(all, markedRows(isTombstone)),
    inputs: inputs.map((input, at) => {
      const begin = starts[at + 1] as number
      const fit = markedRows(counts.subarray(begin, begin + input.frame.rows))
      const stale = input.frame.rows - fit.length
      return { ...input, stale, frame: stale === 0 ? input.frame : takeRows(input.frame, fit) }
    }),
  }
}

/**
 * The only piece of a table that begins with it, where the piece has every column and no actions: if no two of its rows have the
 * same key it is the table. Null where there is no such piece.
 */
function loneInput({ table, source, inputs, before, deleted }: ReadAppended): ReadPiece | null {
  const [input, ...others] = inputs
  if (input === undefined || others.length > 0 || before.rows + deleted.rows > 0 || source.sequenceBy !== null)
    return null
  const { columns } = input.rows.frame
  if (columns.has(actionColumn(table))) return null
  return Object.keys(stateContract(table.contract).columns).every((name) => columns.has(name)) ? input : null
}

/** What a piece did to an empty table when no two of its rows have the same key. */
function insertedAll({ frame: { rows }, quarantined }: InputRows): DeltaSummary {
  const nothing = { updated: 0, unchanged: 0, deleted: 0, ignored: 0, folded: 0 }
  return { rowsIn: 0, rowsOut: rows, deltaRows: rows + quarantined, inserted: rows, ...nothing, quarantined, codes: [] }
}

function changesOf(
  before: Frame,
  folded: Accounted | null,
  alone: ReadPiece | null,
  columns?: readonly string[],
): ChangedRows {
  if (folded !== null) return changedSince(folded, columns)
  return restrictColumns({ before, after: alone?.rows.frame ?? before }, columns)
}

/**
 * Returns whether a row that waited is judged again: its piece was read again, or does not count any more. Made here, because a
 * closure made within the fold would keep the fold's rows in memory until the run ends.
 */
function judgedAnew(known: readonly InputRecord[], inputs: readonly ReadPiece[]): FoldedTable['isReplaced'] {
  const kept = new Set([
    ...known.map((input) => pieceLabel(input, known)),
    ...inputs.filter(({ isRead }) => !isRead).map(({ label }) => label),
  ])
  return ({ file }) => !kept.has(file)
}

/**
 * Returns an appended table after its new pieces.
 * @throws DeltaError - a change is refused by the policies, or a sequence is null
 */
export function foldAppended(read: ReadAppended, work: Work): FoldedTable {
  const { table, source, inputs, before, deleted, known, state } = read
  const { contract } = table
  const { name } = contract
  if (inputs.length === 0 && state !== null) {
    const nothing = { inputs: [], changed: new Map(), waiting: [], notes: [], applied: [] }
    return { table, known, state, isUntouched: true, isSame: true, isReplaced: () => false, ...nothing }
  }
  const { loaded, draft, plan, prints } = work
  work.effects.onProgress({ step: 'apply', name, done: null, total: null })
  const alone = loneInput(read)
  const rows = inputs.map((input) => input.rows)
  const sequenced =
    source.sequenceBy === null
      ? { inputs: rows.map((input) => ({ ...input, stale: 0 })), deleted }
      : inSequence(table, source.sequenceBy, before, deleted, rows)
  const policies = { ...table, delta: { defaultAction: 'add', ...table.delta } } as const
  const committed = { snapshot: lazyRows(before), later: [], rows: before.rows }
  const { folded, summaries } =
    alone?.hasUniqueKeys === true && alone.rows.frame.rows > 0
      ? { folded: null, summaries: [insertedAll(alone.rows)] }
      : accountInputs(committed, sequenced.inputs, policies, plan.options.mode)
  const applied = inputs.flatMap(({ entry, stored, rows: { quarantined } }, at) => {
    const counted = summaries[at]
    if (counted === undefined) return []
    const { stale = 0 } = sequenced.inputs[at] ?? {}
    // changes that came too late are ignored ones
    const summary = { ...counted, deltaRows: counted.deltaRows + stale, ignored: counted.ignored + stale }
    const counts = { rows: summary.deltaRows, quarantined, summary }
    const contract = prints(name, { name: entry.name, month: null })
    return [{ table: name, month: null, ...entry, ...counts, stored, contract }]
  })
  const changed = changedFor(work, name, (columns) => changesOf(before, folded, alone, columns))
  const isWhole = alone !== null && summaries[0]?.folded === 0
  const frame = isWhole || folded === null ? (rows[0]?.frame ?? before) : writeFolded(folded)
  loaded.setTable(name, frame)
  // the rows of a piece that is the whole table are stored once
  const stored =
    isWhole && alone !== null
      ? alone.stored
      : draft.write(name, 'arrow', frame.rows, arrowChunks(frame, { contract: stateContract(contract) }))
  const forms = source.sequenceBy === null ? null : tombstoneContract(contract, source.sequenceBy)
  const tombstones =
    forms === null || sequenced.deleted.rows === 0
      ? null
      : draft.write(
          `${name}-deleted`,
          'arrow',
          sequenced.deleted.rows,
          arrowChunks(sequenced.deleted, { contract: forms }),
        )
  const nextState = async (): Promise<TableState> => ({
    snapshot: await stored,
    through: null,
    rows: frame.rows,
    ...(tombstones !== null && { tombstones: await tombstones }),
  })
  const made = nextState()
  made.catch(() => {})
  return {
    ...{ table, known, inputs: applied, state: made, changed, waiting: inputs.flatMap(({ waiting }) => waiting) },
    notes: [...inputs.flatMap(({ notes }) => notes), ...applied.flatMap(summaryNotes)],
    applied: applied.map(({ month, name: file, rows: count, quarantined, summary }) => {
      return { table: name, month, name: file, rows: count, quarantined, summary }
    }),
    isUntouched: false,
    isSame:
      state !== null && summaries.every(({ inserted, updated, deleted: gone }) => inserted + updated + gone === 0),
    isReplaced: judgedAnew(known, inputs),
  }
}
