import { describe, expect, it } from 'vitest'
import { NullColumn } from '../../../src/table/column.ts'
import { defineTable, float64, key, nullable, string } from '../../../src/table/contract.ts'
import { frameOf } from '../../../src/table/frame.ts'
import { matchKeys, uniqueTable } from '../../../src/transform/delta/fold/match-keys.ts'
import { keyNames, type TableKey, typeNulls, unknownColumns } from '../../../src/transform/delta/table-key.ts'
import { numbers, texts } from '../../systems/support/figures/frames.ts'

const visits = defineTable('visits', { id: key(string()), site: key(string()), n: nullable(float64()) })

describe('keyNames', () => {
  it("are the column, the columns, or the contract's key columns", () => {
    expect(keyNames('id')).toEqual(['id'])
    expect(keyNames(['id', 'site'])).toEqual(['id', 'site'])
    expect(keyNames(visits)).toEqual(['id', 'site'])
  })

  it.each([[[]], [['id', 'id']], [['id', 7]], [[7]], [undefined], [null], [7], [true]])('refuses %j', (given) => {
    // what callers without types may pass
    expect(() => keyNames(given as TableKey)).toThrow(
      expect.objectContaining({ code: 'invalid_option', details: { option: 'key', found: given } }),
    )
  })

  it('refuses a contract without a key', () => {
    expect(() => keyNames(defineTable('notes', { n: float64() }))).toThrow(
      expect.objectContaining({ code: 'invalid_contract', message: expect.stringContaining('table "notes"') }),
    )
  })
})

describe('unknownColumns', () => {
  it('are what the contract says, but for whole rows, which readers discard', () => {
    const said = (policy: 'evolve' | 'freeze' | 'discard_value' | 'discard_row') =>
      unknownColumns(defineTable('visits', { id: key(string()) }, { unknownColumns: policy }))
    expect(['evolve', 'freeze', 'discard_value', 'discard_row'].map((policy) => said(policy as 'evolve'))).toEqual([
      'evolve',
      'freeze',
      'discard_value',
      undefined,
    ])
    expect([unknownColumns('id'), unknownColumns(['id'])]).toEqual([undefined, undefined])
  })
})

describe('typeNulls', () => {
  const frame = frameOf([
    ['id', texts(['a'])],
    ['n', new NullColumn(1)],
    ['toString', new NullColumn(1)],
    ['m', new NullColumn(1)],
  ])

  it('gives a column of nulls the kind that the contract knows, and leaves every other alone', () => {
    const kinds = (named: TableKey) => Array.from(typeNulls(frame, named).columns.values(), ({ kind }) => kind)
    expect(kinds(visits)).toEqual(['text', 'float64', 'null', 'null'])
    expect(kinds('id')).toEqual(['text', 'null', 'null', 'null'])
    expect(typeNulls(frame, visits).rows).toBe(1)
    expect(typeNulls(frame, visits).columns.get('id')).toBe(frame.columns.get('id'))
  })
})

describe('uniqueTable', () => {
  const frame = frameOf([
    ['id', texts(['a', 'b', 'a', 'c', 'b', 'a'])],
    ['n', numbers([1, 2, 3, 4, 5, 6])],
  ])
  const kept = (policy: 'first' | 'last') => Array.from(uniqueTable(frame, ['id'], policy).table.columns.get('n') ?? [])

  it('keeps the first or the last row of a key, in order of the rows it keeps', () => {
    expect(kept('first')).toEqual([1, 2, 4])
    expect(kept('last')).toEqual([4, 5, 6])
    expect(uniqueTable(frame, ['id'], 'first').codes).toEqual([
      {
        code: 'base_duplicate_key',
        severity: 'warning',
        count: 3,
        sample: [
          { key: ['a'], file: null, row: 3 },
          { key: ['b'], file: null, row: 5 },
          { key: ['a'], file: null, row: 6 },
        ],
      },
    ])
  })

  it('gives back a table of unique keys', () => {
    const unique = frameOf([['id', texts(['a', 'b'])]])
    expect(uniqueTable(unique, ['id'], 'error')).toEqual({ table: unique, codes: [] })
    expect(uniqueTable(unique, ['id'], 'error').table).toBe(unique)
  })

  it('says how many rows repeat a key, and what to do', () => {
    expect(() => uniqueTable(frame, ['id'], 'error', 'after')).toThrow(
      'after row 3: its key (id) is that of an earlier row, expected each key once; remove the 3 rows that repeat a key',
    )
    const two = frameOf([['id', texts(['a', 'a'])]])
    expect(() => uniqueTable(two, ['id'], 'error')).toThrow('table row 2: its key (id) is that of an earlier row')
    expect(() => uniqueTable(two, ['id'], 'error')).toThrow('remove the row, or set')
  })

  it('says which rows have no key, ten at most', () => {
    const none = frameOf([['id', texts(Array.from({ length: 12 }, (_, row) => (row === 1 ? 'a' : null)))]])
    expect(() => uniqueTable(none, ['id'], 'last')).toThrow(
      expect.objectContaining({
        code: 'null_key',
        message: expect.stringContaining('table row 1: its key (id) is null'),
        details: { count: 11, rows: [1, 3, 4, 5, 6, 7, 8, 9, 10, 11] },
      }),
    )
  })
})

describe('matchKeys', () => {
  const frame = (...ids: string[]) => frameOf([['id', texts(ids)]])

  it("numbers keys by first appearance and finds the table's, in its order", () => {
    expect(matchKeys(frame('c', 'a', 'b'), frame('x', 'a', 'x', 'c'), ['id'])).toEqual({
      keyOf: Int32Array.of(0, 1, 0, 2),
      baseRows: Int32Array.of(-1, 1, 0),
      matched: Int32Array.of(2, 1),
    })
  })

  it('finds nothing in an empty table, and nothing for no change', () => {
    expect(matchKeys(frame(), frame('a', 'a'), ['id'])).toEqual({
      keyOf: Int32Array.of(0, 0),
      baseRows: Int32Array.of(-1),
      matched: new Int32Array(0),
    })
    expect(matchKeys(frame('a'), frame(), ['id']).baseRows).toEqual(new Int32Array(0))
    // columns of nothing but null tell no kind
    const nulls = frameOf([['id', new NullColumn(0)]])
    expect(matchKeys(nulls, frame('a'), ['id']).baseRows).toEqual(Int32Array.of(-1))
  })
})
