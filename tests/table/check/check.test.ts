import * as arrow from 'apache-arrow'
import * as aq from 'arquero'
import { describe, expect, it } from 'vitest'
import { checkFrame } from '../../../src/table/check/check.ts'
import { checkTable } from '../../../src/table/check/check-table.ts'
import { DictionaryColumn, NumberColumn, OpaqueColumn, Utf8Column } from '../../../src/table/column.ts'
import {
  boolean,
  date,
  defineTable,
  float64,
  int32,
  key,
  measure,
  metadata,
  nullable,
  string,
  timestamp,
} from '../../../src/table/contract.ts'
import { frameOf } from '../../../src/table/frame.ts'
import { viewTable } from '../../../src/table/table-like.ts'
import { encodeTexts } from '../../../src/table/utf8.ts'

const ratings = defineTable('ratings', { id: key(string()), rating: measure(float64()) })
const calls = defineTable('calls', {
  call_id: key(int32()),
  started_at: timestamp(),
  agent: nullable(string()),
  minutes: nullable(measure(float64())),
  day: nullable(date()),
  is_open: nullable(boolean()),
})

const call = { call_id: [1, 2], started_at: ['2025-01-01T00:00:00Z', '2025-01-02'], agent: ['a', null] }
const rest = { minutes: [1, null], day: ['2025-01-01', null], is_open: [true, null] }

describe('checkTable', () => {
  it('names the Arrow type that does not fit, and its advice works', () => {
    const decimal = { typeId: 7, precision: 38, scale: 2, bitWidth: 128 }
    const frame = frameOf([
      ['id', encodeTexts(['a', 'b'])],
      ['rating', new OpaqueColumn(['12.50', '12345678901234567890.12'], decimal)],
    ])
    const found = checkFrame(frame, ratings)
    expect([...(found.frame.columns.get('rating') ?? [])]).toEqual([12.5])
    expect(found.issues).toMatchObject([
      {
        row: 2,
        found: '12345678901234567890.12',
        expected: 'a number that float64 holds; the column is decimal(38, 2): declare it string() to keep every digit',
      },
    ])
    const text = defineTable('ratings', { id: key(string()), rating: string() })
    expect(checkFrame(frame, text).issues).toEqual([])
  })

  it('returns the rows that fit and an issue for each cell that does not', () => {
    const found = checkTable(aq.table({ id: ['a', 'b', 'c'], rating: ['4.0', 'good', null] }), ratings)
    expect(found.table.objects()).toEqual([{ id: 'a', rating: 4 }])
    expect(found.issues).toEqual([
      {
        code: 'type_mismatch',
        file: null,
        row: 2,
        column: 'rating',
        found: 'good',
        expected: 'a number that float64 holds',
      },
      {
        code: 'null_value',
        file: null,
        row: 3,
        column: 'rating',
        found: null,
        expected: 'a number that float64 holds; the column may not be null',
      },
    ])
  })

  it('gives columns the kinds and the order of the contract', () => {
    const { table, issues } = checkTable(aq.table({ ...rest, ...call }), calls)
    expect(issues).toEqual([])
    expect(table.columnNames()).toEqual(Object.keys(calls.columns))
    expect(Array.from(viewTable(table).columns.values(), ({ kind }) => kind)).toEqual([
      'int32',
      'timestamp',
      'text',
      'float64',
      'date',
      'boolean',
    ])
    expect(table.objects()[0]).toEqual({
      call_id: 1,
      started_at: new Date('2025-01-01'),
      agent: 'a',
      minutes: 1,
      day: '2025-01-01',
      is_open: true,
    })
  })

  it('returns the kind of table that it was given', () => {
    const table = arrow.tableFromArrays({ id: ['a', 'b'], rating: [1, null] })
    const found = checkTable(table, ratings)
    expect(found.table).toBeInstanceOf(arrow.Table)
    expect(found.table.numRows).toBe(1)
  })

  it('reads values of several kinds one by one', () => {
    const found = checkTable(
      aq.table({ id: [1, '2', true, new Date(0)] as never[], rating: [1, '2', {}, 4] as never[] }),
      ratings,
    )
    expect(found.table.array('rating')).toEqual([1, 2, 4])
    expect(found.issues.map(({ row, column, found }) => [row, column, found])).toEqual([
      [3, 'rating', '[object Object]'],
    ])
  })

  it('leaves the checked table as it was', () => {
    const table = aq.table({ id: ['a', 'a'], rating: ['1', 'x'] })
    checkTable(table, ratings)
    expect(table.objects()).toEqual([
      { id: 'a', rating: '1' },
      { id: 'a', rating: 'x' },
    ])
  })

  it('refuses a value that is not a table', () => {
    expect(() => checkTable([{ id: 'a' }] as never, ratings)).toThrow(
      expect.objectContaining({ code: 'unsupported_table' }),
    )
  })
})

describe('checkFrame', () => {
  const frame = (ids: (string | null)[], values: number[]) =>
    frameOf([
      ['id', encodeTexts(ids)],
      ['rating', new NumberColumn('float64', Float64Array.from(values))],
    ])
  const codes = (issues: readonly { row: number; column: string | null; code: string }[]) =>
    issues.map(({ row, column, code }) => [row, column, code])

  it('shares the columns of a frame that fits as it is', () => {
    const clean = frame(['a', 'b'], [1, 2])
    const checked = checkFrame(clean, ratings)
    expect(checked.issues).toEqual([])
    expect(checked.frame.columns.get('id')).toBe(clean.columns.get('id'))
    expect(checked.frame.columns.get('rating')).toBe(clean.columns.get('rating'))
  })

  it('finds keys that are null or empty', () => {
    const checked = checkFrame(frame(['a', null, ''], [1, 2, 3]), ratings)
    expect(codes(checked.issues)).toEqual([
      [2, 'id', 'null_key'],
      [3, 'id', 'null_key'],
    ])
    expect(checked.frame.rows).toBe(1)
  })

  it('keeps the first of the rows that have one key', () => {
    const checked = checkFrame(frame(['b', 'a', 'b', 'b'], [1, 2, 3, 4]), ratings)
    expect(checked.issues).toEqual(
      [3, 4].map((row) => ({
        code: 'base_duplicate_key',
        file: null,
        row,
        column: 'id',
        found: 'b',
        expected: 'a key that stands once',
      })),
    )
    expect(Array.from(checked.frame.columns.get('rating') ?? [])).toEqual([1, 2])
  })

  it('does not take a row that is left out for the first of its key', () => {
    const table = frameOf([
      ['id', encodeTexts(['a', 'a'])],
      ['rating', encodeTexts(['x', '2'])],
    ])
    const checked = checkFrame(table, ratings)
    expect(codes(checked.issues)).toEqual([[1, 'rating', 'type_mismatch']])
    expect(Array.from(checked.frame.columns.get('rating') ?? [])).toEqual([2])
  })

  it('compares keys of several columns whole', () => {
    const pairs = defineTable('pairs', { left: key(string()), right: key(int32()) })
    const table = viewTable(aq.table({ left: ['a', 'a', 'a'], right: [1, 2, 1] }))
    expect(checkFrame(table, pairs).issues).toMatchObject([
      { row: 3, column: 'left', expected: 'a key (left, right) that stands once' },
    ])
  })

  it('lets keys repeat where that is allowed', () => {
    expect(checkFrame(frame(['a', 'a'], [1, 2]), ratings, { repeatedKeys: 'allow' }).frame.rows).toBe(2)
  })

  it('converts a key only where its spelling survives', () => {
    const numbered = defineTable('numbered', { id: key(int32()) })
    const checked = checkFrame(frameOf([['id', encodeTexts(['1', '01'])]]), numbered)
    expect(codes(checked.issues)).toEqual([[2, 'id', 'type_mismatch']])
  })

  it('finds text that has no bytes, once, in any column', () => {
    const noted = defineTable('noted', { id: key(string()), note: string(), at: nullable(timestamp()) })
    const broken = () => new DictionaryColumn(Int32Array.of(0, 1, 0), ['fine', 'half \ud800'])
    const table = frameOf([
      ['id', new DictionaryColumn(Int32Array.of(0, 1, 2), ['a', 'half \ud800', 'c'])],
      ['note', broken()],
      ['at', new DictionaryColumn(Int32Array.of(0, 0, 1), ['2025-01-01', 'x'])],
    ])
    expect(codes(checkFrame(table, noted).issues)).toEqual([
      [2, 'id', 'malformed_text'],
      [2, 'note', 'malformed_text'],
      [3, 'at', 'type_mismatch'],
    ])
  })

  it('names the file, orders issues by row and cuts long cells', () => {
    const table = frameOf([
      ['id', encodeTexts([null, 'b'])],
      ['rating', encodeTexts(['1', 'x'.repeat(300)])],
    ])
    const { issues } = checkFrame(table, ratings, { file: 'ratings.csv' })
    expect(issues.map(({ row, file, found }) => [row, file, found])).toEqual([
      [1, 'ratings.csv', null],
      [2, 'ratings.csv', `${'x'.repeat(200)}…`],
    ])
  })

  it('looks at nothing but the key of exempt rows', () => {
    const table = frameOf([
      ['id', encodeTexts(['a', 'b', null])],
      ['rating', encodeTexts(['x', 'x', 'x'])],
    ])
    const checked = checkFrame(table, ratings, { isExempt: (row) => row !== 1 })
    expect(codes(checked.issues)).toEqual([
      [2, 'rating', 'type_mismatch'],
      [3, 'id', 'null_key'],
    ])
    expect(Array.from(checked.frame.columns.get('rating') ?? [])).toEqual([null])
  })

  it('keeps the columns in passed', () => {
    const table = viewTable(aq.table({ action: ['add', 'delete'], id: ['a', 'b'], rating: [1, 2] }))
    const { frame: checked } = checkFrame(table, ratings, { passed: ['action'] })
    expect([...checked.columns.keys()]).toEqual(['id', 'rating', 'action'])
  })

  it('says which column is meant, missing or unknown', () => {
    const named = (names: string[]) => frameOf(names.map((name) => [name, encodeTexts(['1'])] as const))
    const thrown = (names: string[], file?: string) => () => checkFrame(named(names), ratings, file ? { file } : {})
    expect(thrown(['ID', 'rating'])).toThrow(
      expect.objectContaining({
        code: 'column_renamed',
        message: 'table "ratings": column "ID" is unknown; did you mean "id"?',
      }),
    )
    expect(thrown(['id'], 'ratings.csv')).toThrow(
      expect.objectContaining({
        code: 'column_missing',
        message: 'ratings.csv: column "rating" of contract "ratings" not found; the table has column "id"',
      }),
    )
    expect(thrown(['id', 'rating', 'note', 'source'])).toThrow(
      expect.objectContaining({ code: 'column_extra', details: { columns: ['note', 'source'] } }),
    )
  })

  it('needs only the key where columns may be omitted, and never metadata', () => {
    const kept = defineTable('kept', { id: key(string()), note: string(), _row: metadata(int32()) })
    const only = frameOf([['id', encodeTexts(['a'])]])
    expect([...checkFrame(only, kept, { missingColumns: 'omit' }).frame.columns.keys()]).toEqual(['id'])
    expect(() => checkFrame(only, kept)).toThrow(
      expect.objectContaining({ details: { columns: ['note'], found: ['id'] } }),
    )
    expect(() => checkFrame(frameOf([['note', encodeTexts(['a'])]]), kept, { missingColumns: 'omit' })).toThrow(
      expect.objectContaining({ code: 'column_missing' }),
    )
  })

  it.each([
    ['evolve', ['id', 'extra'], 2],
    ['discard_value', ['id'], 2],
    ['discard_row', ['id'], 1],
  ] as const)('follows unknownColumns: %s', (unknownColumns, names, rows) => {
    const open = defineTable('open', { id: key(string()) }, { unknownColumns })
    const table = frameOf([
      ['extra', encodeTexts(['x', null])],
      ['id', encodeTexts(['a', 'b'])],
    ])
    const { frame: checked, issues } = checkFrame(table, open)
    expect([...checked.columns.keys()]).toEqual(names)
    expect(checked.rows).toBe(rows)
    expect(codes(issues)).toEqual(unknownColumns === 'discard_row' ? [[1, 'extra', 'column_extra']] : [])
  })

  it('takes "__proto__" for a column like any other', () => {
    const odd = defineTable('odd', { ['__proto__']: key(string()), constructor: nullable(string()) })
    const table = frameOf([
      ['__proto__', encodeTexts(['a'])],
      ['constructor', encodeTexts([null])],
    ])
    const { frame: checked, issues } = checkFrame(table, odd)
    expect(issues).toEqual([])
    expect([...checked.columns.keys()]).toEqual(['__proto__', 'constructor'])
    expect(checked.columns.get('__proto__')).toBeInstanceOf(Utf8Column)
  })
})
