/** Killed deliveries that give tables other details: each statement once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/connect/memory.ts'
import type { Database } from '../../../src/connect/postgres/database.ts'
import { openEmbedded } from '../../../src/connect/postgres/embedded.ts'
import { databaseDestination, type PostgresTables } from '../../../src/pipeline/destinations/postgres/postgres.ts'
import { runPipeline } from '../../../src/pipeline/run.ts'
import { committedRows, databaseRows, hallJob, rowsOrNull, sourceOf } from './delivered-rows.ts'
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

const DETAILS = { halls: { indexes: [['name']] }, labels: { foreignKeys: { id: 'halls' } } } as const
const here = (details: PostgresTables['details'] & object) =>
  databaseDestination('postgres', { details }, async () => ({ ...database, close: async () => {} }))

describe('details of tables in Postgres', () => {
  it('are whole or not at all after a kill before any statement', async () => {
    for (let at = 1, isOver = false; !isOver; at++) {
      await emptied()
      const out = memoryStore()
      await runPipeline(hallJob, { data: sourceOf(1), out, destinations: [here({})] })
      const before = await rowsOrNull(database)
      const dying = mortal(database, at)
      const destination = databaseDestination('postgres', { details: DETAILS }, async () => dying.database)
      const killed = runPipeline(hallJob, { data: sourceOf(2), out, destinations: [destination] })
      isOver = await killed.then(
        () => true,
        () => false,
      )
      const found = await rowsOrNull(database)
      await runPipeline(hallJob, { data: sourceOf(2), out, destinations: [here(DETAILS)] })
      const after = { number: 2, rows: await committedRows(out) }
      expect([before, after], `statement ${at}`).toContainEqual(found)
      expect(await databaseRows(database)).toEqual(after)
      const { rows } = await database.query("SELECT conname FROM pg_constraint WHERE contype = 'f'")
      expect(rows).toEqual([{ conname: 'support_etl_fk_1' }])
      expect(isOver || at < 120, 'it ends').toBe(true)
    }
  }, 240_000)
})
