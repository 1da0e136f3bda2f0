import { createRequire } from 'node:module'
import * as arrow from 'apache-arrow'
import * as aq from 'arquero'
import { describe, expect, it } from 'vitest'
import { buildArrow, toArrow } from '../../../src/table/arrow/arrow.ts'
import { viewArrow } from '../../../src/table/arrow/read.ts'
import { isArrowTable } from '../../../src/table/arrow/shape.ts'
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
  Utf8Column,
} from '../../../src/table/column.ts'
import { type Frame, frameOf } from '../../../src/table/frame.ts'
import { encodeTexts } from '../../../src/table/utf8.ts'

const columnOf = (frame: Frame, name: string) => frame.columns.get(name)

/** A table of one column of that type, every value given by apache-arrow's own builder. */
function tableOf(type: arrow.DataType, values: readonly unknown[], name = 'x'): arrow.Table {
  const vector = arrow.vectorFromArray(values, type)
  const schema = new arrow.Schema([new arrow.Field(name, type, true)])
  return new arrow.Table(schema, { [name]: vector })
}

/** Batches of one schema as one table; the batches keep their own dictionaries. */
function chunked(type: arrow.DataType, batches: readonly arrow.Data[]): arrow.Table {
  const schema = new arrow.Schema([new arrow.Field('x', type, true)])
  return new arrow.Table(
    schema,
    batches.map(
      (data) =>
        new arrow.RecordBatch(
          schema,
          arrow.makeData({ type: new arrow.Struct(schema.fields), length: data.length, children: [data] }),
        ),
    ),
  )
}

const rowsOf = (table: arrow.Table) =>
  JSON.stringify(table.toArray(), (_, value) => (typeof value === 'bigint' ? `${value}n` : value))
const readBack = (table: arrow.Table) => arrow.tableFromIPC(arrow.tableToIPC(table, 'file'))

const decimal = (value: number) => Uint32Array.of(value, 0, 0, 0)

const TYPES: readonly [string, arrow.DataType, readonly unknown[], string][] = [
  ['Int8', new arrow.Int8(), [1, null, -128], 'int8'],
  ['Int16', new arrow.Int16(), [1, null, -32768], 'int16'],
  ['Int32', new arrow.Int32(), [1, null, -(2 ** 31)], 'int32'],
  ['Int64', new arrow.Int64(), [2n ** 53n + 1n, null, -(2n ** 63n)], 'int64'],
  ['Uint8', new arrow.Uint8(), [1, null, 255], 'uint8'],
  ['Uint16', new arrow.Uint16(), [1, null, 65535], 'uint16'],
  ['Uint32', new arrow.Uint32(), [1, null, 2 ** 32 - 1], 'uint32'],
  ['Uint64', new arrow.Uint64(), [1n, null, 2n ** 64n - 1n], 'uint64'],
  ['Float32', new arrow.Float32(), [1.5, null, -0], 'float32'],
  ['Float64', new arrow.Float64(), [1.1, null, -0], 'float64'],
  ['Bool', new arrow.Bool(), [true, null, false], 'boolean'],
  ['Utf8', new arrow.Utf8(), ['a', null, '', 'é€😀'], 'text'],
  ['LargeUtf8', new arrow.LargeUtf8(), ['a', null, '', 'é€😀'], 'text'],
  ['Utf8View', new arrow.Utf8View(), ['a', null, '', 'a text longer than twelve bytes', 'é€😀'], 'text'],
  ['DateDay', new arrow.DateDay(), [new Date('2025-02-28'), null, new Date('1969-12-31')], 'date'],
  ['DateMillisecond', new arrow.DateMillisecond(), [new Date('2025-02-28'), null, new Date('1969-12-31')], 'date'],
  ['DateMillisecond with times', new arrow.DateMillisecond(), [new Date(1), null, new Date(-1)], 'timestamp'],
  ['TimestampSecond', new arrow.TimestampSecond(), [1000, null, -2000], 'timestamp'],
  ['TimestampMillisecond', new arrow.TimestampMillisecond('UTC'), [1, null, -1], 'timestamp'],
  ['TimestampMicrosecond', new arrow.TimestampMicrosecond('Europe/Vienna'), [1, null, -1], 'timestamp'],
  ['TimestampNanosecond', new arrow.TimestampNanosecond(null), [1, null, -1], 'timestamp'],
  ['Null', new arrow.Null(), [null, null], 'null'],
  [
    'Dictionary<Utf8, Int8>',
    new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8(), 5),
    ['a', null, 'b', 'a'],
    'text',
  ],
  [
    'Dictionary<Utf8, Uint16>',
    new arrow.Dictionary(new arrow.Utf8(), new arrow.Uint16() as never, 5),
    ['a', null, 'b'],
    'text',
  ],
  [
    'Dictionary<LargeUtf8>',
    new arrow.Dictionary(new arrow.LargeUtf8(), new arrow.Int32(), 5),
    ['a', null, 'b'],
    'text',
  ],
  [
    'Dictionary<Float64>',
    new arrow.Dictionary(new arrow.Float64(), new arrow.Int32(), 5),
    [1.5, null, 2, 1.5],
    'float64',
  ],
  ['List', new arrow.List(new arrow.Field('item', new arrow.Float64(), true)), [[1, 2], null, [], [null, 3]], 'opaque'],
  [
    'Struct',
    new arrow.Struct([
      new arrow.Field('name', new arrow.Utf8(), true),
      new arrow.Field('tags', new arrow.List(new arrow.Field('item', new arrow.Utf8(), true)), true),
    ]),
    [{ name: 'a', tags: ['x', 'y'] }, null, { name: null, tags: null }],
    'opaque',
  ],
  [
    'FixedSizeList',
    new arrow.FixedSizeList(2, new arrow.Field('item', new arrow.Int32(), true)),
    [[1, 2], null, [3, 4]],
    'opaque',
  ],
  ['Decimal', new arrow.Decimal(10, 2, 128), [decimal(123), null, decimal(99)], 'opaque'],
  ['Binary', new arrow.Binary(), [Uint8Array.of(0, 255), null, new Uint8Array(0)], 'opaque'],
  ['FixedSizeBinary', new arrow.FixedSizeBinary(2), [Uint8Array.of(0, 255), null, Uint8Array.of(1, 2)], 'opaque'],
  ['TimeMillisecond', new arrow.TimeMillisecond(), [1, null, 2], 'opaque'],
  ['DurationMillisecond', new arrow.DurationMillisecond(), [1n, null, 2n], 'opaque'],
  ['Float16', new arrow.Float16(), [1.5, null, 2], 'opaque'],
]

describe('viewArrow and buildArrow', () => {
  it.each(TYPES)('give %s back as it was', (_, type, values, kind) => {
    const table = tableOf(type, values)
    const frame = viewArrow(table)
    expect(columnOf(frame, 'x')?.kind).toBe(kind)
    const built = buildArrow(frame, table)
    expect(String(built.schema.fields[0])).toBe(String(table.schema.fields[0]))
    expect(rowsOf(built)).toBe(rowsOf(table))
  })

  it.each(TYPES)('give %s back when it was read from IPC bytes', (_, type, values) => {
    const table = readBack(tableOf(type, values))
    const built = readBack(buildArrow(viewArrow(table), table))
    expect(built.schema.fields.map(String)).toEqual(table.schema.fields.map(String))
    expect(rowsOf(built)).toBe(rowsOf(table))
  })

  it.each(TYPES)('read a slice of %s as the slice looks', (_, type, values) => {
    const many = Array.from({ length: 40 }, (_, row) => values[row % values.length])
    const whole = tableOf(type, many)
    for (const [begin, end] of [
      [1, 39],
      [9, 20],
      [8, 16],
      [17, 17],
    ] as const) {
      const slice = whole.slice(begin, end)
      expect(rowsOf(buildArrow(viewArrow(slice), slice))).toBe(rowsOf(tableOf(type, many.slice(begin, end))))
    }
  })

  it.each(TYPES)('join the chunks of %s', (_, type, values) => {
    const whole = tableOf(type, [...values, ...values, ...values])
    const parts = [
      whole.slice(0, 1),
      whole.slice(1, 1),
      whole.slice(1, values.length + 1),
      whole.slice(values.length + 1),
    ]
    const joined = new arrow.Table(parts.flatMap((part) => part.batches))
    expect(joined.batches.length).toBeGreaterThan(2)
    const built = buildArrow(viewArrow(joined), joined)
    expect(built.batches).toHaveLength(1)
    expect(rowsOf(built)).toBe(rowsOf(whole))
  })

  it('unify the dictionaries of chunks that differ', () => {
    const type = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32(), 7)
    const chunk = (codes: number[], values: (string | null)[]) =>
      arrow.makeData({
        type,
        data: Int32Array.from(codes),
        dictionary: arrow.vectorFromArray(values, new arrow.Utf8()),
      })
    const table = chunked(type, [chunk([0, 1], ['a', 'b']), chunk([0, 1, 2], ['b', null, 'c'])])
    expect(columnOf(viewArrow(table), 'x')).toEqual(
      new DictionaryColumn(Int32Array.of(0, 1, 1, -1, 2), ['a', 'b', 'c']),
    )
    expect(Array.from(readBack(buildArrow(viewArrow(table), table)).getChild('x') ?? [])).toEqual([
      'a',
      'b',
      'b',
      null,
      'c',
    ])
  })

  it('keep field metadata, schema metadata and nullability', () => {
    const field = new arrow.Field('x', new arrow.Int32(), false, new Map([['unit', 'minutes']]))
    const schema = new arrow.Schema([field], new Map([['table', 'calls']]))
    const table = new arrow.Table(schema, { x: arrow.vectorFromArray([1, 2], new arrow.Int32()) })
    const built = buildArrow(viewArrow(table), table)
    expect(built.schema.metadata).toEqual(new Map([['table', 'calls']]))
    expect(built.schema.fields[0]).toMatchObject({ nullable: false, metadata: new Map([['unit', 'minutes']]) })
  })

  it('make a field nullable only when a null has come', () => {
    const field = new arrow.Field('x', new arrow.Int32(), false)
    const table = new arrow.Table(new arrow.Schema([field]), { x: arrow.vectorFromArray([1], new arrow.Int32()) })
    const frame = frameOf([['x', new NumberColumn('int32', Int32Array.of(1, 0), Uint8Array.of(1, 0))]])
    expect(buildArrow(frame, table).schema.fields[0]?.nullable).toBe(true)
  })

  it('give a column another type only where the old one cannot hold it', () => {
    const table = tableOf(new arrow.Int32(), [1])
    const frame = frameOf([['x', new NumberColumn('float64', Float64Array.of(1.5))]])
    expect(String(buildArrow(frame, table).schema.fields[0]?.type)).toBe('Float64')
  })

  it('write text as the field has it: bytes as a dictionary, a dictionary as bytes', () => {
    const coded = tableOf(new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8(), 3), ['a'])
    const plain = tableOf(new arrow.Utf8(), ['a'])
    const bytes = frameOf([['x', encodeTexts(['a', null, 'b', 'a'])]])
    const codes = frameOf([['x', new DictionaryColumn(Int32Array.of(1, -1, 0), ['a', 'b'])]])
    expect(String(buildArrow(bytes, coded).schema.fields[0]?.type)).toBe('Dictionary<Int8, Utf8>')
    expect(Array.from(buildArrow(bytes, coded).getChild('x') ?? [])).toEqual(['a', null, 'b', 'a'])
    expect(String(buildArrow(codes, plain).schema.fields[0]?.type)).toBe('Utf8')
    expect(Array.from(buildArrow(codes, plain).getChild('x') ?? [])).toEqual(['b', null, 'a'])
  })

  it.each([
    [128, new arrow.Int8(), 'Int8'],
    [129, new arrow.Int8(), 'Int16'],
    [32769, new arrow.Int16(), 'Int32'],
    [256, new arrow.Uint8(), 'Uint8'],
    [257, new arrow.Uint8(), 'Uint16'],
    [65537, new arrow.Uint16(), 'Uint32'],
  ])('count %i distinct values with indices of %s by %s', (count, index, expected) => {
    const table = tableOf(new arrow.Dictionary(new arrow.Utf8(), index as arrow.Int8, 3), ['a'])
    const values = Array.from({ length: count }, (_, code) => `v${code}`)
    const frame = frameOf([['x', new DictionaryColumn(Int32Array.from(values.keys()), values)]])
    const built = buildArrow(frame, table)
    expect(String(built.schema.fields[0]?.type)).toBe(`Dictionary<${expected}, Utf8>`)
    expect(
      readBack(built)
        .getChild('x')
        ?.get(count - 1),
    ).toBe(`v${count - 1}`)
  })

  it('share buffers where one chunk has the form', () => {
    const numbers = Float64Array.of(1, 2)
    const codes = Int32Array.of(0, 0)
    const days = Int32Array.of(0, 1)
    const moments = BigInt64Array.of(0n, 1n)
    const table = toArrow(
      frameOf([
        ['n', new NumberColumn('float64', numbers)],
        ['t', new DictionaryColumn(codes, ['a'])],
        ['u', encodeTexts(['a', 'b'])],
        ['d', new DateColumn(days)],
        ['ns', new TimestampColumn(moments, { unit: 'ns' })],
      ]),
    )
    const frame = viewArrow(table)
    expect((columnOf(frame, 'd') as DateColumn).values.buffer).toBe(days.buffer)
    expect((columnOf(frame, 'ns') as TimestampColumn).values.buffer).toBe(moments.buffer)
    expect((columnOf(frame, 'n') as NumberColumn).values.buffer).toBe(numbers.buffer)
    expect((columnOf(frame, 't') as DictionaryColumn).codes.buffer).toBe(codes.buffer)
    const texts = table.getChild('u')?.data[0]
    expect((columnOf(frame, 'u') as Utf8Column).bytes.buffer).toBe(texts?.values.buffer)
    expect((columnOf(frame, 'u') as Utf8Column).offsets.buffer).toBe(texts?.valueOffsets.buffer)
  })

  it('read a null by the bitmap, whatever the value under it', () => {
    const data = arrow.makeData({
      type: new arrow.TimestampMillisecond('UTC'),
      data: BigInt64Array.of(5n, 2n ** 62n),
      nullBitmap: Uint8Array.of(1),
      nullCount: 1,
    })
    const table = chunked(new arrow.TimestampMillisecond('UTC'), [data])
    expect(columnOf(viewArrow(table), 'x')).toEqual(new TimestampColumn(Float64Array.of(5, Number.NaN)))
  })

  it.each([
    ['days', new arrow.DateDay(), Int32Array.of(5, 6)],
    ['milliseconds', new arrow.TimestampMillisecond(), BigInt64Array.of(5n, 6n)],
    ['nanoseconds', new arrow.TimestampNanosecond(), BigInt64Array.of(5n, 6n)],
    ['codes', new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32(), 7), Int32Array.of(0, 6)],
  ])('leave what stands under a null where it is: %s', (_, type, data) => {
    const before = data.slice()
    const dictionary = arrow.vectorFromArray(['a'], new arrow.Utf8())
    // a type's own parts, which its base class does not tell
    const chunk = arrow.makeData({ type, data, dictionary, nullBitmap: Uint8Array.of(1) } as never) as arrow.Data
    const column = columnOf(viewArrow(chunked(type, [chunk])), 'x')
    expect([column?.isNull(0), column?.isNull(1)]).toEqual([false, true])
    expect(data).toEqual(before)
  })

  it('allow instants beyond a double under nulls, but not as values', () => {
    const type = new arrow.TimestampMicrosecond('UTC')
    const odd = 2n ** 53n + 1n
    const stamps = (bits: number) =>
      chunked(type, [
        arrow.makeData({
          type: type,
          data: BigInt64Array.of(odd, 5n, odd, odd, -6n),
          nullBitmap: Uint8Array.of(bits),
        }),
      ])
    expect(columnOf(viewArrow(stamps(0b10010)), 'x')).toEqual(
      new TimestampColumn(Float64Array.of(Number.NaN, 5, Number.NaN, Number.NaN, -6), { unit: 'us' }),
    )
    expect(columnOf(viewArrow(stamps(0b11010)), 'x')).toBeInstanceOf(OpaqueColumn)
  })

  it.each([
    ['Int8', new arrow.Int8(), Int8Array.of(1, 99, 0)],
    ['Uint16', new arrow.Uint16(), Uint16Array.of(1, 999, 0)],
    ['Int32', new arrow.Int32(), Int32Array.of(1, -999, 0)],
    ['Int64', new arrow.Int64(), BigInt64Array.of(1n, -(2n ** 63n), 0n)],
    ['Uint64', new arrow.Uint64(), BigUint64Array.of(1n, 2n ** 64n - 1n, 0n)],
  ])('read codes of %s, whatever stands under a null', (_, index, data) => {
    const type = new arrow.Dictionary(new arrow.Utf8(), index as arrow.Int8, 7)
    const chunk = (bits: number, values: string[]) =>
      arrow.makeData({
        type,
        data: data.slice() as Int8Array,
        dictionary: arrow.vectorFromArray(values, new arrow.Utf8()),
        nullBitmap: Uint8Array.of(bits),
      })
    const one = chunk(0b101, ['a', 'b'])
    const codesOf = (...chunks: arrow.Data[]) => columnOf(viewArrow(chunked(type, chunks)), 'x')
    expect(codesOf(one)).toEqual(new DictionaryColumn(Int32Array.of(1, -1, 0), ['a', 'b']))
    expect(codesOf(one, chunk(0b100, ['c', 'd']))).toEqual(
      new DictionaryColumn(Int32Array.of(1, -1, 0, -1, -1, 2), ['a', 'b', 'c', 'd']),
    )
  })

  it.each([
    ['a mask', new NumberColumn('float64', Float64Array.of(1, 2), Uint8Array.of(1, 1))],
    ['text with a mask', new Utf8Column(Uint8Array.of(97), Int32Array.of(0, 1, 1), Uint8Array.of(1, 1))],
    ['booleans', new BooleanColumn(Uint8Array.of(1, 0), Uint8Array.of(1, 1))],
    ['codes', new DictionaryColumn(Int32Array.of(0, 0), ['a'])],
    ['days', new DateColumn(Int32Array.of(-1, 0))],
    ['milliseconds', new TimestampColumn(Float64Array.of(-1, 0))],
    ['nanoseconds', new TimestampColumn(BigInt64Array.of(-1n, 0n), { unit: 'ns' })],
  ])('leave the bitmap out where nothing is null: %s', (_, column) => {
    const data = toArrow(frameOf([['x', column]])).getChild('x')?.data[0]
    expect(data?.nullCount).toBe(0)
    expect(data?.nullBitmap?.byteLength ?? 0).toBe(0)
  })

  it.each([
    ['a mask', new NumberColumn('float64', Float64Array.of(1, 2, 3), Uint8Array.of(1, 0, 1))],
    ['text with a mask', new Utf8Column(Uint8Array.of(97), Int32Array.of(0, 1, 1, 1), Uint8Array.of(1, 0, 1))],
    ['booleans', new BooleanColumn(Uint8Array.of(1, 0, 0), Uint8Array.of(1, 0, 1))],
    ['codes', new DictionaryColumn(Int32Array.of(0, -1, 0), ['a'])],
    ['days', new DateColumn(Int32Array.of(-1, NULL_DAY, 0))],
    ['milliseconds', new TimestampColumn(Float64Array.of(-1, Number.NaN, 0))],
    ['nanoseconds', new TimestampColumn(BigInt64Array.of(-1n, NULL_NANOSECONDS, 0n), { unit: 'ns' })],
  ])('count nulls and pad their bitmap to 8 bytes: %s', (_, column) => {
    const data = toArrow(frameOf([['x', column]])).getChild('x')?.data[0]
    expect(data?.nullCount).toBe(1)
    expect(data?.nullBitmap).toEqual(Uint8Array.of(0b101, 0, 0, 0, 0, 0, 0, 0))
  })

  it('write 0 under a null timestamp, day in milliseconds and code', () => {
    const valuesOf = (type: arrow.DataType, column: Column) =>
      buildArrow(frameOf([['x', column]]), tableOf(type, [])).getChild('x')?.data[0]?.values
    const stamps = new TimestampColumn(Float64Array.of(-1, Number.NaN, 2 ** 40))
    expect(valuesOf(new arrow.TimestampMillisecond('UTC'), stamps)).toEqual(BigInt64Array.of(-1n, 0n, 2n ** 40n))
    const days = new DateColumn(Int32Array.of(-1, NULL_DAY, 2))
    expect(valuesOf(new arrow.DateMillisecond(), days)).toEqual(BigInt64Array.of(-86_400_000n, 0n, 172_800_000n))
    const codes = new DictionaryColumn(Int32Array.of(1, -1, 0), ['a', 'b'])
    expect(valuesOf(new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32(), 1), codes)).toEqual(
      Int32Array.of(1, 0, 0),
    )
  })

  it('carry instants beyond a double unchanged', () => {
    const type = new arrow.TimestampMicrosecond('UTC')
    const stamp = (value: bigint) => chunked(type, [arrow.makeData({ type, data: BigInt64Array.of(value) })])
    // the end of the year 9999 in microseconds is past 2^53 and still exact
    expect(columnOf(viewArrow(stamp(253402214400000000n)), 'x')).toEqual(
      new TimestampColumn(Float64Array.of(253402214400000000), { unit: 'us' }),
    )
    expect(columnOf(viewArrow(stamp(2n ** 53n + 1n)), 'x')).toBeInstanceOf(OpaqueColumn)
  })

  it('read and build tables without rows and without columns', () => {
    const empty = tableOf(new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32(), 1), [])
    expect(buildArrow(viewArrow(empty), empty).numRows).toBe(0)
    const noBatches = new arrow.Table(new arrow.Schema([new arrow.Field('x', new arrow.Utf8(), true)]), [])
    expect(viewArrow(noBatches)).toMatchObject({ rows: 0 })
    expect(columnOf(viewArrow(noBatches), 'x')).toEqual(new Utf8Column(new Uint8Array(0), new Int32Array(1)))
    expect(viewArrow(new arrow.Table())).toEqual(frameOf([]))
    expect(toArrow(frameOf([])).numCols).toBe(0)
  })

  it.each(['__proto__', 'constructor', 'toString', ' '])('keep a column named %j', (name) => {
    const built = readBack(toArrow(frameOf([[name, encodeTexts(['x'])]])))
    expect(built.schema.fields[0]?.name).toBe(name)
    expect(Array.from(columnOf(viewArrow(built), name) ?? [])).toEqual(['x'])
  })

  it('refuse two columns of one name', () => {
    const field = new arrow.Field('x', new arrow.Int32(), true)
    const schema = new arrow.Schema([field, field])
    expect(() => viewArrow(new arrow.Table(schema, []))).toThrow(expect.objectContaining({ code: 'column_duplicate' }))
  })

  it('refuse text with half a surrogate pair when it would become bytes', () => {
    const frame = frameOf([['note', new DictionaryColumn(Int32Array.of(0), ['\ud83d'])]])
    expect(() => toArrow(frame)).toThrow(expect.objectContaining({ code: 'malformed_text' }))
  })

  it('refuse objects that no Arrow type holds', () => {
    const frame = frameOf([['x', new OpaqueColumn([1, { a: 1 }, 'b'])]])
    expect(() => toArrow(frame)).toThrow(expect.objectContaining({ code: 'unsupported_type' }))
  })
})

describe('toArrow', () => {
  it('returns an ordinary Arrow table that IPC writes and reads', () => {
    const frame = frameOf([
      ['id', encodeTexts(['a', 'b'])],
      ['channel', new DictionaryColumn(Int32Array.of(0, -1), ['phone'])],
      ['category', new DictionaryColumn(Int32Array.of(1, 0), ['x', 'y'])],
      ['at', new TimestampColumn(Float64Array.of(1740792600000, Number.NaN))],
      ['local', new TimestampColumn(Float64Array.of(1740774600000, Number.NaN), { zone: null })],
      ['at_ns', new TimestampColumn(BigInt64Array.of(1n, NULL_NANOSECONDS), { unit: 'ns' })],
      ['day', new DateColumn(Int32Array.of(0, NULL_DAY))],
      ['minutes', new NumberColumn('float64', Float64Array.of(1.5, 0), Uint8Array.of(1, 0))],
      ['count', new BigIntColumn('int64', BigInt64Array.of(2n ** 53n + 1n, 0n), Uint8Array.of(1, 0))],
      ['is_open', new BooleanColumn(Uint8Array.of(1, 0), Uint8Array.of(1, 0))],
      ['nothing', new NullColumn(2)],
    ])
    const table = readBack(toArrow(frame))
    expect(table.schema.fields.map(String)).toEqual([
      'id: Utf8',
      'channel: Dictionary<Int32, Utf8>',
      'category: Dictionary<Int32, Utf8>',
      'at: Timestamp<MILLISECOND, UTC>',
      'local: Timestamp<MILLISECOND>',
      'at_ns: Timestamp<NANOSECOND, UTC>',
      'day: Date32<DAY>',
      'minutes: Float64',
      'count: Int64',
      'is_open: Bool',
      'nothing: Null',
    ])
    expect(viewArrow(table)).toEqual(frame)
    const small = frameOf([['agent_id', encodeTexts(['AGT001', 'AGT002'])]])
    expect(toArrow(small).getChild('agent_id')?.get(1)).toBe('AGT002')
  })

  it('returns what flechette reads alike', () => {
    const frame = frameOf([
      ['channel', new DictionaryColumn(Int32Array.of(0, -1, 1), ['phone', 'chat'])],
      ['id', encodeTexts(['a', null, ''])],
      ['at', new TimestampColumn(Float64Array.of(5, Number.NaN, -5))],
      ['is_open', new BooleanColumn(Uint8Array.of(1, 0, 0), Uint8Array.of(1, 0, 1))],
    ])
    const table = aq.fromArrow(arrow.tableToIPC(toArrow(frame), 'file'))
    expect(table.objects()).toEqual([
      { channel: 'phone', id: 'a', at: new Date(5), is_open: true },
      { channel: null, id: null, at: null, is_open: null },
      { channel: 'chat', id: '', at: new Date(-5), is_open: false },
    ])
  })
})

describe('flechette tables', () => {
  const table = aq
    .table({
      channel: ['phone', 'chat', null, 'phone'],
      minutes: [1.5, null, 2, 3],
      is_open: [true, false, null, true],
      at: [new Date(0), null, new Date(1000), new Date(5)],
    })
    .toArrow() as never

  it('are read like those of apache-arrow', () => {
    expect(isArrowTable(table)).toBe(true)
    const frame = viewArrow(table)
    expect(Array.from(frame.columns, ([name, column]) => [name, ...column])).toEqual([
      ['channel', 'phone', 'chat', null, 'phone'],
      ['minutes', 1.5, null, 2, 3],
      ['is_open', true, false, null, true],
      ['at', '1970-01-01T00:00:00', null, '1970-01-01T00:00:01', '1970-01-01T00:00:00.005'],
    ])
  })

  it('are not built, with an error that names the way out', () => {
    expect(() => buildArrow(viewArrow(table), table)).toThrow(
      expect.objectContaining({ code: 'unsupported_table', message: expect.stringContaining('aq.fromArrow') }),
    )
  })
})

describe('isArrowTable', () => {
  it('is true for tables and false for columns of values', () => {
    expect(isArrowTable(arrow.tableFromArrays({ id: ['a'] }))).toBe(true)
    expect(isArrowTable({ id: ['a'] })).toBe(false)
  })

  it.each([[null], [[]], [{}], [{ schema: { fields: [] } }]])('is false for %j', (value) => {
    expect(isArrowTable(value)).toBe(false)
  })
})

describe('tables of another copy of apache-arrow', () => {
  // the bundled build is another copy with its own classes
  const other: typeof arrow = createRequire(import.meta.url)('../../../node_modules/apache-arrow/Arrow.es2015.min.js')
  const table = other.tableFromArrays({ id: ['a', 'b', 'a'], n: [1, null, 3], at: [new Date(1), null, new Date(2)] })
  const same = (frame: Frame) => buildArrow(frame, table as never) as unknown as typeof table

  it('are read, and built as tables of that copy', () => {
    expect(isArrowTable(table)).toBe(true)
    const built = same(viewArrow(table as never))
    expect(Object.getPrototypeOf(built)).toBe(other.Table.prototype)
    expect(rowsOf(other.tableFromIPC(other.tableToIPC(built)) as never)).toBe(rowsOf(table as never))
  })

  it('are built as tables of this copy when a column is of a type they do not have', () => {
    const frame = frameOf([...viewArrow(table as never).columns, ['is_new', new BooleanColumn(Uint8Array.of(1, 0, 1))]])
    const built = same(frame) as unknown as arrow.Table
    expect(Object.getPrototypeOf(built)).toBe(arrow.Table.prototype)
    expect(viewArrow(readBack(built))).toEqual(frame)
  })
})
