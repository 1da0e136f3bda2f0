/** A CSV file that is handed out some rows at a time, against the same file read whole. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvReader } from '../../../src/format/csv/read/reader.ts'
import { date, defineTable, int32, key, nullable, string, timestamp } from '../../../src/table/contract.ts'
import type { Frame } from '../../../src/table/frame.ts'
import { countUp } from '../../../src/table/take.ts'

const contract = defineTable('visits', {
  id: key(string()),
  words: nullable(string({ encoding: 'plain' })),
  count: int32(),
  seen_at: nullable(timestamp()),
  seen_on: nullable(date()),
})

const cell = fc.constantFrom('', 'a', '"x, y"', '"two\nlines"', '"say ""so"""', 'é😀', '  b  ')
const line = fc
  .tuple(
    fc.constantFrom('k1', 'k2', 'k3', ''),
    cell,
    fc.constantFrom('1', '-20', 'many', ''),
    fc.constantFrom('', '2025-01-31T14:30:00Z', 'soon'),
    fc.constantFrom('', '2025-01-31'),
    // a cell too many or too few
    fc.constantFrom('', '', '', ',', 'cut'),
  )
  .map(([id, words, count, at, on, end]) =>
    end === 'cut' ? `${id},${words}` : [id, words, count, at, on].join(',') + end,
  )

const rowsOf = ({ rows, columns }: Frame): unknown[] =>
  Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(Array.from(columns, ([name, one]) => [name, one.at(row)])),
  )

describe('rows that are taken while a file is read', () => {
  it('are together those of the whole file, whatever the chunks', () => {
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 40 }),
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 10 }),
        fc.boolean(),
        (lines, size, least, isRepeated) => {
          const header = 'id,words,count,seen_at,seen_on'
          const records = isRepeated ? [...lines, header, ...lines] : lines
          const bytes = new TextEncoder().encode(`${[header, ...records].join('\n')}\n`)
          const options = { contract, file: 'visits.csv', windowBytes: 1 }
          const whole = csvReader(options)
          whole.push(bytes)
          const expected = whole.end()
          const reader = csvReader(options)
          const [rows, numbers, issues, rejected]: unknown[][] = [[], [], [], []]
          for (let at = 0; at < bytes.length; at += size) {
            reader.push(bytes.subarray(at, at + size))
            const batch = reader.take(least)
            if (batch === null) continue
            expect(batch.frame.rows).toBeGreaterThanOrEqual(least)
            rows?.push(...rowsOf(batch.frame))
            numbers?.push(...batch.records)
            issues?.push(...batch.issues)
            rejected?.push(...batch.rejected)
          }
          const end = reader.end()
          rows?.push(...rowsOf(end.frame))
          numbers?.push(...(end.records ?? countUp(end.frame.rows, 1)))
          issues?.push(...end.issues)
          rejected?.push(...end.rejected)
          expect(rows).toEqual(rowsOf(expected.frame))
          expect(numbers).toEqual([...(expected.records ?? countUp(expected.frame.rows, 1))])
          expect(issues).toEqual(expected.issues)
          expect(rejected).toEqual(expected.rejected)
          expect(end.recordCount).toBe(expected.recordCount)
          expect(end.notes).toEqual(expected.notes)
        },
      ),
      { numRuns: Number(process.env.SUPPORT_ETL_RUNS ?? 200) },
    )
  })

  it('are none before the end where a column is outside the contract: its kind depends on all cells', () => {
    const loose = { ...contract, unknownColumns: 'evolve' } as const
    const reader = csvReader({ contract: loose, windowBytes: 1 })
    reader.push(new TextEncoder().encode('id,words,count,seen_at,seen_on,more\nk1,a,1,,,5\nk2,a,1,,,6\n'))
    expect(reader.take(1)).toBeNull()
    reader.push(new TextEncoder().encode('k3,a,1,,,seven\n'))
    expect([...(reader.end().frame.columns.get('more') ?? [])]).toEqual(['5', '6', 'seven'])
  })
})
