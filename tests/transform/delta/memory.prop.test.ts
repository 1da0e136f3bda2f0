import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Column, DictionaryColumn, NumberColumn, Utf8Column } from '../../../src/table/column.ts'
import { type Frame, frameOf } from '../../../src/table/frame.ts'
import { materialize } from '../../../src/transform/delta/write/materialize.ts'
import { reusableArrays } from '../../../src/transform/delta/write/reuse-memory.ts'
import { anyChanges, anyRows, deltaOf, foldAll, rowsOf, tableOf } from '../delta-frames.ts'

/** The same values at the beginning of a longer buffer of their own, as readers leave them. */
function roomy<Array extends Int32Array | Float64Array | Uint8Array>(array: Array, spare: number): Array {
  const longer = new (array.constructor as new (length: number) => Array)(array.length + spare)
  longer.set(array as never)
  return longer.subarray(0, array.length) as Array
}

function withRoom(column: Column, spare: number): Column {
  if (column instanceof DictionaryColumn) return new DictionaryColumn(roomy(column.codes, spare), column.values)
  if (column instanceof Utf8Column) {
    return new Utf8Column(roomy(column.bytes, spare), roomy(column.offsets, spare), column.valid)
  }
  if (column instanceof NumberColumn && column.values instanceof Float64Array) {
    const valid = column.valid === null ? null : roomy(column.valid as Uint8Array, spare)
    return new NumberColumn(column.kind, roomy(column.values, spare), valid)
  }
  return column
}

const spacious = ({ rows, columns }: Frame, spare: number): Frame =>
  frameOf(
    Array.from(columns, ([name, column]) => [name, withRoom(column, spare)] as const),
    rows,
  )

describe('materialize', () => {
  it('gives the same table in its own memory and over the old table, with any headroom', () => {
    fc.assert(
      fc.property(anyRows, fc.array(anyChanges, { maxLength: 3 }), fc.nat(12), (rows, deltas, spare) => {
        const frames = deltas.map((changes) => deltaOf(changes))
        const expected = rowsOf(materialize(foldAll(tableOf(rows), frames)))
        const folded = foldAll(spacious(tableOf(rows), spare), frames)
        expect(rowsOf(materialize(folded, { memory: 'reuse' }))).toStrictEqual(expected)
      }),
      { numRuns: 3000 },
    )
  })

  it('gives the same where long runs are moved, by one delta after the other', () => {
    const change = fc.record({ action: fc.constantFrom('add', 'update', 'delete'), row: fc.nat(600) })
    const someChanges = fc.array(change, { maxLength: 12 })
    const rowOf = (row: number) => ({ id: `k${row}`, team: row % 3 === 0 ? null : `team ${row % 7}`, minutes: row / 4 })
    fc.assert(
      fc.property(
        fc.integer({ min: 70, max: 500 }),
        fc.array(someChanges, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(0, 5, 600),
        (size, months, spare) => {
          let own = tableOf(Array.from({ length: size }, (_, row) => rowOf(row)))
          let over = spacious(own, spare)
          for (const changes of months) {
            const delta = deltaOf(changes.map(({ action, row }) => ({ action, row: { ...rowOf(row), minutes: 0.5 } })))
            own = materialize(foldAll(own, [delta]))
            over = materialize(foldAll(over, [delta]), { memory: 'reuse' })
            expect(rowsOf(over)).toStrictEqual(rowsOf(own))
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  it('leaves the table before as it was unless it may write over it', () => {
    fc.assert(
      fc.property(anyRows, anyChanges, (rows, changes) => {
        const table = spacious(tableOf(rows), 8)
        materialize(foldAll(table, [deltaOf(changes)]))
        expect(rowsOf(table)).toStrictEqual(rowsOf(tableOf(rows)))
      }),
    )
  })

  it('writes over the table before where it may', () => {
    const table = spacious(tableOf([{ id: 'a', team: null, minutes: 1 }]), 8)
    const changed = materialize(
      foldAll(table, [deltaOf([{ action: 'update', row: { id: 'a', team: null, minutes: 2 } }])]),
      { memory: 'reuse' },
    )
    const bufferOf = (frame: Frame) => (frame.columns.get('minutes') as NumberColumn).values.buffer
    expect(bufferOf(changed)).toBe(bufferOf(table))
  })

  it('writes text behind that of the table before where it may', () => {
    const table = spacious(tableOf([{ id: 'a', team: null, minutes: 1 }]), 8)
    const added = deltaOf([{ action: 'add', row: { id: 'b', team: null, minutes: 2 } }])
    const longer = materialize(foldAll(table, [added]), { memory: 'reuse' })
    const bufferOf = (frame: Frame) => (frame.columns.get('id') as Utf8Column).bytes.buffer
    expect(bufferOf(longer)).toBe(bufferOf(table))
  })

  it('hands on the columns that nothing changes', () => {
    const table = tableOf([{ id: 'a', team: null, minutes: 1 }])
    const columnsAfter = (action: 'add' | 'update') => {
      const delta = deltaOf([{ action, row: { id: 'a', team: null, minutes: 2 } }])
      return materialize(foldAll(table, [delta], { addExisting: 'ignore' })).columns
    }
    expect(columnsAfter('add').get('minutes'), 'of a change that is ignored').toBe(table.columns.get('minutes'))
    expect(columnsAfter('update').get('id'), 'of an update, its key').toBe(table.columns.get('id'))
  })
})

describe('reusableArrays', () => {
  const frame = (arrays: Record<string, Int32Array>, rows: number) =>
    frameOf(
      Object.entries(arrays).map(([name, values]) => [name, new NumberColumn('int32', values)] as const),
      rows,
    )
  const none = frameOf([], 0)

  it('gives an array that is alone in its buffer all of it', () => {
    const values = new Int32Array(8).subarray(0, 3)
    expect(reusableArrays(frame({ a: values }, 3), none)(values, 8)).toHaveLength(8)
    expect(reusableArrays(frame({ a: values }, 3), none)(values, 9)).toBeNull()
  })

  it('gives an array among others its own bytes alone', () => {
    const buffer = new ArrayBuffer(64)
    const [a, b] = [new Int32Array(buffer, 0, 3), new Int32Array(buffer, 32, 3)]
    const room = reusableArrays(frame({ a, b }, 3), none)
    expect(room(a, 3)).toHaveLength(3)
    expect(room(a, 4)).toBeNull()
  })

  it('gives an array its bytes up to the next array', () => {
    const buffer = new ArrayBuffer(24)
    const [a, b] = [new Int32Array(buffer, 0, 3), new Int32Array(buffer, 12, 3)]
    expect(reusableArrays(frame({ a, b }, 3), none)(a, 3)).toHaveLength(3)
  })

  it('gives nothing where two columns, or the table and its delta, share bytes', () => {
    const shared = Int32Array.of(1, 2, 3)
    expect(reusableArrays(frame({ a: shared, b: shared }, 3), none)(shared, 2)).toBeNull()
    expect(reusableArrays(frame({ a: shared }, 3), frame({ a: shared.subarray(1) }, 2))(shared, 2)).toBeNull()
  })

  it('gives nothing where two columns share the marks of their nulls', () => {
    const valid = Uint8Array.of(1, 0)
    const [a, b] = [Int32Array.of(1, 2), Int32Array.of(3, 4)]
    const table = frameOf([
      ['a', new NumberColumn('int32', a, valid)],
      ['b', new NumberColumn('int32', b, valid)],
    ])
    expect(reusableArrays(table, none)(valid, 2)).toBeNull()
  })
})
