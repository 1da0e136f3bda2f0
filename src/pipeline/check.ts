/**
 * Everything that is wrong or odd in a source, found without writing anything.
 * @module
 */
import { type OptionNames, refuseUnknown } from '../arguments.ts'
import type { FileStore } from '../connect/file-store.ts'
import { type Advice, EtlError, PipelineError } from '../errors.ts'
import { NumberColumn } from '../table/column.ts'
import { lazyRows } from '../table/lazy-rows.ts'
import { checkActions } from './check-rows.ts'
import { type Effects, nodeEffects } from './effects.ts'
import { accountInputs, type InputRows, writeFolded } from './fold/apply-inputs.ts'
import { type Job, type JobTable, tablesOf } from './job/job.ts'
import type { GivenOptions, JobOptions, OptionValues } from './job/job-options.ts'
import { compareMonths } from './job/month.ts'
import { type CommonRunOptions, ownNames, refuseJobArgument, resolveRequest, type StateOptions } from './job/options.ts'
import { makePlan, type Note, noteDuplicate } from './plan/make-plan.ts'
import { appendedTables, mirroredTables } from './plan/plan-input.ts'
import { type QuarantinedRow, refuseTooMany } from './quarantine.ts'
import { summaryNotes } from './run-result.ts'
import { checkDays, checkMirror, checkPieces, type SourceChecker } from './sources/check-sources.ts'
import { expectedNames, type SourceFile, takeInventory } from './sources/files/inventory.ts'
import { readingNotes } from './sources/formats/reading-notes.ts'
import { nullKeyIn, type ReadFile, readSource } from './sources/read/read-input.ts'
import { EMPTY_STATE, LoadedState } from './state/loaded-state.ts'
import { FILE, ROW } from './state/stored-contract.ts'

/** What is checked, and the options of the job. */
export type CheckSourceOptions<Options extends JobOptions = JobOptions> = Pick<
  CommonRunOptions,
  'data' | 'maxQuarantined'
> &
  GivenOptions<Options>

/**
 * One thing that was found. `refused`: every run stops at it. `quarantined`: a lenient run sets the row aside, a strict one
 * stops. `warning`: a strict run stops. `odd`: legal, and worth a look. `info`: worth knowing.
 */
export interface Finding {
  readonly severity: 'refused' | 'quarantined' | 'warning' | 'odd' | 'info'
  readonly code: string
  readonly file: string | null
  /** The data record, from 1; null where it is about more than one row. */
  readonly row: number | null
  readonly line: number | null
  readonly column: string | null
  readonly found: string | null
  readonly expected: string | null
  /** What is wrong, and what can be done about it. */
  readonly message: string
  /** The message without its advice. */
  readonly statement: string
  readonly advice: readonly Advice[]
}

/** What a check found. */
export interface SourceCheck {
  readonly files: readonly { readonly name: string; readonly rows: number; readonly quarantined: number }[]
  /** Rows of each table after all that can be applied. */
  readonly tables: Readonly<Record<string, number>>
  readonly findings: readonly Finding[]
}

/** What every delta does. */
const ORDINARY: ReadonlySet<string> = new Set(['update_existing'])

/** What follows from rows that are refused. */
const EMPTY: ReadonlySet<string> = new Set(['empty_delta', 'nothing_applied'])

const NOTHING = { file: null, row: null, line: null, column: null, found: null, expected: null } as const

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null)

/** Messages about a row begin with where it is. */
function rowIn(message: string, file: string | null): number | null {
  const start = `${file} row `
  return file !== null && message.startsWith(start) ? Number.parseInt(message.slice(start.length), 10) : null
}

function refusal(error: unknown, file: string | null): Finding {
  if (!(error instanceof EtlError)) throw error
  const { code, message, statement, advice, details } = error
  return {
    severity: 'refused',
    code,
    file,
    row: numberOrNull(details.row) ?? rowIn(message, file),
    line: numberOrNull(details.line),
    column: textOrNull(details.column),
    found: textOrNull(details.found),
    expected: textOrNull(details.expected),
    message,
    statement,
    advice,
  }
}

/** A message that gives no advice apart from itself. */
function plainly(message: string): Pick<Finding, 'message' | 'statement' | 'advice'> {
  return { message, statement: message, advice: [] }
}

function ofNote({ code, severity, file, message }: Note): Finding {
  return { ...NOTHING, severity, code, file, ...plainly(message) }
}

/** Reads and applies one table after the other, keeping what was found. */
class Checker implements SourceChecker {
  readonly findings: Finding[] = []
  readonly files: { name: string; rows: number; quarantined: number }[] = []
  readonly dayRows = new Map<string, number>()
  readonly state: LoadedState
  readonly data: FileStore
  readonly options: StateOptions
  readonly effects: Effects

  constructor(data: FileStore, options: StateOptions, effects: Effects) {
    this.data = data
    this.options = options
    this.effects = effects
    this.state = new LoadedState(null, EMPTY_STATE, [])
  }

  async #read(table: JobTable, file: SourceFile): Promise<ReadFile | null> {
    try {
      // every bad row is wanted, so none of them stops the reading
      const reading = { options: this.options, effects: this.effects, issues: 'tell', onChunk: () => {} } as const
      const read = await readSource(this.data, table, file, reading)
      this.files.push({ name: file.name, rows: read.records, quarantined: read.quarantined })
      this.tellWaiting(read.waiting)
      this.tellNotes(readingNotes(read, file.name, { mode: 'lenient' }))
      const tooMany = refuseTooMany(file.name, read.waiting, read.records, this.options.maxQuarantined)
      if (tooMany !== null) this.findings.push(refusal(tooMany, file.name))
      return read
    } catch (error) {
      this.findings.push(refusal(error, file.name))
      return null
    }
  }

  refuse(error: unknown, file: string | null): void {
    this.findings.push(refusal(error, file))
  }

  tellNotes(notes: readonly Note[]): void {
    this.findings.push(...notes.map(ofNote))
  }

  tellWaiting(waiting: readonly QuarantinedRow[]): void {
    for (const { file, row, line, code, column, found, expected } of waiting) {
      if (code === 'null_key') {
        this.findings.push({ ...refusal(nullKeyIn(file, { row, column }), file), line, expected })
        continue
      }
      const where = column === null ? `${file} row ${row}` : `${file} row ${row}, column ${column}`
      const message = `${where}: expected ${expected}`
      this.findings.push({
        severity: 'quarantined',
        code,
        file,
        row,
        line,
        column,
        found,
        expected,
        ...plainly(message),
      })
    }
  }

  /** Applies what can be applied: a delta that is refused is reported and left out, so that later ones are looked at too. */
  async check(table: JobTable, sources: readonly SourceFile[]): Promise<void> {
    const known: { table: string; month: string | null; name: string; sha256: string }[] = []
    let state: InputRows['frame'] | null = null
    for (const file of sources) {
      const whole = await this.#read(table, file)
      if (whole === null) continue
      const { fit: read, refused } = checkActions(whole, table)
      for (const error of refused) this.findings.push(refusal(error, file.name))
      const isRefused = refused.length > 0 || whole.waiting.some(({ code }) => code === 'null_key')
      const duplicate = noteDuplicate(file, read.sha256, known, read.records)
      if (duplicate !== null) this.findings.push(ofNote(duplicate))
      known.push({ table: file.table, month: file.month, name: file.name, sha256: read.sha256 })
      if (file.month === null && read.records === 0) {
        const message = `${file.name}: the extract has no rows`
        this.findings.push({
          ...NOTHING,
          severity: 'warning',
          code: 'empty_extract',
          file: file.name,
          ...plainly(message),
        })
      }
      if (state === null && file.month !== null) continue
      try {
        const { folded, summaries } = accountInputs(
          state === null ? null : { snapshot: lazyRows(state), later: [], rows: state.rows },
          [read],
          table,
          'lenient',
        )
        state = writeFolded(folded)
        for (const summary of summaries) {
          const notes = summaryNotes({ name: file.name, summary }).filter(
            ({ code }) => !ORDINARY.has(code) && !(isRefused && EMPTY.has(code)),
          )
          this.findings.push(...notes.map(ofNote))
        }
      } catch (error) {
        this.findings.push(refusal(error, file.name))
      }
    }
    if (state !== null) this.state.setTable(table.contract.name, state)
  }

  /** What is legal and odd in the state that came of it; each with the first of its rows. */
  findOddities(job: Job, jobOptions: OptionValues): void {
    for (const { code, table, column, message, rows } of job.oddities?.(this.state, jobOptions) ?? []) {
      const { columns } = this.state.table(table)
      const [first] = rows
      const records = columns.get(ROW)
      const file = first === undefined ? null : textOrNull(columns.get(FILE)?.at(first))
      const row = first === undefined || !(records instanceof NumberColumn) ? null : records.at(first)
      const cell = first === undefined || column === null ? null : columns.get(column)?.at(first)
      const found = cell === null || cell === undefined ? null : String(cell)
      this.findings.push({ ...NOTHING, severity: 'odd', code, file, row, column, found, ...plainly(message) })
    }
  }
}

const CHECK = { data: true, maxQuarantined: true } satisfies OptionNames<CheckSourceOptions>

/**
 * Reads a job's source files as a first run would, and returns all that it would refuse, set aside or warn of, and what is
 * legal and odd in the state that would come of it. Nothing is written; what was applied before does not matter.
 * Every row at which a run would stop is reported, and the rest of its file is looked at without it. Of a file that is damaged as
 * a whole, only the first reason is reported.
 *
 * @throws PipelineError, ContractError invalid_option, column_not_found, time_zone_unknown - an option cannot be
 * @throws ConnectError - the place cannot be read
 * @example
 * import { memoryStore } from 'support-etl/connect'
 * import { checkSource, defineJob, extractsAndDeltas } from 'support-etl/pipeline'
 * import { defineTable, float64, key, string } from 'support-etl'
 *
 * const halls = defineTable('halls', { id: key(string()), area: float64() })
 * const source = extractsAndDeltas()
 * const job = defineJob({ name: 'halls', tables: { halls: { contract: halls, source } } })
 * const data = memoryStore({
 *   'initial/halls.csv': 'id,area\nH1,120.5\nH2,wide\n',
 *   'delta/halls_delta_202502.csv': 'id,area,action\nH1,121,change it\n',
 * })
 * const { findings } = await checkSource(job, { data })
 * findings.map(({ severity, code, row }) => [severity, code, row])
 * // [['quarantined', 'type_mismatch', 2], ['refused', 'unknown_action', 1]]
 */
export async function checkSource<Options extends JobOptions>(
  job: Job<Options>,
  options?: CheckSourceOptions<Options>,
  given?: Partial<Effects>,
): Promise<SourceCheck>
export async function checkSource(
  job: Job,
  options: CheckSourceOptions = {},
  given: Partial<Effects> = {},
): Promise<SourceCheck> {
  const effects: Effects = { ...nodeEffects(), ...given }
  refuseJobArgument(job)
  refuseUnknown(options, { ...CHECK, ...ownNames(job) }, PipelineError)
  const { data = 'data' } = options
  const place = typeof data === 'string' ? effects.openSource(data) : data
  const request = resolveRequest(options, null, job)
  const inventory = await takeInventory(place, job, { head: null, hash: 'known', effects })
  const tables = Object.keys(job.tables)
  // without a state there is nothing that contracts could differ from
  const known = {
    tables,
    job: job.name,
    inventory,
    head: null,
    request,
    contracts: {},
    steps: {},
    mirrored: mirroredTables(job),
    appended: appendedTables(job),
  }
  const plan = makePlan({ ...known, source: place.location, expected: expectedNames(job) })
  const checker = new Checker(place, request.options, effects)
  for (const { code, message, statement, advice } of plan.refusals) {
    checker.findings.push({ ...NOTHING, severity: 'refused', code, message, statement, advice })
  }
  checker.findings.push(...plan.notes.map(ofNote))
  for (const table of tablesOf(job)) {
    const files = inventory.files.filter((file) => file.table === table.contract.name)
    const { source } = table
    if (source.kind === 'partitions') await checkDays(checker, table, source, files)
    else if (source.law === 'mirrored') await checkMirror(checker, table, source, files)
    else if (source.law === 'appended') await checkPieces(checker, table, source, files)
    else
      await checker.check(
        table,
        files.sort((a, b) => compareMonths(a.month, b.month)),
      )
  }
  const counts = new Map(
    tables.flatMap((name) => {
      const rows = checker.dayRows.get(name) ?? (checker.state.has(name) ? checker.state.table(name).rows : null)
      return rows === null ? [] : [[name, rows] as const]
    }),
  )
  if (counts.size === tables.length) checker.findOddities(job, request.jobOptions)
  return { files: checker.files, tables: Object.fromEntries(counts), findings: checker.findings }
}
