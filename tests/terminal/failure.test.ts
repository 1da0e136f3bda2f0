import { describe, expect, it } from 'vitest'
import { DeltaError } from '../../src/errors.ts'
import { failureJson, failureText, type Speaker } from '../../src/terminal/failure.ts'

const speaker: Speaker = { level: 'info', flags: new Set(['--mode', '--out']), program: 'support-etl' }

const error = new DeltaError(
  'unknown_action',
  'agents_delta_202503.csv row 5: the action is not add, update or delete',
  {
    details: { file: 'agents_delta_202503.csv', row: 5, line: 7, found: 'up\u001bd', keys: ['x'] },
    cause: new Error('inner'),
  },
)

describe('failureText', () => {
  it('shows the first of several values that were found', () => {
    const several = new DeltaError('type_mismatch', 'no days', { details: { found: ['a', 'b\n', 'c', 'd'] } })
    expect(failureText(several, speaker)).toContain('\n  found     a, b\\n, c\n')
  })

  it('shows the message, the details that it leaves out, and the code', () => {
    expect(failureText(error, speaker)).toBe(
      [
        'agents_delta_202503.csv row 5: the action is not add, update or delete',
        '  line      7',
        '  found     up\\u001bd',
        '  try       correct the file; support-etl check lists everything that is wrong',
        '  code      unknown_action (docs/errors.md)',
      ].join('\n'),
    )
  })

  it('shows stacks and causes only for debug', () => {
    expect(failureText(error, { ...speaker, level: 'debug' })).toMatch(/failure\.test\.ts[\s\S]*caused by Error: inner/)
    expect(failureText(new TypeError('boom'), speaker)).toBe(
      'unexpected: boom\n  this is a defect of support-etl; --log-level debug shows where',
    )
  })
})

describe('failureJson', () => {
  it('has the code, the message and the details', () => {
    expect(failureJson(error, speaker).error).toMatchObject({
      code: 'unknown_action',
      details: { row: 5, keys: ['x'] },
    })
    expect(failureJson(new TypeError('boom'), speaker)).toEqual({
      error: { code: 'unexpected', message: 'boom', details: {} },
    })
  })
})
