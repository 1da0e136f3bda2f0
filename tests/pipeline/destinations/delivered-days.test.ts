import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FileStore } from '../../../src/connect/file-store.ts'
import { memoryStore } from '../../../src/connect/memory.ts'
import type { Database } from '../../../src/connect/postgres/database.ts'
import { openEmbedded } from '../../../src/connect/postgres/embedded.ts'
import { databaseDestination } from '../../../src/pipeline/destinations/postgres/postgres.ts'
import { collectGarbage, csv, defineJob, type Progress, partitions } from '../../../src/pipeline/index.ts'
import { runPipeline } from '../../../src/pipeline/run.ts'
import { defineTable, int32, key, string } from '../../../src/table/contract.ts'
import { DAY_HISTORY, type DayFiles, dayJob, dayRows, dayRun, daySource, rowsOfFiles } from './day-rows.ts'

let database: Database
beforeAll(async () => {
  database = await openEmbedded(null)
}, 60_000)
afterAll(() => database.close())
beforeEach(async () => {
  await database.query('DROP SCHEMA public CASCADE')
  await database.query('CREATE SCHEMA public')
})

/** A destination that stays open. */
const here = (options = {}) =>
  databaseDestination('postgres', options, async () => ({ ...database, close: async () => {} }))

async function deliver(out: FileStore, files: DayFiles, before: DayFiles = {}) {
  const { commit, destinations } = await runPipeline(dayJob, { ...dayRun(files, before), out, destinations: [here()] })
  expect(await dayRows(database)).toEqual({ number: commit, rows: rowsOfFiles(files) })
  return [destinations[0]?.status, destinations[0]?.rows]
}
const at = (index: number) => DAY_HISTORY[index] as DayFiles

describe('runPipeline with partitioned tables and a Postgres destination', () => {
  it('delivers the days that each run changed, row by row where they have a key, and removes withdrawn ones', async () => {
    const out = memoryStore()
    const told: unknown[] = []
    for (const [index, files] of [...DAY_HISTORY, at(3)].entries()) {
      told.push(await deliver(out, files, DAY_HISTORY[index - 1]))
    }
    expect(told).toEqual([
      ['reload', { readings: 5, events: 4, prices: 2, shares: 4, counts: 2 }],
      // two changed and one new in the day that changed, one in the new day; of prices the newer export counts alone
      ['changes', { readings: 4, events: 5, prices: 4, shares: 4, counts: 1 }],
      ['changes', { readings: 2, events: 1, shares: 2, counts: 1 }],
      ['changes', { readings: 2, shares: 2, counts: 1 }],
      ['current', {}],
    ])
  })

  it('has the day of each row and a key of day and own key, and finds the days of a table without a key by an index', async () => {
    await deliver(memoryStore(), at(0))
    const { rows } = await database.query(
      "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename IN ('readings', 'events')",
    )
    const indexes = rows.map(({ tablename, indexdef }) => [tablename, String(indexdef).replace(/^.*btree /, '')])
    expect(indexes.sort()).toEqual([
      ['events', '(_day)'],
      ['readings', '(_day, reading_id)'],
    ])
    const types = await database.query(
      "SELECT format_type(atttypid, -1) AS type FROM pg_attribute WHERE attrelid = 'public.readings'::regclass AND attnum > 0",
    )
    expect(types.rows.map(({ type }) => type)).toEqual(['date', 'text', 'text', 'integer', 'timestamp with time zone'])
  })

  it('reloads by differences where commits are missing, an older log was restored, or rows were changed by hand', async () => {
    const out = memoryStore()
    await deliver(out, at(0))
    for (const index of [1, 2]) await runPipeline(dayJob, { ...dayRun(at(index), at(index - 1)), out })
    expect(await deliver(out, at(2))).toEqual(['reload', { readings: 6, events: 6, prices: 4, shares: 6, counts: 2 }])
    // a row that the next commit removes with its day, rows that it leaves alone, a whole day, and rows of days that are none
    await database.query("UPDATE readings SET reading_id = 'y' WHERE reading_id = 'a' AND _day = '2025-03-01'")
    await database.query("DELETE FROM readings WHERE reading_id = 'f'")
    await database.query("DELETE FROM shares WHERE _day = '2025-03-01'")
    await database.query("INSERT INTO events VALUES (NULL, 'by hand'), ('1999-01-01', 'by hand')")
    await database.query("INSERT INTO readings VALUES ('1999-01-01', 'z', NULL, NULL, NULL)")
    const changed = { ...at(3), readings: { ...at(3).readings, '2025-03-01': ['a,M1,10,'] } }
    expect((await deliver(out, changed))[0]).toBe('reload')
  })

  it('puts right what was changed by hand in a day that is delivered again, and reloads where its number of rows was another', async () => {
    const out = memoryStore()
    await deliver(out, at(0))
    await database.query(
      "UPDATE readings SET reading_id = 'y', hours = 7 WHERE _day = '2025-03-01' AND reading_id = 'b'",
    )
    // y is removed, a is updated, e is added; the rest of the commit is what it always is
    expect(await deliver(out, at(1), at(0))).toEqual([
      'changes',
      { readings: 4, events: 5, prices: 4, shares: 4, counts: 1 },
    ])
    await database.query("DELETE FROM readings WHERE _day = '2025-03-03'")
    await database.query("DELETE FROM readings WHERE _day = '2025-03-01' AND reading_id = 'c'")
    const changed = { ...at(1), readings: { ...at(1).readings, '2025-03-01': ['a,M1,10,', 'c,M2,-1,', 'e,M9,2,'] } }
    expect((await deliver(out, changed, at(1)))[0]).toBe('reload')
  })

  it('tells how far it is in rows of all tables and days that it writes, and names the table and the day', async () => {
    const out = memoryStore()
    const told = async (files: DayFiles, before: DayFiles) => {
      const events: Progress[] = []
      const onProgress = (one: Progress): void => {
        if (one.step === 'deliver') events.push(one)
      }
      await runPipeline(dayJob, { ...dayRun(files, before), out, destinations: [here()] }, { onProgress })
      return events.map(({ name, whole, done, total, rows }) => [name, whole, done, total, rows])
    }
    expect(await told(at(0), {})).toEqual([
      ['readings (day 1 of 2)', 'postgres', 0, 15, 0],
      ['readings (day 1 of 2)', 'postgres', 3, 15, 3],
      ['readings (day 2 of 2)', 'postgres', 3, 15, 3],
      ['readings (day 2 of 2)', 'postgres', 5, 15, 5],
      ['events (day 1 of 2)', 'postgres', 5, 15, 5],
      ['events (day 1 of 2)', 'postgres', 8, 15, 8],
      ['events (day 2 of 2)', 'postgres', 8, 15, 8],
      ['events (day 2 of 2)', 'postgres', 9, 15, 9],
      ['prices', 'postgres', 9, 15, 9],
      ['prices', 'postgres', 11, 15, 11],
      ['shares (day 1 of 2)', 'postgres', 11, 15, 11],
      ['shares (day 1 of 2)', 'postgres', 13, 15, 13],
      ['shares (day 2 of 2)', 'postgres', 13, 15, 13],
      ['shares (day 2 of 2)', 'postgres', 15, 15, 15],
      // how many rows an output has is not known before it is made
      ['counts', 'postgres', 15, 15, 15],
      ['counts', 'postgres', 15, 15, 15],
    ])
    // of the next commit only the days that it changed
    const next = await told(at(1), at(0))
    expect(next.filter(([name]) => String(name).startsWith('readings'))).toEqual([
      ['readings (day 1 of 2)', 'postgres', 0, 15, 0],
      ['readings (day 1 of 2)', 'postgres', 3, 15, 3],
      ['readings (day 2 of 2)', 'postgres', 3, 15, 3],
      ['readings (day 2 of 2)', 'postgres', 4, 15, 4],
    ])
    expect(next.at(-1)?.slice(2, 4)).toEqual([15, 15])
    expect(await told(at(1), {})).toEqual([])
  })

  it('delivers a day by its differences where the files of the commit before are gone', async () => {
    const out = memoryStore()
    await deliver(out, at(0))
    await runPipeline(dayJob, { ...dayRun(at(1)), out })
    await collectGarbage({ out, keepVersions: 1, graceDays: 0, action: 'remove' })
    expect((await deliver(out, at(1)))[0]).toBe('changes')
  })

  it('keeps the tables that it names, those of days and those of outputs', async () => {
    const out = memoryStore()
    const found = async (tables: readonly string[] | null, publish: readonly string[] = ['all']) => {
      const destinations = [here(tables === null ? {} : { tables })]
      await runPipeline(dayJob, { ...dayRun(at(0)), out, destinations, publish })
      const { rows } = await database.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
      return rows.map(({ tablename }) => tablename).filter((name) => name !== 'support_etl_place')
    }
    expect(await found(['shares', 'counts'])).toEqual(['counts', 'shares'])
    expect(await found(['readings'])).toEqual(['readings'])
    // by default what is published, and all days
    expect(await found(null, [])).toEqual(['events', 'prices', 'readings', 'shares'])
  })

  it('delivers a table anew that had no days, and one that has none any more', async () => {
    const out = memoryStore()
    const contract = defineTable('parts', { part: key(string()), price: int32() })
    const jobOf = (counts: 'all' | 'newest', extra = {}) =>
      defineJob({
        name: 'parts',
        tables: {
          parts: {
            contract: { ...contract, columns: { ...contract.columns, ...extra } },
            source: partitions({ prefix: 'parts/', name: '{day}.csv', format: csv(), counts }),
          },
        },
      })
    const data = memoryStore({
      'parts/2025-03-01.csv': 'part,price\nA,1\n',
      'parts/2025-03-02.csv': 'part,price\nA,2\n',
    })
    const rows = async () => (await database.query('SELECT _day::text AS day, price FROM parts ORDER BY 1')).rows
    await runPipeline(jobOf('all'), { data, out, destinations: [here()] })
    expect(await rows()).toEqual([
      { day: '2025-03-01', price: 1 },
      { day: '2025-03-02', price: 2 },
    ])
    await runPipeline(jobOf('newest'), { data, out, apply: 'rebuild', destinations: [here()] })
    expect(await rows()).toEqual([{ day: '2025-03-02', price: 2 }])
  })

  it('delivers a file without a day in its name, and its newest content by differences', async () => {
    const source = partitions({ prefix: 'parts/', name: 'all.csv', format: csv(), counts: 'newest' })
    const contract = defineTable('parts', { part: key(string()), price: int32() })
    const job = defineJob({ name: 'parts', tables: { parts: { contract, source } } })
    const [data, out] = [memoryStore({ 'parts/all.csv': 'part,price\nA,1\nB,2\n' }), memoryStore()]
    const rows = async () => (await database.query('SELECT _day::text AS day, part, price FROM parts ORDER BY 2')).rows
    await runPipeline(job, { data, out, destinations: [here()] })
    expect(await rows()).toEqual([
      { day: '-infinity', part: 'A', price: 1 },
      { day: '-infinity', part: 'B', price: 2 },
    ])
    await data.write('parts/all.csv', [new TextEncoder().encode('part,price\nA,1\nB,3\nC,4\n')])
    const { destinations } = await runPipeline(job, { data, out, destinations: [here()] })
    expect(destinations[0]).toMatchObject({ status: 'changes', rows: { parts: 2 } })
    expect((await rows()).map(({ part, price }) => `${part}${price}`)).toEqual(['A1', 'B3', 'C4'])
  })

  it('refuses a value that Postgres cannot hold by table, day, row and column', async () => {
    const out = memoryStore()
    await deliver(out, at(0))
    const bad = { ...at(0), readings: { ...at(0).readings, '2025-03-09': ['a,M1,1,', '"a\0b",,,'] } }
    const run = runPipeline(dayJob, { data: daySource(bad), out, destinations: [here()] })
    await expect(run).rejects.toThrow(
      /version 2 is committed.*table "readings" day 2025-03-09 row 2: column "reading_id" holds U\+0000/,
    )
    expect((await dayRows(database))?.number).toBe(1)
  })

  it('numbers the rows of a day from its first one, in whichever piece they are copied', async () => {
    const lines = Array.from({ length: 65_540 }, (_, row) => (row === 65_537 ? '"e\0"' : `e${row % 7}`))
    const run = runPipeline(dayJob, {
      data: daySource({ ...at(0), events: { '2025-03-01': lines } }),
      out: memoryStore(),
      destinations: [here()],
    })
    await expect(run).rejects.toThrow(/table "events" day 2025-03-01 row 65538: column "event" holds U\+0000/)
  })
})
