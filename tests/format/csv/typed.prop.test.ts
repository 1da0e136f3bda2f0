import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readByCsvParse } from '../../../src/format/csv/read/fallback.ts'
import { date, defineTable, float64, int32, key, nullable, string, timestamp } from '../../../src/table/contract.ts'
import { read } from './csv-tables.ts'

const numRuns = Number(process.env.SUPPORT_ETL_RUNS ?? 5000)

const contract = defineTable('visits', {
  id: key(string()),
  at: nullable(timestamp()),
  day: nullable(date()),
  room: nullable(string()),
  until: timestamp(),
  count: nullable(int32()),
  share: nullable(float64()),
})

/** Stamps and days of the usual length, and what may stand in their place and be cut wrongly. */
const stamp = fc.constantFrom(
  '2025-01-31T14:30:00Z',
  '2024-02-29T23:59:59Z',
  '2025-01-31T14:30:00.250Z',
  '2025-01-31 14:30:00',
  '2025-01-31 14:30:00,5',
  '2025-01-31T14:30:00,250Z',
  '"2025-01-31T14:30:00,250Z"',
  '2025-01-31T14:30:00 ',
  ' 2025-01-31T14:30:00Z',
  '2025-01-31T14:30:00Z\t',
  '"2025-01-31T14:30:00Z"',
  '2025-13-01T00:00:00Z',
  '2025',
  '20250131,x,',
  '7"',
  '1,"2025-01-31,""',
  '',
  '',
)
const day = fc.constantFrom(
  '2024-02-29',
  '2025-01-31',
  '2023-02-29',
  '2025-1-31',
  ' 2025-01-31',
  '1',
  '',
  '"2025-01-31"',
  '202,,2025,',
)
const text = fc.constantFrom(
  'a',
  'bb',
  '"a,b"',
  '"x\ny"',
  '"2025-01-31T14:30:00Z"',
  '',
  '""',
  'é',
  ' pad ',
  '"say ""x"""',
)
const number = fc.constantFrom('1', '2.0', '', '-7', 'x', '1e2', '"3"', '99999999999')
const action = fc.constantFrom('add', 'update ', 'delete', 'delete ', '"delete"', '')

const record = fc
  .tuple(fc.constantFrom('k1', 'k22', 'k333', 'k333', ''), stamp, day, text, stamp, number, number, action)
  .map((cells) => cells.join(','))
const lineEnd = fc.constantFrom('\n', '\n', '\n', '\r\n', '\r', '\n\n')
const document = fc
  .tuple(fc.array(fc.tuple(record, lineEnd), { maxLength: 12 }), fc.boolean())
  .map(([records, isOpen]) => {
    const body = records.map(([line, end]) => line + end).join('')
    return `id,at,day,room,until,count,share,action\n${isOpen ? body.trimEnd() : body}`
  })

/** All that a reading says, or the code of its error. */
function outcome(csv: string, options: object, chunk?: number): unknown {
  try {
    const reading = read(
      csv,
      { contract, actionColumn: 'action', isDelete: (word) => word === 'delete', file: 'f', ...options },
      chunk,
    )
    const columns = Array.from(reading.frame.columns, ([name, column]) => [name, [...column]])
    return { ...reading, records: reading.records === null ? null : [...reading.records], frame: columns }
  } catch (error) {
    if (error instanceof Error && 'code' in error) return error.code
    throw error
  }
}

describe('the columnar reader with a contract', () => {
  it('cuts cells of usual length as csv-parse does: same rows, issues, lines and record texts', () => {
    let readable = 0
    fc.assert(
      fc.property(document, (csv) => {
        const foreign = readByCsvParse
        const ours = outcome(csv, { foreign })
        if (typeof ours !== 'string') readable++
        // a comment mark that no document has makes csv-parse read all of it
        expect(ours).toEqual(outcome(csv, { foreign, comment: '#never#' }))
      }),
      { numRuns },
    )
    expect(readable).toBeGreaterThan(numRuns / 10)
  })

  it('gives the same result for any cut into chunks (law 18)', () => {
    fc.assert(
      fc.property(document, fc.integer({ min: 1, max: 40 }), (csv, chunk) => {
        expect(outcome(csv, {}, chunk)).toEqual(outcome(csv, {}))
      }),
      { numRuns },
    )
  })

  it('gives the same columns, byte for byte, for any cut of a file of many blocks', () => {
    const lines = Array.from({ length: 20_000 }, (_, row) => {
      const stamp = new Date(1.7e12 + row * 61_000).toISOString().replace('.000', '')
      return `k${row},${stamp},${row % 9 === 0 ? '' : stamp.slice(0, 10)},${row % 3 ? 'a' : '"b,c"'},${stamp},${row % 11},${row / 8},add`
    })
    const csv = `id,at,day,room,until,count,share,action\n${lines.join('\n')}\n`
    const whole = outcome(csv, {})
    for (const chunk of [997, 65_536, 300_001]) expect(outcome(csv, {}, chunk)).toEqual(whole)
  })
})
