/**
 * Phase 4, fold: what the inputs make of each table, with the rows that change and the snapshot on its way to disk.
 * @module
 */

import { lazyRows } from '../../table/lazy-rows.ts'
import type { Accounted } from '../../transform/delta/account/account-deltas.ts'
import { changedSince } from '../../transform/delta/account/changed-since.ts'
import type { DeltaSummary } from '../../transform/delta/delta-summary.ts'
import type { TableEngine } from '../engine-place.ts'
import { acceptExtract, accountInputs, type CommittedTable, foldInputs, writeFolded } from '../fold/apply-inputs.ts'
import { foldInEngine } from '../fold/fold-in-engine.ts'
import type { FoldedTable } from '../fold/folded-table.ts'
import { restrictToKeys } from '../fold/restrict-to-keys.ts'
import type { InputPrints } from '../job/fingerprints.ts'
import type { InputRecord } from '../log/commit-record.ts'
import { type Note, noteDuplicate } from '../plan/make-plan.ts'
import { summaryNotes } from '../run-result.ts'
import type { JudgingOptions } from '../sources/formats/formats.ts'
import { readingNotes } from '../sources/formats/reading-notes.ts'
import { readReplayed } from '../state/data-files.ts'
import { snapshotTable } from '../state/snapshot-table.ts'
import type { StagedInput } from '../state/version-draft.ts'
import type { KnownInput, ReadInputs, ReadTable } from './read.ts'
import { changedFor, stepsFrom, type Work } from './work.ts'

function notesOf(inputs: readonly KnownInput[], known: readonly InputRecord[], options: JudgingOptions): Note[] {
  const notes: Note[] = []
  const others: Pick<InputRecord, 'table' | 'month' | 'name' | 'sha256'>[] = [...known]
  for (const { file, planned } of inputs) {
    if (file === null) continue
    const duplicate = noteDuplicate(planned, file.sha256, others, file.records)
    if (duplicate !== null) notes.push(duplicate)
    others.push({ table: planned.table, month: planned.month, name: file.name, sha256: file.sha256 })
    notes.push(...readingNotes(file, file.name, options))
    if (file.month === null && file.records === 0) {
      const message = `${file.name}: the extract has no rows`
      notes.push({ code: 'empty_extract', severity: 'warning', file: file.name, message })
    }
    if (file.quarantined > 0) {
      const message = `${file.name}: ${file.quarantined} of ${file.records} rows do not fit their contract and wait in quarantine`
      notes.push({ code: 'quarantined', severity: 'warning', file: file.name, message })
    }
  }
  return notes
}

/** The inputs as the ledger will have them, each with what it did. */
function ledgerInputs(
  inputs: readonly KnownInput[],
  summaries: readonly DeltaSummary[],
  prints: InputPrints,
): StagedInput[] {
  return inputs.flatMap(({ file, planned, quarantined, stored }, at) => {
    const summary = summaries[at]
    const origin = file ?? planned.applied
    // each input has a summary, and an input is a file or was applied before
    if (summary === undefined || origin === null) return []
    const { table, month } = planned
    const { name, sha256, bytes, version } = origin
    const contract = prints(table, { name, month })
    const counts = { rows: file === null ? summary.deltaRows : file.records, quarantined }
    return [{ table, unit: month ?? '', month, name, sha256, bytes, version, ...counts, summary, stored, contract }]
  })
}

/**
 * Returns whether a row in quarantine is checked again, because its file is read again. Made here: a closure made within the
 * fold would keep the fold's rows in memory until the run ends.
 */
function judgedAnew(inputs: readonly KnownInput[]): FoldedTable['isReplaced'] {
  const months = new Set(inputs.filter(({ file }) => file !== null).map(({ planned }) => planned.month))
  return ({ month }) => months.has(month)
}

/** All rows of a table before its inputs, where an engine gave only those that they touch. */
async function wholeTable(
  { out, effects }: Work,
  engine: TableEngine,
  { table, extract }: ReadTable,
  rows: number,
): Promise<CommittedTable> {
  const frame =
    extract === null
      ? await engine.loadTable(table.contract)
      : await readReplayed(out, await extract.stored, effects.newHash())
  return { snapshot: lazyRows(frame), later: [], rows }
}

/** What the inputs do, and the table after them; null where an engine makes it of its extract alone. */
interface Account {
  readonly folded: Accounted | null
  readonly summaries: readonly DeltaSummary[]
}

/** Whether only the rows with the keys of the inputs are looked at. */
function isByKey({ scope, committed, inputs }: ReadTable): boolean {
  return scope !== 'table' && committed !== null && inputs.every(({ rows }) => rows.month !== null)
}

async function account(work: Work, read: ReadTable): Promise<Account> {
  const { plan, engine } = work
  const { table, extract, inputs, committed } = read
  const { name, key } = table.contract
  const { mode } = plan.options
  const summaries: DeltaSummary[] = []
  if (engine !== null && extract !== null) {
    const repeats = await engine.findRepeats(await extract.stored)
    summaries.push(acceptExtract(extract, repeats, key, mode))
    if (inputs.length === 0) return { folded: null, summaries }
  }
  const rows = inputs.map((input) => input.rows)
  const steps = stepsFrom(work, name)
  const isAsked = (column: string): boolean =>
    steps.some(({ columns }) => columns === undefined || columns.includes(column))
  const restricted =
    isByKey(read) && committed !== null ? restrictToKeys(committed, rows, key, isAsked) : { committed, narrowing: null }
  const { narrowing } = restricted
  // where the other rows matter all the same, an engine has to give all of them
  const before =
    engine !== null && committed !== null && narrowing === null
      ? await wholeTable(work, engine, read, committed.rows)
      : restricted.committed
  // long work would hold back what is being written
  await work.effects.yieldToIO()
  const accounted = accountInputs(before, rows, table, mode, narrowing)
  return { folded: accounted.folded, summaries: [...summaries, ...accounted.summaries] }
}

async function foldReplayed(work: Work, read: ReadTable): Promise<FoldedTable> {
  const { plan, draft, loaded, engine, effects } = work
  const { table, extract, inputs, before, known } = read
  const { name } = table.contract
  const all: readonly KnownInput[] = extract === null ? inputs : [extract, ...inputs]
  if (all.length === 0) {
    const nothing = { inputs: [], changed: new Map(), waiting: [], notes: [], applied: [] }
    return { table, known, state: before, isUntouched: true, isSame: true, isReplaced: () => false, ...nothing }
  }
  effects.onProgress({ step: 'apply', name, done: null, total: null })
  const rows = inputs.map((input) => input.rows)
  const { folded, summaries } = await account(work, read)
  const applied = ledgerInputs(all, summaries, work.prints)
  await effects.yieldToIO()

  // gathered before the table is written over its snapshot
  const changed = folded === null ? new Map() : changedFor(work, name, (columns) => changedSince(folded, columns))
  const files = applied.map(({ stored }) => stored)
  if (folded !== null && engine === null) {
    loaded.setTable(name, async () => {
      // the next step reuses the memory of these rows, so their bytes have to be written first
      await draft.whenWritten(files)
      const whole = isByKey(read) ? foldInputs(read.committed, rows, table, plan.options.mode) : folded
      return writeFolded(whole, 'reuse')
    })
  } else if (engine !== null) loaded.setTable(name, () => engine.loadTable(table.contract))
  const change = { table, inputs: applied, rows, before, known }
  const { state, snapshot } =
    engine === null ? await snapshotTable(work, change) : { state: await foldInEngine(engine, change), snapshot: null }
  if (snapshot !== null) files.push(snapshot)
  // avoids an unhandled rejection; the caller that awaits the state gets the error
  if (state instanceof Promise) state.catch(() => {})
  const waiting = all.flatMap(({ file }) => file?.waiting ?? [])
  return {
    ...{ table, known, inputs: applied, state, changed, waiting },
    notes: [...notesOf(all, known, plan.options), ...applied.flatMap(summaryNotes)],
    applied: applied.map(({ month, name: file, rows, quarantined, summary }) => {
      return { table: name, month, name: file, rows, quarantined, summary }
    }),
    isUntouched: false,
    isSame: summaries.every(({ inserted, updated, deleted }) => inserted + updated + deleted === 0),
    isReplaced: judgedAnew(all),
  }
}

/** A source's own fold is loaded for jobs that have such a table. */
async function foldOne(read: ReadInputs, work: Work): Promise<FoldedTable> {
  if (read.law === 'partitioned') return (await import('../sources/fold/fold-partitions.ts')).foldPartitions(read, work)
  if (read.law === 'mirrored') return (await import('../sources/fold/fold-mirrored.ts')).foldMirror(read, work)
  if (read.law === 'appended') return (await import('../sources/fold/fold-appended.ts')).foldAppended(read, work)
  return foldReplayed(work, read)
}

/**
 * Returns the tables after their inputs; those that are asked for later are in `work.loaded`.
 * @throws DeltaError, PipelineError - a change is refused by the policies, or by strict mode
 */
export async function foldTables(read: readonly ReadInputs[], work: Work): Promise<readonly FoldedTable[]> {
  const tables: FoldedTable[] = []
  for (const table of read) {
    tables.push(await work.times.measure(table.table.contract.name, () => foldOne(table, work)))
  }
  return tables
}
