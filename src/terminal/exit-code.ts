/**
 * Maps each error to an exit status.
 * @module
 */
import { type ErrorCode, EtlError } from '../errors.ts'

/** The exit statuses of a process; `docs/pipeline.md` lists them. */
export const EXIT = {
  done: 0,
  /** The machine, the disk or the committed state is not in order. */
  failed: 1,
  /** The command line asks for something that does not exist or does not fit. */
  usage: 2,
  /** The source files are not in order; nothing was changed. */
  refused: 3,
  /** Another run is working; a later attempt may succeed (EX_TEMPFAIL). */
  busy: 75,
} as const

/** One of the exit statuses. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

const { failed, usage, refused, busy } = EXIT

/** Lists every code, so that a new code does not compile before it has a status. */
const STATUS: Readonly<Record<ErrorCode, ExitCode>> = {
  invalid_contract: failed,
  unsupported_table: failed,
  unsupported_type: failed,
  column_not_found: usage,
  column_exists: failed,
  column_duplicate: refused,
  column_missing: refused,
  column_extra: refused,
  column_renamed: refused,
  type_mismatch: refused,
  null_value: refused,
  null_key: refused,
  key_type: refused,
  malformed_text: refused,
  invalid_option: usage,
  base_duplicate_key: refused,
  delta_duplicate_key: refused,
  add_existing: refused,
  update_missing: refused,
  delete_missing: refused,
  unknown_action: refused,
  action_column_missing: refused,
  null_sequence: refused,
  sequence_tie: refused,
  null_overwrites: refused,
  snapshots_out_of_order: failed,
  time_zone_unknown: usage,
  timestamp_invalid: refused,
  date_order: refused,
  dimension_duplicate_key: refused,
  orphan_reference: refused,
  month_missing: refused,
  measure_overflow: refused,
  cube_mismatch: failed,
  empty_file: refused,
  header_missing: refused,
  header_repeated: refused,
  encoding_invalid: refused,
  record_length: refused,
  record_truncated: refused,
  quote_invalid: refused,
  csv_invalid: refused,
  json_invalid: refused,
  parquet_invalid: refused,
  arrow_invalid: refused,
  gzip_invalid: refused,
  limit_exceeded: refused,
  not_found: failed,
  permission_denied: failed,
  disk_full: failed,
  io_failed: failed,
  path_invalid: usage,
  package_missing: failed,
  no_input: refused,
  file_exists: usage,
  initial_missing: refused,
  month_pending: refused,
  month_unknown: usage,
  file_unrecognized: refused,
  late_file: refused,
  file_changed: refused,
  options_changed: usage,
  source_empty: refused,
  too_many_withdrawn: refused,
  input_shrunk: refused,
  key_mismatch: refused,
  duplicate_object: refused,
  duplicate_day: refused,
  day_mismatch: refused,
  rule_broken: refused,
  gate_refused: refused,
  erase_refused: refused,
  derived_invalid: failed,
  commit_collected: failed,
  empty_extract: refused,
  too_many_quarantined: refused,
  nothing_committed: failed,
  log_damaged: failed,
  log_newer: failed,
  log_older: failed,
  data_damaged: failed,
  lock_held: busy,
  commit_lost: busy,
  destination_taken: usage,
  destination_refused: failed,
  destination_behind: failed,
  engine_unknown: usage,
  engine_cannot: usage,
  request_invalid: usage,
  unauthorized: failed,
  scope_missing: failed,
  host_refused: failed,
  method_not_allowed: usage,
  not_acceptable: usage,
  body_too_large: refused,
  address_too_long: usage,
  headers_too_large: usage,
  media_type_unsupported: usage,
  rate_limited: busy,
  request_timeout: busy,
  answer_timeout: busy,
  identity_unreachable: failed,
  database_unreachable: failed,
  database_not_migrated: failed,
  migration_changed: failed,
  migration_failed: failed,
  keys_invalid: failed,
}

/** Returns the exit status of anything thrown; an error from outside this library is `failed`. */
export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof EtlError ? (STATUS[error.code] ?? failed) : failed
}
