import { describe, expect, it } from 'vitest'
import {
  date,
  defineTable,
  float64,
  int32,
  key,
  measure,
  metadata,
  nullable,
  reference,
  string,
  timestamp,
} from '../../src/table/contract.ts'

describe('defineTable', () => {
  it('returns the contract with its key', () => {
    const agents = defineTable('agents', {
      agent_id: key(string()),
      full_name: nullable(string()),
      hire_date: nullable(date()),
    })
    expect(agents.key).toEqual(['agent_id'])
    expect(agents.unknownColumns).toBe('freeze')
    expect(agents.columns.full_name).toEqual({
      kind: 'text',
      role: 'attribute',
      isNullable: true,
      references: null,
      encoding: 'dictionary',
      unit: 'ms',
    })
  })

  it('keeps key columns in order, and keeps them as bytes', () => {
    const { key: names, columns } = defineTable('t', { b: key(string()), x: measure(float64()), a: key(int32()) })
    expect(names).toEqual(['b', 'a'])
    expect(columns.b.encoding).toBe('plain')
  })

  it('knows what a reference points to, and the unit of a timestamp', () => {
    const { columns } = defineTable('t', {
      agent_id: nullable(reference('agents', string())),
      at: timestamp({ unit: 'us' }),
    })
    expect(columns.agent_id).toMatchObject({ role: 'reference', references: 'agents', isNullable: true })
    expect(columns.at.unit).toBe('us')
  })

  it('is frozen through and through', () => {
    const table = defineTable('t', { id: key(string()) })
    expect([table, table.columns, table.columns.id, table.key].map(Object.isFrozen)).toEqual([true, true, true, true])
  })

  it.each([
    ['a table name with spaces', () => defineTable('my table', { id: key(string()) })],
    ['no columns', () => defineTable('t', {})],
    ['a blank column name', () => defineTable('t', { '': string() })],
    ['outer spaces in a column name', () => defineTable('t', { ' id': string() })],
    ['a name with _ that is not metadata', () => defineTable('t', { _row: int32() })],
    ['metadata without _', () => defineTable('t', { row: metadata(int32()) })],
  ])('refuses %s', (_, define) => {
    expect(define).toThrow(expect.objectContaining({ code: 'invalid_contract' }))
  })
})
