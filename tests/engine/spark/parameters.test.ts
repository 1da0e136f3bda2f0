import { describe, expect, it } from 'vitest'
import { statementOf } from '../../../src/engine/spark/parameters.ts'

const literalOf = (value: unknown) => statementOf('SELECT ?', [value as string]).sql.posArguments?.[0]?.literal

describe('statementOf', () => {
  it.each([
    ['text', { string: 'text' }],
    ['', { string: '' }],
    [true, { boolean: true }],
    [7, { long: '7' }],
    [2 ** 53 - 1, { long: '9007199254740991' }],
    [2 ** 53, { double: 2 ** 53 }],
    [-0, { double: -0 }],
    [0.5, { double: 0.5 }],
    [Number.NaN, { double: Number.NaN }],
    [2n ** 63n - 1n, { long: '9223372036854775807' }],
    [-(2n ** 63n), { long: '-9223372036854775808' }],
    [new Date('2025-03-09T07:30:00.123Z'), { timestamp: '1741505400123000' }],
    [new Date(-1), { timestamp: '-1000' }],
    [Uint8Array.of(1), { binary: Uint8Array.of(1) }],
    [null, { null: { null: {} } }],
  ])('sends %s as %o', (value, literal) => {
    expect(literalOf(value)).toEqual(literal)
  })

  it.each([undefined, 2n ** 63n, new Date(Number.NaN), Symbol('x'), {}, [1], () => 1])('refuses %s', (value) => {
    expect(() => literalOf(value)).toThrow(
      expect.objectContaining({ code: 'invalid_option', details: { option: 'parameters[0]' } }),
    )
  })

  it('refuses half of a surrogate pair, and names the parameter', () => {
    expect(() => statementOf('SELECT :name', { name: '\ud83d' })).toThrow(
      expect.objectContaining({ code: 'malformed_text', message: expect.stringMatching(/^parameters\.name has half/) }),
    )
  })

  it.each(['', '  \n', null, 1])('refuses the statement %j', (sql) => {
    expect(() => statementOf(sql as string, undefined)).toThrow(expect.objectContaining({ code: 'invalid_option' }))
  })

  it('keeps a parameter that is named as a member of every object', () => {
    const parameters = JSON.parse('{ "__proto__": 1, "constructor": 2 }') as Record<string, number>
    const named = statementOf('SELECT :constructor', parameters).sql.namedArguments ?? {}
    expect(Object.keys(named)).toEqual(['__proto__', 'constructor'])
  })
})
