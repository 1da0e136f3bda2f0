/** Days of more rows than are held at once: what concerns the whole day holds across their parts. */
import { describe, expect, it } from 'vitest'
import { type FileStore, memoryStore } from '../../../src/connect/index.ts'
import {
  csv,
  defineJob,
  eachRow,
  type Job,
  partitions,
  readQuarantine,
  readState,
  refuseRow,
  runPipeline,
  verifyState,
} from '../../../src/pipeline/index.ts'
import { NumberColumn } from '../../../src/table/column.ts'
import { defineTable, int32, key, nullable, string } from '../../../src/table/contract.ts'
import { columnOf, type Frame, frameOf } from '../../../src/table/frame.ts'

const ROWS = 70_000
const contract = {
  visit_id: key(string({ encoding: 'plain' })),
  team: string(),
  minutes: nullable(int32()),
  day: string(),
}
const visits = defineTable('visits', contract)
const long = defineTable('long_visits', { visit_id: key(string({ encoding: 'plain' })), hours: int32() })

const builds: number[] = []
const sum = (rows: Frame, name: string): number =>
  [...columnOf(rows, name)].reduce<number>((all, one) => all + Number(one), 0)
const total = (value: number) => ({
  cells: frameOf([['minutes', new NumberColumn('float64', Float64Array.of(value))]]),
  metadata: {},
})

const job: Job = defineJob({
  name: 'visits',
  tables: {
    visits: {
      contract: visits,
      source: partitions({ prefix: 'days/', name: '{day}.csv', format: csv(), dayColumn: 'day' }),
    },
  },
  derived: {
    long_visits: {
      from: 'visits',
      contract: long,
      rows: eachRow(visits, long, ({ visit_id, minutes }) =>
        minutes === 77
          ? refuseRow({ code: 'rule_broken', column: 'minutes', expected: 'another number' })
          : { visit_id, hours: Math.floor((minutes ?? 0) / 60) },
      ),
    },
  },
  rollups: {
    minutes: {
      table: 'visits',
      build: (rows) => {
        builds.push(rows.rows)
        return total(sum(rows, 'minutes'))
      },
      merge: (parts) => total(parts.reduce((all, { cells }) => all + sum(cells, 'minutes'), 0)),
    },
  },
  outputs: {
    totals: {
      contract: defineTable('totals', { minutes: key(int32()) }),
      reads: ['minutes'],
      build: (state) => state.rollup('minutes').cells,
    },
  },
})

/** A row is misdated, repeated, not a number, or refused by the derived table; all in different parts of the day. */
function lineOf(row: number): string {
  const id = row === 69_000 ? 'V5' : row === 67_001 ? 'V67000' : `V${row}`
  const minutes = row === 10 || row === 66_010 ? 'x' : row === 20 || row === 68_020 ? 77 : row % 60
  return `${id},T${row % 3},${minutes},${row === 50_000 ? '2025-03-02' : '2025-03-01'}`
}
const text = `visit_id,team,minutes,day\n${Array.from({ length: ROWS }, (_, row) => `${lineOf(row)}\n`).join('')}`
const NAME = 'days/2025-03-01.csv'
const bytes = new TextEncoder().encode(text)

/** The place gives its bytes in pieces of some size, as a network does. */
function inPieces(size: number): FileStore {
  const store = memoryStore({ [NAME]: bytes })
  return {
    location: store.location,
    list: (prefix) => store.list(prefix),
    async *read() {
      for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size)
    },
    write: (name, chunks) => store.write(name, chunks),
    writeIfAbsent: (name, more) => store.writeIfAbsent(name, more),
    remove: (name) => store.remove(name),
  }
}

describe('a day of many rows', () => {
  const out = memoryStore()

  it('keeps its rules across its parts', async () => {
    const { tables, quarantined } = await runPipeline(job, { data: memoryStore({ [NAME]: bytes }), out })
    expect(tables).toEqual({ visits: ROWS - 5, long_visits: ROWS - 7 })
    expect(quarantined).toBe(7)
    const { rows } = await readQuarantine({ out })
    expect(rows.map(({ table, row, code }) => `${table} ${row} ${code}`)).toEqual([
      'visits 11 type_mismatch',
      'visits 50001 day_mismatch',
      'visits 66011 type_mismatch',
      'visits 67002 base_duplicate_key',
      'visits 69001 base_duplicate_key',
      'long_visits 21 rule_broken',
      'long_visits 68021 rule_broken',
    ])
    expect(rows.find(({ row }) => row === 68_021)?.key).toEqual(['V68020'])
    await verifyState(job, { out })
  })

  it('is stored in row groups of 65,536 rows, in the order of the file', async () => {
    const state = await readState(job, { out })
    const [day] = state.partitions('visits')
    const sizes: number[] = []
    const ids: unknown[] = []
    for await (const { rows, columns } of day?.groups(['visit_id']) ?? []) {
      sizes.push(rows)
      expect([...columns.keys()]).toEqual(['visit_id'])
      ids.push(...(columns.get('visit_id') ?? []))
    }
    expect(sizes).toEqual([65_536, ROWS - 5 - 65_536])
    const bad = new Set([10, 50_000, 67_001, 66_010, 69_000])
    expect(ids).toEqual(
      Array.from({ length: ROWS }, (_, row) => row).flatMap((row) => (bad.has(row) ? [] : [`V${row}`])),
    )
    expect((await day?.load())?.rows).toBe(ROWS - 5)
  })

  it('is summed up part by part, and the parts are merged', async () => {
    expect(builds.slice(0, 2)).toEqual([65_536, ROWS - 5 - 65_536])
    const rows = Array.from({ length: ROWS }, (_, row) => row)
    const kept = rows.filter((row) => ![10, 50_000, 67_001, 66_010, 69_000].includes(row))
    const expected = kept.reduce((all, row) => all + (row === 20 || row === 68_020 ? 77 : row % 60), 0)
    const state = await readState(job, { out })
    expect(sum(await state.loadOutput('totals'), 'minutes')).toBe(expected)
  })

  it('has the same files, whatever pieces its bytes come in', async () => {
    const other = memoryStore()
    await runPipeline(job, { data: inPieces(999_983), out: other })
    const filesOf = async (store: FileStore) =>
      (await store.list('.support-etl/data/')).map(({ name, size }) => `${name} ${size}`)
    expect(await filesOf(other)).toEqual(await filesOf(out))
  })
})
