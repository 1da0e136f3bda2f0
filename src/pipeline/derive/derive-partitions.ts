/**
 * What is made of partitioned tables, day by day: derived tables and rollups of a day are files of their own.
 * @module
 */
import { arrowChunks } from '../../format/arrow/arrow.ts'
import type { TableContract } from '../../table/contract.ts'
import type { Frame } from '../../table/frame.ts'
import type { FoldedTable } from '../fold/folded-table.ts'
import { contractOf, rootOf } from '../job.ts'
import { optionsFor } from '../job-options.ts'
import type { InputRecord, StoredFile, TableState } from '../log/commit-record.ts'
import type { Note } from '../plan/make-plan.ts'
import type { QuarantinedRow } from '../quarantine.ts'
import { fileStem } from '../sources/read-partitions.ts'
import { type DayReader, daysOfTable, mergeDays, rowsOfDay } from '../state/partition-days.ts'
import { countingDays, partitionBytes } from '../state/partition-files.ts'
import type { Work } from '../work.ts'
import { judgeIssues, sourcesOf, waitingRows } from './derived-issues.ts'
import { givenRows, makeRows } from './made-rows.ts'

/** What became of derived tables while days were made. */
interface MadeDays {
  readonly waiting: Map<string, QuarantinedRow[]>
  readonly notes: Map<string, Note[]>
  /** Derived table to the source files of the days that were made again. */
  readonly again: Map<string, Set<string>>
}

/** The rows of one day, each table read or made once. */
class Day {
  readonly input: InputRecord
  readonly #reader: DayReader
  readonly #frames = new Map<string, Frame>()

  constructor(input: InputRecord, reader: DayReader) {
    this.input = input
    this.#reader = reader
  }

  async rows(name: string): Promise<Frame> {
    const frame = this.#frames.get(name) ?? (await rowsOfDay(name, this.input, this.#reader))
    this.#frames.set(name, frame)
    return frame
  }

  keep(name: string, frame: Frame): void {
    this.#frames.set(name, frame)
  }
}

/** Makes a derived table of one day. @throws PipelineError derived_invalid, too_many_quarantined */
async function makeTable(work: Work, name: string, day: Day, made: MadeDays): Promise<StoredFile> {
  const { job, plan, draft } = work
  const step = job.derived[name]
  const root = rootOf(job, name)
  const [key, parent] = [contractOf(job, root)?.key ?? [], step === undefined ? undefined : contractOf(job, step.from)]
  if (step === undefined || parent === undefined) throw new Error(`derived table ${name} is not in the job`)
  const rows = await day.rows(step.from)
  const { frame, issues } = makeRows(name, step, givenRows(rows, parent), plan.jobOptions)
  made.again.set(name, (made.again.get(name) ?? new Set()).add(day.input.name))
  if (issues.length > 0) {
    const places = Int32Array.from(new Set(issues.map(({ row }) => row)))
    const sources = sourcesOf(rows, places, key, await day.rows(root))
    const found = waitingRows(name, issues, new Map(sources.map((source, at) => [places[at] as number, source])))
    const { mode, maxQuarantined } = plan.options
    const judgement = { rows: rows.rows, waited: new Set<string>(), mode, maxQuarantined }
    made.notes.set(name, [...(made.notes.get(name) ?? []), ...judgeIssues(name, found, judgement)])
    made.waiting.set(name, [...(made.waiting.get(name) ?? []), ...found])
  }
  day.keep(name, frame)
  const bytes = await partitionBytes(frame, step.contract)
  return draft.place(fileStem(name, day.input.unit), 'parquet', frame.rows, [bytes])
}

async function makeRollup({ job, plan, draft }: Work, name: string, day: Day): Promise<StoredFile> {
  const rollup = job.rollups[name]
  if (rollup === undefined) throw new Error(`rollup ${name} is not in the job`)
  const options = optionsFor(plan.jobOptions, rollup.uses ?? [], `rollup ${name}`)
  const cells = rollup.build(await day.rows(rollup.table), options)
  return draft.place(fileStem(name, day.input.unit), 'arrow', cells.cells.rows, arrowChunks(cells.cells, cells))
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
  const day = new Day(input, reader)
  const files: Record<string, StoredFile> = {}
  let isSame = true
  for (const name of [...derived, ...rollups]) {
    const stored = reader.isStored(name) ? input.made?.[name] : undefined
    if (stored === undefined) {
      isSame = false
      await work.effects.yieldToIO()
    }
    files[name] =
      stored ?? (await (derived.includes(name) ? makeTable(work, name, day, made) : makeRollup(work, name, day)))
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
