import { describe, expect, it } from 'vitest'
import { ConnectError, ContractError, DeltaError, FormatError, PipelineError } from '../../src/errors.ts'
import { exitCodeOf } from '../../src/terminal/exit-code.ts'

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
})
