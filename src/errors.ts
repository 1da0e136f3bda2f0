/**
 * Every error class and error code of the library. Each code is a heading in `docs/errors.md`. The
 * text of an error stands in the room that finds it: where a room has many, in its file `*-refusals.ts`.
 * @module
 */

/** The closed set of error codes: programs compare codes, people read messages. */
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
  | 'date_order'
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
  | 'source_empty'
  | 'too_many_withdrawn'
  | 'input_shrunk'
  | 'key_mismatch'
  | 'duplicate_object'
  | 'duplicate_day'
  | 'day_mismatch'
  | 'rule_broken'
  | 'gate_refused'
  | 'erase_refused'
  | 'mend_refused'
  | 'derived_invalid'
  | 'commit_collected'
  | 'empty_extract'
  | 'too_many_quarantined'
  | 'nothing_committed'
  | 'log_damaged'
  | 'log_newer'
  | 'log_older'
  | 'data_damaged'
  | 'lock_held'
  | 'commit_lost'
  | 'destination_taken'
  | 'destination_refused'
  | 'destination_behind'
  | 'engine_unknown'
  | 'engine_cannot'
  | 'engine_refused'
  | 'engine_lost'
  | 'engine_changed'
  | 'engine_differs'
  // requests over HTTP
  | 'request_invalid'
  | 'unauthorized'
  | 'scope_missing'
  | 'host_refused'
  | 'method_not_allowed'
  | 'not_acceptable'
  | 'body_too_large'
  | 'address_too_long'
  | 'headers_too_large'
  | 'media_type_unsupported'
  | 'rate_limited'
  | 'request_timeout'
  | 'answer_timeout'
  | 'identity_unreachable'
  | 'database_unreachable'
  | 'database_not_migrated'
  | 'migration_changed'
  | 'migration_failed'
  | 'keys_invalid'

/** An option whose setting would help. Code shows its name, a command line its flag. */
export interface OptionAdvice {
  /** The option's name in code, such as `missingColumns`. */
  readonly option: string
  /** The value to set, as code writes it: `'keep'`. Left out where any value may be right. */
  readonly value?: string
  /** The value as a command line writes it, where it differs: `50%`. */
  readonly typed?: string
  /** What the setting does, as a verb: `read it as a full extract`. */
  readonly effect?: string
  /** What to do where the option cannot be set, for example on a command line without its flag. */
  readonly otherwise?: string
}

/** What only code can do, such as calling another function. */
export interface CodeAdvice {
  /** What to do, as a sentence for code: `read it with checkCsv`. */
  readonly inCode: string
  /** What to do on a command line; nothing where it is left out. */
  readonly otherwise?: string
}

/** One thing to do about an error: a sentence, an option to set, or what only code can do. */
export type Advice = string | OptionAdvice | CodeAdvice

/**
 * What an error carries beside its statement. Customers' values go into `details`, never into the
 * message.
 */
export interface ErrorOptions {
  readonly details?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
  /** What to do about the error. The message ends with it. */
  readonly advice?: readonly Advice[]
}

/** Returns an option's setting as code writes it: `set missingColumns: 'keep'`. */
function settingOf({ option, value, effect }: OptionAdvice): string {
  return `set ${option}${value === undefined ? '' : `: ${value}`}${effect === undefined ? '' : ` to ${effect}`}`
}

function textInCode(advice: Advice): string {
  if (typeof advice === 'string') return advice
  return 'inCode' in advice ? advice.inCode : settingOf(advice)
}

/** Returns a statement and its advice as one message, in the words of code. */
export function messageOf(statement: string, advice: readonly Advice[]): string {
  return withAdvice(statement, advice.map(textInCode))
}

/** Returns the statement followed by the advice, as one message. */
export function withAdvice(statement: string, advice: readonly string[]): string {
  if (advice.length === 0) return statement
  const text = advice.join(', or ')
  return /[.?]$/.test(statement) ? `${statement} ${text[0]?.toUpperCase()}${text.slice(1)}` : `${statement}; ${text}`
}

/** The base of every error that this library throws on purpose. */
export class EtlError extends Error {
  readonly code: ErrorCode
  readonly details: Readonly<Record<string, unknown>>
  /** What is wrong: the message without its advice. */
  readonly statement: string
  /** What to do about it. */
  readonly advice: readonly Advice[]

  constructor(code: ErrorCode, statement: string, options: ErrorOptions = {}) {
    const advice = options.advice ?? []
    super(messageOf(statement, advice), options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = code
    this.details = options.details ?? {}
    this.statement = statement
    this.advice = advice
  }
}

/** A table, a column or a value does not fit its contract, or what the call asked for. */
export class ContractError extends EtlError {}

/** A delta cannot be applied to its table. */
export class DeltaError extends EtlError {}

/** Bytes are not the format they claim to be. */
export class FormatError extends EtlError {}

/** The pipeline cannot continue: its inputs, its log or its options disagree. */
export class PipelineError extends EtlError {}

/** An engine cannot do what a job asks for. */
export class EngineError extends EtlError {}

/** A place could not be read or written. `isTransient` says whether a retry may help. */
export class ConnectError extends EtlError {
  readonly isTransient: boolean

  constructor(code: ErrorCode, statement: string, options: ErrorOptions & { readonly isTransient?: boolean } = {}) {
    super(code, statement, options)
    this.isTransient = options.isTransient ?? false
  }
}

/** A request over HTTP cannot be answered, or a server cannot be started. */
export class ServerError extends EtlError {}

/**
 * One problem in one row, as data: checking returns issues, the pipeline writes them to quarantine.
 * `row` is the 1-based data record of `file`. `found` may hold customers' values, so messages leave
 * it out.
 */
export interface Issue {
  readonly code: ErrorCode
  readonly file: string | null
  readonly row: number
  readonly column: string | null
  readonly found: string | null
  readonly expected: string
}
