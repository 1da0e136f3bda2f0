/**
 * Advice for errors on the command line, where the messages name options of the library.
 * @module
 */
import type { ErrorCode } from '../errors.ts'

const LOOK = 'correct the file; support-etl check lists everything that is wrong'
const HEADER = 'correct the header line of the file'
const COLUMNS = 'correct the columns of the file: a name in the header line goes with a cell in every row'
const REBUILD = 'put the applied file back, or support-etl run --rebuild to replay everything'
const STRICT = 'correct the file, or support-etl run --mode lenient, which counts such changes'

const CURES: Partial<Readonly<Record<ErrorCode, string>>> = {
  action_column_missing: 'a delta needs a column action: add, update or delete',
  add_existing: STRICT,
  base_duplicate_key: 'remove the row from the extract',
  column_extra: COLUMNS,
  column_missing: COLUMNS,
  column_renamed: HEADER,
  delete_missing: STRICT,
  delta_duplicate_key: STRICT,
  empty_extract: STRICT,
  file_changed: REBUILD,
  file_exists: 'another --out, or move the file; --publish with fewer copies leaves it alone',
  disk_full: 'free some space and run again; what was committed before is intact',
  initial_missing: 'put the full extract into initial/ of the folder that --data names',
  io_failed: 'remove the cause and run again; support-etl verify shows whether the state is intact',
  late_file: REBUILD,
  lock_held: 'wait for the other run, then try again; support-etl status shows which run it is',
  no_input: 'support-etl run --data DIR, where DIR holds initial/ and delta/',
  nothing_committed: 'support-etl run --data DIR --out OUT first, or --out for a folder of an earlier run',
  options_changed: 'support-etl run --rebuild, or another --out',
  time_zone_unknown: '--time-zone with an IANA name such as America/New_York',
  type_mismatch: LOOK,
  unknown_action: LOOK,
  update_missing: STRICT,
}

/**
 * Returns what a user of the command line can do about an error, or null where the message already
 * says it.
 */
export function commandAdvice(code: ErrorCode): string | null {
  return CURES[code] ?? null
}
