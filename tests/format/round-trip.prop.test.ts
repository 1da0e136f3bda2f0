import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { arrowChunks, arrowFrame } from '../../src/format/arrow/arrow.ts'
import * as format from '../../src/format/index.ts'
import { jsonFrame } from '../../src/format/json/read.ts'
import { jsonChunks } from '../../src/format/json/write.ts'
import { parquetBytes, parquetFrame } from '../../src/format/parquet/parquet.ts'
import { toArquero } from '../../src/table/arquero/arquero.ts'
import { toArrow } from '../../src/table/arrow/arrow.ts'
import { joinChunks } from '../../src/table/chunks.ts'
import { TimestampColumn } from '../../src/table/column.ts'
import type { TableContract } from '../../src/table/contract.ts'
import { type Frame, frameOf } from '../../src/table/frame.ts'
import { type TableLike, viewTable } from '../../src/table/table-like.ts'
import { takeRows } from '../../src/table/take.ts'
import { frame as anyFrame, shownFrame } from '../table/arbitraries.ts'
import { fittingTable, withAnotherPast } from './round-trip-tables.ts'

const numRuns = Number(process.env.SUPPORT_ETL_RUNS ?? 1000)

type Kind = 'arquero' | 'arrow'

interface Format {
  readonly name: string
  write(table: TableLike, contract: TableContract): Uint8Array | Promise<Uint8Array>
  read(bytes: Uint8Array, contract: TableContract, as: Kind): TableLike | Promise<TableLike>
}

const formats: readonly Format[] = [
  {
    name: 'CSV',
    write: (table) => format.writeCsv(table),
    read: (bytes, contract, as) => format.readCsv(bytes, contract, { as }),
  },
  {
    name: 'JSON',
    write: (table) => format.writeJson(table),
    read: (bytes, contract, as) => format.readJson(bytes, contract, { as }),
  },
  {
    name: 'JSON Lines',
    write: (table) => format.writeJsonLines(table),
    read: (bytes, contract, as) => format.readJsonLines(bytes, contract, { as }),
  },
  {
    name: 'Arrow',
    write: (table, contract) => format.writeArrow(table, { contract }),
    read: (bytes, contract, as) => format.readArrow(bytes, contract, { as }),
  },
  {
    name: 'Parquet',
    write: (table, contract) => format.writeParquet(table, { contract }),
    read: (bytes, contract, as) => format.readParquet(bytes, contract, { as }),
  },
]

const kind = fc.constantFrom<Kind>('arquero', 'arrow')
const tableOf = (frame: Frame, as: Kind): TableLike => (as === 'arrow' ? toArrow(frame) : toArquero(frame))

describe.each(formats)('$name', ({ write, read }) => {
  test.prop([fittingTable, kind, kind], { numRuns })(
    'gives back the table that was written, read with its contract',
    async ({ contract, frame }, from, to) => {
      const bytes = await write(tableOf(frame, from), contract)
      const table = await read(bytes, contract, to)
      expect(shownFrame(viewTable(table))).toEqual(shownFrame(frame))
    },
    60_000,
  )

  test.prop([fittingTable], { numRuns: 100 })(
    'gives the same bytes for an Arquero table and an Arrow table',
    async ({ contract, frame }) => {
      expect(await write(toArrow(frame), contract)).toEqual(await write(toArquero(frame), contract))
    },
  )
})

/** The frame's columns, each with another past, after a detour through more rows. */
function disguise(frame: Frame, junk: number): Frame {
  const past = frameOf(
    Array.from(frame.columns, ([name, column]) => [name, withAnotherPast(column, junk)] as const),
    frame.rows,
  )
  const twice = takeRows(
    past,
    Int32Array.from({ length: frame.rows * 2 }, (_, row) => Math.floor(row / 2)),
  )
  return takeRows(
    twice,
    Int32Array.from({ length: frame.rows }, (_, row) => row * 2),
  )
}

describe('canonical bytes', () => {
  const past = [anyFrame, fc.integer({ min: 1, max: 100 })] as const

  test.prop([...past], { numRuns })('of Arrow do not tell a table’s past', (frame, junk) => {
    const bytes = joinChunks(arrowChunks(frame))
    expect(joinChunks(arrowChunks(disguise(frame, junk)))).toEqual(bytes)
    expect(joinChunks(arrowChunks(arrowFrame(bytes)))).toEqual(bytes)
  })

  // Parquet has no seconds: writing refuses those that the milliseconds of a double do not reach
  const fitsParquet = (frame: Frame) =>
    [...frame.columns.values()].every(
      (column) =>
        !(column instanceof TimestampColumn && column.unit === 's') ||
        column.values.every((value) => Number.isNaN(value) || Number.isSafeInteger(Number(value) * 1000)),
    )
  test.prop([anyFrame.filter(fitsParquet), past[1]], { numRuns: 200 })(
    'of Parquet do not tell a table’s past',
    async (frame, junk) => {
      const bytes = await parquetBytes(frame)
      expect(await parquetBytes(disguise(frame, junk))).toEqual(bytes)
      expect(await parquetBytes(await parquetFrame(bytes))).toEqual(bytes)
    },
  )

  test.prop([...past], { numRuns: 200 })('of JSON do not tell a table’s past', (frame, junk) => {
    expect(joinChunks(jsonChunks(disguise(frame, junk)))).toEqual(joinChunks(jsonChunks(frame)))
  })
})

describe('without a contract', () => {
  test.prop([anyFrame], { numRuns })('Arrow gives back every kind of column', (frame) => {
    const read = arrowFrame(joinChunks(arrowChunks(frame)))
    expect(shownFrame(read)).toEqual(shownFrame(frame))
    const codings = ({ columns }: Frame) =>
      Array.from(columns.values(), (column) => ('encoding' in column ? column.encoding : null))
    expect(codings(read)).toEqual(codings(frame))
  })

  test.prop([fc.array(fc.record({ a: fc.option(fc.string({ unit: 'binary' })), b: fc.option(fc.double()) }))], {
    numRuns,
  })('JSON gives back text and numbers as JSON.parse does', (rows) => {
    // −0, NaN and infinities are what JSON.stringify loses; integers past 2^53 are what JSON.parse rounds and we keep
    const isSame = (b: number) => Number.isFinite(b) && b !== 0 && (Number.isSafeInteger(b) || !Number.isInteger(b))
    const plain = rows.map(({ a, b }) => ({ a, b: b !== null && isSame(b) ? b : null }))
    const { frame } = jsonFrame(new TextEncoder().encode(JSON.stringify(plain)))
    const read = Array.from({ length: frame.rows }, (_, row) =>
      Object.fromEntries(Array.from(frame.columns, ([name, column]) => [name, column.at(row)])),
    )
    expect(read).toEqual(plain)
  })
})
