/**
 * The derived tables of a version, each after its parent.
 * @module
 */
import { arrowChunks } from '../../format/arrow/arrow.ts'
import type { TableContract } from '../../table/contract.ts'
import type { Frame } from '../../table/frame.ts'
import { takeRows } from '../../table/take.ts'
import { type DifferentRows, differentRows } from '../fold/compare-rows.ts'
import { type FoldedTable, restrictColumns } from '../fold/folded-table.ts'
import { compareTables, withRecorded } from '../fold/recorded-times.ts'
import { type ChangedRows, contractOf, isPartitioned, isRecording, rootOf } from '../job/job.ts'
import type { TableState } from '../log/commit-record.ts'
import { decodeQuarantine, type QuarantinedRow } from '../quarantine.ts'
import { readStored } from '../state/data-files.ts'
import { readIntactFrame } from '../state/stored-rows.ts'
import { changedFor, isCurrent, once, type Work } from '../steps/work.ts'
import { type DerivedFrame, deriveAll, deriveChanged } from './derive-table.ts'
import { judgeIssues, keyId, sourcesOf, waitingRows } from './derived-issues.ts'

/** The rows of the last version that wait, by derived table. */
type Waited = () => Promise<ReadonlyMap<string, readonly QuarantinedRow[]>>

/** What every derived table has in common with a table that is not folded from inputs. */
const NO_INPUTS = { known: [], inputs: [], applied: [] }
// made here, because closures made where rows are at hand would keep them in memory
const isJudgedAnew = (): boolean => true
const isLeftAlone = (): boolean => false

function stateIn(record: Work['head'], name: string): TableState | null {
  return record !== null && Object.hasOwn(record.state, name) ? (record.state[name] ?? null) : null
}

async function readWaited({ head, job, out }: Work): Promise<ReadonlyMap<string, readonly QuarantinedRow[]>> {
  const file = head?.quarantine ?? null
  const rows = file === null ? [] : decodeQuarantine(await readStored(out, file))
  const waited = new Map<string, QuarantinedRow[]>(Object.keys(job.derived).map((name) => [name, []]))
  for (const row of rows) waited.get(row.table)?.push(row)
  return waited
}

/** All rows of a table that wait now, and what is to be said of those that newly do. */
async function judge(
  work: Work,
  name: string,
  parent: Frame,
  { issues, waiting }: DerivedFrame,
  waited: Waited,
): Promise<Pick<FoldedTable, 'waiting' | 'notes'>> {
  if (issues.length === 0 && waiting.length === 0) return { waiting: [], notes: [] }
  const { job, loaded, plan } = work
  const root = rootOf(job, name)
  const key = contractOf(job, root)?.key ?? []
  const rows = Int32Array.from(new Set([...issues.map(({ row }) => row), ...waiting]))
  const sources = sourcesOf(parent, rows, key, await loaded.loadTable(root))
  const sourceOf = new Map(sources.map((source, at) => [rows[at] as number, source]))
  const before = (await waited()).get(name) ?? []
  const found = waitingRows(name, issues, sourceOf)
  const { mode, maxQuarantined } = plan.options
  const ids = new Set(before.map((row) => keyId(row.key)))
  const notes = judgeIssues(name, found, { rows: parent.rows, waited: ids, mode, maxQuarantined })
  // rows that still wait, with the file and record that supply them now
  const still = new Map(Array.from(waiting, (row) => [keyId(sourceOf.get(row)?.key), sourceOf.get(row)]))
  const kept = before.flatMap((row) => {
    const source = still.get(keyId(row.key))
    return source === undefined ? [] : [{ ...row, file: source.file, row: source.row }]
  })
  return { waiting: [...kept, ...found], notes }
}

/** Rows that differ from those of before, and whether all are the same in the same order. */
interface Differences extends DifferentRows {
  readonly isSame: boolean
}

function differencesOf(before: Frame, after: Frame, contract: TableContract): Differences {
  const comparison = compareTables(before, after, contract)
  const different = differentRows(comparison, before.rows)
  const isInPlace = comparison.matched.every((place, row) => place === row)
  return { ...different, isSame: isInPlace && different.after.length === 0 && before.rows === after.rows }
}

async function deriveOne(work: Work, name: string, parent: FoldedTable, waited: Waited): Promise<FoldedTable> {
  const { job, out, base, head, loaded, draft, effects, plan } = work
  const [step, from] = [job.derived[name], parent.table.contract]
  if (step === undefined) throw new Error(`derived table ${name} is not in the job`)
  const { contract } = step
  const table = { contract }
  const state = isCurrent(work, name) ? stateIn(base, name) : null
  if (state !== null && parent.isUntouched) {
    const nothing = { waiting: [], notes: [], changed: new Map() }
    return { ...NO_INPUTS, ...nothing, table, state, isUntouched: true, isSame: true, isReplaced: isLeftAlone }
  }
  effects.onProgress({ step: 'apply', name, done: null, total: null })
  await effects.yieldToIO()
  const given = { frame: await loaded.loadTable(step.from), contract: from }
  const stored =
    state === null || state.snapshot === null ? null : await readIntactFrame(out, state.snapshot, effects.newHash())
  const changedRows = parent.changed.get(name)
  const derived =
    stored !== null && changedRows !== undefined
      ? deriveChanged(name, step, given, { frame: stored, changed: changedRows }, plan.jobOptions)
      : deriveAll(name, step, given, plan.jobOptions)
  const judged = await judge(work, name, given.frame, derived, waited)
  let { frame } = derived
  if (isRecording(contract)) {
    // the last commit says when rows were recorded, also where another function made them
    const last = stateIn(head, name)
    const before =
      stored ??
      (last === null || last.snapshot === null ? null : await readIntactFrame(out, last.snapshot, effects.newHash()))
    frame = withRecorded(frame, before, contract, work.committedAt())
  }
  loaded.setTable(name, frame)
  const rest = { ...NO_INPUTS, ...judged, table, isUntouched: false, isReplaced: isJudgedAnew }
  const differences = stored === null ? null : differencesOf(stored, frame, contract)
  const changed = new Map<string, ChangedRows>()
  if (stored !== null && differences !== null) {
    const rows = { before: takeRows(stored, differences.before), after: takeRows(frame, differences.after) }
    for (const [of, taken] of changedFor(work, name, (columns) => restrictColumns(rows, columns)))
      changed.set(of, taken)
  }
  if (state !== null && differences?.isSame) return { ...rest, changed, state, isSame: true }
  const file = draft.write(name, 'arrow', frame.rows, arrowChunks(frame, { contract }))
  const { rows } = frame
  const written = file.then((snapshot): TableState => ({ snapshot, through: null, rows }))
  // avoids an unhandled rejection; the caller that awaits the state gets the error
  written.catch(() => {})
  return { ...rest, changed, state: written, isSame: false }
}

/**
 * Returns the derived tables of a job, each after its parent; those that changed are in `work.loaded`.
 * @throws PipelineError derived_invalid - a function breaks its promise; too_many_quarantined - too many rows newly do not fit
 */
export async function deriveTables(tables: readonly FoldedTable[], work: Work): Promise<readonly FoldedTable[]> {
  const all = new Map(tables.map((folded) => [folded.table.contract.name, folded]))
  const waited = once(() => readWaited(work))
  const made: FoldedTable[] = []
  for (const [name, { from }] of Object.entries(work.job.derived)) {
    // those of a partitioned table are made day by day
    if (isPartitioned(work.job, name)) continue
    const parent = all.get(from)
    if (parent === undefined) throw new Error(`table ${from} is not in the job`)
    const derived = await work.times.measure(name, () => deriveOne(work, name, parent, waited))
    all.set(name, derived)
    made.push(derived)
  }
  return made
}
