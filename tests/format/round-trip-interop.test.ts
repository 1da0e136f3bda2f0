import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as format from '../../src/format/index.ts'
import { parquetFrame } from '../../src/format/parquet/parquet.ts'
import type { Frame } from '../../src/table/frame.ts'
import { type TableLike, viewTable } from '../../src/table/table-like.ts'
import { contract, folder } from './interop-sample.ts'

const rows = [
  {
    id: 'INT1',
    note: 'said "hi", twice',
    at: new Date('2025-02-28T20:30:00.123Z'),
    minutes: 12.5,
    calls: 9007199254740993n,
    is_phone: true,
    day: '2025-02-28',
  },
  {
    id: '007',
    note: 'two\nlines',
    at: new Date('1969-12-31T23:59:59Z'),
    minutes: -0,
    calls: -(2n ** 63n),
    is_phone: false,
    day: '1969-12-31',
  },
  {
    id: 'é😀',
    note: ' outer spaces ',
    at: new Date('2025-07-01T00:00:00Z'),
    minutes: 0.1,
    calls: 0n,
    is_phone: true,
    day: '2000-02-29',
  },
  { id: 'null', note: null, at: null, minutes: null, calls: null, is_phone: null, day: null },
]

const rowsOf = ({ rows, columns }: Frame) =>
  Array.from({ length: rows }, (_, row) => Object.fromEntries(Array.from(columns, ([name, c]) => [name, c.at(row)])))

const read: Record<string, (bytes: Uint8Array) => TableLike | Promise<TableLike>> = {
  '.arrow': (bytes) => format.readArrow(bytes, contract),
  '.arrows': (bytes) => format.readArrow(bytes, contract),
  '.parquet': (bytes) => format.readParquet(bytes, contract),
  '.csv': (bytes) => format.readCsv(bytes, contract),
  '.json': (bytes) => format.readJson(bytes, contract),
  '.jsonl': (bytes) => format.readJsonLines(bytes, contract),
}

const files = readdirSync(folder).filter((name) => extname(name) in read && !name.includes('nested'))

describe('files of other tools', () => {
  it('are there', () => {
    expect(files.length).toBeGreaterThan(12)
  })

  it.for(files)('%s is read with its contract, cell by cell', async (name, { task }) => {
    const table = await read[extname(name)]?.(new Uint8Array(readFileSync(join(folder, name))))
    // spaces around a cell that stands in no quotes are nobody's; pyarrow quotes all text
    const isTrimmed = name === 'polars.csv' || name === 'duckdb.csv'
    // two batches, the later rows first
    const order = name === 'pyarrow.arrows' ? [2, 3, 0, 1] : [0, 1, 2, 3]
    const expected = order
      .map((row) => rows[row] as (typeof rows)[number])
      .map((row) => (isTrimmed ? { ...row, note: row.note?.trim() ?? null } : row))
    expect(table && rowsOf(viewTable(table))).toEqual(expected)
    task.meta.figures = { 'files of other tools read, cell by cell': 1 }
  })

  it('carry decimals and lists', async () => {
    const read = await parquetFrame(new Uint8Array(readFileSync(join(folder, 'pyarrow-nested.parquet'))))
    expect(rowsOf(read)).toEqual([
      { amount: 12.5, total: '12345678901234567.89', tags: ['a', 'b'] },
      { amount: null, total: null, tags: null },
      { amount: -0.07, total: '-0.07', tags: [] },
    ])
  })
})
