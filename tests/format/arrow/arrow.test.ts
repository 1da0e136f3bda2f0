import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  Binary,
  CompressionType,
  compressionRegistry,
  DateDay,
  Decimal,
  Dictionary,
  Field,
  Int32,
  List,
  Map_,
  makeData,
  Struct,
  Table,
  TimestampMicrosecond,
  TimestampNanosecond,
  tableFromIPC,
  tableToIPC,
  Utf8,
  Vector,
  vectorFromArray,
} from 'apache-arrow'
import { describe, expect, it } from 'vitest'
import { FormatError } from '../../../src/errors.ts'
import { arrowChunks, arrowFrame, describedFrame } from '../../../src/format/arrow/arrow.ts'
import { viewArrow } from '../../../src/table/arrow/read.ts'
import { joinChunks } from '../../../src/table/chunks.ts'
import {
  BigIntColumn,
  BooleanColumn,
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
import { defineTable, key, nullable, string } from '../../../src/table/contract.ts'
import { type Frame, frameOf } from '../../../src/table/frame.ts'
import { encodeTexts } from '../../../src/table/utf8.ts'

const interop = join(import.meta.dirname, '..', '..', 'fixtures', 'interop')
const bytesOf = (frame: Frame, options = {}) => joinChunks(arrowChunks(frame, options))
const rowsOf = (frame: Frame) => Object.fromEntries(Array.from(frame.columns, ([name, column]) => [name, [...column]]))

/** The file with its one dictionary block moved behind its rows, as polars writes files. */
function dictionaryLast(bytes: Uint8Array): Uint8Array {
  const size = (at: number) => new DataView(bytes.buffer, bytes.byteOffset).getInt32(at, true)
  const footerAt = bytes.length - 10 - size(bytes.length - 10)
  const footer = bytes.slice(footerAt)
  const view = new DataView(footer.buffer)
  // the blocks of the directory: where a message stands, its header's size, its body's
  const places: number[] = []
  for (let at = 0; at + 24 <= footer.length; at += 8) {
    const [from, header] = [Number(view.getBigInt64(at, true)), view.getInt32(at + 8, true)]
    const isMessage =
      from >= 8 && from % 8 === 0 && from + 8 < footerAt && size(from) === -1 && size(from + 4) + 8 === header
    if (isMessage) places.push(at)
  }
  const blocks = places.map((at) => ({
    at,
    from: Number(view.getBigInt64(at, true)),
    size: view.getInt32(at + 8, true) + Number(view.getBigInt64(at + 16, true)),
  }))
  const [first, second] = blocks.toSorted((left, right) => left.from - right.from)
  if (first === undefined || second === undefined || blocks.length !== 2) throw new Error('a file of two messages')
  const moved = bytes.slice()
  moved.set(bytes.subarray(second.from, second.from + second.size), first.from)
  moved.set(bytes.subarray(first.from, first.from + first.size), first.from + second.size)
  view.setBigInt64(second.at, BigInt(first.from), true)
  view.setBigInt64(first.at, BigInt(first.from + second.size), true)
  moved.set(footer, footerAt)
  return moved
}

const everyKind = frameOf([
  ['text', encodeTexts(['a', null, 'ü😀'])],
  ['code', new DictionaryColumn(Int32Array.of(1, -1, 0), ['x', 'y'])],
  ['float', new NumberColumn('float64', Float64Array.of(-0, Number.NaN, 5), Uint8Array.of(1, 1, 0))],
  ['small', new NumberColumn('uint8', Uint8Array.of(0, 7, 255))],
  ['instant', new TimestampColumn(Float64Array.of(-1, Number.NaN, 1_740_792_600_000))],
  ['wall', new TimestampColumn(Float64Array.of(-1, 0, 2 ** 52), { unit: 'us', zone: null })],
  ['fine', new TimestampColumn(BigInt64Array.of(-1n, NULL_NANOSECONDS, 1n), { unit: 'ns', zone: null })],
  ['day', new DateColumn(Int32Array.of(-1, NULL_DAY, 20_000))],
  ['flag', new BooleanColumn(Uint8Array.of(1, 0, 1), Uint8Array.of(1, 1, 0))],
  ['long', new BigIntColumn('int64', BigInt64Array.of(2n ** 53n + 1n, -(2n ** 63n), 0n), Uint8Array.of(1, 1, 0))],
  ['nothing', new NullColumn(3)],
])

describe('arrowChunks', () => {
  it('writes what arrowFrame reads back, every kind of column with its nulls', () => {
    const read = arrowFrame(bytesOf(everyKind))
    expect(rowsOf(read)).toEqual(rowsOf(everyKind))
    for (const [name, column] of everyKind.columns) expect(read.columns.get(name)?.kind, name).toBe(column.kind)
  })

  it('writes what apache-arrow reads', () => {
    const read = tableFromIPC(bytesOf(everyKind))
    expect(read.schema.fields.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'text Utf8',
      'code Dictionary<Int32, Utf8>',
      'float Float64',
      'small Uint8',
      'instant Timestamp<MILLISECOND, UTC>',
      'wall Timestamp<MICROSECOND>',
      'fine Timestamp<NANOSECOND>',
      'day Date32<DAY>',
      'flag Bool',
      'long Int64',
      'nothing Null',
    ])
    expect(read.getChild('text')?.toJSON()).toEqual(['a', null, 'ü😀'])
    expect(read.getChild('code')?.toJSON()).toEqual(['y', null, 'x'])
    expect(read.getChild('long')?.get(0)).toBe(2n ** 53n + 1n)
  })

  it('writes tables without rows and without columns', () => {
    const empty = frameOf([
      ['id', encodeTexts([])],
      ['first', new DictionaryColumn(new Int32Array(0), ['unused'])],
      ['second', new DictionaryColumn(new Int32Array(0), [])],
    ])
    const read = arrowFrame(bytesOf(empty))
    expect(rowsOf(read)).toEqual({ id: [], first: [], second: [] })
    expect(read.columns.get('first')).toMatchObject({ encoding: 'dictionary', values: [] })
    expect(arrowFrame(bytesOf(frameOf([])))).toEqual({ rows: 0, columns: new Map() })
  })

  it('carries metadata in order of its keys', () => {
    const frame = frameOf([['id', encodeTexts(['a'])]])
    const bytes = bytesOf(frame, { metadata: { zone: 'UTC', month: 'interaction_start' } })
    expect(bytes).toEqual(bytesOf(frame, { metadata: { month: 'interaction_start', zone: 'UTC' } }))
    expect([...describedFrame(bytes).metadata]).toEqual([
      ['month', 'interaction_start'],
      ['zone', 'UTC'],
    ])
  })

  it('gives one form to one contract: coded or plain text, nullability, a column of nulls', () => {
    const contract = defineTable('agents', { agent_id: key(string()), full_name: nullable(string()) })
    const coded = frameOf([
      ['agent_id', new DictionaryColumn(Int32Array.of(0, 1), ['a', 'b'])],
      ['full_name', new NullColumn(2)],
    ])
    const plain = frameOf([
      ['agent_id', encodeTexts(['a', 'b'])],
      ['full_name', encodeTexts([null, null])],
    ])
    const bytes = bytesOf(coded, { contract })
    expect(bytes).toEqual(bytesOf(plain, { contract }))
    expect(tableFromIPC(bytes).schema.fields.map(({ nullable, type }) => [String(type), nullable])).toEqual([
      ['Utf8', false],
      ['Dictionary<Int32, Utf8>', true],
    ])
  })
})

describe('arrowFrame', () => {
  it('reads codes, numbers and text in place', () => {
    const frame = frameOf([
      ['id', encodeTexts(['a', 'b'])],
      ['code', new DictionaryColumn(Int32Array.of(0, 1), ['x', 'y'])],
      ['float', new NumberColumn('float64', Float64Array.of(1, 2))],
    ])
    const bytes = bytesOf(frame)
    const read = arrowFrame(bytes)
    const { id, code, float } = Object.fromEntries(read.columns)
    expect((id as Utf8Column).bytes.buffer).toBe(bytes.buffer)
    expect((code as DictionaryColumn).codes.buffer).toBe(bytes.buffer)
    expect((float as NumberColumn).values.buffer).toBe(bytes.buffer)
  })

  it('reads bytes that begin anywhere in memory', () => {
    const bytes = bytesOf(everyKind)
    const shifted = new Uint8Array(bytes.length + 3).subarray(3)
    shifted.set(bytes)
    expect(rowsOf(arrowFrame(shifted))).toEqual(rowsOf(everyKind))
  })

  it('reads a Buffer that begins anywhere in memory', () => {
    const bytes = bytesOf(everyKind)
    const shifted = Buffer.alloc(bytes.length + 3).subarray(3)
    shifted.set(bytes)
    expect(rowsOf(arrowFrame(shifted))).toEqual(rowsOf(everyKind))
  })

  it('refuses bytes that are not Arrow', () => {
    expect(() => arrowFrame(new TextEncoder().encode('interaction_id,channel\n1,phone\n'))).toThrow(
      expect.objectContaining({ code: 'arrow_invalid' }),
    )
  })

  it('refuses damaged bytes one by one, and never reads out of them', () => {
    const sound = bytesOf(everyKind, { metadata: { zone: 'UTC' } })
    // a fixed sequence, so that a failure can be repeated
    let state = 1
    const next = (bound: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
      return (state >> 8) % bound
    }
    let refused = 0
    for (let time = 0; time < 5000; time++) {
      const bytes = sound.slice(0, next(10) === 0 ? next(sound.length) : sound.length)
      for (let flip = next(3); flip >= 0 && bytes.length > 0; flip--) {
        bytes[next(bytes.length)] = next(3) === 0 ? (next(4) * 0x55) & 0xff : next(256)
      }
      try {
        for (const column of arrowFrame(bytes).columns.values()) for (const value of column) void value
      } catch (error) {
        refused++
        // names may be damaged into one another
        const codes = ['arrow_invalid', 'column_duplicate', 'encoding_invalid']
        expect(codes, String(error)).toContain((error as { code?: string }).code)
      }
    }
    expect(refused).toBeGreaterThan(1000)
  })

  it('refuses a buffer that the file says is shorter than its rows', () => {
    const values = Array.from({ length: 16 }, (_, row) => row + 1)
    const sound = bytesOf(frameOf([['n', new NumberColumn('int32', Int32Array.from(values), null)]]))
    const told: string[] = []
    for (let at = 0; at + 8 <= sound.length; at++) {
      const bytes = sound.slice()
      const view = new DataView(bytes.buffer)
      if (view.getBigInt64(at, true) !== 64n) continue
      view.setBigInt64(at, 32n, true)
      try {
        expect([...arrowFrame(bytes).columns.values()].map((column) => [...column])).toEqual([values])
      } catch (error) {
        if (!(error instanceof FormatError)) throw error
        told.push(error.message)
      }
    }
    expect(told.filter((text) => text.includes('a buffer is shorter than its rows'))).toHaveLength(1)
  })

  describe('with text that is not UTF-8', () => {
    /** The bytes of a file with one text replaced by other bytes of the same length. */
    const replaced = (bytes: Uint8Array, text: string, by: readonly number[]) => {
      const damaged = bytes.slice()
      const at = Buffer.from(damaged).indexOf(text)
      expect([at > 0, Buffer.byteLength(text)]).toEqual([true, by.length])
      damaged.set(by, at)
      return damaged
    }
    const refusal = (bytes: Uint8Array) => {
      try {
        arrowFrame(bytes, 'upload.arrow')
        return null
      } catch (error) {
        return error instanceof FormatError ? [error.code, error.message] : error
      }
    }
    const told = (where: string) => [
      'encoding_invalid',
      `upload.arrow: ${where} holds text that is not UTF-8; write it again as UTF-8, or as binary if it is not text`,
    ]
    const wrong: readonly (readonly [what: string, bytes: readonly number[]])[] = [
      ['Latin-1', [0x4d, 0xfc, 0x6c, 0x6c]],
      ['a character that is cut', [0x4d, 0x75, 0x6c, 0xc3]],
      ['a continuation without a beginning', [0x80, 0x75, 0x6c, 0x6c]],
      ['an overlong form', [0xc0, 0x80, 0x6c, 0x6c]],
      ['a surrogate', [0xed, 0xa0, 0x80, 0x6c]],
      ['more than Unicode has', [0xf4, 0x90, 0x80, 0x80]],
    ]

    it.each(wrong)('refuses %s, naming column and row', (_, bytes) => {
      const frame = frameOf([['name', encodeTexts(['ASCII before it', 'é', 'Mull', 'and behind'])]])
      expect(refusal(replaced(bytesOf(frame), 'Mull', bytes))).toEqual(told('column "name" row 3'))
    })

    it('refuses it in dictionaries and behind ASCII of any length', () => {
      const coded = frameOf([['name', new DictionaryColumn(Int32Array.of(1, 0), ['first', 'Mull'])]])
      expect(refusal(replaced(bytesOf(coded), 'Mull', [0x4d, 0xfc, 0x6c, 0x6c]))).toEqual(told('column "name" value 1'))
      for (let length = 0; length < 9; length++) {
        const frame = frameOf([['name', encodeTexts(['x'.repeat(length), 'Mull'])]])
        expect(refusal(replaced(bytesOf(frame), 'Mull', [0x4d, 0x75, 0x6c, 0xfc]))).toEqual(told('column "name" row 2'))
      }
    })

    it('refuses characters that two values share', () => {
      const column = encodeTexts(['aü', 'b'])
      const shared = new Utf8Column(column.bytes, Int32Array.of(0, 2, 4), null)
      expect(refusal(bytesOf(frameOf([['name', shared]])))).toEqual(told('column "name" row 1'))
    })

    it('counts rows through all batches', () => {
      const batch = (name: string) => new Table({ name: vectorFromArray([name, name], new Utf8()) }).batches
      const [first, second] = [batch('good'), batch('Mull')]
      const bytes = tableToIPC(new Table([...first, ...second]), 'stream')
      expect(refusal(replaced(bytes, 'MullMull', [...Buffer.from('MullMul'), 0xff]))).toEqual(
        told('column "name" row 4'),
      )
    })

    it('refuses it inside lists and structs', () => {
      const type = new Struct([new Field('a', new List(new Field('item', new Utf8())))])
      const table = new Table({ nested: vectorFromArray([{ a: ['good', 'Mull'] }], type) })
      const bytes = tableToIPC(table, 'file')
      expect(refusal(replaced(bytes, 'Mull', [0x4d, 0xfc, 0x6c, 0x6c]))).toEqual(told('column "nested.a.item" value 2'))
    })

    it('refuses it in views, inside them and outside', () => {
      const bytes = readFileSync(join(interop, 'polars.arrow'))
      const columns = [...arrowFrame(bytes).columns.values()]
      const texts = columns.flatMap((column) => (column.kind === 'text' ? [...column] : []))
      const lengths = new Set<boolean>()
      for (const text of texts) {
        if (typeof text !== 'string' || text.length < 4 || Buffer.from(bytes).indexOf(text) < 0) continue
        const damaged = replaced(bytes, text, [...Buffer.from(text).subarray(0, -1), 0xff])
        expect(refusal(damaged)?.toString()).toMatch(/^encoding_invalid,upload\.arrow: column "\w+" row \d+ holds/)
        lengths.add(Buffer.byteLength(text) > 12)
      }
      expect(lengths.size).toBe(2)
    })

    it('refuses names that are not UTF-8', () => {
      const bytes = bytesOf(frameOf([['Mull', encodeTexts(['x'])]]))
      const at = Buffer.from(bytes).lastIndexOf('Mull')
      bytes.set([0x4d, 0xfc, 0x6c, 0x6c], at)
      expect(refusal(bytes)).toEqual(told('a name in its schema'))
    })

    it('leaves alone what stands under a null, and binary columns', () => {
      const column = encodeTexts(['ü', 'Mull', 'ü'])
      const bytes = column.bytes.slice()
      bytes.set([0xff, 0xff, 0xff, 0xff], 2)
      const type = new Struct([new Field('a', new Binary())])
      const binary = vectorFromArray([{ a: Uint8Array.of(0xff) }], type)
      expect(refusal(tableToIPC(new Table({ binary }), 'file'))).toBeNull()
      const text = makeData({
        type: new Utf8(),
        length: 3,
        nullCount: 1,
        nullBitmap: Uint8Array.of(0b101),
        valueOffsets: column.offsets,
        data: bytes,
      })
      const table = new Table({ name: new Vector([text]) })
      expect(rowsOf(arrowFrame(tableToIPC(table, 'file')))).toEqual({ name: ['ü', null, 'ü'] })
    })
  })

  it('refuses compressed buffers and says what to do', () => {
    const table = tableFromIPC(bytesOf(frameOf([['id', encodeTexts(['a'])]])))
    // a frame whose magic number is right, which is all that apache-arrow asks of an encoder
    const encode = () => Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, 0, 1, 0, 0)
    compressionRegistry.set(CompressionType.ZSTD, { encode })
    const compressed = tableToIPC(table, 'file', CompressionType.ZSTD)
    expect(() => arrowFrame(compressed)).toThrow(/compressed; write it without compression/)
  })

  it('carries lists, structs and long decimals unread, and writes them as they came', () => {
    const type = new Struct([new Field('a', new List(new Field('item', new Int32()))), new Field('b', new Utf8())])
    const values = [{ a: [1, null, 3], b: 'x' }, null, { a: null, b: '' }]
    const decimal = new Decimal(2, 30, 128)
    const table = new Table({
      nested: vectorFromArray(values, type),
      long: vectorFromArray([Uint32Array.of(5, 1, 0, 0), null, Uint32Array.of(0xffff_ff85, ~0, ~0, ~0)], decimal),
    })
    const read = arrowFrame(tableToIPC(table, 'file'))
    expect(rowsOf(read)).toEqual({ nested: values, long: ['42949673.01', null, '-1.23'] })
    const again = arrowFrame(bytesOf(read))
    expect(rowsOf(again)).toEqual(rowsOf(read))
    expect(rowsOf(arrowFrame(bytesOf(viewArrow(table))))).toEqual(rowsOf(read))
    const types = tableFromIPC(bytesOf(read)).schema.fields.map(({ type }) => String(type))
    expect(types).toEqual(table.schema.fields.map(({ type }) => String(type)))
  })

  it('reads decimals of up to 15 digits as doubles', () => {
    const decimal = new Decimal(2, 15, 128)
    const values = [Uint32Array.of(12_345, 0, 0, 0), null, Uint32Array.of(0xffff_ff85, ~0, ~0, ~0)]
    const bytes = tableToIPC(new Table({ amount: vectorFromArray(values, decimal) }), 'stream')
    expect(arrowFrame(bytes).columns.get('amount')).toMatchObject({ kind: 'float64' })
    expect(rowsOf(arrowFrame(bytes))).toEqual({ amount: [123.45, null, -1.23] })
  })

  it('reads a decimal of more digits than its type says as text, with all of them', () => {
    const decimal = new Decimal(2, 5, 128)
    const bytes = tableToIPC(
      new Table({ amount: vectorFromArray([Uint32Array.of(5, 1 << 24, 0, 0)], decimal) }),
      'file',
    )
    expect(rowsOf(arrowFrame(bytes))).toEqual({ amount: ['720575940379279.41'] })
  })

  it('reads codes of any type, also in a type that is not text', () => {
    const coded = new Dictionary(new Decimal(-2, 3, 128), new Int32(), 0)
    const values = [Uint32Array.of(12, 0, 0, 0), null, Uint32Array.of(12, 0, 0, 0)]
    const bytes = tableToIPC(new Table({ amount: vectorFromArray(values, coded) }), 'stream')
    expect(rowsOf(arrowFrame(bytes))).toEqual({ amount: [1200, null, 1200] })
  })

  it('reads a file by its directory, also where a dictionary lies behind its rows', () => {
    const bytes = bytesOf(frameOf([['code', new DictionaryColumn(Int32Array.of(1, 0), ['x', 'y'])]]))
    expect(rowsOf(arrowFrame(dictionaryLast(bytes)))).toEqual({ code: ['y', 'x'] })
  })

  it('reads a dictionary that no batch needs', () => {
    const frame = frameOf([['code', new DictionaryColumn(new Int32Array(0), [])]])
    expect(rowsOf(arrowFrame(dictionaryLast(bytesOf(frame))))).toEqual({ code: [] })
  })

  it('reads the smallest integers of instants and days as values, not as null', () => {
    const days = makeData({ type: new DateDay(), data: Int32Array.of(NULL_DAY, 0) })
    const moments = makeData({ type: new TimestampNanosecond(), data: BigInt64Array.of(NULL_NANOSECONDS, 1n) })
    const bytes = tableToIPC(new Table({ day: new Vector([days]), at: new Vector([moments]) }), 'file')
    const read = arrowFrame(bytes)
    expect(rowsOf(read)).toEqual({
      day: ['-5877641-06-23', '1970-01-01'],
      at: ['1677-09-21T00:12:43.145224192', '1970-01-01T00:00:00.000000001'],
    })
    expect(rowsOf(arrowFrame(bytesOf(read)))).toEqual(rowsOf(read))
  })

  it('shows wall times with every digit', () => {
    const moments = makeData({ type: new TimestampMicrosecond(), data: BigInt64Array.of(1n, -1n, 2n ** 62n) })
    const read = arrowFrame(tableToIPC(new Table({ at: new Vector([moments]) }), 'file'))
    expect(rowsOf(read)).toEqual({
      at: ['1970-01-01T00:00:00.000001', '1969-12-31T23:59:59.999999', '+148108-07-06T14:00:27.387904'],
    })
  })

  it('keeps the pairs of a map whose keys repeat', () => {
    const entries = new Struct([new Field('key', new Utf8(), false), new Field('value', new Int32(), true)])
    const type = new Map_<Utf8, Int32>(new Field('entries', entries as never, false))
    const keys = vectorFromArray(['k', 'k', 'l'], new Utf8()).data[0]
    const values = vectorFromArray([1, 2, null], new Int32()).data[0]
    const child = makeData({ type: entries, length: 3, children: [keys, values] as never })
    const map = makeData({ type, length: 2, valueOffsets: Int32Array.of(0, 2, 3), child: child as never })
    expect(rowsOf(arrowFrame(tableToIPC(new Table({ map: new Vector([map]) }), 'file')))).toEqual({
      map: [
        [
          ['k', 1],
          ['k', 2],
        ],
        new Map([['l', null]]),
      ],
    })
  })

  it('refuses to write objects that came from no Arrow table', () => {
    const frame = frameOf([['note', new OpaqueColumn([{ a: 1 }])]])
    expect(() => bytesOf(frame)).toThrow(expect.objectContaining({ code: 'unsupported_type' }))
  })
})
