/**
 * A call log's bytes to rows: JSON lines or a JSON array, each row with the line on which it begins.
 * @module
 */
import { jsonRecords } from '../../../format/json/records.ts'
import { NumberColumn } from '../../../table/column.ts'
import { type Frame, withColumns } from '../../../table/frame.ts'
import type { CallReject } from '../clean/call-rejects.ts'

/** A log as read. */
export interface CallLog {
  /** The rows as they stand, with `_line`. */
  readonly log: Frame
  /** Lines that are no JSON object. */
  readonly refused: readonly CallReject[]
}

/**
 * Returns the rows of a log, and a reject for each line that is no JSON object.
 * @throws FormatError empty_file, json_invalid, limit_exceeded - as {@link jsonRecords}
 */
export function readCallLog(bytes: Uint8Array, file: string): CallLog {
  const { frame, lines, refused } = jsonRecords(bytes, { file })
  return {
    log: withColumns(frame, [['_line', new NumberColumn('int32', lines)]]),
    refused: refused.map(({ line }) => ({ line, call_id: null, reason: 'json_invalid', column: null, found: null })),
  }
}
