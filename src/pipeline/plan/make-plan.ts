/**
 * What a run would do and why: pure, from what lies in the source, what the log says and what was asked.
 * @module
 */
import { compareNames } from '../../connect/file-name.ts'
import type { ErrorCode } from '../../errors.ts'
import type { OptionValues } from '../job/job-options.ts'
import { compareMonths, nextMonth } from '../job/month.ts'
import type { StateOptions } from '../job/options.ts'
import type { CommitRecord, InputRecord } from '../log/commit-record.ts'
import type { SourceFile } from '../sources/files/inventory.ts'
import { planMirrored } from '../sources/plan-mirrored.ts'
import { planNewLedger } from './new-ledger.ts'
import { isReadAlike, isSameValues, type PlanInput, type SortedFiles, sortFiles, unitOf } from './plan-input.ts'
import type { Note, SkippedFile } from './plan-notes.ts'
import { type Refusal, refusalOf, refuseNothing, refusePlan } from './plan-refusals.ts'

export type { Note, SkippedFile } from './plan-notes.ts'

/** One input to be applied: a file of the source, or the typed rows that were kept when it was applied before. */
export interface PlannedInput {
  readonly table: string
  readonly unit: string
  readonly month: string | null
  readonly name: string
  /** Its place among the pieces of an appended table, from 1; 0 for another table. */
  readonly position: number
  /** The source's file; null where the kept rows are replayed. */
  readonly file: SourceFile | null
  /** What the ledger says; null where the input is new or its content is. */
  readonly applied: InputRecord | null
}

/** An input of a mirrored table that is gone. */
export type WithdrawnInput = Pick<InputRecord, 'table' | 'unit' | 'name' | 'rows'>

/** What a run would do. */
export interface Plan {
  /** `apply` changes tables, `refresh` only makes rollups, outputs and copies anew, `nothing` changes nothing. */
  readonly action: 'nothing' | 'apply' | 'rebuild' | 'refresh'
  /** In order of month, then of the job's tables, then of names; extracts first. */
  readonly apply: readonly PlannedInput[]
  /** Inputs of mirrored tables that are gone: their rows are withdrawn. */
  readonly withdraw: readonly WithdrawnInput[]
  readonly skip: readonly SkippedFile[]
  readonly notes: readonly Note[]
  readonly refusals: readonly Refusal[]
  /** Set where a new ledger begins: copies of the last commit that the version does not publish are left where they are. */
  readonly keepsCopies?: true
  readonly options: StateOptions
  readonly jobOptions: OptionValues
}

/** What a run would do, and what it would put right where everything is applied. */
export interface RunPlan<Shown = unknown> extends Omit<Plan, 'options' | 'jobOptions'> {
  /** Those of the run and of the job. */
  readonly options: StateOptions & Shown
  /** Names of published copies, where `action` is `nothing` and no refusal stops it; any other action sees to all copies. */
  readonly copies: {
    /** Those that are gone or differ, and would be written again. */
    readonly write: readonly string[]
    /** Those of an earlier version that are still there, and would be removed. */
    readonly remove: readonly string[]
  }
}

/** Says which months between the first and the last delta no table has: legal, and often a file that was not fetched. */
function noteGaps(applied: readonly { readonly month: string | null }[]): Note[] {
  const months = [...new Set(applied.map(({ month }) => month))].filter((month) => month !== null).sort()
  const notes: Note[] = []
  for (let at = 1; at < months.length; at++) {
    for (let month = nextMonth(months[at - 1] as string); month < (months[at] as string); month = nextMonth(month)) {
      notes.push({ code: 'month_gap', severity: 'info', file: null, message: `no table has a file of month ${month}` })
    }
  }
  return notes
}

/** Returns the note on a file whose table has the same bytes under another month (D24), or null. */
export function noteDuplicate(
  file: { readonly table: string; readonly month: string | null; readonly name: string },
  sha256: string,
  others: readonly {
    readonly table: string
    readonly month: string | null
    readonly name: string
    readonly sha256: string | null
  }[],
  rows: number,
): Note | null {
  const twin = others.find(
    (other) => other.table === file.table && other.month !== file.month && other.sha256 === sha256,
  )
  if (twin === undefined) return null
  const message = `${file.name}: has the same content as ${twin.name}; it was applied nevertheless, because each month counts by itself`
  return { code: 'duplicate_content', severity: rows === 0 ? 'info' : 'warning', file: file.name, message }
}

function notesOf(
  sorted: SortedFiles,
  apply: readonly PlannedInput[],
  { inventory, head, source, expected, request: { delivered } }: PlanInput,
): Note[] {
  const notes: Note[] = inventory.unrecognized.map((name) => ({
    code: 'file_unrecognized',
    severity: 'warning',
    file: name,
    message: `${name}: the name is of no table of the job; expected ${expected}`,
  }))
  if (inventory.files.length === 0 && head !== null) {
    const message = `${source} has no file of the job's tables; is it the right folder?`
    notes.push({ code: 'no_input', severity: 'warning', file: null, message })
  }
  for (const { name } of sorted.same) {
    notes.push({ code: 'already_applied', severity: 'info', file: name, message: `${name}: applied before` })
  }
  for (const name of head?.options.destinations ?? []) {
    if (delivered.includes(name)) continue
    const message = `the last run had the destination "${name}", which this run is not given; it keeps the rows of an earlier version`
    notes.push({ code: 'destination_missing', severity: 'info', file: null, message })
  }
  if (apply.length > 0) notes.push(...noteGaps([...apply, ...(head?.inputs ?? [])]))
  return notes
}

function isRefreshed({ head, request: { options, jobOptions }, steps }: PlanInput): boolean {
  if (head === null) return false
  const { format, formulas, publish, names = {}, destinations = [] } = head.options
  return (
    !isSameValues(head.jobOptions, jobOptions) ||
    !isSameValues(head.fingerprints, steps) ||
    format !== options.format ||
    formulas !== options.formulas ||
    !isSameValues(names, options.names ?? {}) ||
    publish.join(' ') !== options.publish.join(' ') ||
    destinations.join(' ') !== (options.destinations ?? []).join(' ')
  )
}

/** Pieces with a position come before new ones. */
function byPosition(a: PlannedInput, b: PlannedInput): number {
  if (a.position === b.position) return 0
  if (a.position === 0 || b.position === 0) return a.position === 0 ? 1 : -1
  return a.position - b.position
}

/** Gives new pieces of appended tables the places behind those of the ledger. */
function numbered(inputs: readonly PlannedInput[], { appended, head }: PlanInput): readonly PlannedInput[] {
  if (appended.size === 0) return inputs
  const last = new Map<string, number>()
  for (const { table, position = 0 } of head?.inputs ?? []) last.set(table, Math.max(last.get(table) ?? 0, position))
  return inputs.map((input) => {
    if (!appended.has(input.table) || input.position > 0) return input
    const position = (last.get(input.table) ?? 0) + 1
    last.set(input.table, position)
    return { ...input, position }
  })
}

/**
 * Returns what a run would do. The ledger's unit is table, month and hash: what it holds is skipped, what it does not
 * hold is pending. A file of a month earlier than one applied of the same table is late, a known table and month with
 * other content is changed: both are refused unless everything is replayed.
 */
export function makePlan(given: PlanInput): Plan {
  const input = given.request.apply === 'replace' ? planNewLedger(given) : given
  const { tables, head, request, contracts, mirrored } = input
  const sorted = sortFiles(input)
  const isRebuild = request.apply === 'rebuild'
  const isChosen = ({ month }: SourceFile): boolean =>
    month === null || request.months === null || request.months.includes(month)
  const waiting = [...sorted.fresh, ...(isRebuild ? sorted.late : [])]
  const selected = waiting.filter(isChosen)
  const left = waiting.filter((file) => !isChosen(file))

  const present = planMirrored(input)
  const inputs: PlannedInput[] = [...selected, ...present.read].map((file) => ({
    table: file.table,
    unit: file.unit,
    month: file.month,
    position: 0,
    name: file.name,
    file,
    applied: null,
  }))
  if (isRebuild) {
    const changed = new Map(sorted.changed.map((file) => [unitOf(file), file]))
    const same = new Map(sorted.same.map((file) => [unitOf(file), file]))
    for (const applied of head?.inputs ?? []) {
      if (contracts[applied.table] === undefined || mirrored.has(applied.table)) continue
      const { table, unit, month } = applied
      const replacement = changed.get(unitOf(applied))
      // rows that were typed under another contract or format are read again, if their file is still there
      const reread = isReadAlike(input, applied) ? undefined : (same.get(unitOf(applied)) ?? missingFile(applied))
      const file = replacement ?? reread ?? null
      inputs.push({
        table,
        unit,
        month,
        position: applied.position ?? 0,
        name: file?.name ?? applied.name,
        file,
        applied: replacement === undefined ? applied : null,
      })
    }
  }
  const place = new Map(tables.map((table, at) => [table, at]))
  const ordered = inputs.sort(
    (a, b) =>
      compareMonths(a.month, b.month) ||
      (place.get(a.table) ?? 0) - (place.get(b.table) ?? 0) ||
      byPosition(a, b) ||
      compareNames(a.name, b.name),
  )
  const apply = numbered(ordered, input)
  const notes = [...notesOf(sorted, apply, input), ...present.notes]
  const refusals = [
    ...refuseNothing(given),
    ...refusePlan(input, sorted, { selected: isRebuild ? [...selected, ...replayed(head)] : selected, left }),
    ...present.refusals,
    ...refuseWarnings(notes, request.options),
  ]
  const skip: SkippedFile[] = [
    ...sorted.same.map(({ name }) => ({ name, reason: 'already_applied' as const })),
    ...left.map(({ name }) => ({ name, reason: 'not_selected' as const })),
    ...present.skip,
  ]
  const withdraw = present.withdraw.map(({ table, unit, name, rows }) => ({ table, unit, name, rows }))
  let action: Plan['action'] = isRefreshed(input) ? 'refresh' : 'nothing'
  if (isRebuild && apply.length > 0) action = 'rebuild'
  else if (apply.length > 0 || withdraw.length > 0) action = 'apply'
  const { options, jobOptions } = request
  const isAnew = given.request.apply === 'replace' && isRebuild
  return { action, apply, withdraw, skip, notes, refusals, ...(isAnew && { keepsCopies: true }), options, jobOptions }
}

/** Strict mode stops at the first warning; the same content under another month is none (D24). */
function refuseWarnings(notes: readonly Note[], { mode }: StateOptions): Refusal[] {
  if (mode === 'lenient') return []
  const warning = notes.find(({ code, severity }) => severity === 'warning' && code !== 'duplicate_content')
  if (warning === undefined) return []
  const { code, message, file } = warning
  // codes of a plan's warnings are error codes
  return [refusalOf(code as ErrorCode, message, [], file === null ? [] : [file])]
}

/** Everything of the ledger, as files: a replay applies it all. */
function replayed(head: CommitRecord | null): SourceFile[] {
  return (head?.inputs ?? []).map(({ table, unit, month, name, bytes, sha256 }) => {
    return { table, unit, month, name, bytes, sha256 }
  })
}

/** The file that an input came from, for the reader to say that it is gone. */
function missingFile({ table, unit, month, name, bytes }: InputRecord): SourceFile {
  return { table, unit, month, name, bytes, sha256: null }
}
