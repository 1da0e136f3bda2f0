/** Days in a database: killed before every statement, and after histories of any kind. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FileStore } from '../../../src/connect/file-store.ts'
import { memoryStore } from '../../../src/connect/memory.ts'
import type { Database } from '../../../src/connect/postgres/database.ts'
import { openEmbedded } from '../../../src/connect/postgres/embedded.ts'
import { readStatus } from '../../../src/pipeline/audit/status.ts'
import { databaseDestination } from '../../../src/pipeline/destinations/postgres/postgres.ts'
import { collectGarbage } from '../../../src/pipeline/index.ts'
import { runPipeline } from '../../../src/pipeline/run.ts'
import { DAY_HISTORY, type DayFiles, dayJob, dayRows, dayRun, rowsOfFiles } from './day-rows.ts'
import { mortal } from './mortal-database.ts'

let database: Database
beforeAll(async () => {
  database = await openEmbedded(null)
}, 60_000)
afterAll(() => database.close())
const emptied = async () => {
  await database.query('DROP SCHEMA public CASCADE')
  await database.query('CREATE SCHEMA public')
}
const here = () => databaseDestination('postgres', {}, async () => ({ ...database, close: async () => {} }))
const dying = (at: number) => {
  const connection = mortal(database, at)
  return { count: connection.count, destination: databaseDestination('postgres', {}, async () => connection.database) }
}
const commitOf = async (out: FileStore) => (await readStatus({ out }).catch(() => null))?.commit ?? 0

/** Runs with a connection that dies before a statement, and says whether the run outlived it. */
async function runKilled(out: FileStore, at: number, files: DayFiles, before?: DayFiles): Promise<boolean> {
  const { destination } = dying(at)
  return runPipeline(dayJob, { ...dayRun(files, before), out, destinations: [destination] }).then(
    () => true,
    () => false,
  )
}

describe('partitioned tables in a database', () => {
  const at = (index: number) => DAY_HISTORY[index] as DayFiles
  it.each([
    ['a first delivery', undefined, at(0)],
    ['new, changed and late days', at(0), at(1)],
    ['a withdrawn day', at(1), at(2)],
    ['a reload', at(0), at(2)],
  ])(
    'are those of one commit after a kill before any statement of %s, and the next run delivers what is missing',
    async (what, before, files) => {
      let statements = 0
      for (let statement = 1, isOver = false; !isOver; statement++) {
        await emptied()
        const out = memoryStore()
        if (before !== undefined) await runPipeline(dayJob, { ...dayRun(before), out, destinations: [here()] })
        // commits that the database does not have make the next delivery a reload
        if (what === 'a reload') await runPipeline(dayJob, { ...dayRun(at(1)), out })
        const last = await commitOf(out)
        const held = await dayRows(database)
        isOver = await runKilled(out, statement, files, what === 'a reload' ? at(1) : before)
        const isCommitted = (await commitOf(out)) > last
        const after = { number: last + 1, rows: rowsOfFiles(files) }
        expect(isCommitted ? [held, after] : [held], `statement ${statement}`).toContainEqual(await dayRows(database))
        const again = dayRun(files, isCommitted ? undefined : what === 'a reload' ? at(1) : before)
        await runPipeline(dayJob, { ...again, out, destinations: [here()] })
        expect(await dayRows(database), `statement ${statement}`).toEqual(after)
        expect(statement, 'it ends').toBeLessThan(120)
        statements = statement
      }
      expect(statements, 'statements that could be killed').toBeGreaterThan(20)
    },
    900_000,
  )

  const DAYS = ['2025-03-01', '2025-03-02', '2025-03-04', '2024-12-31']
  /** The day stands in a line, because two days with the same bytes are refused. */
  const dayOf = (line: (day: string, key: number, value: string) => string, isKeyed: boolean) =>
    fc
      .tuple(
        ...DAYS.map((day) =>
          fc.option(
            fc
              .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.constantFrom('', '8', '-1', '3')), {
                maxLength: 6,
                ...(isKeyed && { selector: ([key]) => key }),
                ...(!isKeyed && { comparator: () => false }),
              })
              .map((rows) => [day, rows.map(([key, value]) => line(day, key, value))] as const),
            { nil: null, freq: 3 },
          ),
        ),
      )
      .map((all) => Object.fromEntries(all.filter((one) => one !== null)) as Record<string, string[]>)
  const files: fc.Arbitrary<DayFiles> = fc.record({
    readings: dayOf((day, key, value) => `r${key},${day}:${value},${value},`, true),
    events: dayOf((day, key) => `${day} e${key % 3}`, false),
    prices: dayOf((day, key, value) => `p${key}${day},${value}`, true),
  })
  const event = fc.record({
    files,
    how: fc.constantFrom('deliver', 'deliver', 'commit alone', 'killed', 'collect'),
    statement: fc.integer({ min: 6, max: 40 }),
  })

  it('are what the files say after any history, whichever commits were delivered, killed or collected', async () => {
    let delivered = 0
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 2, maxLength: 5 }), async (history) => {
        await emptied()
        const out = memoryStore()
        let before: DayFiles | undefined
        for (const { files: now, how, statement } of history) {
          // a source that lost all its days is another matter
          if (Object.values(now).some((days) => Object.keys(days).length === 0)) continue
          const last = await commitOf(out)
          const run = { ...dayRun(now, before), out }
          if (how === 'commit alone' || how === 'collect') await runPipeline(dayJob, run)
          else if (how === 'killed') await runKilled(out, statement, now, before)
          else {
            await runPipeline(dayJob, { ...run, destinations: [here()] })
            const found = await dayRows(database)
            expect(found).toEqual({ number: await commitOf(out), rows: rowsOfFiles(now) })
            delivered++
          }
          if (how === 'collect') await collectGarbage({ out, graceDays: 0, keepVersions: 1, action: 'remove' })
          if ((await commitOf(out)) > last || how !== 'killed') before = now
        }
      }),
      { numRuns: 150 },
    )
    expect(delivered).toBeGreaterThan(100)
  }, 900_000)
})
