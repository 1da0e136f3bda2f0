import type * as arrow from 'apache-arrow'
import type * as aq from 'arquero'
import { describe, expectTypeOf, it } from 'vitest'
import { checkTable } from '../../src/table/check/check-table.ts'
import {
  boolean,
  type ColumnContract,
  date,
  defineTable,
  float64,
  int32,
  int64,
  key,
  measure,
  metadata,
  nullable,
  type RowOf,
  reference,
  string,
  timestamp,
} from '../../src/table/contract.ts'
import type { Frame } from '../../src/table/frame.ts'
import type { TableLike } from '../../src/table/table-like.ts'

const calls = defineTable('calls', {
  call_id: key(string()),
  agent_id: nullable(reference('agents', string())),
  started_at: timestamp(),
  day: nullable(date()),
  minutes: nullable(measure(float64())),
  attempts: int32(),
  bytes: int64(),
  is_open: boolean(),
  _row: metadata(int32()),
})

describe('RowOf', () => {
  it('is the row of the contract', () => {
    expectTypeOf<RowOf<typeof calls>>().toEqualTypeOf<{
      call_id: string
      agent_id: string | null
      started_at: Date
      day: string | null
      minutes: number | null
      attempts: number
      bytes: bigint
      is_open: boolean
      _row: number
    }>()
  })

  it('refuses rows of another shape', () => {
    // @ts-expect-error a key is never null
    const noKey: Pick<RowOf<typeof calls>, 'call_id'> = { call_id: null }
    // @ts-expect-error a timestamp is a Date
    const text: Pick<RowOf<typeof calls>, 'started_at'> = { started_at: '2025-01-01' }
    // @ts-expect-error an int64 is a bigint
    const double: Pick<RowOf<typeof calls>, 'bytes'> = { bytes: 1 }
    // @ts-expect-error the contract has no such column
    const unknown: keyof RowOf<typeof calls> = 'agent'
    expectTypeOf([noKey, text, double, unknown]).not.toBeAny()
  })
})

describe('defineTable', () => {
  it('keeps kind, role and nullability of each column', () => {
    expectTypeOf(calls.columns.call_id).toEqualTypeOf<ColumnContract<'text', 'key', false>>()
    expectTypeOf(calls.columns.minutes).toEqualTypeOf<ColumnContract<'float64', 'measure', true>>()
  })

  it('refuses columns that make no sense', () => {
    // @ts-expect-error text is no measure
    measure(string())
    // @ts-expect-error a key is never null
    nullable(key(string()))
    // @ts-expect-error nanoseconds are not a contract's unit
    timestamp({ unit: 'ns' })
    // @ts-expect-error a column is a contract, not a word
    defineTable('calls', { call_id: 'string' })
    // @ts-expect-error there is no such policy
    defineTable('calls', { call_id: key(string()) }, { unknownColumns: 'ignore' })
  })

  it('gives a value that cannot be changed', () => {
    // @ts-expect-error contracts are read-only
    calls.name = 'other'
    // @ts-expect-error contracts are read-only
    calls.columns.call_id = key(string())
  })
})

describe('TableLike', () => {
  it('takes the tables of arquero and apache-arrow, and frames', () => {
    expectTypeOf<aq.ColumnTable>().toExtend<TableLike>()
    expectTypeOf<arrow.Table>().toExtend<TableLike>()
    expectTypeOf<Frame>().toExtend<TableLike>()
  })

  it('does not take rows, text or nothing', () => {
    expectTypeOf<{ id: string }[]>().not.toExtend<TableLike>()
    expectTypeOf<string>().not.toExtend<TableLike>()
    expectTypeOf<null>().not.toExtend<TableLike>()
  })
})

describe('checkTable', () => {
  it('returns the kind of table it is given', () => {
    expectTypeOf(checkTable<aq.ColumnTable>)
      .returns.toHaveProperty('table')
      .toEqualTypeOf<aq.ColumnTable>()
    expectTypeOf(checkTable<arrow.Table>)
      .returns.toHaveProperty('table')
      .toEqualTypeOf<arrow.Table>()
  })

  it('refuses values that are not tables or contracts', () => {
    // @ts-expect-error rows are no table
    expectTypeOf(checkTable).toBeCallableWith([{ call_id: 'a' }], calls)
    // @ts-expect-error a list of names is no contract
    expectTypeOf(checkTable).toBeCallableWith({ rows: 0, columns: new Map() }, ['call_id'])
  })
})
