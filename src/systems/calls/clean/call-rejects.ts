/**
 * Why a row of a call log is refused, and which line it came from.
 * @module
 */
import { DictionaryColumn, NumberColumn } from '../../../table/column.ts'
import { type Frame, frameOf } from '../../../table/frame.ts'
import { encodeTexts } from '../../../table/utf8.ts'

/** Why a row of a call log is refused. */
export type CallRejectReason =
  | 'json_invalid'
  | 'record_length'
  | 'header_repeated'
  | 'call_id_missing'
  | 'start_missing'
  | 'start_unreadable'
  | 'end_missing'
  | 'end_unreadable'
  | 'end_equals_start'
  | 'end_before_start'

/** What each reason demands; the text of the reject's `expected`. */
export const CALL_REJECT_REASONS: Readonly<Record<CallRejectReason, string>> = {
  json_invalid: 'a JSON object',
  record_length: 'a cell for each column',
  header_repeated: 'a record, not the header line again',
  call_id_missing: 'a call id',
  start_missing: 'an ISO 8601 timestamp',
  start_unreadable: 'an ISO 8601 timestamp',
  end_missing: 'an ISO 8601 timestamp, or a duration in seconds',
  end_unreadable: 'an ISO 8601 timestamp, or a duration in seconds',
  end_equals_start: 'an end after the start',
  end_before_start: 'an end after the start',
}

/** One refused row. */
export interface CallReject {
  /** The line of the file on which the row begins, 1-based. */
  readonly line: number
  readonly call_id: string | null
  readonly reason: CallRejectReason
  /** The column to look at; null where the whole line is wrong. */
  readonly column: string | null
  /**
   * The value found. It may be a customer's value: it goes to the rejects file, never into a
   * message.
   */
  readonly found: string | null
  /** What is expected, where it is declared; else what the reason demands. */
  readonly expected?: string
}

/**
 * Returns the rejects as a table, ordered by line: line, call_id, reason, column, found, expected.
 */
export function rejectTable(rejects: readonly CallReject[]): Frame {
  const sorted = [...rejects].sort((a, b) => a.line - b.line)
  const codes = new Map<string, number>()
  const coded = (texts: readonly (string | null)[]) => {
    codes.clear()
    for (const text of texts) if (text !== null && !codes.has(text)) codes.set(text, codes.size)
    const column = Int32Array.from(texts, (text) => (text === null ? -1 : (codes.get(text) as number)))
    return new DictionaryColumn(column, [...codes.keys()])
  }
  return frameOf([
    [
      'line',
      new NumberColumn(
        'int32',
        Int32Array.from(sorted, ({ line }) => line),
      ),
    ],
    ['call_id', encodeTexts(sorted.map(({ call_id }) => call_id))],
    ['reason', coded(sorted.map(({ reason }) => reason))],
    ['column', coded(sorted.map(({ column }) => column))],
    ['found', encodeTexts(sorted.map(({ found }) => found))],
    ['expected', coded(sorted.map(({ reason, expected }) => expected ?? CALL_REJECT_REASONS[reason]))],
  ])
}
