import { table } from 'arquero'
import { describe, expect, it } from 'vitest'
import { BooleanColumn, type Column, NumberColumn, OpaqueColumn } from '../../../src/table/column.ts'
import { frameOf } from '../../../src/table/frame.ts'
import { encodeTexts } from '../../../src/table/utf8.ts'
import { applyDelta } from '../../../src/transform/apply-delta.ts'
import { compileDelta, schemaOf } from '../../../src/transform/delta/compile/compile-delta.ts'
import { conformColumn } from '../../../src/transform/delta/compile/convert-columns.ts'
import { type DeltaOptions, resolveDeltaOptions } from '../../../src/transform/delta/delta-options.ts'
import { summarizeDelta } from '../../../src/transform/summarize-delta.ts'
import { numbers, texts } from '../../systems/support/figures/frames.ts'

const schema = schemaOf(
  frameOf([
    ['id', texts(['x'])],
    ['n', numbers([1])],
    ['small', new NumberColumn('int16', Int16Array.of(1))],
  ]),
)
const compile = (columns: readonly [string, Column][], options: DeltaOptions = {}) =>
  compileDelta(frameOf(columns), schema, ['id'], resolveDeltaOptions(options))
const rows = (count: number) => Array.from({ length: count }, (_, row) => row)
const ids = (count: number): [string, Column] => ['id', texts(rows(count).map((row) => `k${row}`))]
const updates = (count: number): [string, Column] => ['action', texts(rows(count).map(() => 'update'))]
const n = (count: number): [string, Column] => ['n', numbers(rows(count))]
const small = (...values: number[]): [string, Column] => ['small', numbers(values)]

describe('compileDelta', () => {
  it('puts rows into the order of the sequence: cells, actions, ranks and where each came from', () => {
    const { columns, actions, ranks, origin } = compile(
      [
        ['id', texts(['a', 'b', 'c', 'd'])],
        ['n', numbers([1, 2, 3, 4])],
        ['small', numbers([1, 2, 3, 4])],
        ['at', numbers([30, 10, 20, 10])],
        ['_row', numbers([7, 8, 9, 10])],
        ['_file', texts(['one', 'one', null, 'two'])],
        ['action', texts(['delete', 'add', 'update', 'update'])],
      ],
      { sequenceBy: 'at', contract: 'evolve' },
    )
    expect(Array.from(columns.get('id') ?? [])).toEqual(['b', 'd', 'c', 'a'])
    expect(Array.from(columns.get('small') ?? [])).toEqual([2, 4, 3, 1])
    expect([...actions]).toEqual([1, 2, 2, 3])
    expect([...(ranks ?? [])]).toEqual([0, 0, 1, 2])
    expect(rows(4).map(origin)).toEqual([
      { file: 'one', row: 8 },
      { file: 'two', row: 10 },
      { file: null, row: 9 },
      { file: 'one', row: 7 },
    ])
    expect(compile([ids(2), n(2), small(1, 2), updates(2)]).ranks).toBeNull()
  })

  it('locates normalised rows in order of the sequence', () => {
    const { drafts } = compile(
      [ids(3), n(3), small(1, 2, 3), ['at', numbers([3, 2, 1])], ['action', texts(['ADD', 'add', ' add'])]],
      { sequenceBy: 'at' },
    )
    expect(drafts).toEqual([{ code: 'action_normalized', severity: 'info', count: 2, rows: [2, 0] }])
  })

  it('notes a delta without rows, before all else', () => {
    const { drafts } = compile([ids(0), ['action', texts([])]])
    expect(drafts.map(({ code, severity, count, rows }) => [code, severity, count, rows])).toEqual([
      ['empty_delta', 'info', 1, []],
      ['column_missing', 'warning', 2, []],
    ])
  })

  it('refuses changes without a key, showing ten of them', () => {
    const none = texts(rows(12).map((row) => (row === 2 ? 'a' : null)))
    expect(() => compile([['id', none], n(12), small(...rows(12)), updates(12)])).toThrow(
      expect.objectContaining({
        code: 'null_key',
        message: expect.stringContaining('delta row 1: the key (id) is null, empty or not a number'),
        details: { count: 11, sample: [1, 2, 4, 5, 6, 7, 8, 9, 10, 11].map((row) => ({ file: null, row })) },
      }),
    )
  })

  it('names the column of a sequence that is null', () => {
    const columns: [string, Column][] = [ids(1), n(1), small(1), ['at', numbers([null])], updates(1)]
    expect(() => compile(columns, { sequenceBy: 'at' })).toThrow('delta row 1: column "at" is null')
  })

  it('refuses a sequence that has no order', () => {
    const unordered = [new OpaqueColumn([{ at: 1 }]), new BooleanColumn(Uint8Array.of(1))]
    for (const column of unordered) {
      const columns: [string, Column][] = [ids(1), n(1), small(1), ['at', column], updates(1)]
      expect(() => compile(columns, { sequenceBy: 'at' })).toThrow(
        expect.objectContaining({
          code: 'invalid_option',
          message: expect.stringContaining(`column "at", which holds ${column.kind}`),
        }),
      )
    }
  })

  it('refuses to keep nulls of a column that the table does not have', () => {
    const columns: [string, Column][] = [ids(1), n(1), small(1), updates(1)]
    expect(() => compile(columns, { nulls: { keep: ['n', 'site'] } })).toThrow(
      expect.objectContaining({
        code: 'invalid_option',
        message: 'option nulls keeps column "site", which the table does not have; it has "id", "n", "small"',
        details: { option: 'nulls', column: 'site' },
      }),
    )
  })
})

describe('a cell of another type', () => {
  it('is refused with the first ten by row, whatever their column', () => {
    const wrong = rows(12).map((row) => (row % 2 === 0 ? 70_000 + row : row))
    const columns: [string, Column][] = [
      ids(12),
      ['small', numbers(wrong)],
      ['n', encodeTexts(rows(12).map((row) => (row === 1 ? 'one' : String(row))))],
      updates(12),
    ]
    const cell = (row: number) => ({
      column: 'small',
      found: 70_000 + row,
      expected: 'int16',
      file: null,
      row: row + 1,
    })
    expect(() => compile(columns)).toThrow(
      expect.objectContaining({
        code: 'type_mismatch',
        message: expect.stringContaining(
          'delta row 1: column "small" holds a value that is no int16 (one of 7 such cells)',
        ),
        details: {
          count: 7,
          cells: [
            cell(0),
            { column: 'n', found: 'one', expected: 'float64', file: null, row: 2 },
            ...[2, 4, 6, 8, 10].map(cell),
          ],
        },
      }),
    )
    const { drafts, columns: taken } = compile(columns, { typeMismatch: 'null' })
    expect(drafts).toEqual([
      { code: 'type_mismatch', severity: 'info', count: 7, rows: [0, 1, 2, 4, 6, 8, 10], columns: ['small', 'n'] },
    ])
    expect(Array.from(taken.get('small') ?? []).slice(0, 4)).toEqual([null, 1, null, 3])
  })

  it('does not count in rows that delete', () => {
    const columns: [string, Column][] = [ids(1), n(1), small(70_000), ['action', texts(['delete'])]]
    expect(compile(columns).drafts).toEqual([])
  })

  it('widens whole numbers to whole numbers and others to doubles, under evolve alone', () => {
    const kindOf = (column: Column) =>
      compile([ids(1), n(1), ['small', column], updates(1)], { contract: 'evolve' }).schema.columns.get('small')?.kind
    expect(kindOf(new NumberColumn('int32', Int32Array.of(70_000)))).toBe('int64')
    expect(kindOf(numbers([0.5]))).toBe('float64')
    expect(kindOf(new NumberColumn('int32', Int32Array.of(7)))).toBe('int16')
    expect(() => compile([ids(1), n(1), ['small', texts(['x'])], updates(1)], { contract: 'evolve' })).toThrow(
      'no int16',
    )
  })

  it('of a key is refused with the first ten', () => {
    const base = frameOf([['id', numbers([1])]])
    const wrong = rows(12).map((row) => `0${row}`)
    const delta = frameOf([
      ['id', encodeTexts(wrong)],
      ['action', texts(wrong.map(() => 'add'))],
    ])
    expect(() => compileDelta(delta, schemaOf(base), ['id'], resolveDeltaOptions())).toThrow(
      expect.objectContaining({
        code: 'key_type',
        message: expect.stringContaining('delta row 1: key column "id" holds text that is not the same as float64'),
        details: {
          column: 'id',
          count: 12,
          sample: rows(10).map((row) => ({ file: null, row: row + 1, found: `0${row}` })),
        },
      }),
    )
  })
})

describe('conformColumn', () => {
  it('refuses a cell that the kind cannot hold', () => {
    expect(() => conformColumn(texts(['1', 'x']), numbers([]), 2)).toThrow(
      expect.objectContaining({ code: 'type_mismatch' }),
    )
  })
})

describe('summarizeDelta', () => {
  const many = (count: number, action: string, first = 0) => ({
    id: rows(count).map((row) => `k${row + first}`),
    n: rows(count).map((row) => row + 1000),
    action: rows(count).map(() => action),
  })
  const base = table({ id: rows(20).map((row) => `k${row}`), n: rows(20) })

  it('shows ten changes of a code, in order, and counts them all', () => {
    const { codes, ...counts } = summarizeDelta(base, table(many(15, 'delete', 10)), 'id')
    expect(counts).toEqual({
      rowsIn: 20,
      rowsOut: 10,
      deltaRows: 15,
      inserted: 0,
      updated: 0,
      unchanged: 0,
      deleted: 10,
      ignored: 5,
      folded: 0,
      quarantined: 0,
    })
    expect(codes).toEqual([
      {
        code: 'delete_missing',
        severity: 'info',
        count: 5,
        sample: [20, 21, 22, 23, 24].map((id) => ({ key: [`k${id}`], file: null, row: id - 9 })),
      },
    ])
    const [adds] = summarizeDelta(base, table(many(20, 'add')), 'id').codes
    expect(adds).toMatchObject({ code: 'add_existing', severity: 'warning', count: 20 })
    expect(adds?.sample.map(({ row }) => row)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  it('counts a tie where two changes of a key have one sequence, and not where the later has a higher one', () => {
    const ties = (...at: number[]) => {
      const delta = table({ id: ['k1', 'k1'], n: [5, 6], at, action: ['update', 'update'] })
      const { codes } = summarizeDelta(base, delta, 'id', { sequenceBy: 'at' })
      return codes.map(({ code, count }) => [code, count])
    }
    expect(ties(1, 1)).toContainEqual(['sequence_tie', 1])
    expect(ties(1, 2)).not.toContainEqual(['sequence_tie', 1])
  })

  it.each<[string, DeltaOptions, string, string]>([
    [
      'add',
      { addExisting: 'error' },
      'adds a key that exists, expected a new key',
      "addExisting: 'replace' or 'ignore'",
    ],
    [
      'update',
      { updateMissing: 'error' },
      'updates a key that does not exist, expected a key of the table',
      "updateMissing: 'insert' or 'ignore'",
    ],
    [
      'delete',
      { deleteMissing: 'error' },
      'deletes a key that does not exist, expected a key of the table',
      "deleteMissing: 'ignore'",
    ],
  ])('refuses an %s under %j with the first change and ten to look at', (action, options, words, cure) => {
    const first = action === 'add' ? 0 : 100
    expect(() => applyDelta(base, table(many(12, action, first)), 'id', options)).toThrow(
      expect.objectContaining({
        message: `delta row 1: the change ${words}; correct the delta, or set ${cure}`,
        details: expect.objectContaining({
          count: 12,
          key: [`k${first}`],
          file: null,
          row: 1,
          sample: rows(10).map((row) => ({ key: [`k${row + first}`], file: null, row: row + 1 })),
        }),
      }),
    )
  })

  it('refuses the change that comes first, of whatever code', () => {
    const delta = table({ id: ['k1', 'z', 'k2'], n: [5, 5, 5], action: ['update', 'update', 'add'] })
    expect(() => applyDelta(base, delta, 'id', { mode: 'strict' })).toThrow('delta row 2: the change updates')
    const twice = table({ id: ['k1', 'k1', 'z'], n: [5, 6, 5], action: ['update', 'update', 'update'] })
    expect(() => applyDelta(base, twice, 'id', { mode: 'strict' })).toThrow(
      "delta row 2: the change has the key of an earlier change, expected one change a key; correct the delta, or set duplicates: 'fold'",
    )
    const tied = table({ id: ['k1', 'k1'], n: [5, 6], at: [1, 1], action: ['update', 'update'] })
    expect(() => applyDelta(base, tied, 'id', { mode: 'strict', duplicates: 'fold', sequenceBy: 'at' })).toThrow(
      'has the key and the sequence of an earlier change, expected one order of changes',
    )
  })
})
