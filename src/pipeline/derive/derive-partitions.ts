/**
 * What is made of partitioned tables, day by day: derived tables and rollups of a day are files of their own.
 * @module
 */
import { arrowChunks } from '../../format/arrow/arrow.ts'
import type { ColumnContract, TableContract } from '../../table/contract.ts'
import { type Frame, selectColumns } from '../../table/frame.ts'
import { takeRows } from '../../table/take.ts'
import type { FoldedTable } from '../fold/folded-table.ts'
import { contractOf, type DerivedIssue, type DerivedTable, rootOf } from '../job/job.ts'
import type { InputRecord, StoredFile, TableState } from '../log/commit-record.ts'
import type { Note } from '../plan/make-plan.ts'
import type { QuarantinedRow } from '../quarantine.ts'
import { concatFrames } from '../sources/read/concat-frames.ts'
import { fileStem } from '../sources/read/read-partitions.ts'
import { CountedFrames } from '../state/counted-frames.ts'
import { type DayReader, daysOfTable, groupsOfDay, mergeDays, rollupOfDay } from '../state/partition-days.ts'
import { countingDays, partitionChunks } from '../state/partition-files.ts'
import { FILE, ROW } from '../state/stored-contract.ts'
import type { Work } from '../steps/work.ts'
import { judgeIssues, SourceFinder, waitingRows } from './derived-issues.ts'
import { givenRows, makeRows } from './made-rows.ts'

/** What became of derived tables while days were made. */
interface MadeDays {
  readonly waiting: Map<string, QuarantinedRow[]>
  readonly notes: Map<string, Note[]>
  /** Derived table to the source files of the days that were made again. */
  readonly again: Map<string, Set<string>>
}

/** What a derived table makes of one day, beside its rows. */
interface DayIssues {
  /** Rows of the parent. */
  readonly rows: number
  /** Issues; `row` is a place in `keys`. */
  readonly issues: readonly DerivedIssue[]
  /** The keys of the rows with issues. */
  readonly keys: Frame
}

/** Yields what a derived table makes of the rows of a day, and returns what it refuses of them. */
async function* madeOf(
  { job, plan, effects }: Work,
  name: string,
  groups: AsyncIterable<Frame>,
): AsyncGenerator<Frame, DayIssues, undefined> {
  const step = job.derived[name] as DerivedTable
  const parent = contractOf(job, step.from) as TableContract
  const key = parent.key
  const issues: DerivedIssue[] = []
  const keys: Frame[] = []
  let [rows, refused] = [0, 0]
  for await (const group of groups) {
    const made = makeRows(name, step, givenRows(group, parent), plan.jobOptions)
    rows += group.rows
    const places = Int32Array.from(new Set(made.issues.map(({ row }) => row)))
    const placeOf = new Map(Array.from(places, (row, at) => [row, refused + at]))
    for (const issue of made.issues) issues.push({ ...issue, row: placeOf.get(issue.row) as number })
    if (places.length > 0) keys.push(takeRows(selectColumns(group, key), places))
    refused += places.length
    yield made.frame
    await effects.yieldToIO()
  }
  const columns = Object.fromEntries(key.map((column) => [column, parent.columns[column] as ColumnContract]))
  return { rows, issues, keys: concatFrames(keys, { ...parent, columns }) }
}

/** The rows of a day that wait, with the file and the record that supplied each. */
async function waitingOf(work: Work, name: string, input: InputRecord, { issues, keys }: DayIssues, reader: DayReader) {
  const root = rootOf(work.job, name)
  const key = contractOf(work.job, root)?.key ?? []
  const finder = new SourceFinder(keys, key)
  for await (const rows of groupsOfDay(root, input, reader, [...key, FILE, ROW])) finder.look(rows)
  return waitingRows(name, issues, new Map(finder.sources().entries()))
}

/** Makes a derived table of one day. @throws PipelineError derived_invalid, too_many_quarantined */
async function makeTable(work: Work, name: string, input: InputRecord, reader: DayReader, made: MadeDays) {
  const { job, plan, draft } = work
  const step = job.derived[name]
  if (step === undefined) throw new Error(`derived table ${name} is not in the job`)
  made.again.set(name, (made.again.get(name) ?? new Set()).add(input.name))
  const rows = new CountedFrames(madeOf(work, name, groupsOfDay(step.from, input, reader)))
  const chunks = partitionChunks(rows, step.contract)
  const stored = await draft.place(fileStem(name, input.unit), 'parquet', () => rows.rows, chunks)
  const { result } = rows
  if (result.issues.length > 0) {
    const found = await waitingOf(work, name, input, result, reader)
    const { mode, maxQuarantined } = plan.options
    const judgement = { rows: result.rows, waited: new Set<string>(), mode, maxQuarantined }
    made.notes.set(name, [...(made.notes.get(name) ?? []), ...judgeIssues(name, found, judgement)])
    const waiting = made.waiting.get(name) ?? []
    for (const row of found) waiting.push(row)
    made.waiting.set(name, waiting)
  }
  return stored
}

async function makeRollup({ draft }: Work, name: string, input: InputRecord, reader: DayReader): Promise<StoredFile> {
  const cells = await rollupOfDay(name, input, reader)
  return draft.place(fileStem(name, input.unit), 'arrow', cells.cells.rows, arrowChunks(cells.cells, cells))
}

/** Names of what is made of the days of a table: derived tables, each after its parent, then rollups. */
function stepsOf(
  { job }: Work,
  root: string,
): { readonly derived: readonly string[]; readonly rollups: readonly string[] } {
  const derived = Object.keys(job.derived).filter((name) => rootOf(job, name) === root)
  const rollups = Object.keys(job.rollups).filter((name) => rootOf(job, job.rollups[name]?.table ?? '') === root)
  return { derived, rollups }
}

/** Returns a day with everything made of it; the same object where nothing was missing. */
async function makeDay(work: Work, root: string, input: InputRecord, reader: DayReader, made: MadeDays) {
  const { derived, rollups } = stepsOf(work, root)
  const files: Record<string, StoredFile> = {}
  // each step reads what those before it have stored
  const day = { ...input, made: files }
  const before = { ...reader, isStored: (name: string) => Object.hasOwn(files, name) }
  let isSame = true
  for (const name of [...derived, ...rollups]) {
    const stored = reader.isStored(name) ? input.made?.[name] : undefined
    if (stored === undefined) {
      isSame = false
      await work.effects.yieldToIO()
    }
    files[name] =
      stored ??
      (await (derived.includes(name) ? makeTable(work, name, day, before, made) : makeRollup(work, name, day, before)))
  }
  const names = Object.keys(files)
  if (isSame && names.length === Object.keys(input.made ?? {}).length) return input
  const { made: _, ...entry } = input
  return names.length === 0 ? entry : { ...entry, made: files }
}

// made here, because a closure made where rows are at hand would keep them in memory
const outsideOf =
  (kept: ReadonlySet<string>) =>
  ({ file }: QuarantinedRow): boolean =>
    !kept.has(file)

function derivedTable(
  work: Work,
  name: string,
  folded: FoldedTable,
  days: readonly InputRecord[],
  made: MadeDays,
): FoldedTable {
  const { job } = work
  const contract = contractOf(job, name) as TableContract
  const again = made.again.get(name) ?? new Set()
  const counting = countingDays(job, rootOf(job, name), days)
  const rows = counting.reduce((sum, day) => sum + (day.made?.[name]?.rows ?? 0), 0)
  const state: TableState = { snapshot: null, through: null, rows }
  const kept = new Set(days.flatMap((day) => (again.has(day.name) ? [] : day.name)))
  const isUntouched = folded.isUntouched && again.size === 0
  return {
    ...{ table: { contract }, known: [], inputs: [], applied: [], changed: new Map(), state },
    waiting: made.waiting.get(name) ?? [],
    notes: made.notes.get(name) ?? [],
    ...{ isUntouched, isSame: isUntouched, isReplaced: outsideOf(kept) },
  }
}

/**
 * Returns a partitioned table whose days have all that is made of them, then the tables derived from it, and shows their days
 * to the steps that read them.
 * @throws PipelineError derived_invalid, too_many_quarantined - a function breaks its promise, or too many rows of a day do not fit
 */
export async function derivePartitions(work: Work, folded: FoldedTable): Promise<readonly FoldedTable[]> {
  const { job, out, loaded, plan, effects, onChunk, head, steps } = work
  const root = folded.table.contract.name
  const { derived, rollups } = stepsOf(work, root)
  // days that stay are those of the last commit, with what was made of them then
  const isStored = (name: string): boolean => head?.fingerprints[name] === steps[name]
  const reader = { job, out, effects, values: plan.jobOptions, isStored }
  const made: MadeDays = { waiting: new Map(), notes: new Map(), again: new Map() }
  const days: InputRecord[] = []
  for (const input of folded.known) {
    days.push(await makeDay(work, root, input, reader, made))
    onChunk()
  }
  const counting = countingDays(job, root, days)
  const shown = { ...reader, isStored: () => true }
  for (const name of [root, ...derived]) loaded.setPartitions(name, daysOfTable(name, counting, shown))
  for (const name of rollups) loaded.setRollup(name, () => mergeDays(name, counting, shown))
  return [{ ...folded, known: days }, ...derived.map((name) => derivedTable(work, name, folded, days, made))]
}
