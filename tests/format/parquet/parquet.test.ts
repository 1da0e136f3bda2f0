import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { describedParquet, parquetBytes, parquetFrame } from '../../../src/format/parquet/parquet.ts'
import {
  BigIntColumn,
  BooleanColumn,
  DateColumn,
  DictionaryColumn,
  NULL_DAY,
  NullColumn,
  NumberColumn,
  TimestampColumn,
} from '../../../src/table/column.ts'
import { defineTable, key, nullable, string } from '../../../src/table/contract.ts'
import { type Frame, frameOf } from '../../../src/table/frame.ts'
import { encodeTexts } from '../../../src/table/utf8.ts'

const rowsOf = (frame: Frame) => Object.fromEntries(Array.from(frame.columns, ([name, column]) => [name, [...column]]))

const everyKind = frameOf([
  ['text', encodeTexts(['a', null, 'ü😀'])],
  ['code', new DictionaryColumn(Int32Array.of(1, -1, 0), ['x', 'y'])],
  ['float', new NumberColumn('float64', Float64Array.of(-0, Number.NaN, 5), Uint8Array.of(1, 1, 0))],
  ['small', new NumberColumn('uint8', Uint8Array.of(0, 7, 255))],
  ['instant', new TimestampColumn(Float64Array.of(-1, Number.NaN, 1_740_792_600_000))],
  ['wall', new TimestampColumn(Float64Array.of(-1, 0, 2 ** 52), { unit: 'us', zone: null })],
  ['day', new DateColumn(Int32Array.of(-1, NULL_DAY, 20_000))],
  ['flag', new BooleanColumn(Uint8Array.of(1, 0, 1), Uint8Array.of(1, 1, 0))],
  ['long', new BigIntColumn('int64', BigInt64Array.of(2n ** 53n + 1n, -(2n ** 63n), 0n), Uint8Array.of(1, 1, 0))],
  ['nothing', new NullColumn(3)],
])

describe('parquetBytes', () => {
  it('writes what parquetFrame reads back, every kind of column with its nulls', async () => {
    const read = await parquetFrame(await parquetBytes(everyKind))
    expect(rowsOf(read)).toEqual(rowsOf(everyKind))
    for (const [name, column] of everyKind.columns) expect(read.columns.get(name)?.kind, name).toBe(column.kind)
    expect(read.columns.get('instant')).toMatchObject({ unit: 'ms', zone: 'UTC' })
    expect(read.columns.get('wall')).toMatchObject({ unit: 'us', zone: null })
  })

  it('gives the same bytes for the same rows, whatever dictionary they have', async () => {
    const other = frameOf([
      ...everyKind.columns,
      ['code', new DictionaryColumn(Int32Array.of(0, -1, 2), ['y', 'unused', 'x'])],
    ])
    const metadata = { zone: 'UTC', month: 'interaction_start', a: '1', b: '2' }
    const bytes = await parquetBytes(everyKind, { metadata })
    for (let time = 0; time < 5; time++) expect(await parquetBytes(other, { metadata })).toEqual(bytes)
  })

  it('keeps seconds, which Parquet does not have, as milliseconds', async () => {
    const frame = frameOf([['at', new TimestampColumn(Float64Array.of(-1, Number.NaN), { unit: 's' })]])
    const read = await parquetFrame(await parquetBytes(frame))
    expect(read.columns.get('at')).toMatchObject({ unit: 'ms', values: Float64Array.of(-1000, Number.NaN) })
  })

  it('carries metadata, and text of any kind in it', async () => {
    const metadata = { zone: 'America/New_York', note: '"quoted" ü😀' }
    const bytes = await parquetBytes(everyKind, { metadata })
    expect(Object.fromEntries((await describedParquet(bytes)).metadata)).toEqual(metadata)
  })

  it('writes a table without rows, with its columns', async () => {
    const contract = defineTable('agents', { agent_id: key(string()), full_name: nullable(string()) })
    const empty = frameOf([
      ['agent_id', encodeTexts([])],
      ['full_name', new NullColumn(0)],
    ])
    const read = await parquetFrame(await parquetBytes(empty, { contract }))
    expect(rowsOf(read)).toEqual({ agent_id: [], full_name: [] })
    expect(read.columns.get('full_name')).toMatchObject({ kind: 'text', encoding: 'dictionary' })
  })

  it('refuses a table without columns', async () => {
    await expect(parquetBytes(frameOf([]))).rejects.toMatchObject({ code: 'unsupported_table' })
  })
})

describe('parquetFrame', () => {
  it('refuses bytes that are not Parquet', async () => {
    await expect(parquetFrame(new Uint8Array(0))).rejects.toMatchObject({ code: 'parquet_invalid' })
    await expect(parquetFrame(new TextEncoder().encode('PAR1 is how it begins'))).rejects.toMatchObject({
      name: 'FormatError',
      code: 'parquet_invalid',
    })
  })

  it('refuses an encrypted file as what it is, with the footer encrypted and without', async () => {
    const told = 'calls.parquet is an encrypted Parquet file, which cannot be read; write it without encryption'
    const hidden = new TextEncoder().encode('PARE12345678PARE')
    // FileMetaData with nothing but encryption_algorithm: field 8, a struct with an empty AES_GCM_V1
    const footer = [0x8c, 0x1c, 0x00, 0x00, 0x00]
    const letters = [...new TextEncoder().encode('PAR1')]
    const plain = Uint8Array.from([...letters, ...footer, footer.length, 0, 0, 0, ...letters])
    for (const bytes of [hidden, plain]) {
      const error = await parquetFrame(bytes, { file: 'calls.parquet' }).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code: 'parquet_invalid', message: told })
    }
  })

  it('refuses to write seconds that milliseconds do not reach', async () => {
    const frame = frameOf([['at', new TimestampColumn(Float64Array.of(0, 2 ** 60), { unit: 's' })]])
    await expect(parquetBytes(frame)).rejects.toMatchObject({
      code: 'unsupported_type',
      message: expect.stringContaining('column "at" row 2 holds an instant that milliseconds in a double cannot reach'),
    })
  })

  it('refuses damaged bytes one by one; after a panic another instance of the engine reads on', async () => {
    const sound = await parquetBytes(everyKind)
    const require = createRequire(import.meta.url)
    const instances = new Set<unknown>()
    // a fixed sequence, so that a failure can be repeated
    let state = 1
    const next = (bound: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
      return state % bound
    }
    let [refused, panics] = [0, 0]
    for (let time = 0; time < 2000 && panics < 10; time++) {
      const bytes = sound.slice(0, next(10) === 0 ? next(sound.length) : sound.length)
      for (let flip = next(4); flip >= 0; flip--) bytes[next(bytes.length)] = next(256)
      const error = await parquetFrame(bytes).catch((thrown: unknown) => thrown)
      if (!(error instanceof Error)) continue
      expect(error).toMatchObject({ name: 'FormatError', code: 'parquet_invalid' })
      refused++
      // what the engine says, and why it says so
      const why = error.cause instanceof Error ? error.cause.cause : undefined
      if (!(why instanceof Error) || why.name !== 'RuntimeError') continue
      panics++
      instances.add(require.cache[require.resolve('parquet-wasm')]?.exports)
    }
    expect(refused).toBeGreaterThan(100)
    expect(panics).toBe(10)
    expect(instances.size).toBe(10)
    expect(rowsOf(await parquetFrame(sound))).toEqual(rowsOf(everyKind))
  })
})
