/**
 * The days of a partitioned table, read one after the other: each is a Parquet file before the next one is read.
 * @module
 */
import type { JobTable } from '../../job/job.ts'
import type { InputRecord, TableState } from '../../log/commit-record.ts'
import type { PlannedInput, WithdrawnInput } from '../../plan/make-plan.ts'
import type { Note } from '../../plan/plan-notes.ts'
import type { QuarantinedRow } from '../../quarantine.ts'
import { CountedFrames } from '../../state/counted-frames.ts'
import { partitionChunks } from '../../state/partition-files.ts'
import { stateContract } from '../../state/stored-contract.ts'
import type { Work } from '../../steps/work.ts'
import { NO_UNIT_DAY } from '../partitions.ts'
import { ledgerDays } from '../plan-partitions.ts'
import type { PartitionedSource } from '../source.ts'
import { landFile } from './land-file.ts'
import { readDay } from './read-day.ts'

/** A partitioned table whose new and changed days were read and stored. */
export interface ReadPartitions {
  readonly law: 'partitioned'
  readonly table: JobTable
  readonly source: PartitionedSource
  /** The days that were read, as the ledger will have them. */
  readonly read: readonly InputRecord[]
  readonly waiting: readonly QuarantinedRow[]
  /** What formats tell of the files that were read. */
  readonly notes: readonly Note[]
  /** Days as the ledger had them. */
  readonly before: ReadonlyMap<string, InputRecord>
  /** Days that stay as they are. */
  readonly known: readonly InputRecord[]
  readonly withdrawn: readonly WithdrawnInput[]
  readonly state: TableState | null
}

/** The beginning of the name under which rows of a day are stored. */
export function fileStem(table: string, unit: string): string {
  return unit === NO_UNIT_DAY ? table : `${table}-${unit}`
}

/** A planned day, and what the ledger has of it. */
interface DayToRead {
  readonly table: JobTable
  readonly source: PartitionedSource
  readonly input: PlannedInput
  readonly last: InputRecord | undefined
  readonly loadedAt: string
}

/** What a day is, once its rows are stored. */
interface StoredDay {
  readonly input: InputRecord
  readonly waiting: readonly QuarantinedRow[]
  readonly notes: readonly Note[]
}

/** Reads one day and stores it; its rows are nobody's when this returns. */
async function storeDay(work: Work, { table, source, input, last, loadedAt }: DayToRead): Promise<StoredDay> {
  const { plan, head, data, draft, effects, onChunk, prints, runId } = work
  const { contract } = table
  const reading = { options: plan.options, effects, onChunk, prints }
  const stem = fileStem(contract.name, input.unit)
  const original = source.originals === 'keep' ? await landFile(work, stem, input, source, last) : null
  const from = original === null ? reading : { ...reading, open: original.open }
  const rows = new CountedFrames(readDay(data, table, source, input, from))
  const chunks = partitionChunks(rows, stateContract(contract))
  const stored = await draft.place(stem, 'parquet', () => rows.rows, chunks)
  const { entry, waiting, notes } = rows.result
  const number = (head?.number ?? 0) + 1
  // a day that is read again and is what it was is still the one that was loaded then
  const isSame = last?.stored?.sha256 === stored.sha256 && last.sha256 === entry.sha256
  const load = isSame
    ? { loadedAt: last.loadedAt ?? loadedAt, batch: last.batch ?? runId, seq: last.seq ?? number }
    : { loadedAt, batch: runId, seq: number }
  const landed = original === null ? {} : { landed: { ...original.file, rows: entry.rows } }
  return { input: { ...entry, stored, ...load, ...landed }, waiting, notes }
}

/**
 * Reads the planned days of a table, and stores each.
 * @throws InputGone - a file is gone since it was listed
 * @throws FormatError, ContractError, PipelineError - a day cannot be accepted
 */
export async function readPartitions(work: Work, table: JobTable, source: PartitionedSource): Promise<ReadPartitions> {
  const { plan, base, head, effects } = work
  const { name } = table.contract
  const isOf = (input: { readonly table: string }): boolean => input.table === name
  const planned = plan.apply.filter(isOf)
  const before = new Map(ledgerDays(name, head).map((input) => [input.unit, input]))
  const known = new Map(before)
  const withdrawn = plan.withdraw.filter(isOf)
  for (const { unit } of [...planned, ...withdrawn]) known.delete(unit)
  const loadedAt = new Date(effects.now()).toISOString()
  const read: InputRecord[] = []
  const waiting: QuarantinedRow[] = []
  const notes: Note[] = []
  for (const input of planned) {
    const day = await storeDay(work, { table, source, input, last: before.get(input.unit), loadedAt })
    effects.freeBuffers()
    read.push(day.input)
    for (const row of day.waiting) waiting.push(row)
    notes.push(...day.notes)
  }
  return {
    ...{ law: 'partitioned', table, source, read, waiting, notes, withdrawn, before, known: [...known.values()] },
    state: base?.state[name] ?? null,
  }
}
