/**
 * The files of a mirrored table as typed rows, each with its file, its record and the hash of its file.
 * @module
 */
import type { FileStore } from '../../../connect/file-store.ts'
import { PipelineError } from '../../../errors.ts'
import { contractForm } from '../../../format/contract-form.ts'
import { DictionaryColumn, NumberColumn } from '../../../table/column.ts'
import type { TableContract } from '../../../table/contract.ts'
import { columnOf, type Frame, frameOf } from '../../../table/frame.ts'
import { duplicateRows } from '../../../table/key/duplicates.ts'
import { keyBytes } from '../../../table/key/key.ts'
import { markedRows, takeRows } from '../../../table/take.ts'
import { codeTexts } from '../../../table/utf8.ts'
import { sourceContract } from '../../fold/recorded-times.ts'
import type { InputPrints } from '../../job/fingerprints.ts'
import type { JobTable } from '../../job/job.ts'
import type { InputRecord, StoredFile } from '../../log/commit-record.ts'
import type { PlannedInput } from '../../plan/make-plan.ts'
import type { Note } from '../../plan/plan-notes.ts'
import { type QuarantinedRow, refuseIssue, refuseTooMany } from '../../quarantine.ts'
import { FILE, mirroredContract, ROW, SHA256 } from '../../state/stored-contract.ts'
import { type FileBytes, type PackedFile, readPackedFile } from '../files/read-bytes.ts'
import type { FileReading } from '../formats/formats.ts'
import { readingNotes } from '../formats/reading-notes.ts'
import type { MirroredSource } from '../source.ts'
import { concatFrames } from './concat-frames.ts'
import { nullKeyIn, type ReadingOptions, unifyZeros } from './read-input.ts'
import { type BatchReading, ObjectsReader } from './read-objects.ts'
import { unreadableObject } from './unreadable-object.ts'

/** The files that were read. */
export interface MirroredInputs {
  /** Rows that fit, file by file in the order of the plan: the contract's columns but recorded ones, then file, record and hash. */
  readonly rows: Frame
  /** What the ledger will say of each file. */
  readonly entries: readonly InputRecord[]
  readonly waiting: readonly QuarantinedRow[]
  /** What the format tells of whole files. */
  readonly notes: readonly Note[]
}

/** Keeps the bytes of a file as they came. */
export type LandBytes = (name: string, bytes: Uint8Array) => Promise<StoredFile>

/** What the ledger will say of a planned file. */
interface ReadEntry {
  readonly planned: PlannedInput
  readonly entry: FileBytes['entry'] & Pick<InputRecord, 'landed'>
}

function joinNumbers(parts: readonly Int32Array[]): Int32Array {
  const [only] = parts
  if (only !== undefined && parts.length === 1) return only
  const joined = new Int32Array(parts.reduce((count, { length }) => count + length, 0))
  let next = 0
  for (const part of parts) {
    joined.set(part, next)
    next += part.length
  }
  return joined
}

/** After so many files it is told how far the reading is. */
const TOLD_FILES = 64

/** The planned files of a table one after the other, each with what the ledger will say of it. */
async function* eachFile(
  table: string,
  data: FileStore,
  planned: readonly PlannedInput[],
  entries: ReadEntry[],
  reading: ReadingOptions,
  land?: LandBytes,
) {
  const total = planned.length
  for (const [at, input] of planned.entries()) {
    if (total > TOLD_FILES && at % TOLD_FILES === 0)
      reading.effects.onProgress({ step: 'read', name: table, done: at, total })
    const { entry, packed, unpack } = await readPackedFile(data, input.name, reading.effects)
    const landed = await land?.(input.name, packed)
    entries.push({ planned: input, entry: landed === undefined ? entry : { ...entry, landed } })
    reading.onChunk()
    yield { at, planned: input, unpack }
  }
}

/** Records in JSON, one a file. */
async function readRecords(
  files: ReturnType<typeof eachFile>,
  { contract }: JobTable,
  { batchSize }: Pick<MirroredSource, 'batchSize'>,
): Promise<BatchReading> {
  const reader = new ObjectsReader(contract, batchSize)
  for await (const { unpack } of files) {
    const bytes = await unpack().catch((error: unknown) => unreadableObject(error, contract))
    if (bytes instanceof Uint8Array) reader.add(bytes)
    else reader.addUnreadable(bytes)
  }
  return reader.end()
}

/** One file as its format reads it. An object that cannot be read is one record that does not fit. */
async function readFile(
  { planned: { name, month }, unpack }: { readonly planned: PlannedInput; readonly unpack: PackedFile['unpack'] },
  { contract }: JobTable,
  { format, kind }: MirroredSource,
  { effects: { decodeParquet } }: ReadingOptions,
): Promise<FileReading> {
  try {
    return await format.read({ bytes: await unpack(), contract, file: name, month, decodeParquet })
  } catch (error) {
    if (kind !== 'objects') throw error
    const issue = { ...unreadableObject(error, contract), file: name }
    const frame = concatFrames([], contract)
    return { frame, records: new Int32Array(0), recordCount: 1, issues: [issue], rejected: [] }
  }
}

async function readFiles(
  files: ReturnType<typeof eachFile>,
  table: JobTable,
  source: MirroredSource,
  reading: ReadingOptions,
): Promise<BatchReading> {
  const frames: Frame[] = []
  const places: Int32Array[] = []
  const records: Int32Array[] = []
  const counts: number[] = []
  const issues: BatchReading['issues'][number][] = []
  const notes: Note[] = []
  let isJudged = false
  for await (const one of files) {
    const { at: file, planned } = one
    const { name } = planned
    const found = await readFile(one, table, source, reading)
    const refusal = (await found.refusal?.(reading.options)) ?? null
    if (refusal !== null) throw refusal
    if (found.refusal !== undefined) isJudged = true
    notes.push(...readingNotes(found, name, reading.options))
    const raw = new Map(found.rejected.map((record) => [record.row, record]))
    for (const { row, code, column, found: cell, expected } of found.issues) {
      const { line = null, text: whole = '' } = raw.get(row) ?? {}
      issues.push({ file, row, line, code, column, found: cell, expected, raw: whole })
    }
    frames.push(found.frame)
    places.push(new Int32Array(found.records.length).fill(file))
    records.push(found.records)
    counts.push(found.recordCount)
  }
  const frame = concatFrames(frames, table.contract)
  return { frame, files: joinNumbers(places), records: joinNumbers(records), counts, issues, notes, isJudged }
}

/** A snapshot is whole or refused: no row may lack its key, and no key may be there twice. */
function refuseSnapshot(
  table: JobTable,
  file: string,
  { frame, issues, counts, records, isJudged = false }: BatchReading,
  reading: ReadingOptions,
): void {
  const { options } = reading
  const all = issues.map((issue) => ({ ...issue, file }))
  const nullKey = all.find(({ code }) => code === 'null_key')
  if (nullKey !== undefined) throw nullKeyIn(file, nullKey)
  const [first] = all
  if (first !== undefined && options.mode === 'strict') throw refuseIssue(file, first)
  const tooMany = isJudged ? null : refuseTooMany(file, all, counts[0] ?? 0, options.maxQuarantined)
  if (tooMany !== null) throw tooMany
  const { key } = table.contract
  if (key.length === 0) return
  const [again] = duplicateRows(keyBytes(frame, key))
  if (again === undefined) return
  throw new PipelineError(
    'base_duplicate_key',
    `${file} row ${records[again]}: an earlier row has the same key (${key.join(', ')}); the snapshot was not applied. Give every row a key of its own`,
    { details: { row: records[again], columns: key } },
  )
}

/** What is wrong with rows that fit their contract, by what their source promises. */
function checkRows(batch: BatchReading, planned: readonly PlannedInput[], table: JobTable, source: MirroredSource) {
  const names = planned.map(({ name }) => name)
  if (source.kind === 'objects') return misplaced(batch, names, table, source)
  return { issues: [], bad: new Uint8Array(batch.frame.rows) }
}

/** Records whose file says in its name that they are another one, or that are not alone in their file. */
function misplaced(batch: BatchReading, names: readonly string[], table: JobTable, source: MirroredSource) {
  const issues: BatchReading['issues'][number][] = []
  const bad = new Uint8Array(batch.frame.rows)
  const { key } = table.contract
  const columns = new Map(key.map((name) => [name, columnOf(batch.frame, name)]))
  for (let row = 0; row < bad.length; row++) {
    const file = batch.files[row] as number
    const name = names[file] as string
    const problem = { file, row: batch.records[row] as number, line: null, raw: '' }
    if (batch.counts[file] !== 1) {
      bad[row] = 1
      const expected = `one record in the file, which has ${batch.counts[file]}`
      issues.push({ ...problem, code: 'record_length', column: null, found: null, expected })
      continue
    }
    for (const [column, value] of Object.entries(source.keyIn(name))) {
      const found = String(columns.get(column)?.at(row))
      if (found === value) continue
      bad[row] = 1
      issues.push({
        ...problem,
        code: 'key_mismatch',
        column,
        found,
        expected: `the ${column} in the file's name, ${name}`,
      })
    }
  }
  return { issues, bad }
}

/**
 * Reads the planned files of a mirrored table.
 * @throws InputGone - a file is gone since it was listed
 * @throws FormatError, ContractError, PipelineError - a snapshot cannot be accepted; in strict mode, an object neither
 */
export async function readMirrored(
  data: FileStore,
  declared: JobTable,
  source: MirroredSource,
  planned: readonly PlannedInput[],
  reading: ReadingOptions & { readonly prints?: InputPrints; readonly land?: LandBytes },
): Promise<MirroredInputs> {
  const table = { ...declared, contract: sourceContract(declared.contract) }
  const entries: ReadEntry[] = []
  const files = eachFile(declared.contract.name, data, planned, entries, reading, reading.land)
  const { kind, declaration } = source.format
  // objects in a declared shape are read one by one
  const isRecords = source.kind === 'objects' && kind === 'json' && Object.keys(declaration).length === 1
  const batch = await (isRecords ? readRecords(files, table, source) : readFiles(files, table, source, reading))
  const { notes = [] }: BatchReading = batch
  const names = planned.map(({ name }) => name)
  const [first = ''] = names
  if (source.kind === 'snapshots' && names.length > 0) refuseSnapshot(table, first, batch, reading)
  const { issues: others, bad } = checkRows(batch, planned, table, source)
  const issues = [...batch.issues, ...others]
  const [issue] = issues
  if (issue !== undefined && reading.options.mode === 'strict') {
    const file = names[issue.file] ?? ''
    throw refuseIssue(file, { ...issue, file })
  }
  const fit = markedRows(bad.map((mark) => 1 - mark))
  unifyZeros(batch.frame, table.contract.key)
  const rows = withOrigins(batch, entries, fit, mirroredContract(table.contract))
  const waitingIn = new Map<number, Set<number>>()
  for (const { file, row } of issues) waitingIn.set(file, (waitingIn.get(file) ?? new Set()).add(row))
  const { name } = table.contract
  return {
    rows,
    notes,
    entries: entries.map(({ planned: { unit, month, name: file }, entry }, at) => {
      const counts = { rows: batch.counts[at] ?? 0, quarantined: waitingIn.get(at)?.size ?? 0 }
      return {
        table: name,
        unit,
        month,
        name: file,
        ...entry,
        ...counts,
        summary: null,
        stored: null,
        // a check writes no ledger
        contract: reading.prints?.(name, { name: file, month }) ?? '',
      }
    }),
    waiting: issues.map(({ file, row, line, code, column, found, expected, raw }) => {
      return { table: name, month: null, file: names[file] ?? '', row, line, code, column, found, expected, raw }
    }),
  }
}

function withOrigins(batch: BatchReading, files: readonly ReadEntry[], fit: Int32Array, form: TableContract): Frame {
  const { files: of } = batch
  const all = new Map(batch.frame.columns)
  all.set(
    FILE,
    new DictionaryColumn(
      of,
      files.map(({ planned }) => planned.name),
    ),
  )
  all.set(ROW, new NumberColumn('int32', batch.records))
  const hashes = Array.from(of, (file) => files[file]?.entry.sha256)
  all.set(SHA256, codeTexts(hashes, of.length))
  const frame = frameOf(all, batch.frame.rows)
  const chosen = fit.length === frame.rows ? frame : takeRows(frame, fit)
  return contractForm(chosen, form)
}
