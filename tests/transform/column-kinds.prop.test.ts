import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyDelta, changedRows, composeDeltas, diffTables, type Frame, history } from '../../src/index.ts'
import {
  BigIntColumn,
  BooleanColumn,
  type Column,
  DateColumn,
  NULL_DAY,
  NULL_NANOSECONDS,
  NumberColumn,
  OpaqueColumn,
  TimestampColumn,
} from '../../src/table/column.ts'
import { frameOf } from '../../src/table/frame.ts'
import { codeTexts, encodeTexts } from '../../src/table/utf8.ts'
import { applyChanges, type Cell, type Change, type Row, type Rows } from './delta-model.ts'

const RUNS = 1000

type Places = readonly (number | null)[]
/** A column of the values at those places of a small domain; a column of each kind there is. */
type Maker = (places: Places) => Column

const masked = <Value>(places: Places, values: readonly Value[], missing: Value) => ({
  values: places.map((place) => (place === null ? missing : (values[place] as Value))),
  valid: places.includes(null) ? Uint8Array.from(places, (place) => (place === null ? 0 : 1)) : null,
})
const pick = <Value>(places: Places, values: readonly Value[]) =>
  places.map((place) => (place === null ? null : (values[place] as Value)))

const LISTS = [[1, 2], [], [1]]
const MAKERS: Readonly<Record<string, Maker>> = {
  plain_text: (places) => encodeTexts(pick(places, ['', 'ä', 'long enough to be copied as a run of bytes'])),
  coded_text: (places) => codeTexts(pick(places, ['', 'x', 'y']), places.length),
  float64: (places) => {
    const { values, valid } = masked(places, [0, -0, Number.NaN], 0)
    return new NumberColumn('float64', Float64Array.from(values), valid)
  },
  int8: (places) => {
    const { values, valid } = masked(places, [0, 1, -128], 0)
    return new NumberColumn('int8', Int8Array.from(values), valid)
  },
  uint16: (places) => {
    const { values, valid } = masked(places, [0, 1, 65_535], 0)
    return new NumberColumn('uint16', Uint16Array.from(values), valid)
  },
  int64: (places) => {
    const { values, valid } = masked(places, [0n, 2n ** 53n + 1n, -1n], 0n)
    return new BigIntColumn('int64', BigInt64Array.from(values), valid)
  },
  boolean: (places) => {
    const { values, valid } = masked(places, [0, 1, 1], 0)
    return new BooleanColumn(Uint8Array.from(values), valid)
  },
  date: (places) => new DateColumn(Int32Array.from(pick(places, [0, -1, 20_000]), (day) => day ?? NULL_DAY)),
  instant: (places) => new TimestampColumn(Float64Array.from(pick(places, [0, -1, 1.7e12]), (at) => at ?? Number.NaN)),
  nanoseconds: (places) =>
    new TimestampColumn(
      BigInt64Array.from(pick(places, [0n, 1n, -1n]), (at) => at ?? NULL_NANOSECONDS),
      { unit: 'ns' },
    ),
  wall_time: (places) =>
    new TimestampColumn(
      Float64Array.from(pick(places, [0, 1, 2]), (at) => at ?? Number.NaN),
      { unit: 's', zone: null },
    ),
  list: (places) => new OpaqueColumn(pick(places, LISTS), 'List<Int32>'),
}
const NAMES = ['id', ...Object.keys(MAKERS), '_file']

function frameOfPlaces(rows: Rows): Frame {
  const cells = (name: string) => rows.map((row) => (row[name] ?? null) as number | null)
  return frameOf([
    ['id', encodeTexts(rows.map(({ id }) => String(id)))],
    ...Object.entries(MAKERS).map(([name, make]) => [name, make(cells(name))] as const),
    [
      '_file',
      codeTexts(
        rows.map(({ _file }) => String(_file)),
        rows.length,
      ),
    ],
  ])
}

function deltaOfPlaces(changes: readonly Change[]): Frame {
  const frame = frameOfPlaces(changes.map(({ row }) => row))
  const actions = codeTexts(
    changes.map(({ action }) => action),
    changes.length,
  )
  return frameOf([...frame.columns, ['action', actions]])
}

/** Every cell as it was put in, whatever the column makes of it. */
function cellsOf(frame: Frame, names: readonly string[] = NAMES): unknown[][] {
  return names.map((name) => {
    const column = frame.columns.get(name) as Column
    return Array.from({ length: frame.rows }, (_, row) => {
      if (column.isNull(row)) return null
      return column instanceof TimestampColumn ? column.values[row] : column.at(row)
    })
  })
}

/** One place for all columns of a row: when a row changes, each of its columns does. */
const place = fc.option(fc.nat(2))
const row = fc.record({ id: fc.constantFrom('a', 'b', 'c'), cells: place, _file: fc.constantFrom('jan', 'feb') }).map(
  ({ id, cells, _file }): Row => ({
    id,
    _file,
    ...Object.fromEntries(Object.keys(MAKERS).map((name) => [name, cells as Cell])),
  }),
)
const anyRows = fc.uniqueArray(row, { selector: ({ id }) => id, maxLength: 3 })
const anyChanges = fc.array(fc.record({ action: fc.constantFrom('add', 'update', 'delete'), row }), { maxLength: 5 })

const idOf = ({ columns, rows }: Frame) => Array.from({ length: rows }, (_, r) => columns.get('id')?.at(r))

describe('columns of every kind', () => {
  it('are applied, whole or in part, as the model says', () => {
    fc.assert(
      fc.property(anyRows, anyChanges, fc.constantFrom('replace', 'patch'), (rows, changes, update) => {
        const result = applyDelta(frameOfPlaces(rows), deltaOfPlaces(changes), 'id', { update })
        const expected = applyChanges(rows, changes, NAMES, { update }).rows
        expect(cellsOf(result)).toStrictEqual(cellsOf(frameOfPlaces(expected)))
        for (const [name, column] of frameOfPlaces(rows).columns) {
          expect(result.columns.get(name)).toMatchObject({ kind: column.kind, constructor: column.constructor })
        }
      }),
      { numRuns: RUNS },
    )
  })

  it('are the same cells in changed rows, in differences and in history', () => {
    fc.assert(
      fc.property(anyRows, anyChanges, (rows, changes) => {
        const [table, delta] = [frameOfPlaces(rows), deltaOfPlaces(changes)]
        const result = applyDelta(table, delta, 'id')
        const { before, after } = changedRows(table, delta, 'id')
        for (const [part, whole] of [
          [before, table],
          [after, result],
        ] as const) {
          const ids = idOf(part)
          const kept = cellsOf(whole).map((cells) => cells.filter((_, r) => ids.includes(idOf(whole)[r])))
          expect(cellsOf(part)).toStrictEqual(kept)
        }
        expect(cellsOf(applyDelta(table, composeDeltas(delta, deltaOfPlaces([]), 'id'), 'id'))).toStrictEqual(
          cellsOf(result),
        )

        const columns = Object.keys(MAKERS)
        const restored = applyDelta(table, diffTables(table, result, 'id'), 'id')
        const inOrder = (frame: Frame) => {
          const ids = idOf(frame)
            .entries()
            .toArray()
            .sort(([, a], [, b]) => (String(a) < String(b) ? -1 : 1))
          return cellsOf(frame, columns).map((cells) => ids.map(([r]) => cells[r]))
        }
        expect(inOrder(restored)).toStrictEqual(inOrder(result))

        const versions = history(table, [{ at: '2', delta }], 'id', { initialAt: '1' })
        const current = Array.from(
          { length: versions.rows },
          (_, r) => versions.columns.get('valid_to')?.at(r) === null,
        )
        const ids = idOf(versions).filter((_, r) => current[r])
        const expected = ids.map((id) => idOf(result).indexOf(id))
        expect(cellsOf(versions, columns).map((cells) => cells.filter((_, r) => current[r]))).toStrictEqual(
          cellsOf(result, columns).map((cells) => expected.map((r) => cells[r])),
        )
      }),
      { numRuns: RUNS },
    )
  })

  it('are copied in long runs and in short ones', () => {
    const rowOf = (n: number, file: string): Row => ({
      id: `k${n}`,
      _file: file,
      ...Object.fromEntries(
        Object.keys(MAKERS).map((name, column) => [name, (n + column) % 4 === 3 ? null : (n + column) % 3]),
      ),
    })
    const rows = Array.from({ length: 3000 }, (_, n) => rowOf(n, 'jan'))
    const changes = [
      // a dense patch of deletes, and some far from each other
      ...Array.from({ length: 30 }, (_, i) => ({ action: 'delete', row: rowOf(1000 + 2 * i, 'feb') }) as const),
      ...[0, 700, 1500, 2999].map((n) => ({ action: 'delete', row: rowOf(n, 'feb') }) as const),
      ...Array.from(
        { length: 20 },
        (_, i) => ({ action: 'update', row: { ...rowOf(i * 149 + 1, 'feb'), id: `k${i * 149 + 2}` } }) as const,
      ),
      ...Array.from({ length: 400 }, (_, i) => ({ action: 'add', row: rowOf(5000 + i, 'feb') }) as const),
      { action: 'delete', row: rowOf(5100, 'feb') } as const,
    ]
    const expected = applyChanges(rows, changes, NAMES).rows
    const result = applyDelta(frameOfPlaces(rows), deltaOfPlaces(changes), 'id')
    expect(cellsOf(result)).toStrictEqual(cellsOf(frameOfPlaces(expected)))
  })

  it('of one row that changes are found changed, each alone', () => {
    for (const name of Object.keys(MAKERS)) {
      for (const [was, is] of [
        [0, 2],
        [0, null],
        [null, 2],
      ] as const) {
        const before = frameOfPlaces([{ id: 'a', _file: 'jan', [name]: was }])
        const after = frameOfPlaces([{ id: 'a', _file: 'feb', [name]: is }])
        expect(diffTables(before, after, 'id').rows, `${name}: ${was} -> ${is}`).toBe(1)
        expect(diffTables(after, after, 'id').rows).toBe(0)
      }
    }
  })
})
