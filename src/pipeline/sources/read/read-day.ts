/**
 * One day of a partitioned table, read some rows at a time: of what concerns the whole day only hashes and counts are held.
 * @module
 */
import type { FileStore } from '../../../connect/file-store.ts'
import { joinChunks } from '../../../table/chunks.ts'
import { DictionaryColumn, NumberColumn } from '../../../table/column.ts'
import type { TableContract } from '../../../table/contract.ts'
import { type Frame, frameOf, selectColumns } from '../../../table/frame.ts'
import { keyBytes } from '../../../table/key/key.ts'
import { KeySet } from '../../../table/key/key-set.ts'
import { markedRows, pickAt, takeRows } from '../../../table/take.ts'
import { sourceContract } from '../../fold/recorded-times.ts'
import type { InputPrints } from '../../job/fingerprints.ts'
import type { JobTable } from '../../job/job.ts'
import type { InputRecord } from '../../log/commit-record.ts'
import type { PlannedInput } from '../../plan/make-plan.ts'
import type { Note } from '../../plan/plan-notes.ts'
import { countRows, type QuarantinedRow, refuseIssue, refuseTooMany } from '../../quarantine.ts'
import { FILE, ROW, stateContract } from '../../state/stored-contract.ts'
import type { BatchEnd, FileReading, RowBatch, SourceFormat } from '../formats/formats.ts'
import { DayWatch } from '../formats/misdated-rows.ts'
import { readingNotes } from '../formats/reading-notes.ts'
import type { PartitionedSource } from '../source.ts'
import { concatFrames } from './concat-frames.ts'
import { type ReadingOptions, unifyZeros } from './read-input.ts'
import { openStream, type SourceStream, unpackedChunks } from './source-stream.ts'

/** What is known of a day when all of it was read. */
export interface DayReading {
  /** What the ledger will say of it, except where its rows are stored. */
  readonly entry: InputRecord
  readonly waiting: readonly QuarantinedRow[]
  /** What the format tells of the file. */
  readonly notes: readonly Note[]
}

/** How a day is read. */
export interface DayOptions extends ReadingOptions {
  readonly prints?: InputPrints
  /** Where its bytes come from, in place of its file. */
  open?(): Promise<SourceStream>
}

type RowIssue = Pick<QuarantinedRow, 'row' | 'line' | 'code' | 'column' | 'found' | 'expected' | 'raw'>
type Batches = AsyncGenerator<RowBatch, BatchEnd & Pick<FileReading, 'refusal'>>

/** A file that its format reads whole, as one batch. */
async function* oneBatch(
  format: SourceFormat,
  chunks: AsyncIterable<Uint8Array>,
  file: Omit<Parameters<SourceFormat['read']>[0], 'bytes'>,
): Batches {
  const pieces: Uint8Array[] = []
  // the next chunk may be written over this one
  for await (const chunk of chunks) pieces.push(chunk.slice())
  const reading = await format.read({ ...file, bytes: joinChunks(pieces) })
  yield reading
  return reading
}

function issuesIn({ issues, rejected }: RowBatch): RowIssue[] {
  const raw = new Map(rejected.map((record) => [record.row, record]))
  return issues.map(({ row, code, column, found, expected }) => {
    const { line = null, text = '' } = raw.get(row) ?? {}
    return { row, line, code, column, found, expected, raw: text }
  })
}

/** The rules that a day's rows keep beside their contract: they are of the day, and no key comes twice. */
class DayRules {
  readonly #watch: DayWatch | null
  readonly #key: readonly string[]
  readonly #seen = new KeySet()
  readonly misdated: RowIssue[] = []
  readonly repeated: RowIssue[] = []

  constructor({ name, unit }: PlannedInput, { contract }: JobTable, { dayColumn }: PartitionedSource) {
    this.#watch = dayColumn === null ? null : new DayWatch({ name, day: unit, column: dayColumn })
    this.#key = contract.key
  }

  /** Returns the rows that keep the rules. */
  fitting(batch: RowBatch): Int32Array {
    const { frame, records } = batch
    const bad = new Uint8Array(frame.rows)
    for (const issue of this.#watch?.look(batch, bad) ?? []) this.misdated.push({ ...issue, line: null, raw: '' })
    const key = this.#key
    if (key.length === 0) return markedRows(bad.map((mark) => 1 - mark))
    const rows = markedRows(bad.map((mark) => 1 - mark))
    const own = selectColumns(frame, key)
    const keys = keyBytes(rows.length === frame.rows ? own : takeRows(own, rows), key)
    const expected = `a ${key.join(', ')} that no earlier record of the day has`
    const again = pickAt(rows, this.#seen.add(keys))
    for (const row of again) {
      bad[row] = 1
      const issue = { code: 'base_duplicate_key', column: key[0] ?? null, found: null, expected } as const
      this.repeated.push({ row: records[row] as number, line: null, raw: '', ...issue })
    }
    return again.length === 0 ? rows : markedRows(bad.map((mark) => 1 - mark))
  }

  end(): void {
    this.#watch?.end()
  }
}

function withOrigin({ frame, records }: RowBatch, name: string, fit: Int32Array, form: TableContract): Frame {
  const columns = new Map(frame.columns)
  columns.set(FILE, new DictionaryColumn(new Int32Array(frame.rows), [name]))
  columns.set(ROW, new NumberColumn('int32', records))
  const whole = frameOf(columns, frame.rows)
  return concatFrames([fit.length === frame.rows ? whole : takeRows(whole, fit)], form)
}

/** Judges a day by all that is wrong with it. */
function judge(name: string, issues: readonly RowIssue[], records: number, { options }: ReadingOptions): void {
  const all = issues.map((issue) => ({ ...issue, file: name }))
  const [first] = all
  if (first !== undefined && options.mode === 'strict') throw refuseIssue(name, first)
  const tooMany = refuseTooMany(name, all, records, options.maxQuarantined)
  if (tooMany !== null) throw tooMany
}

/**
 * Yields the rows of a day that fit, in their order: the contract's columns but recorded ones, then file and record. Returns
 * what is known of the day when its last row was read; until then it may still be refused.
 * @throws InputGone - the file is gone since it was listed
 * @throws FormatError, ContractError, PipelineError - the day cannot be accepted
 */
export async function* readDay(
  data: FileStore,
  declared: JobTable,
  source: PartitionedSource,
  planned: PlannedInput,
  reading: DayOptions,
): AsyncGenerator<Frame, DayReading, undefined> {
  const contract = sourceContract(declared.contract)
  const table = { ...declared, contract }
  const { name: file, month, unit } = planned
  const { format } = source
  const stream = await (reading.open?.() ?? openStream(data, file, reading))
  const { decodeParquet } = reading.effects
  const given = { contract, file, month, decodeParquet }
  const chunks = unpackedChunks(file, stream.packed)
  const batches: Batches = format.readBatches?.({ ...given, chunks }) ?? oneBatch(format, chunks, given)
  const rules = new DayRules(planned, table, source)
  const form = stateContract(contract)
  const misfits: RowIssue[] = []
  let next = await batches.next()
  for (; !next.done; next = await batches.next()) {
    const batch = { ...next.value, frame: concatFrames([next.value.frame], contract) }
    for (const issue of issuesIn(batch)) misfits.push(issue)
    const fit = rules.fitting(batch)
    unifyZeros(batch.frame, contract.key)
    if (fit.length > 0) yield withOrigin(batch, file, fit, form)
  }
  const { recordCount, notes } = next.value
  const refused = (await next.value.refusal?.(reading.options)) ?? null
  if (refused !== null) throw refused
  const told = readingNotes(notes === undefined ? {} : { notes }, file, reading.options)
  rules.end()
  const issues = [...misfits, ...rules.misdated, ...rules.repeated]
  judge(file, issues, recordCount, reading)
  const { name } = contract
  return {
    entry: {
      ...{ table: name, unit, month, name: file, ...stream.entry() },
      ...{ rows: recordCount, quarantined: countRows(issues), summary: null, stored: null },
      // a check writes no ledger
      contract: reading.prints?.(name, { name: file, month }) ?? '',
    },
    waiting: issues.map((issue) => ({ table: name, month: null, file, ...issue })),
    notes: told,
  }
}
