import * as aq from 'arquero'
import { describe, expect, it } from 'vitest'
import { buildArquero, isArqueroTable, toArquero, viewArquero } from '../../../src/table/arquero/arquero.ts'
import {
  BigIntColumn,
  BooleanColumn,
  DateColumn,
  DictionaryColumn,
  NULL_DAY,
  NullColumn,
  NumberColumn,
  OpaqueColumn,
  TimestampColumn,
  Utf8Column,
} from '../../../src/table/column.ts'
import { type Frame, frameOf } from '../../../src/table/frame.ts'
import { encodeTexts } from '../../../src/table/utf8.ts'

const column = (frame: Frame, name: string) => frame.columns.get(name)
const viewOf = (columns: Record<string, unknown>) => viewArquero(aq.table(columns as never))

describe('viewArquero', () => {
  it('codes repeated text by dictionary, null as −1', () => {
    const { columns } = viewOf({ channel: ['phone', 'chat', null, 'phone', undefined] })
    expect(columns.get('channel')).toEqual(new DictionaryColumn(Int32Array.of(0, 1, -1, 0, -1), ['phone', 'chat']))
  })

  it('keeps text that hardly repeats as bytes', () => {
    const ids = Array.from({ length: 2000 }, (_, row) => `INT${row}`)
    const found = column(viewOf({ id: ids }), 'id')
    expect(found).toBeInstanceOf(Utf8Column)
    expect(Array.from(found ?? [])).toEqual(ids)
  })

  it('keeps text by dictionary while half of it repeats', () => {
    const names = Array.from({ length: 4000 }, (_, row) => `agent ${row % 500}`)
    expect(column(viewOf({ names }), 'names')).toBeInstanceOf(DictionaryColumn)
  })

  it('reads numbers as float64 and tells NaN from null', () => {
    const found = column(viewOf({ minutes: [1.5, null, Number.NaN, -0] }), 'minutes')
    expect(found).toEqual(
      new NumberColumn('float64', Float64Array.of(1.5, 0, Number.NaN, -0), Uint8Array.of(1, 0, 1, 1)),
    )
  })

  it('reads Dates as timestamps that show as Dates', () => {
    const found = column(viewOf({ at: [new Date(0), null] }), 'at')
    expect(found).toEqual(new TimestampColumn(Float64Array.of(0, Number.NaN), { face: 'date' }))
  })

  it('carries an invalid Date as it is', () => {
    expect(column(viewOf({ at: [new Date(0), new Date(Number.NaN)] }), 'at')).toBeInstanceOf(OpaqueColumn)
  })

  it('reads booleans, bigints and nothing but nulls', () => {
    const frame = viewOf({ a: [true, null], b: [2n ** 53n + 1n, null], c: [null, undefined], d: [2n ** 63n, 0n] })
    expect(column(frame, 'a')).toEqual(new BooleanColumn(Uint8Array.of(1, 0), Uint8Array.of(1, 0)))
    expect(column(frame, 'b')).toEqual(
      new BigIntColumn('int64', BigInt64Array.of(2n ** 53n + 1n, 0n), Uint8Array.of(1, 0)),
    )
    expect(column(frame, 'c')).toEqual(new NullColumn(2))
    expect(column(frame, 'd')).toEqual(new BigIntColumn('uint64', BigUint64Array.of(2n ** 63n, 0n)))
  })

  it('carries bigints that 64 bits cannot hold, objects and arrays as they are', () => {
    const values = { a: [2n ** 64n, -1n], b: [{ tag: 1 }, null], c: [[1, 2], []] }
    const frame = viewOf(values)
    for (const [name, expected] of Object.entries(values)) {
      expect(column(frame, name)).toEqual(new OpaqueColumn(expected))
    }
  })

  it('refuses values of several kinds, naming column and rows', () => {
    expect(() => viewOf({ rating: [null, 5, '4', 3, '2'] })).toThrow(
      expect.objectContaining({
        code: 'type_mismatch',
        message: 'column "rating" holds number (row 2) and text (rows 3, 5); give it values of one kind',
        details: { column: 'rating', expected: 'number', rows: [3, 5], found: ['4', '2'] },
      }),
    )
  })

  it.each([
    ['text first', ['a', 1]],
    ['numbers and bigints', [1, 1n]],
    ['booleans and text', [true, 'true']],
    ['Dates and text', [new Date(0), '1970-01-01']],
    ['bigints and objects', [1n, {}]],
    ['distinct text and a number', [...Array.from({ length: 1500 }, (_, row) => `k${row}`), 7]],
  ])('refuses %s', (_, values) => {
    expect(() => viewOf({ values })).toThrow(expect.objectContaining({ code: 'type_mismatch' }))
  })

  it('carries mixed values for a check that asks for them', () => {
    const frame = viewArquero(aq.table({ rating: [5, '4'] }), { mixed: 'opaque' })
    expect(column(frame, 'rating')).toEqual(new OpaqueColumn([5, '4']))
  })

  it('takes typed arrays without copying', () => {
    const arrays = {
      float64: Float64Array.of(1, Number.NaN),
      float32: Float32Array.of(1, 2),
      int32: Int32Array.of(1, 2),
      uint32: Uint32Array.of(1, 2),
      int16: Int16Array.of(1, 2),
      uint16: Uint16Array.of(1, 2),
      int8: Int8Array.of(1, 2),
      uint8: Uint8Array.of(1, 2),
    } as const
    const frame = viewOf(arrays)
    for (const [kind, values] of Object.entries(arrays)) {
      const found = column(frame, kind) as NumberColumn
      expect(found.kind).toBe(kind)
      expect(found.values).toBe(values)
    }
    const clamped = Uint8ClampedArray.of(1, 255)
    const exact = BigInt64Array.of(1n, -1n)
    const others = viewOf({ clamped, exact, large: BigUint64Array.of(2n ** 64n - 1n, 0n) })
    expect((column(others, 'clamped') as NumberColumn).values.buffer).toBe(clamped.buffer)
    expect((column(others, 'exact') as BigIntColumn).values).toBe(exact)
    expect(column(others, 'large')?.kind).toBe('uint64')
  })

  it('takes its own columns as they are', () => {
    const own = new DateColumn(Int32Array.of(0, NULL_DAY))
    expect(column(viewOf({ day: own }), 'day')).toBe(own)
  })

  it('reads filtered and ordered tables as they look and drops groups', () => {
    const table = aq
      .table({ id: ['c', 'a', 'b', 'd'], n: Float64Array.of(3, 1, 2, 4) })
      .filter((d: { n: number }) => d.n < 4)
      .orderby('n')
      .groupby('id')
    const frame = viewArquero(table)
    expect(frame.rows).toBe(3)
    expect(toArquero(frame).objects()).toEqual([
      { id: 'a', n: 1 },
      { id: 'b', n: 2 },
      { id: 'c', n: 3 },
    ])
  })

  it('does not look at rows that are filtered out', () => {
    const table = aq.table({ n: [1, 'x', 3] as never[] }).filter((d: { n: unknown }) => d.n !== 'x')
    expect(column(viewArquero(table), 'n')).toEqual(new NumberColumn('float64', Float64Array.of(1, 3)))
  })

  it('reads the columns that aq.fromArrow makes as they show', () => {
    const bytes = aq
      .table({
        channel: ['phone', 'chat', 'phone', null],
        at: [new Date(0), new Date(1000), null, new Date(2)],
        n: [1, null, 3, 4],
        is_open: [true, false, null, true],
      })
      .toArrowIPC()
    for (const table of [aq.fromArrow(bytes), aq.fromArrow(bytes, { useDate: false })]) {
      expect(toArquero(viewArquero(table)).objects()).toEqual(table.objects())
    }
  })

  it('refuses columns of different lengths', () => {
    expect(() => viewArquero(aq.table({ a: [1, 2], b: [1] }))).toThrow(
      expect.objectContaining({ code: 'type_mismatch' }),
    )
  })
})

describe('buildArquero', () => {
  it('makes the table by the create method of the table it is like', () => {
    const like = aq.table({ a: [1, 2] }).params({ limit: 5 }) as aq.ColumnTable
    const built = buildArquero(viewArquero(like), like)
    expect(built).toBeInstanceOf(aq.ColumnTable)
    expect((built as aq.ColumnTable).params()).toEqual({ limit: 5 })
  })

  it('drops the filter, order and groups of the table it is like', () => {
    const like = aq
      .table({ a: [2, 1] })
      .filter(() => true)
      .orderby('a')
      .groupby('a')
    const built = buildArquero(viewArquero(like), like) as aq.ColumnTable
    expect([built.isFiltered(), built.isOrdered(), built.isGrouped()]).toEqual([false, false, false])
    expect(built.array('a')).toEqual([1, 2])
  })

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '2024', 'it’s "quoted"', ''])(
    'keeps a column named %j',
    (name) => {
      const built = toArquero(
        frameOf([
          [name, encodeTexts(['x', 'y'])],
          ['other', encodeTexts(['1', '2'])],
        ]),
      )
      expect(built.columnNames()).toEqual([name, 'other'])
      expect(built.array(name)).toEqual(['x', 'y'])
      expect(built.get(name, 1)).toBe('y')
      const again = buildArquero(viewArquero(built), built) as aq.ColumnTable
      expect(again.array(name)).toEqual(['x', 'y'])
      expect(viewArquero(again.filter(aq.escape((d: Record<string, string>) => d.other === '2')))).toMatchObject({
        rows: 1,
      })
    },
  )
})

describe('toArquero', () => {
  const frame = frameOf([
    ['id', encodeTexts(['a', 'b', 'c', 'd'])],
    ['channel', new DictionaryColumn(Int32Array.of(0, 1, 0, -1), ['phone', 'chat'])],
    ['at', new TimestampColumn(Float64Array.of(0, 1000, Number.NaN, 2000))],
    ['day', new DateColumn(Int32Array.of(0, NULL_DAY, 1, 2))],
    ['n', new NumberColumn('float64', Float64Array.of(1, 2, 3, 4))],
    ['is_open', new BooleanColumn(Uint8Array.of(1, 0, 1, 1))],
  ])
  const table = toArquero(frame)

  it('returns an ordinary Arquero table', () => {
    const small = frameOf([['agent_id', encodeTexts(['AGT001', 'AGT002'])]])
    expect(toArquero(small).objects()).toEqual([{ agent_id: 'AGT001' }, { agent_id: 'AGT002' }])
    expect(isArqueroTable(table)).toBe(true)
  })

  it('works in filter, derive and select', () => {
    const found = table
      .filter((d: { channel: string }) => d.channel === 'phone')
      .derive({ double: (d: { n: number }) => d.n * 2 })
      .select('id', 'double')
    expect(found.objects()).toEqual([
      { id: 'a', double: 2 },
      { id: 'c', double: 6 },
    ])
  })

  it('works in groupby, rollup and count', () => {
    const found = table
      .groupby('channel')
      .rollup({ n: (d: { n: number }) => aq.op.sum(d.n) })
      .objects()
    expect(found).toEqual([
      { channel: 'phone', n: 4 },
      { channel: 'chat', n: 2 },
      { channel: null, n: 4 },
    ])
  })

  it('works in orderby, reify, slice and concat', () => {
    const ordered = table.orderby(aq.desc('id')).reify()
    expect(ordered.array('id')).toEqual(['d', 'c', 'b', 'a'])
    expect(table.slice(1, 3).concat(table).array('id')).toEqual(['b', 'c', 'a', 'b', 'c', 'd'])
  })

  it('works in join, lookup, semijoin and antijoin', () => {
    const names = toArquero(
      frameOf([
        ['channel', encodeTexts(['phone'])],
        ['label', encodeTexts(['Phone'])],
      ]),
    )
    expect(table.join_left(names, 'channel').array('label')).toEqual(['Phone', 'Phone', null, null])
    expect(table.lookup(names, 'channel', 'label').numRows()).toBe(4)
    expect(table.semijoin(names, 'channel').array('id')).toEqual(['a', 'c'])
    expect(table.antijoin(names, 'channel').array('id')).toEqual(['b', 'd'])
  })

  it('works in fold, pivot, dedupe and impute', () => {
    expect(table.select('id', 'n').fold('n').numRows()).toBe(4)
    expect(
      table
        .filter((d: { channel: string }) => d.channel !== null)
        .pivot('channel', 'n')
        .columnNames(),
    ).toEqual(['chat', 'phone'])
    expect(table.dedupe('channel').numRows()).toBe(3)
    expect(table.impute({ channel: () => 'none' }).array('channel')).toEqual(['phone', 'chat', 'phone', 'none'])
  })

  it('is written as CSV, JSON and Arrow by Arquero itself', () => {
    expect(table.toCSV()).toBe(
      [
        'id,channel,at,day,n,is_open',
        'a,phone,1970-01-01,1970-01-01,1,true',
        'b,chat,1970-01-01T00:00:01Z,,2,false',
        'c,phone,,1970-01-02,3,true',
        'd,,1970-01-01T00:00:02Z,1970-01-03,4,true\n',
      ].join('\n'),
    )
    expect(JSON.parse(table.select('id', 'n').toJSON())).toEqual(table.select('id', 'n').objects())
    expect(aq.fromArrow(table.toArrowIPC()).select('id', 'channel', 'n').objects()).toEqual(
      table.select('id', 'channel', 'n').objects(),
    )
  })
})

describe('isArqueroTable', () => {
  it('knows a table of another copy of arquero by its shape', async () => {
    // the bundled build is another copy with its own classes; it stands as a global
    await import('../../../../node_modules/arquero/dist/arquero.min.js' as string)
    const { aq: other } = globalThis as unknown as { aq: typeof aq }
    const copy = other.table({ a: [1, 2] })
    expect(copy).not.toBeInstanceOf(aq.ColumnTable)
    expect(isArqueroTable(copy)).toBe(true)
    expect(buildArquero(viewArquero(copy), copy)).toBeInstanceOf(copy.constructor)
  })

  it('is true for tables and false for rows', () => {
    expect(isArqueroTable(aq.table({ id: ['a'] }))).toBe(true)
    expect(isArqueroTable([{ id: 'a' }])).toBe(false)
  })

  it.each([[null], [undefined], [[]], [{}], ['table'], [new Map()]])('is false for %j', (value) => {
    expect(isArqueroTable(value)).toBe(false)
  })
})
