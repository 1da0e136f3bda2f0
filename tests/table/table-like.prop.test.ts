import { fc, test } from '@fast-check/vitest'
import * as arrow from 'apache-arrow'
import * as aq from 'arquero'
import { describe, expect } from 'vitest'
import { buildArquero, toArquero, viewArquero } from '../../src/table/arquero/arquero.ts'
import { buildArrow, toArrow } from '../../src/table/arrow/arrow.ts'
import { viewArrow } from '../../src/table/arrow/read.ts'
import { BooleanColumn, type Column } from '../../src/table/column.ts'
import { selectColumns, withColumns } from '../../src/table/frame.ts'
import { takeRows } from '../../src/table/take.ts'
import { frame, shownFrame, text } from './arbitraries.ts'

const range = (begin: number, end: number) => Int32Array.from({ length: end - begin }, (_, row) => begin + row)

/** Copies of every buffer that the column holds. */
const buffersOf = (column: Column) =>
  Object.values(column)
    .filter((value) => ArrayBuffer.isView(value))
    .map((value) => new Uint8Array(value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength)))

const cuts = fc.array(fc.nat(40), { maxLength: 4 })

/** The table in chunks that begin at those rows; chunks may be empty. */
function chunked(table: arrow.Table, rows: readonly number[]): arrow.Table {
  const begins = [0, ...rows.map((row) => row % (table.numRows + 1)).sort((a, b) => a - b), table.numRows]
  const batches = begins.slice(1).flatMap((end, index) => table.slice(begins[index], end).batches)
  return new arrow.Table(table.schema, batches)
}

describe('Arrow tables', () => {
  test.prop([frame], { numRuns: 500 })('show the frame they were built from', (built) => {
    expect(shownFrame(viewArrow(toArrow(built)))).toEqual(shownFrame(built))
  })

  test.prop([frame], { numRuns: 300 })('show it after IPC bytes too, and keep their types when built back', (built) => {
    const table = arrow.tableFromIPC(arrow.tableToIPC(toArrow(built), 'file'))
    const view = viewArrow(table)
    expect(shownFrame(view)).toEqual(shownFrame(built))
    expect(buildArrow(view, table).schema.fields.map(String)).toEqual(table.schema.fields.map(String))
  })

  test.prop([frame, cuts], { numRuns: 500 })('show the same in chunks', (built, rows) => {
    expect(shownFrame(viewArrow(chunked(toArrow(built), rows)))).toEqual(shownFrame(built))
  })

  test.prop([frame, fc.nat(40), fc.nat(40), cuts], { numRuns: 500 })(
    'show of a slice what picking its rows shows',
    (built, one, other, rows) => {
      const begin = Math.min(one, other, built.rows)
      const end = Math.min(Math.max(one, other), built.rows)
      const slice = chunked(toArrow(built), rows).slice(begin, end)
      expect(shownFrame(viewArrow(slice))).toEqual(shownFrame(takeRows(built, range(begin, end))))
    },
  )

  test.prop([frame], { numRuns: 200 })('are read without a byte of theirs changed', (built) => {
    const table = toArrow(built)
    const before = arrow.tableToIPC(table)
    buildArrow(viewArrow(table), table)
    expect(arrow.tableToIPC(table)).toEqual(before)
  })
})

describe('Arquero tables', () => {
  test.prop([frame], { numRuns: 500 })('give back the very columns they were built from', (built) => {
    const table = toArquero(built)
    const view = viewArquero(buildArquero(viewArquero(table), table))
    expect([...view.columns.keys()]).toEqual([...built.columns.keys()])
    for (const [name, column] of built.columns) expect(view.columns.get(name)).toBe(column)
  })

  test.prop([frame, fc.func(fc.boolean())], { numRuns: 300 })(
    'show filtered what picking the rows shows',
    (built, isKept) => {
      const before = Array.from(built.columns.values(), buffersOf)
      const rows = range(0, built.rows).filter((row) => isKept(row))
      const marks = new Uint8Array(built.rows)
      for (const row of rows) marks[row] = 1
      const table = toArquero(withColumns(built, [['is kept', new BooleanColumn(marks)]]))
      const kept = table.filter((d: Record<string, boolean>) => d['is kept'])
      expect(shownFrame(selectColumns(viewArquero(kept), built.columns.keys()))).toEqual(
        shownFrame(takeRows(built, rows)),
      )
      expect(Array.from(built.columns.values(), buffersOf)).toEqual(before)
    },
  )

  const value = {
    text: fc.oneof(text, fc.string({ unit: 'binary' })),
    numbers: fc.double(),
    booleans: fc.boolean(),
    integers: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    dates: fc.date({ noInvalidDate: true }),
  }
  for (const [kind, arbitrary] of Object.entries(value)) {
    test.prop([fc.array(fc.option(arbitrary as fc.Arbitrary<unknown>), { minLength: 1 })], { numRuns: 200 })(
      `show plain arrays of ${kind} as they were`,
      (values) => {
        const view = viewArquero(aq.table({ x: values as never[] }))
        expect(toArquero(view).array('x')).toEqual(values)
      },
    )
  }
})
