/**
 * Advice for errors on the command line, where the messages name options of the library.
 * @module
 */
import type { ErrorCode } from '../errors.ts'
import type { AdvisedLines } from './advised-lines.ts'
import { meantPath } from './did-you-mean.ts'

/** Advice that names command lines of the program. */
type Cure = (lines: AdvisedLines) => string

const LOOK: Cure = ({ check }) => `correct the file; ${check} lists everything that is wrong`
const HEADER: Cure = () => 'correct the header line of the file'
const COLUMNS: Cure = () => 'correct the columns of the file: a name in the header line goes with a cell in every row'
const REBUILD: Cure = ({ run }) => `put the applied file back, or ${run} --rebuild to replay everything`
const STRICT: Cure = ({ run }) => `correct the file, or ${run} --mode lenient, which counts such changes`

const CURES: Partial<Readonly<Record<ErrorCode, Cure>>> = {
  action_column_missing: () => 'a delta needs a column action: add, update or delete',
  add_existing: STRICT,
  base_duplicate_key: () => 'remove the row from the extract',
  column_extra: COLUMNS,
  column_missing: COLUMNS,
  column_renamed: HEADER,
  delete_missing: STRICT,
  delta_duplicate_key: STRICT,
  empty_extract: STRICT,
  file_changed: REBUILD,
  disk_full: () => 'free some space and run again; what was committed before is intact',
  initial_missing: () => 'put the full extract into initial/ of the folder that --data names',
  io_failed: ({ at }) => `remove the cause and run again; ${at('verify')} shows whether the state is intact`,
  late_file: REBUILD,
  lock_held: ({ at }) => `wait for the other run, then try again; ${at('status')} shows which run it is`,
  no_input: ({ run }) => `${run} --data DIR, where DIR holds the source files`,
  nothing_committed: ({ run, out }) =>
    `${run} --data DIR --out OUT first, or --out for a folder of an earlier run${meantPath(out)}`,
  time_zone_unknown: () => '--time-zone with an IANA name such as America/New_York',
  type_mismatch: LOOK,
  unknown_action: LOOK,
  update_missing: STRICT,
}

/**
 * Returns what a user of the command line can do about an error, or null where the message already
 * says it.
 */
export function commandAdvice(code: ErrorCode, lines: AdvisedLines): string | null {
  return CURES[code]?.(lines) ?? null
}
