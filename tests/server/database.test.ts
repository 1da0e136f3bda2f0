import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../src/connect/postgres/database.ts'
import { openEmbedded } from '../../src/connect/postgres/embedded.ts'
import { type MigrationSet, migrateDown, migrateUp, migrationStatus } from '../../src/server/database/migrations.ts'
import { refuseShared } from '../../src/server/database/named-database.ts'
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

describe('an address for the databases of several systems', () => {
  const both = [{ system: 'halls' }, { system: 'rooms' }]
  const url = 'postgres://etl@localhost/warehouse'

  it('names no schema and no folder', () => {
    refuseShared(null, both)
    refuseShared({ kind: 'server', url, schema: null }, both)
    refuseShared({ kind: 'server', url, schema: 'x' }, both.slice(1))
    expect(() => refuseShared({ kind: 'server', url, schema: 'x' }, both)).toThrow(
      'the databases of halls and rooms cannot be in one schema; leave the schema out of the address: then each has a schema with its own name',
    )
    expect(() => refuseShared({ kind: 'embedded', folder: 'x' }, both)).toThrow(
      'the databases of halls and rooms cannot be in one folder; give no folder: then each has a database beside its state',
    )
  })
})
