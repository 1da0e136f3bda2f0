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
  Utf8Column,
} from '../../../src/table/column.ts'
import type { Frame } from '../../../src/table/frame.ts'
import { frameOf } from '../../../src/table/frame.ts'
import { encodeTexts } from '../../../src/table/utf8.ts'
import { applyDelta } from '../../../src/transform/apply-delta.ts'
import { changedRows } from '../../../src/transform/changed-rows.ts'
import { compileDelta, schemaOf } from '../../../src/transform/delta/compile/compile-delta.ts'
import { resolveDeltaOptions } from '../../../src/transform/delta/delta-options.ts'
import { nullMask, poolColumn } from '../../../src/transform/delta/fold/delta-rows.ts'
import { foldDeltas } from '../../../src/transform/delta/fold/fold.ts'
import { materialize } from '../../../src/transform/delta/write/materialize.ts'
import { takeCells } from '../../../src/transform/delta/write/write-column.ts'
import { summarizeDelta } from '../../../src/transform/summarize-delta.ts'
import { numbers, texts } from '../../systems/support/figures/frames.ts'

type Row = Readonly<Record<string, unknown>>

/** A number that jumps about with the row, without chance. */
const jump = (row: number, salt: number) => (((row + 1) * 2_654_435_761 + salt * 40_503) >>> 7) % 997
const isNone = (row: number, salt: number) => jump(row, salt) % 5 === 0
const list = <Value>(rows: readonly number[], salt: number, value: (jumped: number) => Value) =>
  rows.map((row) => (isNone(row, salt) ? null : value(jump(row, salt + 1))))

/** Cells of every kind; `salt` makes them others. */
function cells(rows: readonly number[], salt: number): [string, Column][] {
  const valid = Uint8Array.from(rows, (row) => (isNone(row, salt) ? 0 : 1))
  const whole = rows.map((row) => jump(row, salt + 2))
  const marked = <None>(none: None) => whole.map((value, at) => (valid[at] === 0 ? none : value))
  const text = list(rows, salt, (value) => (value % 7 === 0 ? 'long '.repeat(80) + value : `t${value % 50}é`))
  return [
    ['number', numbers(list(rows, salt, (value) => value / 4))],
    ['small', new NumberColumn('int16', Int16Array.from(whole))],
    ['large', new BigIntColumn('int64', BigInt64Array.from(whole, BigInt), valid)],
    [
      'flag',
      new BooleanColumn(
        Uint8Array.from(whole, (value) => value % 2),
        valid,
      ),
    ],
    ['word', texts(list(rows, salt, (value) => `w${value % 30}`))],
    ['text', encodeTexts(text)],
    ['at', new TimestampColumn(Float64Array.from(marked(Number.NaN)))],
    [
      'fine',
      new TimestampColumn(
        BigInt64Array.from(whole, (value, at) => (valid[at] === 0 ? NULL_NANOSECONDS : BigInt(value))),
        { unit: 'ns' },
      ),
    ],
    ['on', new DateColumn(Int32Array.from(marked(NULL_DAY)))],
    ['other', new OpaqueColumn(list(rows, salt, (value) => ({ value })))],
  ]
}

const keysOf = (rows: readonly number[]) => encodeTexts(rows.map((row) => `k${row}`))
const range = (length: number, first = 0) => Array.from({ length }, (_, row) => first + row)

function rowsOf(frame: Frame): Row[] {
  return range(frame.rows).map((row) =>
    Object.fromEntries(Array.from(frame.columns, ([name, column]) => [name, column.at(row)])),
  )
}

/** A table of `size` rows, and a delta that changes the rows it is told to. */
function tables(size: number, changes: readonly (readonly [row: number, action: string])[]) {
  const base = frameOf([['key', keysOf(range(size))], ...cells(range(size), 1)])
  const rows = changes.map(([row]) => row)
  const delta = frameOf([
    ['key', keysOf(rows)],
    ...cells(rows, 50),
    ['action', texts(changes.map(([, action]) => action))],
  ])
  return { base, delta }
}

/** The values in a buffer of their own, with room behind them, as readers leave them. */
function roomy<Array extends Int32Array | Float64Array | Uint8Array | BigInt64Array>(
  array: Array,
  spare: number,
): Array {
  const longer = new (array.constructor as new (length: number) => Array)(array.length + spare)
  longer.set(array as never)
  return longer.subarray(0, array.length) as Array
}

/** The table with room behind the arrays that a table read from a file has. */
const withRoom = ({ rows, columns }: Frame, spare: number): Frame =>
  frameOf(
    Array.from(columns, ([name, column]): [string, Column] => {
      if (column instanceof DictionaryColumn) {
        return [name, new DictionaryColumn(roomy(column.codes, spare), column.values)]
      }
      if (column instanceof TimestampColumn) return [name, new TimestampColumn(roomy(column.values, spare), column)]
      if (column instanceof DateColumn) return [name, new DateColumn(roomy(column.values, spare))]
      if (column instanceof OpaqueColumn || column instanceof NullColumn) return [name, column]
      const valid = column.valid === null ? null : roomy(column.valid as Uint8Array, spare)
      if (column instanceof Utf8Column) {
        return [name, new Utf8Column(roomy(column.bytes, 8 * spare), roomy(column.offsets, spare), valid)]
      }
      if (column instanceof BooleanColumn) return [name, new BooleanColumn(roomy(column.values, spare), valid)]
      const { kind, values } = column
      if (column instanceof BigIntColumn) {
        return [name, new BigIntColumn(column.kind, roomy(values as BigInt64Array, spare), valid)]
      }
      return [name, new NumberColumn(kind as NumberColumn['kind'], roomy(values as Float64Array, spare), valid)]
    }),
    rows,
  )

const bufferOf = ({ columns }: Frame) => (columns.get('number') as NumberColumn).values.buffer

/** The delta applied to plain objects. */
function applied(base: Frame, delta: Frame): Row[] {
  const rows = new Map(rowsOf(base).map((row) => [row.key, row]))
  for (const { action, ...row } of rowsOf(delta)) {
    if (action === 'delete') rows.delete(row.key)
    else rows.set(row.key, row)
  }
  return [...rows.values()]
}

const some = (size: number, every: number) => range(size).filter((row) => jump(row, 9) % every === 0)
const actions = ['update', 'delete', 'add'] as const
const mixed = (rows: readonly number[]) => rows.map((row) => [row, actions[jump(row, 4) % 3] as string] as const)

describe('a delta of many rows', () => {
  it.each<[string, number, readonly (readonly [number, string])[]]>([
    ['changes nothing', 300, []],
    [
      'touches the first and the last row',
      300,
      [
        [0, 'delete'],
        [299, 'delete'],
        [1, 'update'],
        [298, 'update'],
      ],
    ],
    [
      'touches the rows at the edges of words of 32',
      200,
      [31, 32, 33, 63, 64, 95, 96, 127, 128].map((row) => [row, row % 2 === 0 ? 'delete' : 'update']),
    ],
    ['touches few rows', 2000, mixed(some(2000, 97))],
    ['touches many rows', 2000, mixed(some(2000, 3))],
    ['touches every row', 700, mixed(range(700))],
    ['deletes every row', 300, range(300).map((row) => [row, 'delete'])],
    [
      'deletes every other row',
      300,
      range(300)
        .filter((row) => row % 2 === 1)
        .map((row) => [row, 'delete']),
    ],
    [
      'deletes long stretches',
      1200,
      range(1200)
        .filter((row) => row % 300 > 60 && row % 300 < 200)
        .map((row) => [row, 'delete']),
    ],
    ['updates every row', 300, range(300).map((row) => [row, 'update'])],
    ['adds rows behind', 300, range(100, 300).map((row) => [row, 'add'])],
    ['adds more rows than there were', 40, range(500, 40).map((row) => [row, 'add'])],
    [
      'deletes rows and adds them again',
      300,
      some(300, 6).flatMap(
        (row) =>
          [
            [row, 'delete'],
            [row, 'add'],
          ] as const,
      ),
    ],
    [
      'deletes from the front and adds behind',
      500,
      [...range(100).map((row) => [row, 'delete'] as const), ...range(150, 500).map((row) => [row, 'add'] as const)],
    ],
    ['comes in reverse', 400, mixed(some(400, 4)).toReversed()],
    ['meets an empty table', 0, range(50).map((row) => [row, 'add'])],
  ])('that %s is that of plain objects', (_, size, changes) => {
    const { base, delta } = tables(size, changes)
    const before = rowsOf(base)
    const result = applyDelta(base, delta, 'key')
    expect(rowsOf(result)).toEqual(applied(base, delta))
    expect(rowsOf(base)).toEqual(before)
    const { rowsIn, rowsOut, inserted, deleted, updated } = summarizeDelta(base, delta, 'key')
    expect([rowsIn, rowsOut, rowsIn + inserted - deleted]).toEqual([size, result.rows, result.rows])
    const touched = changedRows(base, delta, 'key')
    expect([touched.before.rows, touched.after.rows]).toEqual([updated + deleted, updated + inserted])
    for (const spare of [0, 10, 1000]) {
      // nothing is written over where columns share an array, as those of `cells` do
      const table = withRoom(base, spare)
      const compiled = compileDelta(withRoom(delta, 0), schemaOf(table), ['key'], resolveDeltaOptions())
      const over = materialize(foldDeltas(table, [compiled], ['key']), { memory: 'reuse' })
      expect(bufferOf(over) === bufferOf(table)).toBe(over.rows <= size + spare)
      expect(rowsOf(over), `written over the table, with room for ${spare} more`).toEqual(applied(base, delta))
    }
  })
})

describe('poolColumn', () => {
  const kinds = new Map(cells(range(40), 1))
  const others = new Map(cells(range(30, 40), 2))

  it.each([...kinds.keys()])('lays the deltas of a column %s one behind the other, null where one has none', (name) => {
    const [base, delta] = [kinds.get(name) as Column, others.get(name) as Column]
    const { pool } = poolColumn(base, [delta, null, delta], [30, 3, 30])
    expect(Array.from(pool)).toEqual([...delta, null, null, null, ...delta])
    expect(poolColumn(base, [delta], [30]).pool.kind).toBe(base.kind)
    expect(Array.from(poolColumn(base, [], []).pool)).toEqual([])
  })

  it('gives words one dictionary, the table first, and leaves its codes alone', () => {
    const base = texts(['b', 'a', null])
    const { base: shared, pool } = poolColumn(base, [texts(['c', 'a', null]), texts(['d', 'c', 'b'])], [3, 3])
    expect(shared).toMatchObject({ codes: base.codes, values: ['b', 'a', 'c', 'd'] })
    expect(Array.from(pool)).toEqual(['c', 'a', null, 'd', 'c', 'b'])
    expect((pool as typeof base).values).toEqual(['b', 'a', 'c', 'd'])
    const known = poolColumn(base, [texts(['a', 'b'])], [2])
    expect((known.base as typeof base).values).toEqual(['b', 'a'])
    // the rows of one delta in the same words are taken as they are
    const same = poolColumn(base, [texts(['a', 'b'])], [2])
    expect((poolColumn(same.base, [same.base], [3]).pool as typeof base).codes).toBe(base.codes)
    const two = poolColumn(base, [base, texts(['a', 'b', null])], [3, 3])
    expect(Array.from(two.pool)).toEqual(['b', 'a', null, 'a', 'b', null])
  })

  it('refuses columns of two kinds', () => {
    expect(() => poolColumn(numbers([1]), [texts(['a'])], [1])).toThrow(/float64|text/)
  })
})

describe('takeCells', () => {
  it('refuses sides of two forms', () => {
    const refusal = expect.objectContaining({ code: 'type_mismatch' })
    const placed = { cells: Int32Array.of(0), targets: Int32Array.of(0) }
    expect(() => takeCells(texts(['a']), encodeTexts(['b']), placed)).toThrow(refusal)
    expect(() => takeCells(encodeTexts(['b']), texts(['a']), placed)).toThrow(refusal)
  })
})

describe('nullMask', () => {
  it.each([...new Map(cells(range(40), 1))])('of a column %s is 1 where it is null', (_, column) => {
    const mask = nullMask(column)
    const expected = Array.from(column, (value) => (value === null ? 1 : 0))
    expect(mask === null ? null : [...mask]).toEqual(expected.includes(1) ? expected : null)
  })

  it('is null where nothing is', () => {
    expect(nullMask(numbers([1, 2]))).toBeNull()
    expect(nullMask(texts(['a']))).toBeNull()
    expect(nullMask(new OpaqueColumn([{}]))).toBeNull()
    expect(nullMask(new NumberColumn('float64', Float64Array.of(1), Uint8Array.of(0)))).toEqual(Uint8Array.of(1))
  })
})
