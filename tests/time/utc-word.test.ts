import { table } from 'arquero'
import { describe, expect, it } from 'vitest'
import { readCsv, readJson, readJsonLines } from '../../src/format/index.ts'
import { cleanCalls } from '../../src/systems/calls/clean/clean-calls.ts'
import { checkTable } from '../../src/table/check/check-table.ts'
import { defineTable, key, string, timestamp } from '../../src/table/contract.ts'
import { parseInstant } from '../../src/time/instant.ts'
import { applyDelta } from '../../src/transform/apply-delta.ts'
import { convertTimeZone } from '../../src/transform/convert-timezone.ts'
import { agents, call, log, rowsOf } from '../systems/calls/tables.ts'

const contract = defineTable('calls', { id: key(string()), at: timestamp() })
const STAMPS = [
  ['2025-01-05 14:30:00 UTC', '2025-01-05T14:30:00.000Z'],
  ['2025-01-05 14:30:00.5 UTC', '2025-01-05T14:30:00.500Z'],
  ['2025-01-05 14:30:00.123000 UTC', '2025-01-05T14:30:00.123Z'],
  ['2025-01-05T14:30:00 UTC', '2025-01-05T14:30:00.000Z'],
  ['2025-01-05 14:30:00 Z', '2025-01-05T14:30:00.000Z'],
  ['2025-01-05 14:30:00Z', '2025-01-05T14:30:00.000Z'],
  ['2025-01-05 14:30 UTC', '2025-01-05T14:30:00.000Z'],
] as const
const NO_STAMPS = [
  '2025-01-05 14:30:00UTC',
  '2025-01-05 14:30:00  UTC',
  '2025-01-05 14:30:00 utc',
  '2025-01-05 14:30:00 UTC ',
  '2025-01-05 14:30:00 UTC+1',
  '2025-01-05 14:30:00 EST',
  '2025-01-05 UTC',
]

const bytes = (text: string) => new TextEncoder().encode(text)
const instants = (read: { array(name: string): ArrayLike<unknown> }) => Array.from(read.array('at'))

describe('a timestamp that ends in " UTC", as BigQuery writes it', () => {
  it.each(STAMPS)('%s is an instant in every reader', (text, iso) => {
    const instant = new Date(iso)
    expect(parseInstant(text)).toBe(instant.getTime())
    expect(instants(readCsv(bytes(`id,at\nC1,${text}\n`), contract))).toEqual([instant])
    expect(instants(readCsv(bytes(`id,at\nC1,"${text}"\n`)))).toEqual([instant])
    expect(instants(readJson(bytes(JSON.stringify([{ id: 'C1', at: text }])), contract))).toEqual([instant])
    expect(instants(readJsonLines(bytes(`${JSON.stringify({ id: 'C1', at: text })}\n`), contract))).toEqual([instant])
    const checked = checkTable(table({ id: ['C1'], at: [text] }), contract)
    expect(checked.issues).toEqual([])
    expect(instants(checked.table)).toEqual([instant])
    const base = table({ id: ['C1'], at: [new Date(0)] })
    expect(instants(applyDelta(base, table({ id: ['C1'], at: [text], action: ['update'] }), 'id'))).toEqual([instant])
    expect(convertTimeZone(table({ at: [text] }), 'at', 'UTC').get('at', 0)).toBe(iso.replace(/(\.000)?Z$/, ''))
    // whatever the source zone: the text names its own
    expect(convertTimeZone(table({ at: [text] }), 'at', 'UTC', { sourceTimeZone: 'Asia/Tokyo' }).get('at', 0)).toBe(
      iso.replace(/(\.000)?Z$/, ''),
    )
  })

  it.each(STAMPS)('%s begins a call', (start_time, iso) => {
    for (const many of [1, 1100]) {
      const { calls } = cleanCalls(
        log(
          ...Array.from({ length: many }, (_, at) =>
            call({ call_id: `c${at}`, start_time, end_time: `2025-01-05 15:00:00.${String(at).padStart(4, '0')} UTC` }),
          ),
        ),
        agents,
      )
      const rows = rowsOf(calls)
      expect(rows).toHaveLength(many)
      expect(rows.at(-1)).toMatchObject({ start_time: new Date(iso), hour_of_day: 14 })
    }
  })

  it.each(NO_STAMPS)('%s stays what it was: refused', (text) => {
    expect(parseInstant(text)).toBeNaN()
    expect(checkTable(table({ id: ['C1'], at: [text] }), contract).issues).toHaveLength(1)
    expect(() => convertTimeZone(table({ at: [text] }), 'at', 'UTC')).toThrow('not an ISO timestamp')
  })
})
