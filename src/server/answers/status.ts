/**
 * Maps each error to an HTTP status.
 * @module
 */
import { type ErrorCode, EtlError } from '../../errors.ts'

/** The statuses of refusals. */
export type RefusalStatus =
  | 400
  | 401
  | 403
  | 404
  | 405
  | 406
  | 408
  | 409
  | 413
  | 414
  | 415
  | 422
  | 429
  | 431
  | 500
  | 503

/** The reason phrase of each status, which is the title of its problem. */
export const TITLES: Readonly<Record<RefusalStatus, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

/** What the code of this package, or the machine, did wrong: the client can do nothing about it. */
const FAULT = 500
/** Files that a client sent do not fit. */
const DATA = 422
/** The state does not allow it now. */
const CONFLICT = 409

/** Lists every code, so that a new code does not compile before it has a status. */
const STATUS: Readonly<Record<ErrorCode, RefusalStatus>> = {
  invalid_contract: FAULT,
  unsupported_table: FAULT,
  unsupported_type: FAULT,
  column_not_found: DATA,
  column_exists: FAULT,
  column_duplicate: DATA,
  column_missing: DATA,
  column_extra: DATA,
  column_renamed: DATA,
  type_mismatch: DATA,
  null_value: DATA,
  null_key: DATA,
  key_type: DATA,
  malformed_text: DATA,
  invalid_option: 400,
  base_duplicate_key: DATA,
  delta_duplicate_key: DATA,
  add_existing: DATA,
  update_missing: DATA,
  delete_missing: DATA,
  unknown_action: DATA,
  action_column_missing: DATA,
  null_sequence: DATA,
  sequence_tie: DATA,
  null_overwrites: DATA,
  snapshots_out_of_order: FAULT,
  time_zone_unknown: 400,
  timestamp_invalid: DATA,
  date_order: DATA,
  dimension_duplicate_key: DATA,
  orphan_reference: DATA,
  month_missing: DATA,
  measure_overflow: DATA,
  cube_mismatch: FAULT,
  empty_file: DATA,
  header_missing: DATA,
  header_repeated: DATA,
  encoding_invalid: DATA,
  record_length: DATA,
  record_truncated: DATA,
  quote_invalid: DATA,
  csv_invalid: DATA,
  json_invalid: DATA,
  parquet_invalid: DATA,
  arrow_invalid: DATA,
  gzip_invalid: DATA,
  limit_exceeded: DATA,
  not_found: 404,
  permission_denied: FAULT,
  disk_full: FAULT,
  io_failed: FAULT,
  path_invalid: FAULT,
  package_missing: FAULT,
  no_input: DATA,
  file_exists: CONFLICT,
  file_unrecognized: DATA,
  initial_missing: DATA,
  month_pending: DATA,
  month_unknown: DATA,
  late_file: DATA,
  file_changed: DATA,
  options_changed: CONFLICT,
  source_empty: DATA,
  too_many_withdrawn: DATA,
  input_shrunk: DATA,
  key_mismatch: DATA,
  duplicate_object: DATA,
  duplicate_day: DATA,
  day_mismatch: DATA,
  rule_broken: DATA,
  gate_refused: DATA,
  erase_refused: DATA,
  mend_refused: DATA,
  derived_invalid: FAULT,
  commit_collected: 404,
  empty_extract: DATA,
  too_many_quarantined: DATA,
  nothing_committed: 404,
  log_damaged: FAULT,
  log_newer: FAULT,
  log_older: FAULT,
  data_damaged: FAULT,
  lock_held: CONFLICT,
  commit_lost: CONFLICT,
  destination_taken: FAULT,
  destination_refused: FAULT,
  destination_behind: 503,
  request_invalid: 400,
  unauthorized: 401,
  scope_missing: 403,
  host_refused: 403,
  method_not_allowed: 405,
  not_acceptable: 406,
  body_too_large: 413,
  address_too_long: 414,
  headers_too_large: 431,
  media_type_unsupported: 415,
  rate_limited: 429,
  request_timeout: 408,
  answer_timeout: 503,
  identity_unreachable: 503,
  database_unreachable: 503,
  database_not_migrated: 503,
  migration_changed: FAULT,
  migration_failed: FAULT,
  keys_invalid: FAULT,
  engine_unknown: FAULT,
  engine_cannot: FAULT,
  engine_refused: FAULT,
  engine_lost: FAULT,
  engine_changed: CONFLICT,
  engine_differs: FAULT,
}

/** Returns the status of anything thrown; an error from outside this library is 500. */
export function statusOf(error: unknown): RefusalStatus {
  return error instanceof EtlError ? (STATUS[error.code] ?? FAULT) : FAULT
}

/** Returns the status of a code. */
export function statusOfCode(code: ErrorCode): RefusalStatus {
  return STATUS[code]
}
