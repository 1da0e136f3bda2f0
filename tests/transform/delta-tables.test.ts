import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as arrow from 'apache-arrow'
import { table } from 'arquero'
import { describe, expect, it } from 'vitest'
import {
  applyDelta,
  ContractError,
  changedRows,
  composeDeltas,
  DeltaError,
  type DeltaOptions,
  defineTable,
  diffTables,
  history,
  key,
  nullable,
  string,
  summarizeDelta,
  timestamp,
} from '../../src/index.ts'
import { toArquero } from '../../src/table/arquero/arquero.ts'
import { type Column, NumberColumn } from '../../src/table/column.ts'
import { frameOf } from '../../src/table/frame.ts'
import { codeTexts } from '../../src/table/utf8.ts'

const numbers = (...values: number[]) => new NumberColumn('float64', Float64Array.from(values))

const { Dictionary, Field, Float64, Int16, Int32, Schema, TimestampMillisecond, Utf8 } = arrow

/** An Arrow table in two chunks, with a dictionary, a narrow integer and a zoned timestamp. */
function arrowCalls(): arrow.Table {
  const schema = new Schema([
    new Field('call_id', new Utf8(), false),
    new Field('center', new Dictionary(new Utf8(), new Int32(), 7), true),
    new Field('rating', new Int16(), true),
    new Field('started_at', new TimestampMillisecond('UTC'), true),
    new Field('minutes', new Float64(), true),
  ])
  const chunk = (ids: string[], centers: (string | null)[], ratings: (number | null)[]) =>
    new arrow.RecordBatch(
      schema,
      arrow.makeData({
        type: new arrow.Struct(schema.fields),
        length: ids.length,
        children: [
          arrow.vectorFromArray(ids, new Utf8()),
          arrow.vectorFromArray(centers, new Dictionary(new Utf8(), new Int32(), 7)),
          arrow.vectorFromArray(ratings, new Int16()),
          arrow.vectorFromArray(
            ids.map((_, i) => new Date(1000 * i)),
            new TimestampMillisecond('UTC'),
          ),
          arrow.vectorFromArray(
            ids.map((_, i) => i / 2),
            new Float64(),
          ),
        ].map((vector) => vector.data[0] as arrow.Data),
      }),
    )
  return new arrow.Table(schema, [chunk(['C1', 'C2'], ['Oslo', null], [1, 2]), chunk(['C3'], ['Bergen'], [null])])
}

const types = (result: arrow.Table) => result.schema.fields.map(({ name, type }) => `${name}: ${type}`)
const rows = (result: arrow.Table): Record<string, unknown>[] => result.toArray().map((row: object) => ({ ...row }))

describe('applyDelta on an Arrow table', () => {
  const delta = table({
    call_id: ['C2', 'C4', 'C1'],
    center: ['Molde', 'Oslo', null],
    rating: ['5', 4, null],
    started_at: [new Date(9000), '1970-01-01T00:00:08Z', null].map((at) => at && new Date(at)),
    minutes: [1, 2, null],
    action: ['update', 'add', 'delete'],
  })

  it('gives an Arrow table with the same types, from a delta of any kind', () => {
    const result = applyDelta(arrowCalls(), delta, 'call_id')
    expect(result).toBeInstanceOf(arrow.Table)
    expect(types(result)).toEqual(types(arrowCalls()))
    expect(rows(result)).toEqual([
      { call_id: 'C2', center: 'Molde', rating: 5, started_at: 9000, minutes: 1 },
      { call_id: 'C3', center: 'Bergen', rating: null, started_at: 0, minutes: 0 },
      { call_id: 'C4', center: 'Oslo', rating: 4, started_at: 8000, minutes: 2 },
    ])
  })

  it('refuses a value that its narrow type cannot hold, whose null typeMismatch null takes', () => {
    const wide = table({
      call_id: ['C1'],
      center: ['Oslo'],
      rating: [70_000],
      started_at: [null],
      minutes: [1],
      action: ['update'],
    })
    expect(() => applyDelta(arrowCalls(), wide, 'call_id')).toThrow('column "rating" holds a value that is no int16')
    expect(rows(applyDelta(arrowCalls(), wide, 'call_id', { typeMismatch: 'null' }))[0]).toMatchObject({ rating: null })
  })

  it('widens a column of numbers under evolve, and only then', () => {
    const wide = table({
      call_id: ['C1'],
      center: ['Oslo'],
      rating: [70_000],
      started_at: [null],
      minutes: [1],
      action: ['update'],
    })
    const result = applyDelta(arrowCalls(), wide, 'call_id', { contract: 'evolve' })
    expect(types(result)[2]).toBe('rating: Float64')
    expect(rows(result).map(({ rating }) => rating)).toEqual([70_000, 2, null])
  })

  it('gives history, differences and changed rows as Arrow tables too', () => {
    const calls = arrowCalls()
    const { before, after } = changedRows(calls, delta, 'call_id')
    expect(types(after)).toEqual(types(calls))
    expect(rows(before).map(({ call_id }) => call_id)).toEqual(['C1', 'C2'])
    const difference = diffTables(calls, applyDelta(calls, delta, 'call_id'), 'call_id')
    expect(rows(difference).map(({ call_id, action }) => `${call_id} ${action}`)).toEqual([
      'C1 delete',
      'C2 update',
      'C4 add',
    ])
    expect(types(history(calls, [{ at: '2', delta }], 'call_id', { initialAt: '1' })).slice(0, 5)).toEqual(types(calls))
  })
})

describe('applyDelta on an Arquero table', () => {
  it('reads a filtered and ordered table as it looks', () => {
    const base = table({ id: ['b', 'x', 'a'], n: [1, 2, 3] })
      .filter((row: { id: string }) => row.id !== 'x')
      .orderby('id')
    const delta = table({ id: ['c', 'a'], n: [5, 4], action: ['add', 'update'] })
    expect(applyDelta(base, delta, 'id').objects()).toEqual([
      { id: 'a', n: 4 },
      { id: 'b', n: 1 },
      { id: 'c', n: 5 },
    ])
  })

  it('keeps how timestamps show: Dates stay Dates, text stays text', () => {
    const base = table({ id: [1], at: [new Date(0)], on: ['1970-01-01T00:00:00Z'] })
    const delta = table({ id: [1], at: ['1970-01-02T00:00:00Z'], on: [new Date(5000)], action: ['update'] })
    expect(applyDelta(base, delta, 'id').objects()).toEqual([
      { id: 1, at: new Date(86_400_000), on: '1970-01-01T00:00:05Z' },
    ])
  })

  it('takes a typed array for a column', () => {
    const base = table({ id: Int32Array.of(1, 2), n: Float64Array.of(0.5, 1.5) })
    const delta = table({ id: [2, 3], n: [7, 8], action: ['update', 'add'] })
    expect(applyDelta(base, delta, 'id').objects()).toEqual([
      { id: 1, n: 0.5 },
      { id: 2, n: 7 },
      { id: 3, n: 8 },
    ])
  })

  it('takes the kind of a column of nothing but null from the delta, or from the contract that is the key', () => {
    const base = table({ id: ['a'], at: [null] })
    const delta = table({ id: ['b'], at: ['2025-03-01 01:30:00'], action: ['add'] })
    expect(applyDelta(base, delta, 'id').array('at')).toEqual([null, '2025-03-01 01:30:00'])
    const visits = defineTable('visits', { id: key(string()), at: nullable(timestamp()) })
    expect(applyDelta(base, delta, visits).array('at')).toEqual([null, new Date('2025-03-01T01:30:00Z')])
  })

  it('treats unknown columns as the contract that is the key says, unless the options do', () => {
    const visits = defineTable('visits', { id: key(string()) }, { unknownColumns: 'evolve' })
    const base = table({ id: ['a'] })
    const delta = table({ id: ['a'], site: ['N'], action: ['update'] })
    expect(applyDelta(base, delta, visits).objects()).toEqual([{ id: 'a', site: 'N' }])
    expect(applyDelta(base, delta, visits, { contract: 'discard_value' }).objects()).toEqual([{ id: 'a' }])
  })

  it('carries values it does not know unread, and tells by what they hold whether they changed', () => {
    const at = new Date(Number.NaN)
    const tags = (...lists: object[]) => table({ id: ['a', 'b', 'c'], tags: lists })
    const base = tags({ list: [1, { deep: 2 }] }, [new Date(5)], { at })
    const delta = (...lists: object[]) => tags(...lists).assign(table({ action: ['update', 'update', 'update'] }))
    const same = delta({ list: [1, { deep: 2 }] }, [new Date(5)], { at: new Date(Number.NaN) })
    const other = delta({ list: [1, { deep: 3 }] }, [new Date(6)], { at, more: 1 })
    expect(summarizeDelta(base, same, 'id')).toMatchObject({ unchanged: 3, updated: 0 })
    expect(summarizeDelta(base, other, 'id')).toMatchObject({ unchanged: 0, updated: 3 })
    expect(applyDelta(base, other, 'id').get('tags', 0)).toEqual({ list: [1, { deep: 3 }] })
  })

  it('starts from an empty table', () => {
    const delta = table({ id: ['a', 'b'], n: [1, 2], action: ['add', 'delete'] })
    expect(applyDelta(table({ id: [], n: [] }), delta, 'id').objects()).toEqual([{ id: 'a', n: 1 }])
  })

  it('has columns by any name', () => {
    const named = (word: string, count: number, ...more: [string, Column][]) =>
      toArquero(
        frameOf([
          ['id', codeTexts(['a'], 1)],
          ['__proto__', codeTexts([word], 1)],
          ['constructor', numbers(count)],
          ...more,
        ]),
      )
    const result = applyDelta(named('x', 1), named('y', 2, ['action', codeTexts(['update'], 1)]), 'id')
    expect(result.columnNames()).toEqual(['id', '__proto__', 'constructor'])
    expect([result.get('__proto__', 0), result.get('constructor', 0)]).toEqual(['y', 2])
  })
})

describe('metadata columns', () => {
  const base = table({ id: ['a', 'b'], n: [1, 2], _file: ['initial', 'initial'], _row: [1, 2] })

  it('come from the last change of the key, and are never compared', () => {
    const delta = table({
      id: ['a', 'a', 'b'],
      n: [1, 1, 5],
      _file: ['feb', 'feb', 'feb'],
      _row: [1, 2, 3],
      action: ['update', 'add', 'update'],
    })
    expect(applyDelta(base, delta, 'id').objects()).toEqual([
      { id: 'a', n: 1, _file: 'feb', _row: 2 },
      { id: 'b', n: 5, _file: 'feb', _row: 3 },
    ])
    expect(summarizeDelta(base, delta, 'id')).toMatchObject({ unchanged: 1, updated: 1 })
    expect(changedRows(base, delta, 'id').after.array('id')).toEqual(['b'])
  })

  it('are null where a change has none, without an issue', () => {
    const delta = table({ id: ['a'], n: [9], action: ['update'] })
    expect(applyDelta(base, delta, 'id', { mode: 'strict' }).object()).toEqual({
      id: 'a',
      n: 9,
      _file: null,
      _row: null,
    })
  })

  it('stay where policy ignores the change', () => {
    const delta = table({ id: ['a'], n: [9], _file: ['feb'], _row: [1], action: ['add'] })
    expect(applyDelta(base, delta, 'id', { addExisting: 'ignore' }).object()).toMatchObject({
      _file: 'initial',
      _row: 1,
    })
  })

  it('make no difference, but go with those there are', () => {
    const later = table({ id: ['a', 'b'], n: [1, 3], _file: ['feb', 'feb'], _row: [7, 8] })
    expect(diffTables(base, later, 'id').objects()).toEqual([
      { id: 'b', n: 3, _file: 'feb', _row: 8, action: 'update' },
    ])
  })

  it('locate a change in samples and messages', () => {
    const delta = table({ id: ['z'], n: [0], _file: ['delta/feb.csv'], _row: [12], action: ['delete'] })
    expect(summarizeDelta(base, delta, 'id').codes[0]?.sample).toEqual([{ key: ['z'], file: 'delta/feb.csv', row: 12 }])
    expect(() => applyDelta(base, delta, 'id', { deleteMissing: 'error' })).toThrow(
      /^delta\/feb\.csv row 12: the change deletes/,
    )
  })
})

describe('composeDeltas', () => {
  it('is an add where an add came before, and two rows where a delete did', () => {
    const first = table({ id: ['a', 'b', 'c'], n: [1, 2, null], _row: [1, 2, 3], action: ['add', 'update', 'delete'] })
    const second = table({ id: ['c', 'a', 'b'], n: [7, 8, null], _row: [4, 5, 6], action: ['u', 'u', 'd'] })
    expect(composeDeltas(first, second, 'id').objects()).toEqual([
      { id: 'a', n: 8, _row: 5, action: 'add' },
      { id: 'c', n: null, _row: 3, action: 'delete' },
      { id: 'c', n: 7, _row: 4, action: 'add' },
      { id: 'b', n: null, _row: 6, action: 'delete' },
    ])
  })

  it('refuses deltas of different columns', () => {
    const first = table({ id: ['a'], n: [1], action: ['add'] })
    expect(() => composeDeltas(first, table({ id: ['a'], action: ['add'] }), 'id')).toThrow(
      'the second delta has no column "n", which the other has; deltas compose when they have the same columns',
    )
    expect(() => composeDeltas(first, table({ id: ['a'], n: [1], m: [1], action: ['add'] }), 'id')).toThrow(
      'the first delta has no column "m"',
    )
  })

  it('does not look at the other cells of delete rows', () => {
    const first = table({ id: ['a', 'b'], n: ['', 1], action: ['delete', 'add'] })
    const second = table({ id: ['c'], n: [2], action: ['add'] })
    expect(composeDeltas(first, second, 'id').array('n')).toEqual([null, 1, 2])
    expect(composeDeltas(second, first, 'id').array('n')).toEqual([2, null, 1])
  })

  it('gives a delete its key and nothing else of what its row held', () => {
    const first = table({ id: ['a'], n: [1], action: ['update'] })
    const second = table({ id: ['a'], n: [2], action: ['delete'] })
    expect(composeDeltas(first, second, 'id').objects()).toEqual([{ id: 'a', n: null, action: 'delete' }])
  })
})

describe('diffTables', () => {
  const before = table({ id: ['a'], n: [1] })

  it.each([
    ['column_missing', { id: ['a'] }, 'column "n" is in the table before and not in the other'],
    ['column_extra', { id: ['a'], n: [1], m: [1] }, 'column "m" is in the table after and not in the other'],
    ['type_mismatch', { id: ['a'], n: ['x'] }, 'after row 1: column "n" holds a value that is no float64'],
    ['base_duplicate_key', { id: ['a', 'a'], n: [1, 2] }, 'after row 2: its key (id) is that of an earlier row'],
    ['null_key', { id: [null], n: [1] }, 'after row 1: its key (id) is null, empty or not a number'],
  ])('refuses tables that a delta cannot tell apart (%s)', (code, after, message) => {
    expect(() => diffTables(before, table(after), 'id')).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    )
  })

  it('refuses tables that have a column action', () => {
    const own = table({ id: ['a'], action: ['x'] })
    expect(() => diffTables(own, own, 'id')).toThrow(ContractError)
  })

  it('takes the same cells in another type for equal', () => {
    expect(diffTables(before, table({ id: ['a'], n: ['1'] }), 'id').numRows()).toBe(0)
    expect(diffTables(table({ id: ['a'], n: [null] }), before, 'id').objects()).toEqual([
      { id: 'a', n: 1, action: 'update' },
    ])
  })

  it('leaves metadata null that the table after lacks, whether or not the table before had any', () => {
    const after = table({ id: ['a'], n: [2] })
    for (const _file of ['calls.csv', null]) {
      expect(diffTables(table({ id: ['a'], n: [1], _file: [_file] }), after, 'id').objects()).toEqual([
        { id: 'a', n: 2, _file: null, action: 'update' },
      ])
    }
  })
})

describe('history', () => {
  const initial = table({ id: ['a'], n: [1] })
  const delta = table({ id: ['a'], n: [2], action: ['update'] })

  it('is the initial table where there are no deltas', () => {
    expect(history(initial, [], 'id', { initialAt: '2025-01' }).objects()).toEqual([
      { id: 'a', n: 1, valid_from: '2025-01', valid_to: null, is_deleted: false, version: 1 },
    ])
  })

  it('refuses labels that do not ascend', () => {
    const at = (label: string) => ({ at: label, delta })
    expect(() => history(initial, [at('2025-03'), at('2025-02')], 'id', { initialAt: '2025-01' })).toThrow(
      'delta 2 is at "2025-02", which does not follow "2025-03"',
    )
    expect(() => history(initial, [at('2025-01')], 'id', { initialAt: '2025-01' })).toThrow(
      expect.objectContaining({ code: 'snapshots_out_of_order' }),
    )
  })

  it('refuses a label that is not text', () => {
    expect(() => history(initial, [], 'id', { initialAt: '' })).toThrow(
      'every snapshot and initialAt need a label of text',
    )
  })

  it('refuses a table that has one of its columns', () => {
    expect(() => history(table({ id: ['a'], version: [1] }), [], 'id', { initialAt: '1' })).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('the table has a column "version" of its own'),
        details: { column: 'version' },
      }),
    )
  })

  it('orders added keys by their first insertion, not by the first change that names them', () => {
    const second = table({ id: ['z', 'b'], n: [null, 3], action: ['delete', 'add'] })
    const third = table({ id: ['z', 'b'], n: [4, 5], action: ['add', 'update'] })
    const dated = [
      { at: '2', delta: second },
      { at: '3', delta: third },
    ]
    const versions = history(initial, dated, 'id', { initialAt: '1' })
    expect([versions.array('id'), versions.array('n')]).toEqual([
      ['a', 'b', 'b', 'z'],
      [1, 3, 5, 4],
    ])
  })

  it('takes the policies of deltas', () => {
    const ignoring = { initialAt: '1', updateMissing: 'ignore' } as const
    expect(history(table({ id: ['z'], n: [0] }), [{ at: '2', delta }], 'id', ignoring).numRows()).toBe(1)
  })
})

describe('options', () => {
  const base = table({ id: ['a'] })
  const delta = table({ id: ['a'], action: ['add'] })
  // what a caller without types may pass
  const apply = (options: unknown) => applyDelta(base, delta, 'id', options as DeltaOptions)

  it.each([
    [{ mode: 'strikt' }, 'option mode is "strikt"; give it "lenient" or "strict"'],
    [{ addExisting: true }, 'option addExisting is a boolean; give it "replace", "ignore" or "error"'],
    [{ contract: 'discard_row' }, 'option contract is "discard_row"; give it "freeze", "evolve" or "discard_value"'],
    [{ nulls: { keep: 'team' } }, 'option nulls is a object; give it "overwrite", "keep" or { keep: [column, …] }'],
    [{ actions: { N: 'insert' } }, 'option actions["N"] is "insert"; give it "add", "update" or "delete"'],
    [{ columnAliases: { Team: 1 } }, 'option columnAliases["Team"] is a number; give it the name of a column'],
    [{ sequenceBy: ' ' }, 'option sequenceBy is " "; give it the name of a column'],
    [{ onDuplicate: 'fold' }, 'there is no option "onDuplicate"; the options are mode, addExisting,'],
  ])('that are not allowed are refused with those that are: %j', (options, message) => {
    expect(() => apply(options)).toThrow(
      expect.objectContaining({ code: 'invalid_option', message: expect.stringContaining(message) }),
    )
  })

  it('that are undefined are not given', () => {
    expect(apply({ mode: undefined, nulls: undefined }).numRows()).toBe(1)
  })

  it('the key must be a column name, several different ones, or a contract with a key', () => {
    for (const wrong of [[], ['id', 'id'], [1]]) {
      expect(() => applyDelta(base, delta, wrong as string[])).toThrow(DeltaError)
    }
    expect(() => applyDelta(base, delta, defineTable('t', { id: string() }))).toThrow('table "t" has no key column')
    expect(() => applyDelta(base, delta, 'nr')).toThrow('key column "nr" is not in the table; it has "id"')
  })
})

describe('a call without types', () => {
  // a caller in JavaScript is told by the error what a compiler would have said
  const untyped = (call: unknown) => call as (...given: unknown[]) => unknown
  const [base, delta] = [table({ id: ['a'] }), table({ id: ['a'], action: ['add'] })]

  it.each([undefined, null, 7])('with %s for the key says what a key is', (key) => {
    expect(() => untyped(applyDelta)(base, delta, key)).toThrow(
      expect.objectContaining({
        code: 'invalid_option',
        message: 'the key must be a column name, several different ones, or a table contract',
      }),
    )
  })

  it.each([
    [undefined, 'options is undefined; expected an object with initialAt, '],
    [null, 'options is null; expected an object with initialAt, '],
    [{}, 'initialAt need a label of text'],
  ])('of history with options %j asks from when the initial table holds', (options, message) => {
    expect(() => untyped(history)(base, [{ at: '2025-02', delta }], 'id', options)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message) }),
    )
  })
})

describe('the kernels', () => {
  it('load no table library: only the public functions convert tables', () => {
    const source = join(import.meta.dirname, '../../src')
    const seen = new Set<string>()
    const walk = (path: string) => {
      if (seen.has(path)) return
      seen.add(path)
      const text = readFileSync(path, 'utf8').replace(/^import type [^\n]*$/gm, '')
      for (const [, to] of text.matchAll(/^(?:import|export)\b[^']*?from '(\.[^']+)'/gm))
        walk(join(dirname(path), to as string))
    }
    for (const kernel of [
      'compile/compile-delta',
      'fold/fold',
      'write/materialize',
      'account/changed-rows',
      'account/versions',
      'diff-frames',
      'compose-frames',
    ]) {
      walk(join(source, 'transform/delta', `${kernel}.ts`))
    }
    expect(seen.size).toBeGreaterThan(20)
    expect([...seen].filter((path) => /table\/(table-like|arquero\/arquero|arrow\/arrow)\.ts$/.test(path))).toEqual([])
  })
})
