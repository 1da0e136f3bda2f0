import { describe, expect, it } from 'vitest'
import {
  BigIntColumn,
  BooleanColumn,
  type Column,
  DateColumn,
  DictionaryColumn,
  NULL_DAY,
  NULL_NANOSECONDS,
  NullColumn,
  NumberColumn,
  OpaqueColumn,
  TimestampColumn,
} from '../../src/table/column.ts'
import { columnOf, frameOf, isFrame, selectColumns, withColumns } from '../../src/table/frame.ts'
import { markedRows, mergeDictionaries, takeColumn, takeRows } from '../../src/table/take.ts'
import { encodeTexts } from '../../src/table/utf8.ts'

const at = new Date(1740792600000)
const COLUMNS: readonly [string, Column, readonly unknown[]][] = [
  ['numbers', new NumberColumn('int8', Int8Array.of(1, 0), Uint8Array.of(1, 0)), [1, null]],
  ['bigints', new BigIntColumn('int64', BigInt64Array.of(1n, 0n), Uint8Array.of(1, 0)), [1n, null]],
  ['booleans', new BooleanColumn(Uint8Array.of(0, 0), Uint8Array.of(1, 0)), [false, null]],
  ['codes', new DictionaryColumn(Int32Array.of(0, -1), ['a']), ['a', null]],
  ['bytes', encodeTexts(['é', null]), ['é', null]],
  ['Dates', new TimestampColumn(Float64Array.of(+at, Number.NaN)), [at, null]],
  [
    'epoch numbers',
    new TimestampColumn(Float64Array.of(+at / 1000, Number.NaN), { unit: 's', face: 'number' }),
    [+at, null],
  ],
  [
    'wall times',
    new TimestampColumn(Float64Array.of(+at * 1000, Number.NaN), { unit: 'us', zone: null }),
    ['2025-03-01T01:30:00', null],
  ],
  [
    'ISO text',
    new TimestampColumn(BigInt64Array.of(-1n, NULL_NANOSECONDS), { unit: 'ns', face: 'text' }),
    ['1969-12-31T23:59:59.999999999Z', null],
  ],
  ['days', new DateColumn(Int32Array.of(-1, NULL_DAY)), ['1969-12-31', null]],
  ['nulls', new NullColumn(2), [null, null]],
  ['objects', new OpaqueColumn([{ a: 1 }, undefined], 'Struct'), [{ a: 1 }, null]],
]

describe('columns', () => {
  it.each(COLUMNS)('show %s by row, by iteration and as null outside', (_, column, cells) => {
    expect(column.length).toBe(2)
    expect([column.at(0), column.at(1)]).toEqual(cells)
    expect([...column]).toEqual(cells)
    expect([column.at(-1), column.at(2)]).toEqual([null, null])
    expect([column.isNull(0), column.isNull(1)]).toEqual(cells.map((cell) => cell === null))
  })
})

describe('takeColumn', () => {
  it.each(COLUMNS)('picks rows of %s, null for row −1', (_, column, cells) => {
    const picked = takeColumn(column, Int32Array.of(1, 0, -1, 0))
    expect(picked.kind).toBe(column.kind)
    expect([...picked]).toEqual([cells[1], cells[0], null, cells[0]])
  })

  it('keeps unit, zone and face of timestamps, and the origin of objects', () => {
    const form = { unit: 'us', zone: 'Europe/Vienna', face: 'text' } as const
    expect(takeColumn(new TimestampColumn(Float64Array.of(1), form), Int32Array.of(0))).toMatchObject(form)
    expect(takeColumn(new OpaqueColumn([1], 'List'), Int32Array.of(0))).toMatchObject({ origin: 'List' })
  })
})

describe('takeRows and markedRows', () => {
  it('pick the marked rows of every column', () => {
    const frame = frameOf([
      ['id', encodeTexts(['a', 'b', 'c'])],
      ['n', new NumberColumn('float64', Float64Array.of(1, 2, 3))],
    ])
    const picked = takeRows(frame, markedRows(Uint8Array.of(1, 0, 1)))
    expect(picked.rows).toBe(2)
    expect(Array.from(picked.columns, ([name, column]) => [name, ...column])).toEqual([
      ['id', 'a', 'c'],
      ['n', 1, 3],
    ])
  })
})

describe('mergeDictionaries', () => {
  it('keeps the first and codes the second into both', () => {
    expect(mergeDictionaries(['a', 'b'], ['b', 'c'])).toEqual({ values: ['a', 'b', 'c'], codes: Int32Array.of(1, 2) })
  })
})

describe('frames', () => {
  const frame = frameOf([
    ['id', encodeTexts(['a'])],
    ['n', new NumberColumn('float64', Float64Array.of(1))],
  ])

  it('refuse columns of different lengths', () => {
    expect(() => frameOf([...frame.columns, ['late', encodeTexts([])]])).toThrow(
      expect.objectContaining({ message: 'column "late" has 0 rows, the table has 1' }),
    )
  })

  it('name the columns they have when one is not found', () => {
    expect(() => columnOf(frame, 'ID', 'key column')).toThrow(
      expect.objectContaining({
        code: 'column_not_found',
        message: 'key column "ID" is not in the table; it has "id", "n"',
      }),
    )
  })

  it('add, replace and select columns', () => {
    const other = new NumberColumn('float64', Float64Array.of(2))
    const changed = withColumns(frame, [
      ['id', other],
      ['new', other],
    ])
    expect([...changed.columns.keys()]).toEqual(['id', 'n', 'new'])
    expect(changed.columns.get('id')).toBe(other)
    expect([...selectColumns(changed, ['new', 'n']).columns.keys()]).toEqual(['new', 'n'])
  })

  it('are known by their shape', () => {
    expect([frame, { rows: 0, columns: new Map() }, { rows: 0, columns: {} }, null].map(isFrame)).toEqual([
      true,
      true,
      false,
      false,
    ])
  })
})
