/**
 * Applies rows that people mended: they take the place of the records that wait in quarantine.
 * @module
 */
import { isRecord, type OptionNames, refuseUnknown, refuseUnless } from '../../arguments.ts'
import type { FileStore } from '../../connect/file-store.ts'
import { isPacked, unpackWhole } from '../../connect/gzip.ts'
import { ConnectError, PipelineError } from '../../errors.ts'
import { readLastCommit } from '../audit/status.ts'
import { type Effects, nodeEffects } from '../effects.ts'
import { engineOf } from '../engine-place.ts'
import { type Job, type JobTable, tablesOf } from '../job/job.ts'
import { type CommonRunOptions, refuseJobArgument } from '../job/options.ts'
import type { CommitRecord, InputRecord } from '../log/commit-record.ts'
import { takeLock } from '../log/lock.ts'
import { unitOf } from '../plan/plan-input.ts'
import type { QuarantinedRow } from '../quarantine.ts'
import { advanceAndDeliver, type Run } from '../run.ts'
import type { RunResult } from '../run-result.ts'
import { pieceLabel } from '../sources/read/piece-label.ts'
import { readWhole } from '../state/data-files.ts'
import { readQuarantine } from '../state/read-quarantine.ts'
import { planSurvey } from '../steps/plan.ts'
import { openPlaces, survey } from '../steps/survey.ts'
import type { MendedFile } from './mended-files.ts'
import { mendableFormat } from './mended-store.ts'
import { readMended } from './read-mended.ts'

/** A row that waits, and the text of its record as it should be. */
export interface MendedRow {
  readonly table: string
  /** The file as quarantine names it. */
  readonly file: string
  /** The data record, from 1. */
  readonly row: number
  /** The record as it stands in a correct file; the whole content of the file for an object. */
  readonly text: string
}

/** What is mended, and where. */
export interface MendOptions extends Pick<CommonRunOptions, 'data' | 'out' | 'destinations'> {
  readonly rows: readonly MendedRow[]
}

/** What became of a mended row. */
export interface MendedOutcome extends Omit<MendedRow, 'text'> {
  /** `waits`: it does not fit either. `unchanged`: its text is the one that was there. */
  readonly status: 'applied' | 'waits' | 'unchanged'
  /** Why it waits; null where it does not. */
  readonly problem: Pick<QuarantinedRow, 'code' | 'column' | 'expected'> | null
}

/** What came of it. */
export interface MendResult {
  /** Null where nothing was to be done. */
  readonly run: RunResult | null
  /** In the order in which they were given. */
  readonly rows: readonly MendedOutcome[]
}

const OPTIONS = { data: true, out: true, destinations: true, rows: true } satisfies OptionNames<MendOptions>
const LIST_AGAIN = 'list the rows that wait again'

function refusal({ file, row }: Pick<MendedRow, 'file' | 'row'>, what: string, advice: string): PipelineError {
  return new PipelineError('mend_refused', `${file} row ${row}: ${what}; nothing was changed`, {
    advice: [advice],
    details: { file, row },
  })
}

/** A mended row with the input that it is of. */
interface PlacedRow {
  readonly given: MendedRow
  readonly table: JobTable
  readonly input: InputRecord
}

/** Rows of one table, file and record. */
const isOf =
  ({ table, file, row }: Omit<MendedRow, 'text'>) =>
  (other: Omit<MendedRow, 'text'>): boolean =>
    other.table === table && other.file === file && other.row === row

/** The row with its input; null where its text is there already. */
function placeRow(
  given: MendedRow,
  job: Job,
  record: CommitRecord,
  waiting: readonly QuarantinedRow[],
  mended: readonly MendedFile[],
): PlacedRow | null {
  const found = waiting.filter(isOf(given))
  const input = record.inputs.find((one) => one.table === given.table && pieceLabel(one, record.inputs) === given.file)
  const before = mended.find(({ table, file }) => table === given.table && file === input?.name)
  const text = before?.records.find(({ row }) => row === given.row)?.text
  if (text === given.text || (text === undefined && found[0]?.raw === given.text)) return null
  if (found.length === 0) throw refusal(given, `no row of table ${given.table} waits there`, LIST_AGAIN)
  const table = tablesOf(job).find(({ contract }) => contract.name === given.table)
  if (table === undefined || input === undefined) {
    const what = `it waits in table ${given.table}, which is made of another table`
    throw refusal(given, what, 'correct the file, and run again')
  }
  mendableFormat(table, given.file)
  return { given, table, input }
}

/** The bytes of an applied file, as its place has them. */
async function presentHash(
  data: FileStore,
  { given, input, table }: PlacedRow,
  before: MendedFile | undefined,
  effects: Effects,
): Promise<string> {
  const hashOf = (bytes: Uint8Array): string => {
    const hash = effects.newHash()
    hash.update(bytes)
    return hash.digest()
  }
  const bytes = await readWhole(data, input.name).catch((error: unknown) => {
    if (!(error instanceof ConnectError) || error.code !== 'not_found') throw error
    throw refusal(given, `${data.location} does not have its file any more`, 'bring the file back')
  })
  const sha256 = hashOf(bytes)
  if (before?.sha256 === sha256 || input.sha256 === sha256) return sha256
  // a piece of a log is known by its unpacked bytes
  const isPiece = table.source.law === 'appended' && isPacked(input.name)
  if (isPiece && hashOf(await unpackWhole(bytes, input.name)) === input.sha256) return sha256
  throw refusal(
    given,
    'its file has other content than the one that was applied',
    'run first, and list the rows that wait again',
  )
}

/** The mended records that count from now on, and the pieces of logs among them. */
async function mergeMended(
  placed: readonly PlacedRow[],
  before: readonly MendedFile[],
  data: FileStore,
  effects: Effects,
): Promise<{ readonly mended: readonly MendedFile[]; readonly pieces: ReadonlyMap<string, string> }> {
  const merged = new Map(before.map((file) => [file.file, file]))
  const pieces = new Map<string, string>()
  const looked = new Set<string>()
  for (const row of placed) {
    const { given, input, table } = row
    const known = merged.get(input.name)
    const sha256 = looked.has(input.name) ? (known?.sha256 ?? '') : await presentHash(data, row, known, effects)
    looked.add(input.name)
    const others = known?.sha256 === sha256 ? known.records.filter(({ row: at }) => at !== given.row) : []
    const records = [...others, { row: given.row, text: given.text }].sort((a, b) => a.row - b.row)
    merged.set(input.name, { table: given.table, file: input.name, month: input.month, sha256, records })
    if (table.source.law === 'appended') pieces.set(unitOf(input), input.name)
  }
  return { mended: [...merged.values()].sort((a, b) => (a.file < b.file ? -1 : 1)), pieces }
}

/** Whether other files than the mended ones stop a run: then they stop this one. */
async function refuseOthers(
  run: Run,
  options: Pick<MendOptions, 'data' | 'out'>,
  placed: readonly PlacedRow[],
): Promise<void> {
  const { job, places, effects, mended = [], pieces } = run
  const found = await survey(places, job, options, effects, { mended })
  const files = new Set(placed.map(({ input }) => input.name))
  const plan = planSurvey(found, job, places, pieces)
  const other = plan.refusals.find((one) => one.code !== 'file_changed' || one.files.some((name) => !files.has(name)))
  if (other === undefined) return
  const { code, statement, advice, files: named } = other
  throw new PipelineError(code, statement, { advice, details: { files: named } })
}

function readRows(rows: readonly MendedRow[]): void {
  const isRow = (one: unknown): boolean =>
    isRecord(one) &&
    [one.table, one.file, one.text].every((text) => typeof text === 'string') &&
    Number.isInteger(one.row)
  refuseUnless(
    Array.isArray(rows) && rows.every(isRow),
    'rows',
    rows,
    'a list of rows with table, file, row and text',
    PipelineError,
  )
  for (const [at, one] of rows.entries()) {
    if (rows.findIndex(isOf(one)) !== at)
      throw refusal(one, `table ${one.table} is given this row twice`, 'keep one of them')
    if (one.text.trim() === '')
      throw refusal(one, 'the mended text is empty', 'give the record its cells, or leave the row out')
  }
}

/**
 * Applies rows that people mended, in one commit: they take the place of the records that wait, as if their files had come so.
 * State, published copies and origins are then those of a run with the corrected files. The mended texts are kept with the state
 * and count for these very bytes of a file in every later run; a corrected delivery of the file takes their place. A row that
 * does not fit either waits again, with its new text. Called again with the same rows it changes nothing. What waits in the
 * source beside that is applied too, as by a run; extracts, deltas and pieces of logs are replayed in their order.
 *
 * @throws PipelineError mend_refused - a row does not wait, its file is gone or has other content, its format or source cannot be
 *   mended record by record, or a text is not one record; nothing is changed
 * @throws PipelineError nothing_committed, lock_held, engine_cannot - the place cannot be mended
 * @throws PipelineError, FormatError, ContractError, ConnectError - as of a run
 * @example
 * import { memoryStore } from 'support-etl/connect'
 * import { defineJob, extractsAndDeltas, mendRows, runPipeline } from 'support-etl/pipeline'
 * import { defineTable, float64, key, string } from 'support-etl'
 *
 * const halls = defineTable('halls', { id: key(string()), area: float64() })
 * const job = defineJob({ name: 'halls', tables: { halls: { contract: halls, source: extractsAndDeltas() } } })
 * const data = memoryStore({ 'initial/halls.csv': 'id,area\nH1,120.5\nH2,wide\n' })
 * const out = memoryStore()
 * await runPipeline(job, { data, out })
 * const rows = [{ table: 'halls', file: 'initial/halls.csv', row: 2, text: 'H2,80' }]
 * const mended = await mendRows(job, { data, out, rows })
 * mended.rows.map(({ status }) => status) // ['applied']
 * mended.run?.tables // { halls: 2 }
 */
export async function mendRows(job: Job, options: MendOptions, given: Partial<Effects> = {}): Promise<MendResult> {
  refuseJobArgument(job)
  refuseUnknown(options, OPTIONS, PipelineError)
  const { rows, ...runOptions } = options
  readRows(rows)
  const effects: Effects = { ...nodeEffects(), ...given }
  const places = openPlaces(job, runOptions, effects)
  const { data, out } = places
  const engine = engineOf(out)
  if (engine !== null) {
    throw new PipelineError(
      'engine_cannot',
      `${engine.title} keeps the state, and rows are mended in a state of files alone`,
      {
        advice: [
          'correct the files',
          { option: 'apply', value: "'rebuild'", effect: 'replay them', otherwise: 'run with --rebuild' },
        ],
      },
    )
  }
  if (job.erasure !== undefined) {
    throw new PipelineError(
      'mend_refused',
      `job ${job.name} erases persons from its files, and mended rows would keep their text`,
      {
        advice: ['correct the files at their source, and run again'],
      },
    )
  }
  await readLastCommit(out, effects)
  const runId = effects.newRunId()
  const lock = await takeLock(out, runId, effects)
  try {
    const { record } = await readLastCommit(out, effects)
    const before = await readMended(out, record, effects)
    const waiting = (await readQuarantine({ out }, effects)).rows
    const placed = rows.map((row) => placeRow(row, job, record, waiting, before))
    const found = placed.filter((row) => row !== null)
    if (found.length === 0) return { run: null, rows: rows.map((row) => outcome(row, null, waiting)) }
    const merged = await mergeMended(found, before, data, effects)
    const run: Run = { job, places, runId, effects: { ...effects, lock }, ...merged }
    await refuseOthers(run, runOptions, found)
    const isReplayed = found.some(({ table }) => table.source.law !== 'mirrored')
    const result = await advanceAndDeliver(run, { ...runOptions, apply: isReplayed ? 'rebuild' : 'pending' })
    const after = (await readQuarantine({ out }, effects)).rows
    return { run: result, rows: rows.map((row, at) => outcome(row, placed[at] ?? null, after)) }
  } finally {
    await lock.release()
  }
}

function outcome(given: MendedRow, placed: PlacedRow | null, waiting: readonly QuarantinedRow[]): MendedOutcome {
  const { table, file, row } = given
  const found = waiting.find(isOf(given))
  const problem = found === undefined ? null : { code: found.code, column: found.column, expected: found.expected }
  const status = placed === null ? 'unchanged' : problem === null ? 'applied' : 'waits'
  return { table, file, row, status, problem }
}
