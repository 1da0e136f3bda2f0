import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrowChunks, describedRows } from '../../src/format/arrow.ts'
import {
  BigIntColumn,
  BooleanColumn,
  type Column,
  DateColumn,
  NULL_DAY,
  NumberColumn,
  TimestampColumn,
} from '../../src/table/column.ts'
import { type Frame, frameOf, selectColumns } from '../../src/table/frame.ts'
import { gatherRows } from '../../src/table/gather.ts'
import { codeTexts, encodeTexts } from '../../src/table/utf8.ts'

const cells = (frame: Frame) => Array.from(frame.columns, ([name, column]) => [name, column.kind, Array.from(column)])

/** A table of every kind of column that a state may have; place 0 of each value is null. */
function tableOf(places: readonly number[]): Frame {
  const numbers = (kind: 'float64' | 'int32', array: Float64Array | Int32Array) =>
    new NumberColumn(kind, array, places.includes(0) ? Uint8Array.from(places, (place) => (place === 0 ? 0 : 1)) : null)
  const texts = places.map((place) => (place === 0 ? null : `t${place}ä`))
  const columns: Record<string, Column> = {
    plain: encodeTexts(texts),
    coded: codeTexts(texts, texts.length),
    stamp: new TimestampColumn(Float64Array.from(places, (place) => (place === 0 ? Number.NaN : (place - 2) * 1.7e12))),
    fine: new TimestampColumn(
      Float64Array.from(places, (place) => place * 1e15),
      { unit: 'us', zone: 'UTC' },
    ),
    day: new DateColumn(Int32Array.from(places, (place) => (place === 0 ? NULL_DAY : place))),
    minutes: numbers(
      'float64',
      Float64Array.from(places, (place) => place / 2),
    ),
    record: numbers('int32', Int32Array.from(places)),
    long: new BigIntColumn('int64', BigInt64Array.from(places, BigInt)),
    flag: new BooleanColumn(Uint8Array.from(places, (place) => place & 1)),
  }
  return frameOf(Object.entries(columns), places.length)
}

function bytesOf(frame: Frame): Uint8Array {
  return new Uint8Array(Buffer.concat([...arrowChunks(frame)]))
}

describe('a table of which some rows are asked for', () => {
  it('gives the rows that picking them from all gives', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { maxLength: 20 }), fc.array(fc.nat(100)), (places, picks) => {
        const { rows: lazy } = describedRows(bytesOf(tableOf(places)))
        const rows = Int32Array.from(places.length === 0 ? [] : picks.map((pick) => pick % places.length))
        expect(lazy.rows).toBe(places.length)
        expect(cells(lazy.at(rows))).toEqual(cells(gatherRows(lazy.all(), rows)))
        expect(cells(lazy.columns(['minutes', 'plain']))).toEqual(
          cells(selectColumns(lazy.all(), ['minutes', 'plain'])),
        )
      }),
      { numRuns: 500 },
    )
  })
})
