/** What tables of a Postgres destination have beside their contracts: types, indexes and foreign keys. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/connect/memory.ts'
import type { Database } from '../../../src/connect/postgres/database.ts'
import { openEmbedded } from '../../../src/connect/postgres/embedded.ts'
import {
  databaseDestination,
  type PostgresTables,
  postgres,
} from '../../../src/pipeline/destinations/postgres/postgres.ts'
import { runPipeline } from '../../../src/pipeline/run.ts'
import { committedRows, databaseRows, hallJob, sourceOf } from './delivered-rows.ts'

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

const DETAILS = {
  halls: { types: { name: 'varchar(40)' }, indexes: [['name'], ['seen_at', 'is_open']] },
  // every label is that of a hall
  labels: { foreignKeys: { id: 'halls' } },
} as const satisfies PostgresTables['details']

const here = (options: PostgresTables = { details: DETAILS }) =>
  databaseDestination('postgres', options, async () => ({ ...database, close: async () => {} }))

const deliver = (out: ReturnType<typeof memoryStore>, months: number, options?: PostgresTables) =>
  runPipeline(hallJob, { data: sourceOf(months), out, destinations: [here(options)] })

/** Column types, indexes and foreign keys, as the database describes them. */
async function described() {
  const { rows: types } = await database.query(
    `SELECT format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = 'halls'::regclass AND attname = 'name'`,
  )
  const { rows: indexes } = await database.query(
    `SELECT replace(indexdef, 'public.', '') AS text FROM pg_indexes WHERE tablename = 'halls' AND indexdef NOT LIKE '%UNIQUE%' ORDER BY 1`,
  )
  const { rows: keys } = await database.query(
    `SELECT conname || ': ' || pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE contype = 'f' ORDER BY 1`,
  )
  const texts = (rows: readonly Readonly<Record<string, unknown>>[]) =>
    rows.map(({ text }) => String(text).replace(/^CREATE INDEX \S+ /, ''))
  return { type: types[0]?.type, indexes: texts(indexes), keys: texts(keys) }
}

const WANTED = {
  type: 'character varying(40)',
  indexes: ['ON halls USING btree (name)', 'ON halls USING btree (seen_at, is_open)'],
  keys: ['support_etl_fk_1: FOREIGN KEY (id) REFERENCES halls(id) DEFERRABLE INITIALLY DEFERRED'],
}

describe('details of tables in Postgres', () => {
  it('are there from the first delivery on, and rows follow each commit', async () => {
    const out = memoryStore()
    for (const months of [0, 1, 2, 3]) {
      await deliver(out, months)
      expect((await databaseRows(database)).rows).toEqual(await committedRows(out))
      expect(await described()).toEqual(WANTED)
    }
  })

  it('hold: the database refuses a row that refers to nothing', async () => {
    await deliver(memoryStore(), 0)
    await expect(database.query("DELETE FROM halls WHERE id = 'H1'")).rejects.toThrow('support_etl_fk_1')
  })

  it('come to tables that are there, and go again', async () => {
    const out = memoryStore()
    await deliver(out, 1, {})
    const plain = { type: 'text', indexes: [], keys: [] }
    expect(await described()).toEqual(plain)
    await deliver(out, 1)
    expect(await described()).toEqual(WANTED)
    const { destinations } = await deliver(out, 1)
    expect(destinations).toMatchObject([{ status: 'current' }])
    await deliver(out, 2, {})
    expect(await described()).toEqual(plain)
    expect((await databaseRows(database)).rows).toEqual(await committedRows(out))
  })

  it('are put right where somebody dropped a table with everything that depends on it', async () => {
    const out = memoryStore()
    await deliver(out, 1)
    await database.query('DROP TABLE halls CASCADE')
    await deliver(out, 1)
    expect(await described()).toEqual(WANTED)
    expect((await databaseRows(database)).rows).toEqual(await committedRows(out))
  })

  it('check no key of a table that is not delivered', async () => {
    await deliver(memoryStore(), 0, { tables: ['labels', 'doors'], details: DETAILS })
    const { rows } = await database.query("SELECT conname FROM pg_constraint WHERE contype = 'f'")
    expect(rows).toEqual([])
  })

  it('are refused where they name what is not there, or what is no type', async () => {
    const deliverWith = (details: object) => deliver(memoryStore(), 0, { details } as PostgresTables)
    await expect(deliverWith({ halls: { indexes: [['nme']] } })).rejects.toThrow(
      'details.halls names the column "nme", which the table does not have; it has id, name',
    )
    const url = 'postgres://localhost/none'
    const made = (details: object) => () => postgres({ url, details } as never)
    expect(made({ halls: { types: { name: 'text); DROP TABLE halls' } } })).toThrow(/details\.halls\.types\.name is/)
    expect(made({ halls: { indexs: [] } })).toThrow(/indexs/)
    expect(made({ halls: { indexes: [[]] } })).toThrow(/details\.halls\.indexes is/)
  })
})
