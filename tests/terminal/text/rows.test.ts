import { describe, expect, it } from 'vitest'
import { BigIntColumn, DateColumn, DictionaryColumn, NumberColumn, TimestampColumn } from '../../../src/table/column.ts'
import { frameOf } from '../../../src/table/frame.ts'
import { frameTable, jsonRows, objectsOf } from '../../../src/terminal/text/rows.ts'

const frame = frameOf([
  ['id', new DictionaryColumn(Int32Array.of(0, 1), ['a', 'b'])],
  ['at', new TimestampColumn(Float64Array.of(1_740_792_600_000, Number.NaN))],
  ['day', new DateColumn(Int32Array.of(20_148, 20_149))],
  ['n', new BigIntColumn('int64', BigInt64Array.of(9007199254740993n, 1n))],
])
const rows = [
  { id: 'a', at: '2025-03-01T01:30:00Z', day: '2025-03-01', n: 9007199254740993n },
  { id: 'b', at: null, day: '2025-03-02', n: 1n },
]

describe('objectsOf', () => {
  it('gives moments as ISO text and numbers as they are', () => {
    expect(objectsOf(frame)).toEqual(rows)
  })
})

describe('jsonRows', () => {
  it('writes an array, a row a line, however many there are', () => {
    const many = frameOf([
      [
        'n',
        new NumberColumn(
          'int32',
          Int32Array.from({ length: 20_000 }, (_, i) => i),
        ),
      ],
    ])
    const chunks = [...jsonRows(many)]
    expect(chunks.length).toBeGreaterThan(2)
    expect(JSON.parse(chunks.join(''))).toHaveLength(20_000)
    expect([...jsonRows(frame)].join('')).toBe(
      `[\n${rows.map((row) => `  ${JSON.stringify({ ...row, n: String(row.n) })}`).join(',\n')}\n]\n`,
    )
  })

  it('writes an empty array of no rows', () => {
    expect([...jsonRows(frameOf([], 0))].join('')).toBe('[]\n')
  })
})

describe('frameTable', () => {
  it('aligns numbers right, texts and moments left, in pieces that are one table', () => {
    const [count, nine, one] = ['count'.padStart(16), '9007199254740993', '1'.padStart(16)]
    expect([...frameTable(frame, {}, { n: 'count' })].join('')).toBe(
      [
        `id  at                    day         ${count}`,
        `--  --------------------  ----------  ${'-'.repeat(16)}`,
        `a   2025-03-01T01:30:00Z  2025-03-01  ${nine}`,
        `b                         2025-03-02  ${one}`,
        '',
      ].join('\n'),
    )
  })
})
