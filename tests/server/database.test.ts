import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../src/connect/postgres/database.ts'
import { openEmbedded } from '../../src/connect/postgres/embedded.ts'
import { type MigrationSet, migrateDown, migrateUp, migrationStatus } from '../../src/server/database/migrations.ts'
import { hallsDatabase } from './halls-system.ts'

describe('migrations', () => {
  let database: Database
  beforeAll(async () => {
    database = await openEmbedded(null)
  }, 60_000)
  afterAll(() => database.close())

  const set: MigrationSet = { system: 'halls', schema: 'public', migrations: hallsDatabase.migrations }
  const states = async (of: MigrationSet = set) => (await migrationStatus(database.query, of)).map(({ state }) => state)
  const greeting = async () => (await database.query('SELECT greeting() AS text')).rows[0]?.text

  it('are applied once, in order, and undone one by one', async () => {
    expect(await states()).toEqual(['pending', 'pending'])
    expect(await migrateUp(database, set)).toEqual(['0001_visits', '0002_greeting'])
    expect(await migrateUp(database, set)).toEqual([])
    expect([await states(), await greeting()]).toEqual([['applied', 'applied'], 'hello; there'])
    expect(await migrateDown(database, set)).toEqual(['0002_greeting'])
    expect(await states()).toEqual(['applied', 'pending'])
    await expect(greeting()).rejects.toThrow(/greeting/)
    expect(await migrateUp(database, set)).toEqual(['0002_greeting'])
  })

  it('refuse one that was edited, or that is gone, and change nothing', async () => {
    const [first, second] = hallsDatabase.migrations as [MigrationSet['migrations'][0], MigrationSet['migrations'][0]]
    const edited = { ...set, migrations: [{ ...first, up: `${first.up} ` }, second, { ...second, name: '0003_more' }] }
    const gone = { ...set, migrations: [second] }
    for (const changed of [edited, gone]) {
      for (const call of [migrateUp, migrateDown]) {
        await expect(call(database, changed)).rejects.toMatchObject({
          code: 'migration_changed',
          message: expect.stringContaining('migration 0001_visits of halls was applied'),
        })
      }
    }
    expect([await states(), await greeting()]).toEqual([['applied', 'applied'], 'hello; there'])
  })

  it('are one transaction: where one fails, none is applied', async () => {
    const more: MigrationSet = {
      ...set,
      migrations: [
        ...set.migrations,
        { name: '0003_doors', up: 'CREATE TABLE doors (id text)', down: 'DROP TABLE doors' },
        { name: '0004_wrong', up: 'CREATE TABLE windows (id text); SELECT 1/0', down: '' },
      ],
    }
    await expect(migrateUp(database, more)).rejects.toMatchObject({
      code: 'migration_failed',
      message: expect.stringMatching(/^migration 0004_wrong of halls failed, and nothing was changed: .*zero/),
    })
    expect(await states(more)).toEqual(['applied', 'applied', 'pending', 'pending'])
    expect((await database.query("SELECT to_regclass('doors') AS doors")).rows).toEqual([{ doors: null }])
  })

  it('of one system know nothing of those of another, or of another schema', async () => {
    expect(await states({ ...set, system: 'rooms' })).toEqual(['pending', 'pending'])
    const elsewhere = { ...set, schema: 'odd "name"' }
    expect(await migrateUp(database, elsewhere)).toEqual(['0001_visits', '0002_greeting'])
    const { rows } = await database.query(`SELECT to_regclass('"odd ""name""".visits')::text AS name`)
    expect(rows[0]?.name).not.toBeNull()
  })
})
