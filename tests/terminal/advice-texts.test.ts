/** What the command line advises about each code, whole. */
import { describe, expect, it } from 'vitest'
import { commandAdvice } from '../../src/terminal/advice.ts'
import { advisedLines } from '../../src/terminal/advised-lines.ts'
import { CODES } from './error-codes.ts'

describe('commandAdvice', () => {
  it('is one sentence in the words of the program, or none where the message says it', () => {
    const lines = CODES.flatMap((code) => {
      const advice = commandAdvice(code, advisedLines('PROGRAM'))
      return advice === null ? [] : [`${code}: ${advice}`]
    })
    expect(`${lines.sort().join('\n')}\n`).toMatchInlineSnapshot(`
      "action_column_missing: a delta needs a column action: add, update or delete
      add_existing: correct the file, or PROGRAM run --mode lenient, which counts such changes
      base_duplicate_key: remove the row from the extract
      column_extra: correct the columns of the file: a name in the header line goes with a cell in every row
      column_missing: correct the columns of the file: a name in the header line goes with a cell in every row
      column_renamed: correct the header line of the file
      delete_missing: correct the file, or PROGRAM run --mode lenient, which counts such changes
      delta_duplicate_key: correct the file, or PROGRAM run --mode lenient, which counts such changes
      disk_full: free some space and run again; what was committed before is intact
      empty_extract: correct the file, or PROGRAM run --mode lenient, which counts such changes
      file_changed: put the applied file back, or PROGRAM run --rebuild to replay everything
      initial_missing: put the full extract into initial/ of the folder that --data names
      io_failed: remove the cause and run again; PROGRAM verify shows whether the state is intact
      late_file: put the applied file back, or PROGRAM run --rebuild to replay everything
      lock_held: wait for the other run, then try again; PROGRAM status shows which run it is
      no_input: PROGRAM run --data DIR, where DIR holds the source files
      nothing_committed: PROGRAM run --data DIR --out OUT first, or --out for a folder of an earlier run
      time_zone_unknown: --time-zone with an IANA name such as America/New_York
      type_mismatch: correct the file; PROGRAM check lists everything that is wrong
      unknown_action: correct the file; PROGRAM check lists everything that is wrong
      update_missing: correct the file, or PROGRAM run --mode lenient, which counts such changes
      "
    `)
  })
})
