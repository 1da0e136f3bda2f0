/**
 * Inputs as typed rows: a CSV file of the source, or the rows that were kept when it was applied before.
 * @module
 */
import type { Chunks, FileEntry, FileStore } from '../../../connect/file-store.ts'
import { isPacked, unpack } from '../../../connect/gzip.ts'
import { type EtlError, type Issue, PipelineError } from '../../../errors.ts'
import type { CsvBatch } from '../../../format/csv/read/origin.ts'
import { type CsvReader, csvReader } from '../../../format/csv/read/reader.ts'
import type { CsvReaderOptions } from '../../../format/csv/read/reading.ts'
import { DictionaryColumn } from '../../../table/column.ts'
import type { TableContract } from '../../../table/contract.ts'
import type { Frame } from '../../../table/frame.ts'
import { countUp } from '../../../table/take.ts'
import { DELETE, readActions } from '../../../transform/delta/compile/actions.ts'
import { resolveDeltaOptions } from '../../../transform/delta/delta-options.ts'
import type { Effects, Hash } from '../../effects.ts'
import { type InputRows, withOrigin } from '../../fold/apply-inputs.ts'
import type { JobTable } from '../../job/job.ts'
import type { StateOptions } from '../../job/options.ts'
import type { ReplayedInput } from '../../log/commit-record.ts'
import { countRows, type QuarantinedRow, refuseIssue, refuseTooMany } from '../../quarantine.ts'
import { readReplayed } from '../../state/data-files.ts'
import { actionColumn } from '../../state/stored-contract.ts'
import type { SourceFile } from '../files/inventory.ts'
import { knownVersion } from '../files/known-version.ts'
import type { ReadingNote } from '../formats/formats.ts'
import { csvNotes } from '../formats/reading-notes.ts'

/** A file as it was read. */
export interface ReadFile extends InputRows, ReadFacts {}

/** What is known of a file when its last row was read. */
export interface ReadFacts extends Omit<InputRows, 'frame'> {
  readonly sha256: string
  readonly bytes: number
  /** What the place says of it; null where the file is so young that it may still change without being noticed. */
  readonly version: string | null
  readonly records: number
  readonly waiting: readonly QuarantinedRow[]
  /** What is worth knowing of the file as a whole. */
  readonly notes: readonly ReadingNote[]
}

/** After this many bytes, writes that are under way get a turn. */
const STRETCH = 4 << 20

/** Returns whether a word means delete; words that mean nothing are found later, when the delta is compiled. */
function deleteWords({ delta }: JobTable): (word: string) => boolean {
  const policies = resolveDeltaOptions(delta)
  return (word) => {
    try {
      return readActions(new DictionaryColumn(Int32Array.of(0), [word]), policies, () => '').codes[0] === DELETE
    } catch {
      return false
    }
  }
}

/** The contract that a table's deltas are read under: unknown columns are the delta policy's business. */
function deltaContract({ contract, delta }: JobTable): TableContract {
  return delta?.contract === undefined ? contract : { ...contract, unknownColumns: delta.contract }
}

/** The declared dialect of a file, with csv-parse where only that reads it. */
async function dialectOf({ source }: JobTable, file: SourceFile): Promise<CsvReaderOptions> {
  if (source.law !== 'replayed' || source.format === undefined) return {}
  const dialect = source.format.dialectOf(file)
  // loaded for jobs that declare a dialect
  const { foreignFor } = await import('../formats/csv-format.ts')
  return { ...dialect, foreign: await foreignFor(dialect) }
}

async function openReader(table: JobTable, file: SourceFile): Promise<CsvReader> {
  const { month, name, bytes } = file
  const dialect = await dialectOf(table, file)
  if (month === null) return csvReader({ ...dialect, contract: table.contract, file: name, expectedBytes: bytes })
  const { columnAliases } = table.delta ?? {}
  return csvReader({
    ...dialect,
    contract: deltaContract(table),
    file: name,
    expectedBytes: bytes,
    actionColumn: actionColumn(table),
    isDelete: deleteWords(table),
    missingColumns: 'omit',
    ...(columnAliases !== undefined && { columnAliases: { ...dialect.columnAliases, ...columnAliases } }),
  })
}

/** Returns the error for a row without its key. */
export function nullKeyIn(name: string, issue: Pick<Issue, 'row' | 'column'>): PipelineError {
  const message = `${name} row ${issue.row}: key column "${issue.column}" is empty; give every row its key`
  return new PipelineError('null_key', message, { details: { ...issue } })
}

/** Null keys stop every run (D06), any other issue a strict one. */
export function refuseIssues(
  name: string,
  issues: readonly Issue[],
  records: number,
  options: StateOptions,
): EtlError | null {
  const nullKey = issues.find(({ code }) => code === 'null_key')
  if (nullKey !== undefined) return nullKeyIn(name, nullKey)
  const [first] = issues
  if (first !== undefined && options.mode === 'strict') return refuseIssue(name, first)
  return refuseTooMany(name, issues, records, options.maxQuarantined)
}

/** Replaces −0 by 0 in key columns, because both are the same key. */
export function unifyZeros({ columns }: Frame, key: readonly string[]): void {
  for (const name of key) {
    const column = columns.get(name)
    if (column?.kind !== 'float64') continue
    const { values } = column
    for (let row = 0; row < values.length; row++) values[row] = (values[row] as number) + 0
  }
}

/** How a file is read. */
export interface ReadingOptions {
  readonly options: StateOptions
  readonly effects: Effects
  /** What becomes of rows that stop a run: `refuse` (default) throws the first, `tell` lets all of them wait. */
  readonly issues?: 'refuse' | 'tell'
  /** Called between chunks, so that the lock stays alive. */
  onChunk(): void
}

/** A file's bytes, through one window where the place has one, and what the place says of it. */
export async function openFile(data: FileStore, name: string): Promise<{ entry: FileEntry | null; chunks: Chunks }> {
  if (data.windows !== undefined) {
    const { entry, windows } = data.windows(name)
    return { entry, chunks: windows }
  }
  return data.open === undefined ? { entry: null, chunks: data.read(name) } : await data.open(name)
}

/** Feeds a file's bytes to the hash and the reader, and yields rows when `least` of them are read; returns what the place says of it. */
async function* feed(
  data: FileStore,
  file: SourceFile,
  least: number,
  { hash, reader }: { readonly hash: Hash; readonly reader: CsvReader },
  { effects, onChunk }: ReadingOptions,
): AsyncGenerator<CsvBatch, Pick<ReadFacts, 'bytes' | 'version'>> {
  let bytes = 0
  const count = (piece: Uint8Array): void => {
    hash.update(piece)
    bytes += piece.length
    onChunk()
    effects.onProgress({ step: 'read', name: file.name, done: bytes, total: file.bytes, rows: reader.records })
  }
  const { entry, chunks } = await openFile(data, file.name)
  const packed = isPacked(file.name)
  let next = 0
  for await (const piece of packed ? unpack(chunks, file.name, { onPacked: count }) : chunks) {
    reader.push(piece)
    if (!packed) count(piece)
    const batch = reader.take(least)
    if (batch !== null) yield batch
    if (bytes < next || !(Symbol.iterator in chunks)) continue
    await effects.yieldToIO()
    next = bytes + STRETCH
  }
  return { bytes, version: knownVersion(entry, effects.now()) }
}

/** The records that wait, with their text. */
function waitingRows(
  { issues, rejected }: Pick<CsvBatch, 'issues' | 'rejected'>,
  file: SourceFile,
  table: string,
): QuarantinedRow[] {
  const raw = new Map(rejected.map((record) => [record.row, record]))
  return issues.map(({ row, code, column, found, expected }) => {
    const { line = null, text = '' } = raw.get(row) ?? {}
    return { table, month: file.month, file: file.name, row, line, code, column, found, expected, raw: text }
  })
}

/**
 * Yields a source file as typed rows, at least `least` of them at a time and the rest at the end, and returns what is known of the
 * file. Rows that do not fit wait in quarantine. Until the last row was read the file may still be refused.
 *
 * @throws FormatError, ContractError - the file is damaged, unpacks to more than it can be, or lacks a key column
 * @throws PipelineError null_key - in every mode; any issue in strict mode; too_many_quarantined
 */
export async function* streamSource(
  data: FileStore,
  table: JobTable,
  file: SourceFile,
  reading: ReadingOptions,
  least: number,
): AsyncGenerator<Frame, ReadFacts, undefined> {
  const { name: tableName, key } = table.contract
  const hash = reading.effects.newHash()
  const reader = await openReader(table, file)
  const issues: Issue[] = []
  const waiting: QuarantinedRow[] = []
  const taken = ({ frame, records, ...wrong }: CsvBatch): Frame => {
    for (const issue of wrong.issues) issues.push(issue)
    for (const row of waitingRows(wrong, file, tableName)) waiting.push(row)
    unifyZeros(frame, key)
    return withOrigin(frame, file.name, records)
  }
  const batches = feed(data, file, least, { hash, reader }, reading)
  let next = await batches.next()
  for (; !next.done; next = await batches.next()) yield taken(next.value)
  const { bytes, version } = next.value
  const end = reader.end()
  const last = taken({ ...end, records: end.records ?? countUp(end.frame.rows, 1) })
  const { recordCount: records } = end
  const refusal = reading.issues === 'tell' ? null : refuseIssues(file.name, issues, records, reading.options)
  if (refusal !== null) throw refusal
  yield last
  const quarantined = countRows(issues)
  return {
    ...{ name: file.name, month: file.month, quarantined, sha256: hash.digest(), bytes, version },
    ...{ records, notes: csvNotes(end.notes), waiting },
  }
}

/** Returns a source file as typed rows, as {@link streamSource} yields them. */
export async function readSource(
  data: FileStore,
  table: JobTable,
  file: SourceFile,
  reading: ReadingOptions,
): Promise<ReadFile> {
  const rows = streamSource(data, table, file, reading, Number.POSITIVE_INFINITY)
  // all rows are yielded at the end, in one frame
  const { value: frame } = (await rows.next()) as IteratorYieldResult<Frame>
  const { value: facts } = (await rows.next()) as IteratorReturnResult<ReadFacts>
  return { ...facts, frame }
}

/** Returns the typed rows that were kept of an applied input. @throws PipelineError data_damaged - a byte of them differs */
export async function readStoredInput(
  out: FileStore,
  { name, month, stored, quarantined }: ReplayedInput,
  { newHash }: Pick<Effects, 'newHash'>,
): Promise<InputRows> {
  return { name, month, frame: await readReplayed(out, stored, newHash()), quarantined }
}
