/**
 * Reads a call log into rows: JSON lines or a JSON array, with the line of each row.
 * @module
 */
import { FormatError } from '../../../errors.ts'
import { otherJson } from '../../../format/json/foreign.ts'
import { jsonRecords, type RefusedLine } from '../../../format/json/records.ts'
import { lookAt } from '../../../format/look.ts'
import { NumberColumn } from '../../../table/column.ts'
import { type Frame, withColumns } from '../../../table/frame.ts'
import { aliasedColumns, CALL_ALIASES } from '../clean/call-columns.ts'
import type { CallReject } from '../clean/call-rejects.ts'
import type { Misfits } from '../clean/misfits.ts'

/** A log as parsed. */
export interface CallLog {
  /** The rows, unchanged, with their line as `_line`. */
  readonly log: Frame
  /** Lines that are not JSON objects, or not records of CSV. */
  readonly refused: readonly CallReject[]
  /** Cells that are not written as declared; none where nothing is declared. */
  readonly misfits?: Misfits
}

/** The rejects of lines that are not JSON objects. */
export function jsonRejects(refused: readonly RefusedLine[]): CallReject[] {
  return refused.map(({ line }) => ({ line, call_id: null, reason: 'json_invalid', column: null, found: null }))
}

/** The error for a log without a row. */
export function emptyLog(file: string): FormatError {
  return new FormatError('empty_file', `${file} holds no call; check the export that wrote it`)
}

/**
 * Refuses one object on one line that wraps the list of calls: it parses as a single row without
 * any column of a call.
 */
function refuseEnvelope(bytes: Uint8Array, frame: Frame, file: string): void {
  const { call_id, start_time } = CALL_ALIASES
  if (frame.rows !== 1 || aliasedColumns(frame, [...call_id, ...start_time]).length > 0) return
  const look = lookAt(bytes)
  if (look.list !== null) throw otherJson(look, 'records', file)
}

/**
 * Returns the rows of a log, and a reject for each line that is not a JSON object.
 * @throws FormatError empty_file, json_invalid, encoding_invalid, limit_exceeded - as {@link jsonRecords}
 * @throws FormatError json_invalid - one object wraps the list of calls
 */
export function readCallLog(bytes: Uint8Array, file: string): CallLog {
  const { frame, lines, refused } = jsonRecords(bytes, { file })
  refuseEnvelope(bytes, frame, file)
  if (frame.rows === 0 && refused.length === 0) throw emptyLog(file)
  return { log: withColumns(frame, [['_line', new NumberColumn('int32', lines)]]), refused: jsonRejects(refused) }
}
