import { describe, expect, it } from 'vitest'
import { DeltaError, PipelineError } from '../../src/errors.ts'
import { advisedLines } from '../../src/terminal/advised-lines.ts'
import { failureJson, failureText, type Speaker } from '../../src/terminal/failure.ts'

const speaker: Speaker = { level: 'info', flags: new Set(['--mode', '--out']), advised: advisedLines('support-etl') }

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
        '  code      unknown_action (support-etl errors unknown_action)',
      ].join('\n'),
    )
  })

  it('shows stacks and causes only for debug', () => {
    expect(failureText(error, { ...speaker, level: 'debug' })).toMatch(/failure\.test\.ts[\s\S]*caused by Error: inner/)
    expect(failureText(new TypeError('boom'), speaker)).toBe(
      'unexpected: boom\n  this is a defect of support-etl; --log-level debug shows where',
    )
  })

  it('shows what was thrown that is no error; it has no stack', () => {
    const defect = '  this is a defect of support-etl; --log-level debug shows where'
    const thrown = [
      ['text', 'text'],
      [undefined, 'undefined'],
      [null, 'null'],
      [{ code: 7 }, '[object Object]'],
    ] as const
    for (const [value, shown] of thrown) {
      expect(failureText(value, speaker)).toBe(`unexpected: ${shown}\n${defect}`)
      expect(failureText(value, { ...speaker, level: 'debug' })).toBe(`unexpected: ${shown}`)
      expect(failureJson(value, speaker)).toEqual({ error: { code: 'unexpected', message: shown, details: {} } })
    }
  })

  it('shows for debug where each cause was thrown, to the last', () => {
    const inner = new Error('inner', { cause: 'a word' })
    const outer = new TypeError('outer', { cause: inner })
    const lines = failureText(outer, { ...speaker, level: 'debug' }).split('\n')
    expect(lines[0]).toBe('unexpected: outer')
    expect(lines.filter((line) => !/^ +at /.test(line))).toEqual([
      'unexpected: outer',
      'caused by Error: inner',
      'caused by a word',
    ])
    expect(lines.filter((line) => /^ +at .*failure\.test\.ts/.test(line)).length).toBeGreaterThan(1)
    const bare = new Error('bare')
    delete bare.stack
    expect(failureText(bare, { ...speaker, level: 'debug' })).toBe('unexpected: bare')
  })

  it('leaves out a detail that the message has, and one that is not known', () => {
    const details = {
      file: 'a.csv',
      row: null,
      line: undefined,
      column: 'id',
      found: 7,
      expected: ['x', 1],
      other: 'o',
    }
    const known = new PipelineError('invalid_option', 'a.csv is odd', { details } as never)
    expect(failureText(known, speaker)).toBe(
      [
        'a.csv is odd',
        '  column    id',
        '  found     7',
        '  expected  x, 1',
        '  code      invalid_option (support-etl errors invalid_option)',
      ].join('\n'),
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
