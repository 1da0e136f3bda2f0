/**
 * Every error class and every error code of the library; each code is a heading in `docs/errors.md`.
 * @module
 */

/** What went wrong, as a closed set: programs compare codes, people read messages. */
export type ErrorCode =
  // contracts, columns, values
  | 'invalid_contract'
  | 'unsupported_table'
  | 'unsupported_type'
  | 'column_not_found'
  | 'column_exists'
  | 'column_duplicate'
  | 'column_missing'
  | 'column_extra'
  | 'column_renamed'
  | 'type_mismatch'
  | 'null_value'
  | 'null_key'
  | 'key_type'
  | 'malformed_text'
  // deltas
  | 'invalid_option'
  | 'base_duplicate_key'
  | 'delta_duplicate_key'
  | 'add_existing'
  | 'update_missing'
  | 'delete_missing'
  | 'unknown_action'
  | 'action_column_missing'
  | 'null_sequence'
  | 'sequence_tie'
  | 'null_overwrites'
  | 'snapshots_out_of_order'
  // time, joins, reports
  | 'time_zone_unknown'
  | 'timestamp_invalid'
  | 'dimension_duplicate_key'
  | 'orphan_reference'
  | 'month_missing'
  | 'measure_overflow'
  | 'cube_mismatch'
  // formats
  | 'empty_file'
  | 'header_missing'
  | 'header_repeated'
  | 'encoding_invalid'
  | 'record_length'
  | 'record_truncated'
  | 'quote_invalid'
  | 'csv_invalid'
  | 'json_invalid'
  | 'parquet_invalid'
  | 'arrow_invalid'
  | 'gzip_invalid'
  | 'limit_exceeded'
  // places
  | 'not_found'
  | 'permission_denied'
  | 'disk_full'
  | 'io_failed'
  | 'path_invalid'
  | 'package_missing'
  // pipeline
  | 'no_input'
  | 'file_exists'
  | 'file_unrecognized'
  | 'initial_missing'
  | 'month_pending'
  | 'month_unknown'
  | 'late_file'
  | 'file_changed'
  | 'options_changed'
  | 'empty_extract'
  | 'too_many_quarantined'
  | 'nothing_committed'
  | 'log_damaged'
  | 'data_damaged'
  | 'lock_held'
  | 'commit_lost'

/** What an error carries beside its message; customers' values stand here and never in the message. */
export interface ErrorOptions {
  readonly details?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/** The base of every error that this library throws on purpose. */
export class EtlError extends Error {
  readonly code: ErrorCode
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = code
    this.details = options.details ?? {}
  }
}

/** A table, a column or a value does not fit what was declared or asked for. */
export class ContractError extends EtlError {}

/** A delta cannot be applied to its table. */
export class DeltaError extends EtlError {}

/** Bytes are not the format they claim to be. */
export class FormatError extends EtlError {}

/** The pipeline cannot go on: its inputs, its log or its options disagree. */
export class PipelineError extends EtlError {}

/** A place could not be read or written; `isTransient` says whether trying again may help. */
export class ConnectError extends EtlError {
  readonly isTransient: boolean

  constructor(code: ErrorCode, message: string, options: ErrorOptions & { readonly isTransient?: boolean } = {}) {
    super(code, message, options)
    this.isTransient = options.isTransient ?? false
  }
}

/**
 * One problem in one row, as data: checking returns issues, the pipeline writes them to quarantine.
 * `row` is the 1-based data record of `file`; `found` may hold customers' values and is kept out of messages.
 */
export interface Issue {
  readonly code: ErrorCode
  readonly file: string | null
  readonly row: number
  readonly column: string | null
  readonly found: string | null
  readonly expected: string
}
