import * as aq from 'arquero'
import { describe, expect, it } from 'vitest'
import { checkCsv, readCsv, writeCsv } from '../../../src/format/csv/table.ts'
import { date, defineTable, float64, key, nullable, string, timestamp } from '../../../src/table/contract.ts'
import { bytesOf, caught } from './csv-tables.ts'

const calls = defineTable('calls', {
  call_id: key(string()),
  started_at: timestamp(),
  minutes: nullable(float64()),
  on_date: nullable(date()),
})
const file = bytesOf(
  'call_id,started_at,minutes,on_date\n007,2025-01-31T14:30:00Z,1.50,2025-01-31\n008,2025-02-01T00:00:00Z,,\n',
)

describe('readCsv', () => {
  it('gives an Arquero table, typed by the contract', () => {
    expect(readCsv(file, calls).objects()).toEqual([
      { call_id: '007', started_at: new Date('2025-01-31T14:30:00Z'), minutes: 1.5, on_date: '2025-01-31' },
      { call_id: '008', started_at: new Date('2025-02-01T00:00:00Z'), minutes: null, on_date: null },
    ])
  })

  it('gives a table that takes every verb of Arquero', () => {
    const table = readCsv(file, calls)
      .filter((row: { minutes: number }) => row.minutes > 1)
      .derive({ twice: (row: { minutes: number }) => row.minutes * 2 })
    expect(table.objects()).toMatchObject([{ call_id: '007', twice: 3 }])
  })

  it('gives an Arrow table where that is asked', () => {
    const table = readCsv(file, calls, { as: 'arrow' })
    expect(table.schema.fields.map(({ name, type }) => `${name}: ${type}`)).toEqual([
      'call_id: Utf8',
      'started_at: Timestamp<MILLISECOND, UTC>',
      'minutes: Float64',
      'on_date: Date32<DAY>',
    ])
    expect(table.getChild('call_id')?.get(0)).toBe('007')
  })

  it('finds the kinds itself without a contract', () => {
    expect(readCsv(file).objects()).toEqual(readCsv(file, calls).objects())
  })

  it('throws what does not fit, and says how to get the rest', () => {
    const bad = bytesOf('call_id,started_at,minutes,on_date\na,soon,,\nb,2025-01-31T14:30:00Z,,\nc,later,,\n')
    expect(caught(() => readCsv(bad, calls, { file: 'calls.csv' }))).toMatchObject({
      code: 'type_mismatch',
      message:
        'calls.csv row 1, column "started_at" does not fit: expected a timestamp such as 2025-01-31T14:30:00Z, no finer than milliseconds; so do 1 more rows; correct the file, or read it with checkCsv, which gives the rows that fit and the issues',
      details: {
        rows: 2,
        issues: [
          { row: 1, found: 'soon' },
          { row: 3, found: 'later' },
        ],
      },
    })
  })

  it('reads other dialects by csv-parse', () => {
    const text = bytesOf('# export\na||b\n1||"x\\"y"\n')
    expect(readCsv(text, undefined, { delimiter: '||', escape: '\\', comment: '#' }).objects()).toEqual([
      { a: 1, b: 'x"y' },
    ])
  })
})

describe('checkCsv', () => {
  it('gives the rows that fit, the issues, and the records that are no rows', () => {
    const bad = bytesOf('call_id,started_at,minutes,on_date\na,soon,,\nb,2025-01-31T14:30:00Z,,\nc\n')
    const { table, issues, rejected } = checkCsv(bad, calls)
    expect(table.array('call_id')).toEqual(['b'])
    expect(issues.map(({ row, code }) => [row, code])).toEqual([
      [1, 'type_mismatch'],
      [3, 'record_length'],
    ])
    expect(rejected).toEqual([
      { row: 1, line: 2, text: 'a,soon,,' },
      { row: 3, line: 4, text: 'c' },
    ])
  })
})

describe('writeCsv', () => {
  it('writes what readCsv reads', () => {
    const text =
      'call_id,started_at,minutes,on_date\n007,2025-01-31T14:30:00Z,1.5,2025-01-31\n008,2025-02-01T00:00:00Z,,\n'
    expect(new TextDecoder().decode(writeCsv(readCsv(file, calls)))).toBe(text)
    expect(new TextDecoder().decode(writeCsv(readCsv(file, calls, { as: 'arrow' })))).toBe(text)
  })

  it('writes Arquero tables as they look', () => {
    const table = aq.table({ id: ['b', 'a'], at: [new Date(0), null], n: [1, 2] }).orderby('id')
    expect(new TextDecoder().decode(writeCsv(table))).toBe('id,at,n\na,,2\nb,1970-01-01T00:00:00Z,1\n')
  })

  it('refuses what is no table', () => {
    // a value of no table type, as JavaScript may pass it
    expect(caught(() => writeCsv({} as never))).toMatchObject({ code: 'unsupported_table' })
  })
})
