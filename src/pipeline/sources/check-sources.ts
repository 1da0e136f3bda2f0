/**
 * What is wrong with the inputs of mirrored and appended tables, found without writing anything.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import type { Effects } from '../effects.ts'
import { withRecorded } from '../fold/recorded-times.ts'
import type { JobTable } from '../job/job.ts'
import { isRecording } from '../job/job.ts'
import type { StateOptions } from '../job/options.ts'
import type { InputRecord } from '../log/commit-record.ts'
import type { Note } from '../plan/plan-notes.ts'
import { countRows, type QuarantinedRow, refuseTooMany } from '../quarantine.ts'
import type { LoadedState } from '../state/loaded-state.ts'
import { mirroredContract } from '../state/stored-contract.ts'
import type { SourceFile } from './files/inventory.ts'
import { readFileBytes } from './files/read-bytes.ts'
import { duplicateRow } from './fold/fold-mirrored.ts'
import { duplicateDay } from './fold/fold-partitions.ts'
import { mirrorRows } from './fold/mirror.ts'
import { readingNotes } from './formats/reading-notes.ts'
import { concatFrames } from './read/concat-frames.ts'
import { readPieceRows, waitingRows } from './read/read-appended.ts'
import { readDay } from './read/read-day.ts'
import { readMirrored } from './read/read-mirrored.ts'
import type { AppendedSource, MirroredSource, PartitionedSource } from './source.ts'

/** Where a check reads, and where it puts what it finds. */
export interface SourceChecker {
  readonly data: FileStore
  readonly options: StateOptions
  readonly effects: Effects
  readonly files: { name: string; rows: number; quarantined: number }[]
  readonly state: LoadedState
  /** Rows of partitioned tables, which are never in memory as a whole. */
  readonly dayRows: Map<string, number>
  /** Every row that a run would set aside; one without its key it would refuse. */
  tellWaiting(waiting: readonly QuarantinedRow[]): void
  /** What the formats say of whole files. */
  tellNotes(notes: readonly Note[]): void
  /** What a run would refuse. */
  refuse(error: unknown, file: string | null): void
}

/** Looks at the present inputs of a mirrored table, and keeps what they make of it. */
export async function checkMirror(
  checker: SourceChecker,
  table: JobTable,
  source: MirroredSource,
  sources: readonly SourceFile[],
): Promise<void> {
  const { contract } = table
  const planned = sources.map((file) => ({ ...file, position: 0, file, applied: null }))
  // every bad row is wanted, so none of them stops the reading
  const options = { ...checker.options, mode: 'lenient', maxQuarantined: 1 } as const
  try {
    const reading = { options, effects: checker.effects, onChunk: () => {} }
    const read = await readMirrored(checker.data, table, source, planned, reading)
    for (const { name, rows, quarantined } of read.entries) checker.files.push({ name, rows, quarantined })
    const empty = concatFrames([], mirroredContract(contract))
    const form = mirroredContract(contract)
    const rows = isRecording(form) ? withRecorded(read.rows, null, form, checker.effects.now()) : read.rows
    const { frame, duplicates } = mirrorRows(empty, new Set(), rows, contract)
    // an object without its key goes to quarantine; a run does not stop
    checker.tellWaiting(
      read.waiting.map((row) =>
        source.kind === 'objects' && row.code === 'null_key' ? { ...row, code: 'null_value' } : row,
      ),
    )
    checker.tellWaiting(duplicates.map(({ file, row }) => duplicateRow(contract.name, file, row)))
    const records = read.entries.reduce((sum, { rows }) => sum + rows, 0)
    const issues = source.kind === 'objects' ? read.waiting.map((row, at) => ({ ...row, row: at + 1 })) : read.waiting
    const tooMany = refuseTooMany(source.expected, issues, records, checker.options.maxQuarantined)
    if (tooMany !== null) checker.refuse(tooMany, null)
    checker.tellNotes(read.notes)
    checker.state.setTable(contract.name, frame)
  } catch (error) {
    checker.refuse(error, null)
  }
}

/** Looks at the days of a partitioned table, each by itself. */
export async function checkDays(
  checker: SourceChecker,
  table: JobTable,
  source: PartitionedSource,
  sources: readonly SourceFile[],
): Promise<void> {
  const { name } = table.contract
  const options = { ...checker.options, mode: 'lenient', maxQuarantined: 1 } as const
  const first = new Map<string, InputRecord>()
  let all = 0
  for (const file of [...sources].sort((a, b) => (a.unit < b.unit ? -1 : 1))) {
    try {
      const reading = { options, effects: checker.effects, onChunk: () => {} }
      const planned = { ...file, position: 0, file, applied: null }
      const frames = readDay(checker.data, table, source, planned, reading)
      let rows = 0
      let next = await frames.next()
      for (; !next.done; next = await frames.next()) rows += next.value.rows
      const { entry: day, waiting, notes } = next.value
      all = source.counts === 'newest' ? rows : all + rows
      checker.files.push({ name: file.name, rows: day.rows, quarantined: day.quarantined })
      checker.tellWaiting(waiting.map((row) => (row.code === 'null_key' ? { ...row, code: 'null_value' } : row)))
      const tooMany = refuseTooMany(file.name, waiting, day.rows, checker.options.maxQuarantined)
      if (tooMany !== null) checker.refuse(tooMany, file.name)
      checker.tellNotes(notes)
      const twin = first.get(day.sha256)
      if (twin !== undefined) checker.refuse(duplicateDay(name, twin, day), file.name)
      else if (day.rows > 0) first.set(day.sha256, day)
    } catch (error) {
      checker.refuse(error, file.name)
    }
  }
  checker.dayRows.set(name, all)
}

/** Checks each piece of an appended table alone. Only a run finds conflicts between pieces. */
export async function checkPieces(
  checker: SourceChecker,
  table: JobTable,
  source: AppendedSource,
  sources: readonly SourceFile[],
): Promise<void> {
  for (const file of sources) {
    try {
      const { bytes } = await readFileBytes(checker.data, file.name, checker.effects)
      const read = await readPieceRows(table, source, file.name, bytes, checker.effects)
      const waiting = waitingRows(table.contract.name, file.name, read)
      checker.files.push({ name: file.name, rows: read.recordCount, quarantined: countRows(read.issues) })
      checker.tellWaiting(waiting)
      checker.tellNotes(readingNotes(read, file.name, { mode: 'lenient' }))
      const tooMany = refuseTooMany(file.name, read.issues, read.recordCount, checker.options.maxQuarantined)
      if (tooMany !== null) checker.refuse(tooMany, file.name)
    } catch (error) {
      checker.refuse(error, file.name)
    }
  }
}
