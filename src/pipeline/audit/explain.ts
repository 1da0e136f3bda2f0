/**
 * The rows that a figure counts, and the lines of the source files that supplied them.
 * @module
 */
import { isRecord, type OptionNames, refuseUnless } from '../../arguments.ts'
import type { FileStore } from '../../connect/file-store.ts'
import { isPacked, unpackWhole } from '../../connect/gzip.ts'
import { ConnectError, PipelineError } from '../../errors.ts'
import type { TableContract } from '../../table/contract.ts'
import { columnOf, type Frame } from '../../table/frame.ts'
import { keyBytes } from '../../table/key/key.ts'
import { KeyIndex } from '../../table/key/key-index.ts'
import { pickAt, takeRows } from '../../table/take.ts'
import { type Effects, nodeEffects } from '../effects.ts'
import { contractOf, isPartitioned, type Job, type JobTable, type OutputExplanation, rootOf } from '../job/job.ts'
import { optionsFor } from '../job/job-options.ts'
import { refuseCall } from '../job/options.ts'
import type { InputRecord } from '../log/commit-record.ts'
import type { SourceFormat } from '../sources/formats/formats.ts'
import { findLines, type SourceLine } from '../sources/formats/source-lines.ts'
import { concatFrames } from '../sources/read/concat-frames.ts'
import { pieceLabel } from '../sources/read/piece-label.ts'
import { type CommittedState, openCommitted, type StateQuery, tableOf } from '../state/committed-state.ts'
import { readWhole } from '../state/data-files.ts'
import { EMPTY_STATE, LoadedState } from '../state/loaded-state.ts'
import { FILE, ROW, stateContract } from '../state/stored-contract.ts'

/** Which figure is explained. */
export interface ExplainQuery extends StateQuery {
  /** The output that shows the figure. */
  readonly output: string
  /** The cells of the output's row, such as `{ month: '2025-02' }`; a column that is left out may hold anything. */
  readonly cells: Readonly<Record<string, string>>
  /** The folder, or place, of the source files; `data` by default. */
  readonly data?: string | FileStore
}

/** The file and record that supplied a row last, and their text. */
export interface RowOrigin {
  readonly file: string
  /** The data record, from 1. */
  readonly row: number
  /** Null where the file cannot be read any more, or is in a format that has no lines, such as Parquet. */
  readonly source: SourceLine | null
  /** The typed row that was applied, by column; null where its line is shown. */
  readonly stored: Readonly<Record<string, unknown>> | null
}

/** A file whose lines cannot be shown: it is gone, or no longer what was applied. Its rows are shown as they were applied. */
export interface UnreadFile {
  readonly file: string
  readonly reason: 'missing' | 'changed'
}

/** The rows behind a figure. */
export interface Explanation {
  readonly commit: number
  readonly asOf: string | null
  readonly table: string
  /** The table of the source that the rows come from: `table` itself, or what a derived table is made from. */
  readonly sourceTable: string
  /** The rows that the figure counts, in order of their table. */
  readonly rows: Frame
  /** One a row of `rows`. */
  readonly origins: readonly RowOrigin[]
  readonly unread: readonly UnreadFile[]
}

const QUERY = { output: true, cells: true, data: true, out: true, asOf: true } satisfies OptionNames<ExplainQuery>

/** How a file shows its records: by lines, as one record, in no text at all, or as its own format says. */
export type FileText = 'records' | 'whole' | 'none' | NonNullable<SourceFormat['findRecords']>

/** Returns how the files of a table show their records. */
export function textOf({ source }: JobTable): FileText {
  const { findRecords } = source.format ?? {}
  if (findRecords !== undefined) return findRecords
  if (source.law === 'replayed') return 'records'
  return source.kind === 'objects' && source.format.kind === 'json' ? 'whole' : 'none'
}

/** Characters of an object that are shown. */
const SHOWN = 2000

/** What lines of source files are read with. */
export interface LineReader {
  readonly text: FileText
  readonly data: FileStore
  readonly inputs: readonly InputRecord[]
  readonly effects: Pick<Effects, 'newHash'>
}

/** The wanted records of a file; a reason where it is not the file that was applied. */
async function readApplied(
  { data, inputs, effects, text }: LineReader,
  label: string,
  wanted: ReadonlySet<number>,
): Promise<ReadonlyMap<number, SourceLine> | UnreadFile['reason']> {
  const applied = inputs.filter((input) => pieceLabel(input, inputs) === label)
  const file = applied[0]?.name ?? label
  try {
    const bytes = await readWhole(data, file)
    const hash = effects.newHash()
    hash.update(bytes)
    const sha256 = hash.digest()
    const unpacked = isPacked(file) ? await unpackWhole(bytes, file) : bytes
    const whole = effects.newHash()
    whole.update(unpacked)
    // a piece of a log is known by its unpacked bytes
    const known = [sha256, whole.digest()]
    const isApplied = applied.some((input) => known.includes(input.sha256))
    if (!isApplied) return 'changed'
    if (text === 'none') return new Map()
    if (typeof text === 'function')
      return await text(unpacked, wanted, { name: file, month: applied[0]?.month ?? null })
    if (text === 'records') return findLines(unpacked, wanted)
    return new Map([[1, { line: 1, text: new TextDecoder().decode(unpacked).trim().slice(0, SHOWN) }]])
  } catch (error) {
    if (error instanceof ConnectError && error.code === 'not_found') return 'missing'
    throw error
  }
}

/** The cells of a row, without where it came from. */
function cellsOf(frame: Frame, row: number): Readonly<Record<string, unknown>> {
  const own = Array.from(frame.columns).filter(([name]) => !name.startsWith('_'))
  return Object.fromEntries(own.map(([name, column]) => [name, column.at(row)]))
}

/** Returns the origin of each row, by its columns of file and record. */
export async function findOrigins(rows: Frame, reader: LineReader): Promise<Pick<Explanation, 'origins' | 'unread'>> {
  const files = Array.from(columnOf(rows, FILE), String)
  const records = Array.from(columnOf(rows, ROW), Number)
  const wanted = new Map<string, Set<number>>()
  for (const [at, file] of files.entries()) {
    const numbers = wanted.get(file) ?? new Set()
    wanted.set(file, numbers.add(records[at] ?? 0))
  }
  const found = new Map<string, ReadonlyMap<number, SourceLine>>()
  const unread: UnreadFile[] = []
  for (const [file, numbers] of wanted) {
    const lines = await readApplied(reader, file, numbers)
    if (typeof lines === 'string') unread.push({ file, reason: lines })
    else found.set(file, lines)
  }
  const origins = files.map((file, at) => {
    const row = records[at] ?? 0
    const source = found.get(file)?.get(row) ?? null
    return { file, row, source, stored: source === null ? cellsOf(rows, at) : null }
  })
  return { origins, unread }
}

function explanationOf(job: Job, { output, cells }: ExplainQuery): OutputExplanation {
  const wanted = Object.hasOwn(job.outputs, output) ? job.outputs[output] : undefined
  if (wanted?.explain === undefined) {
    const names = Object.entries(job.outputs).flatMap(([name, { explain }]) => (explain === undefined ? [] : [name]))
    const known = names.join(', ') || 'none'
    throw new PipelineError('invalid_option', `no output "${output}" of job ${job.name} can be explained; ${known} can`)
  }
  const names = Object.keys(wanted.contract.columns)
  refuseUnless(isRecord(cells), 'cells', cells, `an object such as { ${names[0]}: '…' }`, PipelineError)
  const unknown = Object.keys(cells).find((name) => !names.includes(name))
  if (unknown === undefined) return wanted.explain
  throw new PipelineError('invalid_option', `${output} has no column "${unknown}"; it has ${names.join(', ')}`)
}

/** The rows of a source's table that rows of a table derived from it were made of, by key. */
function sourceRows(rows: Frame, source: Frame, key: readonly string[]): Frame {
  const index = KeyIndex.of(keyBytes(source, key))
  const groups = index.findAll(keyBytes(rows, key))
  // a derived table has a row only where the table it is made from has one
  return takeRows(source, pickAt(index.firstRows, groups))
}

/** Rows behind a figure, and the rows of the source's table that they were made of. */
type RowsBehind = readonly [rows: Frame, supplied: Frame]

async function rowsInTable(state: CommittedState, root: TableContract | null, rows: Frame): Promise<RowsBehind> {
  return [rows, root === null ? rows : sourceRows(rows, await state.loadTable(root.name), root.key)]
}

/** The same in each day of a partitioned table, one day in memory after the other. */
async function rowsInDays(
  job: Job,
  state: CommittedState,
  table: string,
  loaded: LoadedState,
  behind: () => Frame,
): Promise<RowsBehind> {
  const root = tableOf(job, rootOf(job, table)).contract
  const contract = contractOf(job, table) ?? root
  const roots = new Map(state.partitions(root.name).map((day) => [day.day, day]))
  const [found, supplied]: [Frame[], Frame[]] = [[], []]
  for (const day of state.partitions(table)) {
    loaded.setTable(table, await day.load())
    const rows = behind()
    found.push(rows)
    const source = rows.rows === 0 || table === root.name ? undefined : roots.get(day.day)
    supplied.push(source === undefined ? rows : sourceRows(rows, await source.load(), root.key))
  }
  const form = stateContract(root)
  const rows = concatFrames(found, table === root.name ? form : contract)
  const withRows = supplied.filter((frame) => frame.rows > 0)
  return [rows, concatFrames(withRows, form)]
}

/** Loads what an explanation reads. */
export async function loadRead(job: Job, state: CommittedState, reads: readonly string[]): Promise<LoadedState> {
  const loaded = new LoadedState(null, EMPTY_STATE, [])
  for (const name of reads) {
    if (isPartitioned(job, name)) loaded.setPartitions(name, state.partitions(name))
    else if (Object.hasOwn(job.rollups, name)) loaded.setRollup(name, await state.loadRollup(name))
    else loaded.setTable(name, await state.loadTable(name))
  }
  return loaded
}

/**
 * Returns the rows that a row of an output counts, in order of their table, each with the file and record that
 * supplied it last and its line in that file. Rows of a derived table are traced by key to those of the table they are made from.
 * No rows: the output has no such row.
 *
 * @throws PipelineError invalid_option - the output or a column of it is not known, or the output cannot be explained;
 * and what `readState` throws
 * @throws ConnectError - a place cannot be read
 * @example
 * import { memoryStore } from 'support-etl/connect'
 * import { defineJob, explainFigure, extractsAndDeltas, runPipeline } from 'support-etl/pipeline'
 * import { defineTable, key, string } from 'support-etl'
 *
 * const halls = defineTable('halls', { id: key(string()), name: string() })
 * const list = {
 *   contract: halls,
 *   reads: ['halls'],
 *   build: (state) => state.table('halls'),
 *   explain: { table: 'halls', reads: ['halls'], rowsBehind: () => Int32Array.of(1) },
 * }
 * const source = extractsAndDeltas()
 * const job = defineJob({ name: 'halls', tables: { halls: { contract: halls, source } }, outputs: { list } })
 * const data = memoryStore({ 'initial/halls.csv': 'id,name\nH1,North\nH2, South \n' })
 * const out = memoryStore()
 * await runPipeline(job, { data, out })
 * const { origins } = await explainFigure(job, { data, out, output: 'list', cells: { id: 'H2' } })
 * origins // [{ file: 'initial/halls.csv', row: 2, source: { line: 3, text: 'H2, South ' }, stored: null }]
 */
export async function explainFigure(job: Job, query: ExplainQuery, given: Partial<Effects> = {}): Promise<Explanation> {
  const effects: Effects = { ...nodeEffects(), ...given }
  refuseCall(job, query, QUERY)
  const { data = 'data', cells, out, asOf } = query
  const explanation = explanationOf(job, query)
  const { table, reads, uses = [] } = explanation
  const at = { ...(out !== undefined && { out }), ...(asOf !== undefined && { asOf }) }
  const state = await openCommitted(job, at, effects)
  const values = optionsFor(state.jobOptions, uses, `the explanation of output ${query.output}`)
  const loaded = await loadRead(job, state, reads)
  const behind = (): Frame => takeRows(loaded.table(table), explanation.rowsBehind(loaded, cells, values))
  const sourceTable = rootOf(job, table)
  const [rows, supplied] = isPartitioned(job, table)
    ? await rowsInDays(job, state, table, loaded, behind)
    : await rowsInTable(state, sourceTable === table ? null : tableOf(job, sourceTable).contract, behind())
  const places = typeof data === 'string' ? effects.openSource(data) : data
  const found = await findOrigins(supplied, {
    data: await state.openSource(places),
    inputs: state.inputs,
    effects,
    text: textOf(tableOf(job, sourceTable)),
  })
  return { commit: state.commit, asOf: state.asOf, table, sourceTable, rows, ...found }
}
