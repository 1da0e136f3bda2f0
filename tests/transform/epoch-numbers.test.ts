import { Float64, Int64, Table, vectorFromArray } from 'apache-arrow'
import { table } from 'arquero'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkTable } from '../../src/table/check/check-table.ts'
import { defineTable, key, nullable, string, timestamp } from '../../src/table/contract.ts'
import type { TableLike } from '../../src/table/table-like.ts'
import { convertTimeZone } from '../../src/transform/convert-timezone.ts'
import { localDate } from '../../src/transform/local-date.ts'
import { localHour } from '../../src/transform/local-hour.ts'
import { localMonth } from '../../src/transform/local-month.ts'

const NOT_INSTANTS = [
  1736069400000.5,
  1736069400000.123,
  -0.5,
  -1.123456,
  0.0005,
  5e-324,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  1e300,
  8.64e15 + 2,
  -8.64e15 - 2,
  2n ** 53n + 1n,
  -(2n ** 62n),
]
const contract = defineTable('calls', { id: key(string()), at: nullable(timestamp()) })
const ids = (count: number) => Array.from({ length: count }, (_, row) => `C${row}`)
const isTaken = (cells: readonly unknown[]) =>
  checkTable(table({ id: ids(cells.length), at: cells }), contract).issues.length === 0

const VERBS: readonly (readonly [string, (calls: TableLike) => unknown])[] = [
  ['convertTimeZone', (calls) => convertTimeZone(calls, 'at', 'America/New_York')],
  ['localMonth', (calls) => localMonth(calls, 'at', 'America/New_York')],
  ['localDate', (calls) => localDate(calls, 'at', 'America/New_York')],
  ['localHour', (calls) => localHour(calls, 'at', 'America/New_York')],
]

describe('epoch numbers', () => {
  it.each(VERBS)('%s refuses, by row, what a contract refuses', (_, verb) => {
    for (const found of NOT_INSTANTS) {
      const zero = typeof found === 'bigint' ? 0n : 0
      const cells = [zero, null, found]
      expect(isTaken(cells)).toBe(false)
      const vector =
        typeof found === 'bigint' ? vectorFromArray(cells, new Int64()) : vectorFromArray(cells, new Float64())
      for (const calls of [table({ at: cells }), new Table({ at: vector })]) {
        expect(() => verb(calls)).toThrow(
          expect.objectContaining({
            code: 'timestamp_invalid',
            message: expect.stringContaining('column "at" row 3: expected whole epoch milliseconds'),
            details: { column: 'at', rows: [3], found: [found] },
          }),
        )
      }
    }
  })

  it('names ten rows at most', () => {
    expect(() => convertTimeZone(table({ at: new Float64Array(30).fill(0.5) }), 'at', 'UTC')).toThrow(
      'rows 1, 2, 3, 4, 5, 6, 7, 8, 9, 10: expected',
    )
  })

  it('takes what remains when the advice is followed: rounded, or as ISO text with microseconds', () => {
    const advice = () => convertTimeZone(table({ at: [1736069400000.5] }), 'at', 'UTC')
    expect(advice).toThrow('round the number, or give the instant as ISO text, which may have microseconds')
    const walls = (cell: unknown) => convertTimeZone(table({ at: [cell] }), 'at', 'UTC').get('at', 0)
    expect(walls(Math.round(1736069400000.5))).toBe('2025-01-05T09:30:00.001')
    expect(() => walls('2025-01-05T09:30:00.000500Z')).not.toThrow()
  })

  it('reads -0 as 0, and the outermost instants of a date', () => {
    const walls = (cells: number[]) => convertTimeZone(table({ at: cells }), 'at', 'UTC').array('at')
    expect(walls([-0, 0])).toEqual(['1970-01-01T00:00:00', '1970-01-01T00:00:00'])
    expect(walls([8.64e15, -8.64e15])).toEqual(['+275760-09-13T00:00:00', '-271821-04-20T00:00:00'])
    expect(localHour(table({ at: [-0] }), 'at', 'UTC').get('hour', 0)).toBe(0)
  })

  it('shows whole numbers as a Date does, also before 1970, and no verb takes what the contract refuses', () => {
    const anyNumber = fc.oneof(fc.maxSafeInteger(), fc.double(), fc.integer({ min: -1e13, max: 1e13 }))
    fc.assert(
      fc.property(anyNumber, (milliseconds) => {
        const calls = table({ at: [milliseconds] })
        if (!isTaken([milliseconds])) {
          for (const [, verb] of VERBS) expect(() => verb(calls)).toThrow('expected whole epoch milliseconds')
          return
        }
        const iso = new Date(milliseconds).toISOString()
        expect(convertTimeZone(calls, 'at', 'UTC').get('at', 0)).toBe(iso.replace(/(\.000)?Z$/, ''))
        expect(localMonth(calls, 'at', 'UTC').get('month', 0)).toBe(iso.slice(0, iso.indexOf('-', 1) + 3))
        expect(localDate(calls, 'at', 'UTC').get('date', 0)).toBe(iso.slice(0, iso.indexOf('T')))
        expect(localHour(calls, 'at', 'UTC').get('hour', 0)).toBe(new Date(milliseconds).getUTCHours())
      }),
      { numRuns: 1000 },
    )
  })
})
