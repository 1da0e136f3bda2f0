/**
 * Pieces of a log as typed rows.
 * @module
 */

import { arrowChunks } from '../../../format/arrow/arrow.ts'
import { nullable, string, type TableContract } from '../../../table/contract.ts'
import { type Frame, frameOf } from '../../../table/frame.ts'
import type { Effects } from '../../effects.ts'
import { type InputRows, withOrigin } from '../../fold/apply-inputs.ts'
import type { JobTable } from '../../job/job.ts'
import { type InputRecord, isReplayed, type StoredFile } from '../../log/commit-record.ts'
import type { Note, PlannedInput } from '../../plan/make-plan.ts'
import { countRows, type QuarantinedRow } from '../../quarantine.ts'
import { actionColumn, stateContract } from '../../state/stored-contract.ts'
import type { Work } from '../../steps/work.ts'
import { InputGone } from '../files/input-gone.ts'
import { readFileBytes, unpackedHash } from '../files/read-bytes.ts'
import type { FileReading } from '../formats/formats.ts'
import { readingNotes } from '../formats/reading-notes.ts'
import type { AppendedSource } from '../source.ts'
import { pieceLabel } from './piece-label.ts'
import { readStoredInput, refuseIssues, unifyZeros } from './read-input.ts'

/** A piece that was read. */
export interface ReadPiece {
  readonly rows: InputRows
  readonly entry: Pick<InputRecord, 'unit' | 'name' | 'sha256' | 'bytes' | 'version' | 'position'>
  readonly stored: Promise<StoredFile>
  readonly waiting: readonly QuarantinedRow[]
  readonly notes: readonly Note[]
  /** What its rows say that they came from. */
  readonly label: string
  /** Whether its rows are known to have a key each, so that nobody needs to look. */
  readonly hasUniqueKeys: boolean
  /** Whether its file was read; false where its rows were stored by an earlier run. */
  readonly isRead: boolean
}

/** The contract with the action, which a piece may have or not. */
function pieceContract(table: JobTable): TableContract {
  const { contract } = table
  return { ...contract, columns: { ...contract.columns, [actionColumn(table)]: nullable(string()) } }
}

/** A piece of a log without actions writes all of its rows. */
function withoutEmptyAction(frame: Frame, name: string): Frame {
  const column = frame.columns.get(name)
  if (column === undefined) return frame
  for (let row = 0; row < column.length; row++) if (!column.isNull(row)) return frame
  return frameOf(
    [...frame.columns].filter(([other]) => other !== name),
    frame.rows,
  )
}

/** Returns the rows of a piece, with their action where it has one. */
export async function readPieceRows(
  table: JobTable,
  source: AppendedSource,
  file: string,
  bytes: Uint8Array,
  { decodeParquet }: Pick<Effects, 'decodeParquet'>,
): Promise<FileReading> {
  const contract = pieceContract(table)
  return source.format.read({ bytes, contract, file, decodeParquet, missingColumns: 'omit' })
}

/** Returns the rows of a file that wait. */
export function waitingRows(table: string, file: string, { issues, rejected }: FileReading): QuarantinedRow[] {
  const raw = new Map(rejected.map((record) => [record.row, record]))
  return issues.map(({ row, code, column, found, expected }) => {
    const { line = null, text = '' } = raw.get(row) ?? {}
    return { table, month: null, file, row, line, code, column, found, expected, raw: text }
  })
}

/**
 * Reads a planned piece and stages its rows.
 * @throws InputGone - the file is gone, or has other content than when it was listed
 * @throws FormatError, ContractError, PipelineError - it cannot be accepted
 */
export async function readPiece(
  work: Work,
  table: JobTable,
  source: AppendedSource,
  planned: PlannedInput,
  ledger: readonly Pick<InputRecord, 'table' | 'name' | 'position'>[],
): Promise<ReadPiece> {
  const { data, out, draft, plan, effects, contents, onChunk } = work
  const { file, applied, position } = planned
  if (file === null && applied !== null && isReplayed(applied)) {
    const { unit, name, sha256, bytes, version } = applied
    const rows = await readStoredInput(out, applied, effects)
    const entry = { unit, name, sha256, bytes, version, position }
    const label = pieceLabel(planned, ledger)
    const stored = Promise.resolve(applied.stored)
    const hasUniqueKeys = applied.summary.folded === 0
    return { rows, entry, stored, waiting: [], notes: [], isRead: false, hasUniqueKeys, label }
  }
  const { name } = planned
  const content = contents.take(name) ?? (await readFileBytes(data, name, effects))
  const sha256 = unpackedHash(name, content, effects)
  if (sha256 !== planned.unit) throw new InputGone(name, null)
  onChunk()
  const read = await readPieceRows(table, source, name, content.bytes, effects)
  const refusal = read.refusal
    ? await read.refusal(plan.options)
    : refuseIssues(name, read.issues, read.recordCount, plan.options)
  if (refusal !== null) throw refusal
  const frame = withoutEmptyAction(read.frame, actionColumn(table))
  unifyZeros(frame, table.contract.key)
  const label = pieceLabel(planned, ledger)
  const rows = { name, month: null, frame: withOrigin(frame, label, read.records), quarantined: countRows(read.issues) }
  const stored = draft.write(
    `${table.contract.name}-piece`,
    'arrow',
    frame.rows,
    arrowChunks(rows.frame, { contract: stateContract(pieceContract(table)) }),
  )
  const told = readingNotes(read, name, plan.options)
  const message = `${name}: ${rows.quarantined} of ${read.recordCount} rows do not fit their contract and wait in quarantine`
  return {
    rows,
    entry: { ...content.entry, unit: sha256, name, sha256, position },
    stored,
    waiting: waitingRows(table.contract.name, label, read),
    hasUniqueKeys: read.hasUniqueKeys === true,
    label,
    notes: rows.quarantined === 0 ? told : [...told, { code: 'quarantined', severity: 'warning', file: name, message }],
    isRead: true,
  }
}
