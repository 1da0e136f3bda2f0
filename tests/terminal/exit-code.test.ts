import { describe, expect, it } from 'vitest'
import { ConnectError, ContractError, DeltaError, FormatError, PipelineError } from '../../src/errors.ts'
import { EXIT, exitCodeOf } from '../../src/terminal/exit-code.ts'
import { CODES } from './error-codes.ts'

describe('exitCodeOf', () => {
  it.each([
    [1, 'the disk is full', new ConnectError('disk_full', '')],
    [1, 'the log is damaged', new PipelineError('log_damaged', '')],
    [1, 'anything that is no error of ours', new TypeError('x is not a function')],
    [1, 'something that is no error at all', 'text'],
    [2, 'an option has a value it cannot have', new ContractError('invalid_option', '')],
    [2, 'the time zone is unknown', new ContractError('time_zone_unknown', '')],
    [3, 'a file is empty', new FormatError('empty_file', '')],
    [3, 'an action is unknown', new DeltaError('unknown_action', '')],
    [3, 'an applied file has changed', new PipelineError('file_changed', '')],
    [75, 'another run holds the lock', new PipelineError('lock_held', '')],
  ])('gives %i when %s', (status, _, error) => {
    expect(exitCodeOf(error)).toBe(status)
  })

  it('has a status for every code that is documented', () => {
    const codesOf = (status: number) =>
      CODES.filter((code) => exitCodeOf(new PipelineError(code, '')) === status)
        .sort()
        .join(' ')
    expect(
      Object.fromEntries(Object.entries(EXIT).map(([name, status]) => [name, codesOf(status)])),
    ).toMatchInlineSnapshot(`
      {
        "busy": "answer_timeout commit_lost lock_held rate_limited request_timeout",
        "done": "",
        "failed": "column_exists commit_collected cube_mismatch data_damaged database_not_migrated database_unreachable derived_invalid destination_behind destination_refused disk_full engine_differs engine_lost engine_refused host_refused identity_unreachable invalid_contract io_failed keys_invalid log_damaged log_newer log_older migration_changed migration_failed not_found nothing_committed package_missing permission_denied scope_missing snapshots_out_of_order unauthorized unsupported_table unsupported_type",
        "refused": "action_column_missing add_existing arrow_invalid base_duplicate_key body_too_large column_duplicate column_extra column_missing column_renamed csv_invalid date_order day_mismatch delete_missing delta_duplicate_key dimension_duplicate_key duplicate_day duplicate_object empty_extract empty_file encoding_invalid erase_refused file_changed file_unrecognized gate_refused gzip_invalid header_missing header_repeated initial_missing input_shrunk json_invalid key_mismatch key_type late_file limit_exceeded malformed_text measure_overflow mend_refused month_missing month_pending no_input null_key null_overwrites null_sequence null_value orphan_reference parquet_invalid quote_invalid record_length record_truncated rule_broken sequence_tie source_empty timestamp_invalid too_many_quarantined too_many_withdrawn type_mismatch unknown_action update_missing",
        "usage": "address_too_long column_not_found destination_taken engine_cannot engine_changed engine_unknown file_exists headers_too_large invalid_option media_type_unsupported method_not_allowed month_unknown not_acceptable options_changed path_invalid request_invalid time_zone_unknown",
      }
    `)
  })
})
