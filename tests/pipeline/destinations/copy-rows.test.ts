import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../../src/connect/postgres/database.ts'
import { openEmbedded } from '../../../src/connect/postgres/embedded.ts'
import { copyRows } from '../../../src/pipeline/destinations/postgres/copy-rows.ts'
import { createTableSql, layoutOf } from '../../../src/pipeline/destinations/postgres/table-layout.ts'
import {
  BigIntColumn,
  BooleanColumn,
  type Column,
  DateColumn,
  DictionaryColumn,
  NULL_DAY,
  NumberColumn,
  TimestampColumn,
} from '../../../src/table/column.ts'
import {
  boolean,
  type ColumnContract,
  date,
  defineTable,
  float64,
  int32,
  int64,
  key,
  nullable,
  string,
  timestamp,
} from '../../../src/table/contract.ts'
import { frameOf } from '../../../src/table/frame.ts'

let database: Database
beforeAll(async () => {
  database = await openEmbedded(null)
}, 120_000)
afterAll(() => database.close())

const texts = (values: readonly string[]) =>
  new DictionaryColumn(
    Int32Array.from(values, (_, at) => at),
    values,
  )
const numbers = (...values: number[]) => new NumberColumn('float64', Float64Array.from(values))
const instants = (unit: 's' | 'ms' | 'us', ...values: number[]) =>
  new TimestampColumn(Float64Array.from(values), { unit, zone: 'UTC' })

/** Writes a column and returns its cells as Postgres shows them, in order. */
async function written(column: Column, contract: ColumnContract, shown = 'value::text'): Promise<unknown[]> {
  const table = defineTable('cells', {
    place: int32(),
    value: nullable(contract as ColumnContract<'text', 'attribute'>),
  })
  const layout = layoutOf(table)
  const place = new NumberColumn(
    'int32',
    Int32Array.from({ length: column.length }, (_, at) => at),
  )
  await database.query('DROP TABLE IF EXISTS cells')
  for (const text of createTableSql('cells', layout)) await database.query(text)
  await database.copyIn(
    'cells',
    copyRows(
      frameOf([
        ['place', place],
        ['value', column],
      ]),
      layout,
    ),
  )
  await database.query("SET TimeZone = 'UTC'")
  return (await database.query(`SELECT ${shown} AS value FROM cells ORDER BY place`)).rows.map(({ value }) => value)
}

describe('copyRows', () => {
  it('keeps every letter of a text', async () => {
    const values = ['', '\\N', '\\', 'a\tb', 'c\nd\r\ne', '\\.', 'é 😀 𐏿', '"\'', ' outer ', '\b\f\v\u0001']
    expect(await written(texts(values), string())).toEqual(values)
  })

  it('keeps every digit of a double, NaN and infinities', async () => {
    const values = [
      0.1,
      5e-324,
      1.7976931348623157e308,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      1e21,
    ]
    expect((await written(numbers(...values), float64())).map(Number)).toEqual(values)
    expect(await written(numbers(-0), float64())).toEqual(['-0'])
  })

  it('keeps 64-bit integers, booleans and nulls', async () => {
    const longs = [9223372036854775807n, -9223372036854775808n, 0n]
    const column = new BigIntColumn('int64', BigInt64Array.from(longs), Uint8Array.of(1, 1, 0))
    expect(await written(column, int64())).toEqual(['9223372036854775807', '-9223372036854775808', null])
    expect(await written(new BooleanColumn(Uint8Array.of(1, 0)), boolean())).toEqual(['true', 'false'])
  })

  it('keeps days before Christ, and those up to the ends of Postgres', async () => {
    const days = new DateColumn(Int32Array.of(0, -1, -719_528, -719_162, -2_440_588, 2_145_042_905, NULL_DAY))
    expect(await written(days, date())).toEqual([
      ...['1970-01-01', '1969-12-31', '0001-01-01 BC', '0001-01-01', '4714-11-24 BC', '5874897-12-31'],
      null,
    ])
  })

  it('keeps instants of every unit', async () => {
    expect(await written(instants('ms', 0, -1, 1_735_725_600_123, Number.NaN), timestamp())).toEqual([
      ...['1970-01-01 00:00:00+00', '1969-12-31 23:59:59.999+00', '2025-01-01 10:00:00.123+00'],
      null,
    ])
    expect(await written(instants('s', -62_167_219_200), timestamp({ unit: 's' }))).toEqual([
      '0001-01-01 00:00:00+00 BC',
    ])
    const us = instants('us', 1, -1, 1_735_725_600_123_456)
    expect(await written(us, timestamp({ unit: 'us' }))).toEqual([
      ...['1970-01-01 00:00:00.000001+00', '1969-12-31 23:59:59.999999+00', '2025-01-01 10:00:00.123456+00'],
    ])
    const last = 106_762_939 * 86_400 + 86_399
    expect(await written(instants('s', last), timestamp({ unit: 's' }))).toEqual(['294276-12-31 23:59:59+00'])
  })

  it('agrees with a Date on days and instants all over the calendar', async () => {
    const moments = Array.from({ length: 2000 }, (_, at) => at * 127_000_123_457 - 62_135_596_800_000)
    const shown = `to_char(value AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
    const expected = moments
      .map((moment) => new Date(moment).toISOString())
      .filter((text) => text.startsWith('+') === false)
    const column = instants('ms', ...moments.slice(0, expected.length))
    expect(await written(column, timestamp(), shown)).toEqual(expected)
  })

  it.each([
    ['text with U+0000', texts(['a', 'b\0']), string(), /row 2: column "value" holds U\+0000/],
    ['half a surrogate pair', texts(['\ud800']), string(), /row 1: column "value" holds U\+0000 or half/],
    ['a day before the first', new DateColumn(Int32Array.of(-2_440_589)), date(), /row 1: .* 4714-11-24 BC to 5874897/],
    ['a day after the last', new DateColumn(Int32Array.of(0, 2_145_042_906)), date(), /row 2: .* outside/],
    [
      'an instant after the last',
      instants('s', 106_762_940 * 86_400),
      timestamp({ unit: 's' }),
      /row 1: .* 294276-12-31/,
    ],
    [
      'a double in a column of integers',
      numbers(1, 2.5),
      int32(),
      /row 2: column "value" holds a value that is no int32/,
    ],
  ])('refuses %s by table, row and column', async (_, column, contract, message) => {
    await expect(written(column, contract)).rejects.toThrow(message)
    await expect(written(column, contract)).rejects.toMatchObject({ code: 'destination_refused' })
  })
})

describe('rows that are copied behind others', () => {
  it('are numbered behind them in messages', () => {
    const layout = layoutOf(defineTable('cells', { value: int32() }))
    const copied = copyRows(frameOf([['value', numbers(1, 2.5)]]), layout, { before: 65_536 })
    expect(() => [...copied]).toThrow(/row 65538: column "value"/)
  })
})

describe('layoutOf', () => {
  it.each([
    ['a column name of 64 bytes', defineTable('t', { ['é'.repeat(32)]: key(string()) })],
    ['a system column', defineTable('t', { ctid: string() })],
    ['the name of the table of the commit', defineTable('support_etl_place', { id: string() })],
  ])('refuses %s', (_, contract) => {
    expect(() => layoutOf(contract)).toThrow(expect.objectContaining({ code: 'destination_refused' }))
  })

  it('quotes names', async () => {
    const layout = layoutOf(defineTable('select', { 'a "b" c': key(string()), Select: nullable(string()) }))
    for (const text of createTableSql('"select"', layout)) await database.query(text)
    const frame = frameOf([
      ['a "b" c', texts(['x'])],
      ['Select', texts(['y'])],
    ])
    await database.copyIn('"select"', copyRows(frame, layout))
    expect((await database.query('SELECT * FROM "select"')).rows).toEqual([{ 'a "b" c': 'x', Select: 'y' }])
  })
})
