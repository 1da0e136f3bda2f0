/** A derived table of more rows than its function is handed at once. */
import { describe, expect, it } from 'vitest'
import { eachRow, refuseRow } from '../../../src/pipeline/derive/each-row.ts'
import { makeRows } from '../../../src/pipeline/derive/made-rows.ts'
import type { DerivedTable } from '../../../src/pipeline/job/job.ts'
import { defineTable, int32, key, nullable, string } from '../../../src/table/contract.ts'
import { columnOf, frameOf } from '../../../src/table/frame.ts'
import { inferColumn } from '../../../src/table/infer.ts'

const ROWS = 100_000
const given = defineTable('given', { id: key(string()), hours: nullable(int32()) })
const made = defineTable('made', { id: key(string()), word: nullable(string()), half: nullable(int32()) })
const rows = frameOf([
  [
    'id',
    inferColumn(
      Array.from({ length: ROWS }, (_, row) => `r${row}`),
      'id',
    ),
  ],
  [
    'hours',
    inferColumn(
      Array.from({ length: ROWS }, (_, row) => (row % 5 === 0 ? null : row)),
      'hours',
    ),
  ],
])

describe('a derived table of 100,000 rows', () => {
  const handed: number[] = []
  const each = eachRow(given, made, ({ id, hours }) => {
    // the first rows have no word: what its column is, only later rows say
    const word = (hours ?? 0) > 40_000 ? `w${(hours ?? 0) % 7}` : null
    if (hours !== null && hours % 33_333 === 0)
      return refuseRow({ code: 'rule_broken', column: 'hours', expected: 'another' })
    // an odd number has no half: a cell that does not fit
    return { id, word, half: hours === null ? null : hours / (hours % 10_007 === 1 ? 4 : 1) }
  })
  const step: DerivedTable = {
    ...{ from: 'given', contract: made },
    rows(some, options) {
      handed.push(some.rows)
      return each(some, options)
    },
  }
  const { frame, parents, issues } = makeRows('made', step, rows, {})

  it('is made some rows at a time', () => {
    expect(handed.length).toBeGreaterThan(2)
    expect(Math.max(...handed)).toBeLessThan(ROWS / 2)
    expect(handed.reduce((sum, count) => sum + count, 0)).toBe(ROWS)
  })

  it('has each row once, in order, with the cells that its function made', () => {
    const refused = new Set(issues.map(({ row }) => row))
    expect(frame.rows + refused.size).toBe(ROWS)
    const expected = Array.from({ length: ROWS }, (_, row) => row).filter((row) => !refused.has(row))
    expect([...parents]).toEqual(expected)
    const [ids, words, halves] = ['id', 'word', 'half'].map((name) => columnOf(frame, name))
    for (const [at, row] of expected.entries()) {
      if (at % 997 !== 0) continue
      const hours = row % 5 === 0 ? null : row
      const word = (hours ?? 0) > 40_000 ? `w${(hours ?? 0) % 7}` : null
      expect([ids?.at(at), words?.at(at), halves?.at(at)]).toEqual([`r${row}`, word, hours])
    }
  })

  it('has its issues by the rows of the whole table', () => {
    const broken = issues.filter(({ code }) => code === 'rule_broken').map(({ row }) => row)
    expect(broken).toEqual([33_333, 66_666, 99_999])
    const misfits = issues.filter(({ code }) => code === 'type_mismatch').map(({ row }) => row)
    const odd = Array.from({ length: ROWS }, (_, row) => row).filter(
      (row) => row % 10_007 === 1 && row % 4 !== 0 && row % 5 !== 0,
    )
    expect([misfits, odd.length]).toEqual([odd, 5])
    expect(issues.map(({ row }) => row)).toEqual(issues.map(({ row }) => row).toSorted((a, b) => a - b))
  })
})
