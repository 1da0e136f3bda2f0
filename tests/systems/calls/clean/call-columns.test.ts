import { table } from 'arquero'
import { describe, expect, it } from 'vitest'
import {
  aliasedColumns,
  coalesceCodes,
  coalesceText,
  requireColumn,
  trimmedText,
} from '../../../../src/systems/calls/clean/call-columns.ts'
import { DictionaryColumn, NullColumn, NumberColumn } from '../../../../src/table/column.ts'
import { frameOf } from '../../../../src/table/frame.ts'
import { viewTable } from '../../../../src/table/table-like.ts'
import { encodeTexts } from '../../../../src/table/utf8.ts'
import { texts } from '../../support/figures/frames.ts'

describe('aliasedColumns', () => {
  it('are in the order of the names, without those that hold nothing at all', () => {
    const [id, code] = [texts(['a']), texts(['b'])]
    const frame = frameOf([
      ['code', code],
      ['none', new NullColumn(1)],
      ['id', id],
    ])
    expect(aliasedColumns(frame, ['id', 'none', 'other', 'code'])).toEqual([id, code])
  })
})

describe('requireColumn', () => {
  const frame = frameOf([['id', new NullColumn(1)]])

  it('takes any of the names, even of an empty column', () => {
    expect(() => requireColumn(frame, ['call_id', 'id'], 'calls')).not.toThrow()
  })

  it('names those that were tried and those that are there', () => {
    expect(() => requireColumn(frame, ['a', 'b', 'c'], 'calls.csv')).toThrow(
      expect.objectContaining({
        code: 'column_missing',
        message: 'calls.csv: column "a" (or "b", "c") is missing; it has "id"',
        details: { file: 'calls.csv', column: 'a', aliases: ['a', 'b', 'c'], columns: ['id'] },
      }),
    )
    expect(() => requireColumn(frameOf([]), ['a'], 'calls.csv')).toThrow(
      'calls.csv: column "a" is missing; it has no columns',
    )
  })
})

describe('trimmedText', () => {
  const odd = [' a', 'b ', 'c', '', '  ', null, '\u00a0d', 'e\t', 'f g']
  const trimmed = ['a', 'b', 'c', null, null, null, 'd', 'e', 'f g']

  it('takes off outer spaces and reads blank text as null, from bytes and from a dictionary', () => {
    expect(Array.from(trimmedText(encodeTexts(odd), 'x'))).toEqual(trimmed)
    expect(Array.from(trimmedText(texts(odd), 'x'))).toEqual(trimmed)
  })

  it.each(odd.filter((text) => text !== null && text !== 'c' && text !== 'f g'))(
    'sees that "%s" alone needs it',
    (text) => {
      const expected = trimmed[odd.indexOf(text)]
      expect(trimmedText(encodeTexts(['x', text]), 'x').at(1)).toBe(expected)
      expect(trimmedText(texts(['x', text]), 'x').at(1)).toBe(expected)
    },
  )

  it('gives back what needs nothing', () => {
    for (const column of [encodeTexts(['a', null, 'b c']), texts(['a', null, 'b c'])]) {
      expect(trimmedText(column, 'x')).toBe(column)
    }
  })

  it('makes one word of two that differ in spaces', () => {
    const column = trimmedText(texts(['b ', 'a', ' b', ' ']), 'x') as DictionaryColumn
    expect([column.values, column.codes]).toEqual([['b', 'a'], Int32Array.of(0, 1, 0, -1)])
  })

  it('writes numbers the shortest way and objects as JSON', () => {
    const numbers = new NumberColumn('float64', Float64Array.of(7, 0.5, 0), Uint8Array.of(1, 1, 0))
    expect(Array.from(trimmedText(numbers, 'x'))).toEqual(['7', '0.5', null])
    const { columns } = viewTable(table({ x: [{ a: 1 }, null] }), 'calls', { mixed: 'opaque' })
    expect(Array.from(trimmedText(columns.get('x') as never, 'x'))).toEqual(['{"a":1}', null])
  })
})

describe('coalesceText', () => {
  it('takes the first that is not null, row by row', () => {
    const columns = [encodeTexts(['a', null, ' ', null]), texts(['x', 'y', 'z', null])]
    expect(Array.from(coalesceText(columns, 'x', 4))).toEqual(['a', 'y', 'z', null])
    expect(coalesceCodes(columns, 'x', 4).values).toEqual(['a', 'y', 'z'])
  })

  it('is the only column, or nulls where there is none', () => {
    const only = encodeTexts(['a'])
    expect(coalesceText([only], 'x', 1)).toBe(only)
    expect(coalesceText([], 'x', 2)).toEqual(new DictionaryColumn(Int32Array.of(-1, -1), []))
  })
})
