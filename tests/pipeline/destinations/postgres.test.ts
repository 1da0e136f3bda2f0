import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FileStore } from '../../../src/connect/file-store.ts'
import { memoryStore } from '../../../src/connect/memory.ts'
import type { Database } from '../../../src/connect/postgres/database.ts'
import { openEmbedded } from '../../../src/connect/postgres/embedded.ts'
import { ConnectError } from '../../../src/errors.ts'
import { readStatus } from '../../../src/pipeline/audit/status.ts'
import { databaseDestination } from '../../../src/pipeline/destinations/postgres/postgres.ts'
import { collectGarbage } from '../../../src/pipeline/gc.ts'
import { defineJob } from '../../../src/pipeline/job/define-job.ts'
import { runPipeline } from '../../../src/pipeline/run.ts'
import { committedRows, copyOf, databaseRows, EXTRACTS, hallJob, rowsOrNull, sourceOf } from './delivered-rows.ts'
import { mortal } from './mortal-database.ts'

const isFull = process.env.SUPPORT_ETL_FAULTS === 'full'

let database: Database
beforeAll(async () => {
  database = await openEmbedded(null)
}, 60_000)
afterAll(() => database.close())
const emptied = async () => {
  await database.query('DROP SCHEMA public CASCADE')
  await database.query('CREATE SCHEMA public')
}
beforeEach(emptied)

/** A destination that stays open. */
const here = (options = {}) =>
  databaseDestination('postgres', options, async () => ({ ...database, close: async () => {} }))

describe('runPipeline with a Postgres destination', () => {
  it('creates tables with the rows of the commit, applies what each run changed, and does nothing at the commit', async () => {
    const out = memoryStore()
    const statuses: unknown[] = []
    for (const months of [0, 1, 2, 3, 3]) {
      const { destinations } = await runPipeline(hallJob, { data: sourceOf(months), out, destinations: [here()] })
      statuses.push(destinations.map(({ status, commit, rows }) => [status, commit, rows]))
      expect((await databaseRows(database)).rows).toEqual(await committedRows(out))
    }
    expect(statuses).toEqual([
      [['reload', 1, { halls: 4, doors: 3, labels: 4, names: 6 }]],
      [['changes', 2, { halls: 3, labels: 3, names: 6 }]],
      [['changes', 3, { doors: 2 }]],
      [['changes', 4, { halls: 2, doors: 2, labels: 2, names: 2 }]],
      [['current', 4, {}]],
    ])
  })

  it.each([
    ['a first delivery', 0, 1],
    ['the changes of a commit', 3, 2],
  ])(
    'holds the rows of one commit after a kill before any statement of %s, and the next run delivers what is missing',
    async (_, months, next) => {
      const deliver = async (at: number) => {
        await emptied()
        const out = memoryStore()
        if (next > 1) await runPipeline(hallJob, { data: sourceOf(2), out, destinations: [here()] })
        const before = await rowsOrNull(database)
        const dying = mortal(database, at)
        const destination = databaseDestination('postgres', {}, async () => dying.database)
        const killed = runPipeline(hallJob, { data: sourceOf(months), out, destinations: [destination] })
        const isOver = await killed.then(
          () => true,
          () => false,
        )
        return { out, before, isOver, statements: dying.count() }
      }
      const { isOver, statements } = await deliver(Number.POSITIVE_INFINITY)
      expect(isOver).toBe(true)
      expect(statements, 'statements that could be killed').toBeGreaterThan(20)
      expect(statements, 'it ends').toBeLessThan(80)
      for (let at = 1; at <= statements; at++) {
        // every third with reduced counts, and all around COMMIT, which is among the last
        if (!isFull && at % 3 !== 1 && at <= statements - 8) continue
        const { out, before, isOver } = await deliver(at)
        expect(isOver, `statement ${at}`).toBe(false)
        // a kill while rights are checked comes before the commit
        const isCommitted = (await readStatus({ out }).catch(() => null))?.commit === next
        const after = isCommitted ? { number: next, rows: await committedRows(out) } : before
        expect([before, after], `statement ${at}`).toContainEqual(await rowsOrNull(database))
        const { destinations } = await runPipeline(hallJob, { data: sourceOf(months), out, destinations: [here()] })
        expect(destinations, `statement ${at}`).toMatchObject([{ commit: next }])
        expect(await databaseRows(database)).toEqual({ number: next, rows: await committedRows(out) })
      }
    },
    240_000,
  )

  it('reads the row back when the answer to COMMIT is lost', async () => {
    const out = memoryStore()
    await runPipeline(hallJob, { data: sourceOf(0), out, destinations: [here()] })
    const lost = new ConnectError('io_failed', 'the connection to the database broke', { isTransient: true })
    const connections: number[] = []
    const flaky = databaseDestination('postgres', {}, async () => {
      connections.push(1)
      const isFirst = connections.length === 1
      return {
        ...database,
        close: async () => {},
        async transaction(work) {
          const result = await database.transaction(work)
          // committed, and the connection breaks before it says so
          if (isFirst) throw lost
          return result
        },
      }
    })
    const { destinations } = await runPipeline(hallJob, { data: sourceOf(1), out, destinations: [flaky] })
    expect([connections.length, destinations[0]?.status]).toEqual([2, 'current'])
    expect(await databaseRows(database)).toEqual({ number: 2, rows: await committedRows(out) })
  })

  it('commits, exits with destination_behind when a delivery fails, and catches up with the next run', async () => {
    const out = memoryStore()
    await runPipeline(hallJob, { data: sourceOf(0), out, destinations: [here()] })
    const dying = mortal(database, 8)
    const run = runPipeline(hallJob, {
      data: sourceOf(1),
      out,
      destinations: [databaseDestination('postgres', {}, async () => dying.database)],
    })
    await expect(run).rejects.toMatchObject({ code: 'destination_behind' })
    expect((await readStatus({ out })).commit).toBe(2)
    const { status, destinations } = await runPipeline(hallJob, { data: sourceOf(1), out, destinations: [here()] })
    expect([status, destinations[0]?.status]).toEqual(['nothing_to_do', 'changes'])
  })

  it('reloads by differences after an older log was restored, and where several commits are missing', async () => {
    const out = memoryStore()
    const statuses: unknown[] = []
    const at = async (place: FileStore, months: number) => {
      const { destinations } = await runPipeline(hallJob, {
        data: sourceOf(months),
        out: place,
        destinations: [here()],
      })
      statuses.push(destinations[0]?.status)
      expect((await databaseRows(database)).rows).toEqual(await committedRows(place))
    }
    await at(out, 1)
    const saved = await copyOf(out)
    await at(out, 3)
    await at(saved, 1)
    await at(saved, 2)
    for (const months of [2, 3]) await runPipeline(hallJob, { data: sourceOf(months), out })
    await runPipeline(hallJob, { data: sourceOf(3), out, apply: 'rebuild' })
    await at(out, 3)
    expect(statuses).toEqual(['reload', 'changes', 'reload', 'changes', 'reload'])
  })

  it('applies the differences of a table where the files of the commit before are gone', async () => {
    const out = memoryStore()
    await runPipeline(hallJob, { data: sourceOf(0), out, destinations: [here()] })
    await runPipeline(hallJob, { data: sourceOf(1), out, apply: 'rebuild' })
    await collectGarbage({ out, keepVersions: 1, graceDays: 0, action: 'remove' })
    const { destinations } = await runPipeline(hallJob, { data: sourceOf(1), out, destinations: [here()] })
    expect(destinations[0]?.status).toBe('changes')
    expect((await databaseRows(database)).rows).toEqual(await committedRows(out))
  })

  it('reloads where somebody changed rows of the database by hand', async () => {
    const out = memoryStore()
    await runPipeline(hallJob, { data: sourceOf(0), out, destinations: [here()] })
    await database.query("DELETE FROM halls WHERE id = 'H1'")
    const { destinations } = await runPipeline(hallJob, { data: sourceOf(1), out, destinations: [here()] })
    expect(destinations[0]?.status).toBe('reload')
    expect((await databaseRows(database)).rows).toEqual(await committedRows(out))
  })

  it('refuses the database of another place, and tables that no run created, before inputs are read', async () => {
    await runPipeline(hallJob, { data: sourceOf(0), out: memoryStore(), destinations: [here()] })
    const out = memoryStore()
    const run = () => runPipeline(hallJob, { data: sourceOf(1), out, destinations: [here()] })
    await expect(run()).rejects.toMatchObject({ code: 'destination_taken' })
    expect(await out.list('')).toEqual([])
    await database.query('UPDATE public.support_etl_place SET place = NULL')
    expect((await run()).destinations).toMatchObject([{ status: 'reload' }])
    const stranger = memoryStore()
    await database.query('CREATE SCHEMA other')
    await database.query('CREATE VIEW other.halls AS SELECT 1 AS one')
    const beside = runPipeline(hallJob, { data: sourceOf(1), out: stranger, destinations: [here({ schema: 'other' })] })
    await expect(beside).rejects.toMatchObject({ code: 'destination_behind', details: { code: 'destination_taken' } })
    await database.query('DROP SCHEMA other CASCADE')
  })

  it('keeps views on tables whose contract stays, and names those that hinder another contract', async () => {
    const out = memoryStore()
    await runPipeline(hallJob, { data: sourceOf(0), out, destinations: [here()] })
    await database.query('CREATE VIEW shut_doors AS SELECT number FROM doors')
    const doors = hallJob.tables.doors
    if (doors === undefined) throw new Error('no doors')
    const { action: _, ...columns } = doors.contract.columns
    const contract = { ...doors.contract, columns, unknownColumns: 'discard_value' as const }
    const changed = defineJob({ ...hallJob, tables: { ...hallJob.tables, doors: { ...doors, contract } } })
    const again = () => runPipeline(changed, { data: sourceOf(1), out, apply: 'rebuild', destinations: [here()] })
    await expect(again()).rejects.toThrow(/view shut_doors depends on table doors/)
    expect((await databaseRows(database)).number).toBe(1)
    await database.query('DROP VIEW shut_doors')
    await again()
    expect((await databaseRows(database, changed)).rows).toEqual(await committedRows(out, changed))
  })

  it('says that the last run had a destination which this one is not given, until a run is given none on purpose', async () => {
    const out = memoryStore()
    await runPipeline(hallJob, { data: sourceOf(0), out, destinations: [here()] })
    const codes = async (options: object) =>
      (await runPipeline(hallJob, { data: sourceOf(1), out, ...options })).notes
        .map(({ code }) => code)
        .filter((code) => code === 'destination_missing')
    expect(await codes({})).toEqual(['destination_missing'])
    expect(await codes({})).toEqual(['destination_missing'])
    await codes({ destinations: [] })
    expect(await codes({})).toEqual([])
  })

  it('keeps the tables that it names, and removes one of its own that it does not name any more', async () => {
    const out = memoryStore()
    const deliver = (tables: string[]) =>
      runPipeline(hallJob, { data: sourceOf(0), out, destinations: [here({ tables })] })
    const found = async () =>
      (await database.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")).rows.map(
        ({ tablename }) => tablename,
      )
    await deliver(['halls', 'doors'])
    expect(await found()).toEqual(['doors', 'halls', 'support_etl_place'])
    await deliver(['doors'])
    expect(await found()).toEqual(['doors', 'support_etl_place'])
    await expect(deliver(['dors'])).rejects.toThrow('"dors", which is no table or output of the job')
  })

  it('refuses a value that Postgres cannot hold by table, row and column, and keeps the rows it had', async () => {
    const out = memoryStore()
    await runPipeline(hallJob, { data: sourceOf(0), out, destinations: [here()] })
    const before = await databaseRows(database)
    const data = memoryStore({
      ...EXTRACTS,
      'delta/doors_delta_202502.csv': 'number,action,change\n4,open,add\n5,"a\0b",add\n',
    })
    const run = () => runPipeline(hallJob, { data, out, destinations: [here()] })
    await expect(run()).rejects.toThrow(/version 2 is committed.*"doors" row 5: column "action" holds U\+0000/)
    expect(await databaseRows(database)).toEqual(before)
  })
})
