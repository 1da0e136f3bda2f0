import { table } from 'arquero'
import { describe, expect, it } from 'vitest'
import { toArrow } from '../../src/table/arrow/arrow.ts'
import type { DictionaryColumn } from '../../src/table/column.ts'
import { frameOf } from '../../src/table/frame.ts'
import { encodeTexts } from '../../src/table/utf8.ts'
import { type JoinOptions, joinFrames } from '../../src/transform/dimension-join.ts'
import { joinDimension } from '../../src/transform/join-dimension.ts'
import { texts } from '../systems/support/figures/frames.ts'

const calls = table({ call: [1, 2, 3, 4], center: ['ctr2', null, 'gone', 'ctr1'] })
const centers = table({ center: ['ctr1', 'ctr2'], name: ['Oslo', null], seats: [40, 12] })

describe('joinDimension', () => {
  it('adds attributes and keeps the rows and their order', () => {
    expect(joinDimension(calls, centers, { on: 'center', select: ['name', 'seats'] }).objects()).toEqual([
      { call: 1, center: 'ctr2', name: null, seats: 12 },
      { call: 2, center: null, name: 'Unknown', seats: null },
      { call: 3, center: 'gone', name: 'Unknown', seats: null },
      { call: 4, center: 'ctr1', name: 'Oslo', seats: 40 },
    ])
  })

  it('names the unknown member as asked', () => {
    const joined = joinDimension(calls, centers, { on: 'center', select: 'name', unknown: '?' })
    expect(joined.array('name')).toEqual([null, '?', '?', 'Oslo'])
  })

  it('gives the unknown member for null and blank texts too, where that is asked for', () => {
    const named = table({
      center: ['ctr1', 'ctr2', 'ctr3'],
      name: [' \t', null, 'Oslo'],
      seats: [40, null, 12],
      town: [null, null, null],
    })
    const facts = table({ center: ['ctr1', 'ctr2', 'ctr3', 'gone'] })
    const joined = joinDimension(facts, named, {
      on: 'center',
      select: ['name', 'seats', 'town'],
      unknown: '?',
      blank: 'unknown',
    })
    expect(joined.array('name')).toEqual(['?', '?', 'Oslo', '?'])
    expect(joined.array('seats')).toEqual([40, null, 12, null])
    expect(joined.array('town')).toEqual(['?', '?', '?', '?'])
    const kept = joinDimension(facts, named, { on: 'center', select: 'name', blank: 'keep' })
    expect(kept.array('name')).toEqual([' \t', null, 'Oslo', 'Unknown'])
  })

  it('refuses another word for what becomes of blank texts', () => {
    const options = { on: 'center', select: 'name', blank: 'drop' } as unknown as JoinOptions
    expect(() => joinDimension(calls, centers, options)).toThrow('blank is a string; expected "keep" or "unknown"')
  })

  it('joins on columns of other names, and gives attributes other names', () => {
    const dimension = table({ id: ['ctr2'], name: ['Bergen'] })
    const joined = joinDimension(calls, dimension, { on: { center: 'id' }, select: { center_name: 'name' } })
    expect(joined.array('center_name')).toEqual(['Bergen', 'Unknown', 'Unknown', 'Unknown'])
  })

  it('joins on several columns', () => {
    const fact = table({ a: ['x', 'x', 'xy'], b: [1, 2, 1] })
    const dimension = table({ a: ['x', 'x'], b: [2, 1], name: ['second', 'first'] })
    const joined = joinDimension(fact, dimension, { on: ['a', 'b'], select: ['name'] })
    expect(joined.array('name')).toEqual(['first', 'second', 'Unknown'])
  })

  it('finds numbers whatever their width, and text kept as bytes', () => {
    const fact = table({ id: Int32Array.of(2, 3) })
    expect(joinDimension(fact, table({ id: [3, 2], v: [30, 20] }), { on: 'id', select: 'v' }).array('v')).toEqual([
      20, 30,
    ])
    const bytes = frameOf([['center', encodeTexts(['ctr1', null])]])
    const joined = joinFrames(
      bytes,
      frameOf([
        ['center', texts(['ctr1'])],
        ['name', encodeTexts(['Oslo'])],
      ]),
      {
        on: 'center',
        select: 'name',
      },
    )
    expect(Array.from(joined.columns.get('name') ?? [])).toEqual(['Oslo', 'Unknown'])
  })

  it('gives an Arrow table for an Arrow table', () => {
    const fact = toArrow(frameOf([['center', texts(['ctr1', null])]]))
    const joined = joinDimension(fact, centers, { on: 'center', select: 'name' })
    expect(Array.from(joined.getChild('name') ?? [])).toEqual(['Oslo', 'Unknown'])
  })

  it('finds nothing in an empty dimension, and nothing for references that are all null', () => {
    const unknowns = Array.from({ length: 4 }, () => 'Unknown')
    const empty = table({ center: [], name: [] })
    expect(joinDimension(calls, empty, { on: 'center', select: 'name' }).array('name')).toEqual(unknowns)
    const named = table({ center: [null, ''], name: ['a', 'b'] })
    expect(joinDimension(calls, named, { on: 'center', select: 'name' }).array('name')).toEqual(unknowns)
    const nulls = table({ center: [null] })
    expect(joinDimension(nulls, centers, { on: 'center', select: 'name' }).array('name')).toEqual(['Unknown'])
  })

  it('refuses a dimension that has a key twice, naming the rows', () => {
    const dimension = table({ center: ['ctr1', null, 'ctr2', 'ctr1'], name: ['a', 'b', 'c', 'd'] })
    expect(() => joinDimension(calls, dimension, { on: 'center', select: 'name' })).toThrow(
      expect.objectContaining({
        code: 'dimension_duplicate_key',
        message: 'dimension rows 1 and 4 have one key (center); a dimension has one row per key: remove one of them',
      }),
    )
  })

  it.each<[JoinOptions, string]>([
    [{ on: 'center', select: 'call' }, 'column_not_found'],
    [{ on: 'center', select: { call: 'name' } }, 'column_exists'],
    [{ on: 'centre', select: 'name' }, 'column_not_found'],
    [{ on: { call: 'center' }, select: 'name' }, 'key_type'],
  ])('refuses %j', (options, code) => {
    expect(() => joinDimension(calls, centers, options)).toThrow(expect.objectContaining({ code }))
  })

  it('tells programs which rows of a dimension have one key', () => {
    const dimension = table({ a: [null, 'x', 'x'], b: [1, 2, 2], name: ['a', 'b', 'c'] })
    const fact = table({ a: ['x'], b: [2] })
    expect(() => joinDimension(fact, dimension, { on: ['a', 'b'], select: 'name' })).toThrow(
      expect.objectContaining({ details: { columns: ['a', 'b'], rows: [2, 3] } }),
    )
  })

  it('finds nothing for rows where one of several references is null, or all of a column are', () => {
    const dimension = table({ a: ['x', 'x'], b: ['1', '2'], name: ['one', 'two'] })
    const on = ['a', 'b']
    const some = table({ a: ['x', 'x', null], b: ['2', null, '1'] })
    expect(joinDimension(some, dimension, { on, select: 'name' }).array('name')).toEqual(['two', 'Unknown', 'Unknown'])
    const none = table({ a: ['x', 'x'], b: [null, null] })
    expect(joinDimension(none, dimension, { on, select: 'name' }).array('name')).toEqual(['Unknown', 'Unknown'])
  })

  it('adds the unknown member to the words of an attribute only where a row needs it', () => {
    const dimension = frameOf([
      ['center', texts(['ctr1', 'ctr2'])],
      ['name', texts(['Oslo', 'Unknown'])],
      ['town', texts(['Oslo', null])],
      ['first', texts(['Unknown', 'Oslo'])],
      ['none', texts([null, null])],
    ])
    const wordsOf = (centers: (string | null)[], name: string) => {
      const joined = joinFrames(frameOf([['center', texts(centers)]]), dimension, { on: 'center', select: name })
      return (joined.columns.get(name) as DictionaryColumn).values
    }
    expect(wordsOf(['ctr1', 'ctr2'], 'town')).toEqual(['Oslo'])
    expect(wordsOf(['ctr1', 'gone'], 'town')).toEqual(['Oslo', 'Unknown'])
    expect(wordsOf(['ctr1', 'gone'], 'name')).toEqual(['Oslo', 'Unknown'])
    expect(wordsOf(['ctr1', 'gone'], 'first')).toEqual(['Unknown', 'Oslo'])
    expect(wordsOf(['gone'], 'none')).toEqual(['Unknown'])
  })

  it('fills an attribute that is null in the whole dimension with the unknown member, where nothing was found', () => {
    const dimension = table({ center: ['ctr1'], name: [null] })
    expect(joinDimension(calls, dimension, { on: 'center', select: 'name' }).array('name')).toEqual([
      'Unknown',
      'Unknown',
      'Unknown',
      null,
    ])
    const fact = table({ center: ['ctr1'] })
    expect(joinDimension(fact, dimension, { on: 'center', select: 'name' }).array('name')).toEqual([null])
  })

  it.each([
    [{ on: { centre: 'center' }, select: 'name' }, 'reference column "centre"'],
    [{ on: 'center', select: 'nome' }, 'attribute "nome"'],
  ])('says what %j does not find', (options, words) => {
    expect(() => joinDimension(calls, centers, options)).toThrow(words)
  })
})
